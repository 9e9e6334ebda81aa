"""How bright images are: what the groups of inverted and shaded images differ in."""

import numpy as np

BINS = 50
ROWS = 500  # images that are looked at together


def brightness_histogram(images):
    """Counts images by their mean pixel.

    Args:
        images: float in [-1, 1], shape `(N, height, width, channels)`.

    Returns:
        list of `BINS` counts, from 0 (all black) to 1 (all white) in equal steps.

    Reference: On the Fairness of GANs, Figures 3 to 5 (mean of a sample).
    """
    means = [_means(images[start : start + ROWS]) for start in range(0, len(images), ROWS)]
    return np.histogram(np.concatenate(means) / 2 + 0.5, BINS, (0, 1))[0].tolist()


def _means(images):
    return np.asarray(images, np.float64).mean(axis=(1, 2, 3))
