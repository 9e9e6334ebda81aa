"""What every data set must fulfil, whichever loader read it."""

from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.settings import shown
from repfair_keras.data.images.stored import parts_of

MANY = 5000  # images that are looked at together
STRIDE = 4  # two stride-2 convolutions halve the size twice
CHANNELS = (1, 3)
DARK = 32  # an eighth of the range: among all images of a set some pixel is brighter, or none can be seen


def check_images(images):
    """Refuses `RawImages` that the networks cannot take or whose parts do not fit together.

    Raises:
        InputError: says which part is wrong and what is expected.
    """
    where = f"data set {images.name!r}"
    check_pixels(images.pixels, where)
    check_visible(images.pixels, where)
    labels = {} if images.labels is None else {"labels": images.labels}
    for column, values in {**images.attributes, **labels}.items():
        if values.shape != (len(images.pixels),):
            raise InputError(
                f"{where}: {column} has shape {values.shape}, expected one value for each of the "
                f"{len(images.pixels)} images."
            )
    if labels and not 0 <= images.labels.min() <= images.labels.max() < len(images.class_names):
        raise InputError(
            f"{where}: labels run from {images.labels.min()} to {images.labels.max()}, but there are "
            f"{len(images.class_names)} class names."
        )


def check_pixels(pixels, where):
    """Refuses anything but uint8 images of one square size with 1 or 3 channels.

    Args:
        pixels: array; expected uint8, shape `(N, size, size, channels)`, N >= 1.
        where: the file or data set, for the message.

    Raises:
        InputError: says what is wrong and what is expected.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 4 or len(pixels) == 0:
        raise InputError(
            f"{where}: images of type {pixels.dtype} and shape {pixels.shape}, "
            "expected uint8 of shape (N, size, size, channels) with N >= 1."
        )
    check_shape(pixels.shape[1:], where)


def check_visible(pixels, where):
    """Refuses images on which nothing is to be seen: of one value, or all but black.

    Args:
        pixels: uint8, shape `(N, size, size, channels)`.
        where: the file or data set, for the message.

    Raises:
        InputError: says which values there are and what they may have been meant for.
    """
    ends = [(part.min(), part.max()) for part in parts_of(pixels, MANY)]
    low, high = int(min(low for low, _ in ends)), int(max(high for _, high in ends))
    if low == high:
        raise InputError(
            f"{where}: every pixel of every image is {low}: nothing can be learnt. Read them again."
        )
    if high < DARK:
        as_mask = "a mask of 0 and 1" if high == 1 else f"of a range from 0 to {high}"
        raise InputError(
            f"{where}: no pixel is above {high}, so that all images are black: white is 255. If they are "
            f"{as_mask}, store (images * (255 / {high})).round().astype('uint8')."
        )


def check_shape(shape, where):
    """Refuses an image that is not square, whose size is not divisible by 4, or with a strange channel count.

    Args:
        shape: `(height, width, channels)`.
        where: the file or data set, for the message.

    Raises:
        InputError: says what is wrong and what is expected.
    """
    height, width, channels = shape
    if height != width:
        raise InputError(
            f"{where}: the image is {height}x{width} (height x width), expected a square. Crop or pad it."
        )
    if height == 0 or height % STRIDE:
        lower, upper = height // STRIDE * STRIDE, (height // STRIDE + 1) * STRIDE
        nearest = f"{lower} or {upper}" if lower else str(upper)
        raise InputError(
            f"{where}: image size {height} is not divisible by {STRIDE}. Resize or pad to {nearest} pixels."
        )
    if channels not in CHANNELS:
        raise InputError(f"{where}: {channels} channels, expected 1 (grey) or 3 (RGB). Convert the images.")


def existing_path(data_dir, dataset, expected):
    """Returns `data_dir` as a path.

    Args:
        data_dir: what the user gave, or `None`.
        dataset: name of the data set, for the message.
        expected: what should be there, for the message.

    Raises:
        InputError: if none is given or nothing is there.
    """
    if data_dir is None:
        raise InputError(f"data set {dataset!r} needs --data_dir: {expected}.")
    try:
        path = Path(data_dir).expanduser()
        there = path.exists()
    except (OSError, RuntimeError):  # a name that is too long, a user who is not known
        path, there = data_dir, False
    if not there:
        raise InputError(f"data_dir {shown(str(path))} does not exist. Expected {expected}.")
    return path
