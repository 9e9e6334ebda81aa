"""Changes of images that leave their group as it is, for some data; which ones, is tried."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def shifted(images, rng, reach=2):
    """Moves each image by up to `reach` pixels in each direction; the edge pixels fill the gap.

    The edge, not 0, because the background is what tells some groups apart.
    """
    padded = np.pad(images, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
    windows = sliding_window_view(padded, images.shape[1:3], axis=(1, 2))
    down, right = rng.integers(0, 2 * reach + 1, size=(2, len(images)))
    return np.moveaxis(windows[np.arange(len(images)), down, right], 1, -1)


def mirrored(images, rng):
    """Mirrors every other image, drawn at random, at its vertical axis."""
    chosen, changed = rng.random(len(images)) < 0.5, images.copy()
    changed[chosen] = changed[chosen, :, ::-1]
    return changed


def relit(images, rng):
    """Changes contrast by up to a fifth and brightness by up to 0.15, of a range of 2."""
    shape = len(images), 1, 1, 1
    contrast, light = rng.uniform(0.8, 1.2, shape), rng.uniform(-0.15, 0.15, shape)
    return np.clip(images * contrast.astype(np.float32) + light.astype(np.float32), -1, 1)


OPTIONAL = {"mirrored": mirrored, "relit": relit}
