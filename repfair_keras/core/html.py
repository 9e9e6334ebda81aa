"""Small pieces of HTML for Jupyter; everything is escaped, nothing is loaded from elsewhere."""

import base64
import html


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
