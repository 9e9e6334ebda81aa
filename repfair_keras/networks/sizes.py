"""Which sizes of images and noise the networks take: known without TensorFlow, before anything is built."""

import math

from repfair_keras.core.errors import InputError

SMALLEST = 4  # side of the smallest feature map of the fair encoder


def widths(image_shape, filters):
    """Filters of the stride-2 convolutions that bring an image down to 4x4; 64 pixels: four of them."""
    height, width, _ = image_shape
    border = SMALLEST * 2 ** _halvings(height) - height
    n = _halvings(height)
    if height != width or border % 2 or -(-height // 2**n) != SMALLEST:
        raise InputError(
            f"images of {height}x{width} pixels do not fit the fair encoder: expected square ones that "
            "halving brings to 4x4, of 16, 28, 32, 56, 60 or 64 pixels, say. Resize or pad them."
        )
    return [filters] * (n // 2) + [2 * filters] * (n - n // 2)


def _halvings(size):
    return max(math.ceil(math.log2(size / SMALLEST)), 1)


def check_latent_size(latent_size):
    """Raises `InputError` if noise is too short to be shared by G1 and G0."""
    if latent_size < 2:
        raise InputError(f"latent_size is {latent_size}: expected at least 2, shared by two generators.")


def check_image_shape(image_shape):
    """Returns `(size, channels)` of images that G0 can make.

    Raises:
        InputError: if they are not square, or their size is not divisible by 4 or below 16.
    """
    height, width, channels = image_shape
    if height != width or height % 4 or height < 16:
        raise InputError(
            f"images of {height}x{width} pixels do not fit the stacked GAN: expected square ones of 16, 20, "
            "24, 28, 32 and so on. Resize or pad them."
        )
    return height, channels
