"""Pixels as bytes and as floats: the one place where a range is changed, and where none is guessed."""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import name_rows

HALF = 0.5  # any set of images has pixels on both sides of a half of its range, unless that is another range
ROWS = 5000  # images that are changed at one time, beside which the memory of floats is small
BYTES = 2.0  # floats up to this may have overshot their range, by resizing or rounding


def to_float(pixels: np.ndarray) -> np.ndarray:
    """Turns uint8 pixels, 0 to 255, into float32 in [-1, 1], the range of a tanh output."""
    return pixels.astype(np.float32) / np.float32(127.5) - np.float32(1.0)


def to_pixels(images: np.ndarray) -> np.ndarray:
    """Turns float images in [-1, 1] into uint8 pixels, 0 to 255, rounding to the nearest."""
    return np.clip(np.rint((np.asarray(images) + 1.0) * 127.5), 0, 255).astype(np.uint8)


def float_images_to_uint8(images: np.ndarray, source: object) -> np.ndarray:
    """Turns a user's float images into bytes where their range is beyond doubt.

    In [0, 1] are images of which no pixel is negative, and some are at most 0.5 and some at least 0.5; in
    [-1, 1] those of which a pixel is at most -0.5. All others may be of another range: divided by 255 twice
    they would be black, standardised they would be cut off.

    Args:
        images: float, shape `(N, size, size, channels)`.
        source: the file or data set, for the message.

    Returns:
        uint8, same shape, 0 to 255, rounded to the nearest.

    Raises:
        InputError: says which values were seen, and how to convert them.

    Examples:
        >>> images = np.array([0.0, 0.2, 0.5, 1.0]).reshape(1, 2, 2, 1)
        >>> float_images_to_uint8(images, "my images").ravel().tolist()
        [0, 51, 128, 255]
        >>> float_images_to_uint8(images / 255, "my images")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        repfair_keras.core.errors.InputError: my images: images run from 0 to 0.00392, ...
    """
    if images.ndim != 4 or len(images) == 0:
        raise InputError(
            f"{source}: images of type {images.dtype} and shape {images.shape}, expected floats of shape "
            "(N, size, size, channels) with N >= 1."
        )
    low, high = float(images.min()), float(images.max())  # NaN where one is
    _check_range(images, low, high, source)
    pixels = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), ROWS):
        part = images[start : start + ROWS]
        pixels[start : start + ROWS] = to_pixels(part) if low < 0 else np.rint(part * 255)
    return pixels


def _check_range(images, low, high, source):
    bottom = -1 if low < 0 else 0
    bad = None if bottom <= low and high <= 1 else ~((images >= bottom) & (images <= 1))  # true for NaN
    if bad is not None:
        rows = name_rows(bad.reshape(len(bad), -1).any(axis=1))
        raise InputError(
            f"{source}: images have values such as {images[bad][0]} in {rows}, and run from {low:.3g} to "
            f"{high:.3g}. Expected floats in [0, 1], or in [-1, 1] if any is negative, or uint8."
            f"{_cure(low, high)}"
        )
    if -HALF < low < 0:
        raise InputError(
            f"{source}: images go down to {low:.3g}, which is neither the 0 of [0, 1] nor the -1 of "
            "[-1, 1]. Clip them to [0, 1], or scale them to [-1, 1]."
        )
    if low >= 0 and not low <= HALF <= high:
        raise InputError(
            f"{source}: images run from {low:.3g} to {high:.3g}, which may be a part of [0, 1] or [-1, 1], "
            "or have been divided by 255 twice. Store bytes: (images * 255).round().astype('uint8') if 1 is "
            "white, the same with 255 * 255 if they were divided twice."
        )


def _cure(low, high):
    """How to mend floats out of range, where it can be told from them."""
    if BYTES < high <= 255 and low >= 0:
        return " Bytes that are stored as floats: images.round().astype('uint8')."
    if BYTES < high - low < 255 and low < 0:
        return " If they were standardised, undo it: images * deviation + mean."
    return ""
