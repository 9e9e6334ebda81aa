"""Images side by side, pixel for pixel."""

import numpy as np

LINE = 128  # mid-grey: seen beside black and beside white images


def side_by_side(pixels, columns):
    """Lays images out in rows, with a line of one grey pixel between them; gaps in the last row are grey.

    Args:
        pixels: uint8, shape `(N, height, width, channels)`, N >= 1.
        columns: images per row, at least 1.

    Returns:
        uint8, shape `(rows * (height + 1) - 1, columns * (width + 1) - 1, channels)`.
    """
    n, height, width, channels = pixels.shape
    rows = -(-n // columns)
    cells = np.full((rows * columns, height + 1, width + 1, channels), LINE, dtype=np.uint8)
    cells[:n, :-1, :-1] = pixels
    cells = cells.reshape(rows, columns, height + 1, width + 1, channels).swapaxes(1, 2)
    return cells.reshape(rows * (height + 1), columns * (width + 1), channels)[:-1, :-1]
