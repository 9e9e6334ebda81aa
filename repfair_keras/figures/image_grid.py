"""Images side by side, pixel for pixel."""

import numpy as np
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing
from repfair_keras.data.images.dataset import to_pixels
from repfair_keras.data.images.side_by_side import side_by_side


def grid(images, columns):
    """Lays images out in rows, with a line of one grey pixel between them; gaps in the last row are grey.

    Args:
        images: float in [-1, 1], shape `(N, height, width, channels)`, 1 or 3 channels.
        columns: images per row, at least 1.

    Returns:
        uint8, shape `(rows * (height + 1) - 1, columns * (width + 1) - 1, channels)`.

    Raises:
        InputError: if there are no images, or they have another shape.
    """
    images = np.asarray(images)
    if images.ndim != 4 or len(images) == 0 or images.shape[-1] not in (1, 3) or columns < 1:
        raise InputError(
            f"images of shape {images.shape} in {columns} columns, expected (N, height, width, 1 or 3) with "
            "N >= 1, and at least one column."
        )
    return side_by_side(to_pixels(images), columns)


def in_rows(groups, n, columns=10):
    """Picks images for a grid whose rows have one group each, the groups in turn.

    Args:
        groups: int, shape `(N,)`, group of each image, 0 to k - 1.
        n: number of images at most.
        columns: images per row.

    Returns:
        Indices of the first images that fill whole rows, as many of each group; the first `n` in their order
        if there are not enough.
    """
    parts = [np.flatnonzero(groups == group) for group in range(max(groups) + 1)]
    rows = min(n // columns // len(parts), *(len(part) // columns for part in parts))
    if not rows:
        return np.arange(min(n, len(groups)))
    return np.stack([part[: rows * columns].reshape(rows, columns) for part in parts], axis=1).ravel()


def save_grid(images, path, columns=10, scale=2):
    """Writes a grid of images as PNG.

    Args:
        images: float in [-1, 1], shape `(N, height, width, channels)`, 1 or 3 channels.
        path: file to write; its folder is made if need be.
        columns: images per row.
        scale: screen pixels per pixel, an integer: each is drawn as a square, none is blurred.
    """
    pixels = grid(images, columns).repeat(scale, axis=0).repeat(scale, axis=1)
    with replacing(path) as temporary:
        Image.fromarray(pixels.squeeze(-1) if pixels.shape[-1] == 1 else pixels).save(temporary, format="PNG")
