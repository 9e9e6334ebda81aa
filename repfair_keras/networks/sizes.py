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


def check_cgan(image_shape):
    """Returns `(size, channels)` of square images whose size two strides of 2 can halve.

    Raises:
        InputError: if the images are not square, their size is not divisible by 4, or the channels are
            neither 1 nor 3.
    """
    height, width, channels = image_shape
    if height != width or height % 4:
        raise InputError(
            f"images of {height}x{width} pixels do not fit: two strides of 2 need square images whose size "
            "is divisible by 4. Resize or pad them."
        )
    check_channels(channels)
    return height, channels


def check_channels(channels):
    """Raises `InputError` unless images are grey or RGB."""
    if channels not in (1, 3):
        raise InputError(f"images with {channels} channels do not fit: expected 1 (grey) or 3 (RGB).")


def stages(image_shape):
    """Returns the side of the first feature map, 4 to 7, and how often it doubles to make an image.

    Raises:
        InputError: as `check_stages`.
    """
    height, width, channels = image_shape
    first, doublings = height, 0
    while first > 7 and first % 2 == 0:
        first, doublings = first // 2, doublings + 1
    if height != width or not 4 <= first <= 7 or doublings == 0:
        raise InputError(
            f"images of {height}x{width} pixels do not fit: expected square ones that doubling makes of 4 to 7 pixels, "
            "such as 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112 or 128. Resize or pad them."
        )
    check_channels(channels)
    return first, doublings


def check_stages(image_shape):
    """Raises `InputError` if images are not square, neither grey nor RGB, or no doubling of 4 to 7 pixels."""
    stages(image_shape)
