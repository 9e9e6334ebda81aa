"""Whether the probabilities that a classifier states are those with which it is right."""

import numpy as np

from repfair_keras.core.errors import InputError


def expected_calibration_error(chances, targets, bins=10):
    """Expected calibration error: how far a classifier's confidence is from its accuracy, on average.

    Predictions are sorted into bins of equal width by their confidence, the largest probability of each;
    the error is the mean of |accuracy - confidence| over the bins, weighted by their numbers of predictions.

    Args:
        chances: probabilities, shape `(N, k)`, rows sum to 1.
        targets: integers, shape `(N,)`, the true index of each row.
        bins: number of bins, at least 1.

    Returns:
        float in [0, 1]. Calibrated: 0, but for the noise of N predictions.

    Raises:
        InputError: if there are no rows, or numbers of rows differ.

    Reference: Guo et al., "On Calibration of Modern Neural Networks" (2017).

    Examples:
        >>> expected_calibration_error([[0.9, 0.1], [0.8, 0.2]], [0, 1]) # doctest: +ELLIPSIS
        0.45...
    """
    chances, targets = np.asarray(chances, dtype=np.float64), np.asarray(targets)
    if chances.ndim != 2 or len(chances) == 0 or targets.shape != chances.shape[:1]:
        raise InputError(
            f"probabilities have shape {chances.shape} and targets {targets.shape}, expected (N, k) and (N,), N >= 1."
        )
    confidence, right = chances.max(axis=1), chances.argmax(axis=1) == targets
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(places, weights=right - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(chances))
