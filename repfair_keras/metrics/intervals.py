"""Means over seeds, and their differences, with intervals."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from repfair_keras.core.errors import InputError


class Interval(NamedTuple):
    """A mean over `n` trainings, and the ends of its interval; they are `None` below two trainings."""

    mean: float | None
    low: float | None
    high: float | None
    n: int


def mean_interval(values, level=0.95, low=-np.inf, high=np.inf):
    """Mean and Student's t interval of independent values, one per seed of training.

    It covers the mean over all seeds with probability `level` if they are normal; few seeds make it wide.

    Args:
        values: numbers, shape `(n,)`; `None` and NaN are left out.
        level: confidence, in (0, 1).
        low, high: range of the values, which the interval is cut to.

    Returns:
        `Interval`.

    Raises:
        InputError: if the level is out of range.
    """
    if not 0 < level < 1:
        raise InputError(f"level is {level}: expected a number above 0 and below 1, as 0.95.")
    values = np.array([value for value in values if value is not None], dtype=np.float64)
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return Interval(None, None, None, 0)
    mean = float(values.mean())
    if len(values) == 1:
        return Interval(mean, None, None, 1)
    half = stats.t.ppf((1 + level) / 2, len(values) - 1) * stats.sem(values)
    return Interval(mean, float(max(mean - half, low)), float(min(mean + half, high)), len(values))


def paired_difference(first, second, level=0.95, low=-np.inf, high=np.inf):
    """Mean of `second - first` over the seeds that both have, with its t interval.

    Args:
        first, second: dicts of seed to number or `None`.
        level: confidence, in (0, 1).
        low, high: range of the differences, which the interval is cut to.

    Returns:
        `Interval`; its `n` counts the seeds with both values. No difference: the interval holds 0.
    """
    seeds = [seed for seed in first if first[seed] is not None and second.get(seed) is not None]
    return mean_interval([second[seed] - first[seed] for seed in seeds], level, low, high)
