"""The one check of images that come to be evaluated, whoever generated them."""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.stored import StoredImages


def check_images(images, image_shape=None):
    """Returns the images as float32, or says what is wrong with them.

    Args:
        images: float, shape `(N, height, width, channels)`, in [-1, 1]; or `StoredImages`, bytes of which any are
            in the range.
        image_shape: `(height, width, channels)` that is expected; `None` takes any.

    Returns:
        float32, same shape; of `StoredImages` the same.

    Raises:
        InputError: if there are no images, or they have another shape, NaN, or values outside [-1, 1].
    """
    stored = isinstance(images, StoredImages)
    images = images if stored else np.asarray(images, dtype=np.float32)
    if images.ndim != 4 or (image_shape is not None and images.shape[1:] != tuple(image_shape)):
        wanted = "height, width, channels" if image_shape is None else ", ".join(map(str, image_shape))
        raise InputError(f"images have shape {images.shape}, expected (N, {wanted}): resize or convert them.")
    if len(images) == 0:
        raise InputError("there are no images, expected at least one: generate some first.")
    if stored:
        return images
    broken = ~np.isfinite(images).all(axis=(1, 2, 3))
    if broken.any():
        raise InputError(
            f"{broken.sum()} of {len(images)} images hold NaN or infinite pixels, the first at index "
            f"{broken.argmax()}: the generator has diverged; use an earlier one, or a smaller learning rate."
        )
    low, high = float(images.min()), float(images.max())
    if low < -1.001 or high > 1.001:
        raise InputError(
            f"pixels range from {low:g} to {high:g}, expected -1 to 1: for bytes use pixels / 127.5 - 1."
        )
    return images
