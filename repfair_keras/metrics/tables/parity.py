"""Are predictions the same for all groups? Ratios and differences as fairlearn defines them.

All of them are functions of counts: how many rows there are of each group, target and prediction. So a bootstrap over
rows is a multinomial one over counts.
"""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.downstream import LEVEL, odds_ratio, quantiles

N_BOOTSTRAP = 1000


def demographic_parity_ratio(predictions, groups):
    """Smallest over largest share of positive predictions in a group.

    Args:
        predictions: bool, or 0 and 1, shape `(N,)`.
        groups: labels, shape `(N,)`, none of them missing.

    Returns:
        float in [0, 1], 1 is equal; `None` where nobody has a positive prediction.

    Raises:
        InputError: if shapes or values do not fit.

    Reference: `fairlearn.metrics.demographic_parity_ratio`.

    Examples:
        >>> demographic_parity_ratio([1, 0, 0, 0, 1, 1, 0, 0], ["f", "f", "f", "f", "m", "m", "m", "m"])
        0.5
    """
    return _one("demographic_parity_ratio", predictions, predictions, groups)


def demographic_parity_difference(predictions, groups):
    """Largest minus smallest share of positive predictions in a group.

    Args:
        predictions, groups: as in `demographic_parity_ratio`.

    Returns:
        float in [0, 1], 0 is equal.

    Raises:
        InputError: if shapes or values do not fit.

    Reference: `fairlearn.metrics.demographic_parity_difference`.

    Examples:
        >>> demographic_parity_difference([1, 0, 0, 0, 1, 1, 0, 0], ["f", "f", "f", "f", "m", "m", "m", "m"])
        0.25
    """
    return _one("demographic_parity_difference", predictions, predictions, groups)


def equalized_odds_ratio(predictions, targets, groups):
    """The smaller of two ratios, smallest over largest group: of true and of false positive rates.

    A rate that is 0 in every group has no ratio, and the other one decides.

    Args:
        predictions, targets: bool, or 0 and 1, shape `(N,)`.
        groups: labels, shape `(N,)`, none of them missing.

    Returns:
        float in [0, 1], 1 is equal; `None` where a group has no row of one of the targets (fairlearn takes its rate
        as 0), or where no rate is above 0.

    Raises:
        InputError: if shapes or values do not fit.

    Reference: `fairlearn.metrics.equalized_odds_ratio`.

    Examples:
        >>> equalized_odds_ratio([1, 0, 1, 0, 1, 1, 1, 0], [1, 1, 0, 0, 1, 1, 0, 0], list("ffffmmmm"))
        0.5
        >>> equalized_odds_ratio([1, 0, 1, 1], [1, 0, 1, 1], list("ffmm")) is None
        True
    """
    return _one("equalized_odds_ratio", predictions, targets, groups)


def equalized_odds_difference(predictions, targets, groups):
    """The larger of two differences, largest minus smallest group: of true and of false positive rates.

    Args:
        predictions, targets, groups: as in `equalized_odds_ratio`.

    Returns:
        float in [0, 1], 0 is equal; `None` where a group has no row of one of the targets.

    Raises:
        InputError: if shapes or values do not fit.

    Reference: `fairlearn.metrics.equalized_odds_difference`.

    Examples:
        >>> equalized_odds_difference([1, 0, 1, 0, 1, 1, 1, 0], [1, 1, 0, 0, 1, 1, 0, 0], list("ffffmmmm"))
        0.5
    """
    return _one("equalized_odds_difference", predictions, targets, groups)


def parity(predictions, targets, groups, seed=0, n_bootstrap=N_BOOTSTRAP):
    """All four, and the accuracy, with percentile intervals of a bootstrap over rows.

    Ratios and differences of small groups are further from equal than those of the population, in the bootstrap
    more than in the sample: an interval may lie on one side of its value.

    Args:
        predictions, targets, groups: as in `equalized_odds_ratio`.
        seed: seed of the bootstrap.
        n_bootstrap: resamples, at least 1.

    Returns:
        dict of `accuracy`, `demographic_parity_ratio`, `demographic_parity_difference`, `equalized_odds_ratio` and
        `equalized_odds_difference` to `[value, low, high]`, a 95 % interval; `None` where there is none. Resamples
        in which a metric does not exist are left out of its interval.

    Raises:
        InputError: if shapes or values do not fit.

    Examples:
        >>> found = parity([1, 0, 1, 0, 1, 1, 1, 0] * 50, [1, 1, 0, 0, 1, 1, 0, 0] * 50, list("ffffmmmm") * 50)
        >>> [round(number, 2) for number in found["equalized_odds_ratio"]]
        [0.5, 0.4, 0.6]
    """
    counts = _counts(predictions, targets, groups)
    total = counts.sum()
    rng = np.random.default_rng(seed)
    again = rng.multinomial(total, counts.ravel() / total, n_bootstrap).reshape(-1, *counts.shape)
    found, resampled = from_counts(counts), from_counts(again)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {
        name: None if np.isnan(value) else [float(value), *map(float, quantiles(resampled[name], ends))]
        for name, value in found.items()
    }


def from_counts(counts):
    """Computes all metrics from counts of rows.

    Args:
        counts: shape `(..., k, 2, 2)`: rows by group, target and prediction.

    Returns:
        dict of arrays of shape `(...)`, NaN where there is no value.
    """
    counts = np.asarray(counts, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        selected = counts[..., 1].sum(axis=-1) / counts.sum(axis=(-1, -2))  # P(positive | group)
        by_target = counts[..., 1] / counts.sum(axis=-1)  # P(positive | group, target)
        right = counts[..., 0, 0] + counts[..., 1, 1]
        return {
            "accuracy": right.sum(axis=-1) / counts.sum(axis=(-1, -2, -3)),
            "demographic_parity_ratio": selected.min(axis=-1) / selected.max(axis=-1),
            "demographic_parity_difference": np.ptp(selected, axis=-1),
            "equalized_odds_ratio": odds_ratio(by_target),
            "equalized_odds_difference": np.ptp(by_target, axis=-2).max(axis=-1),
        }


def _one(name, predictions, targets, groups):
    value = float(from_counts(_counts(predictions, targets, groups))[name])
    return None if np.isnan(value) else value


def _counts(predictions, targets, groups):
    """int, shape `(k, 2, 2)`: rows by group, target and prediction."""
    import pandas as pd

    sides = []
    for name, side in (("predictions", predictions), ("targets", targets)):
        side = np.asarray(side)
        if side.ndim != 1 or len(side) == 0 or len(side) != len(groups):
            raise InputError(
                f"{name} have shape {side.shape}, groups have {len(groups)} rows: expected as many, at least one."
            )
        if not np.isin(side, (0, 1)).all():
            raise InputError(f"{name} hold {side[~np.isin(side, (0, 1))][0]!r}: expected bools, or 0 and 1.")
        sides.append(side.astype(int))
    index, names = pd.factorize(np.asarray(groups, dtype=object))
    if (index < 0).any():
        raise InputError(
            f"{(index < 0).sum()} rows have no group: expected a label for each, see group_labels."
        )
    return np.bincount(index * 4 + sides[1] * 2 + sides[0], minlength=len(names) * 4).reshape(-1, 2, 2)
