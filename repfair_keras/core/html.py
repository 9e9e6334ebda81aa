"""Small pieces of HTML for Jupyter; everything is escaped, nothing is loaded from elsewhere."""

import base64
import html
import io


def heading(text):
    """Returns a line of text in bold."""
    return f"<p><b>{html.escape(text)}</b></p>"


def table(header, rows):
    """Returns a table; every cell is escaped."""
    head = "".join(f"<th>{html.escape(str(cell))}</th>" for cell in header)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def picture(png, caption):
    """Returns a picture whose bytes stand in the page."""
    data = base64.b64encode(png).decode()
    return f'<img alt="{html.escape(caption)}" src="data:image/png;base64,{data}" style="max-width: 100%">'


def image_grid(pixels, columns=10):
    """Returns a grid of images, uint8, shape `(N, height, width, channels)`, as a picture in the page."""
    import numpy as np
    from PIL import Image

    n, height, width, channels = pixels.shape
    rows = -(-n // columns)
    cells = np.full((rows * columns, height + 1, width + 1, channels), 128, np.uint8)
    cells[:n, :-1, :-1] = pixels
    cells = cells.reshape(rows, columns, height + 1, width + 1, channels).swapaxes(1, 2)
    whole = cells.reshape(rows * (height + 1), columns * (width + 1), channels)
    file = io.BytesIO()
    Image.fromarray(whole.squeeze(-1) if channels == 1 else whole).save(file, format="PNG")
    return picture(file.getvalue(), "examples of each group")
