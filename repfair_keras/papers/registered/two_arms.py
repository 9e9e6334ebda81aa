"""Tests of two arms of independent runs, and intervals, for outcomes that are all or nothing or far from normal."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from repfair_keras.core.errors import InputError

LEVEL = 0.05
PERMUTATIONS = 20_000
RESAMPLES = 10_000
NOTHING = 1e-12  # a spread that is rounding


class Compared(NamedTuple):
    """What a test of two arms says.

    Args:
        p: p value, in [0, 1].
        difference: first minus second, in the unit of the values; above 0: the first has more.
        low, high: ends of the 95 % interval of the difference.
        n: runs of each arm, a tuple.
        sign: 1 where the first arm has more, -1 where the second has, 0 where neither; of ranks by their sum, as a
            difference of medians may be 0 where values are tied.
    """

    p: float
    difference: float
    low: float
    high: float
    n: tuple[int, int]
    sign: int


def fisher(first: Sequence[bool], second: Sequence[bool]) -> Compared:
    """Compares how often something happened, by Fisher's exact test, two-sided.

    The interval of the difference of the two shares is Newcombe's of Wilson scores (Statistics in Medicine 1998,
    method 10).

    Args:
        first, second: whether it happened in each run of an arm.

    Examples:
        >>> result = fisher([True] * 3 + [False] * 3, [False] * 6)
        >>> round(result.p, 3), result.difference
        (0.182, 0.5)
    """
    k, n = (sum(first), sum(second)), _sizes(first, second)
    p = stats.fisher_exact([[k[0], n[0] - k[0]], [k[1], n[1] - k[1]]]).pvalue
    shares = k[0] / n[0], k[1] / n[1]
    ends = [stats.binomtest(k[i], n[i]).proportion_ci(0.95, method="wilson") for i in range(2)]
    difference = shares[0] - shares[1]
    low = difference - np.hypot(shares[0] - ends[0].low, ends[1].high - shares[1])
    high = difference + np.hypot(ends[0].high - shares[0], shares[1] - ends[1].low)
    return Compared(float(p), difference, float(max(low, -1)), float(min(high, 1)), n, _sign(difference))


def mann_whitney(first: Sequence[float], second: Sequence[float], seed: int = 0) -> Compared:
    """Compares where two arms lie, by Wilcoxon's rank-sum test, two-sided: exact without ties, else by permutations.

    The difference is Hodges and Lehmann's, the median of all differences between a run of the one and one of the other;
    its interval the percentile bootstrap over runs.

    Args:
        first, second: a number for each run of an arm.
        seed: of permutations, where values are tied, and of the bootstrap.

    Examples:
        >>> result = mann_whitney([7.0, 8.0, 9.0], [1.0, 2.0, 3.0])
        >>> round(result.p, 3), result.difference
        (0.1, 6.0)
    """
    one, other = np.asarray(first, float), np.asarray(second, float)
    n = _sizes(one, other)
    both = np.concatenate([one, other])
    if len(np.unique(both)) == len(both):
        p = stats.mannwhitneyu(one, other, method="exact").pvalue
    else:
        p = _permuted(stats.rankdata(both), n[0], np.random.default_rng(seed))
    sign = _sign(stats.rankdata(both)[: n[0]].mean() - stats.rankdata(both).mean())
    rng = np.random.default_rng(seed)
    drawn = [rng.choice(arm, (RESAMPLES, len(arm))) for arm in (one, other)]
    shifts = [
        _shift(a, b) for a, b in zip(np.array_split(drawn[0], 20), np.array_split(drawn[1], 20), strict=True)
    ]
    low, high = np.quantile(np.concatenate(shifts), [0.025, 0.975])
    return Compared(float(p), float(_shift(one[None], other[None])[0]), float(low), float(high), n, sign)


def _permuted(ranks, n, rng):
    """Share of random orders in which the first n ranks sum to something as far from the middle as they do."""
    sums = rng.permuted(np.tile(ranks, (PERMUTATIONS, 1)), axis=1)[:, :n].sum(axis=1)
    middle = n * ranks.mean()
    as_far = np.abs(sums - middle) >= abs(ranks[:n].sum() - middle) - NOTHING
    return (1 + np.count_nonzero(as_far)) / (1 + PERMUTATIONS)  # the order that was seen is one of them


def _shift(one, other):
    """Medians of all differences between an element of a row of the one and one of the other."""
    return np.median((one[:, :, None] - other[:, None, :]).reshape(len(one), -1), axis=1)


def tost(first: Sequence[float], second: Sequence[float], margin: float) -> Compared:
    """Whether the means of two arms are equal up to a margin, by two one-sided Welch t tests.

    Args:
        first, second: a number for each run of an arm, at least two of each.
        margin: the largest difference that counts as none, in the unit of the values.

    Returns:
        `Compared`; a small p says that the difference is within the margin. The interval of the difference is the 95 %
        Welch one.

    Raises:
        InputError: if an arm has fewer than two runs, or the margin is not above 0.

    Reference: Schuirmann, "A comparison of the two one-sided tests procedure and the power approach" (1987).

    Examples:
        >>> equal = tost([0.90, 0.91, 0.92, 0.89], [0.90, 0.92, 0.91, 0.90], margin=0.05)
        >>> equal.p < 0.001, round(equal.difference, 4)
        (True, -0.0025)
    """
    if margin <= 0:
        raise InputError(f"margin is {margin}: expected a number above 0.")
    one, other = np.asarray(first, float), np.asarray(second, float)
    n = _sizes(one, other, least=2)
    difference = float(one.mean() - other.mean())
    if max(one.std(), other.std()) < NOTHING:  # nothing varies: there is nothing to be unsure of
        return Compared(
            float(abs(difference) >= margin), difference, difference, difference, n, _sign(difference)
        )
    above = stats.ttest_ind(one + margin, other, equal_var=False, alternative="greater").pvalue
    below = stats.ttest_ind(one - margin, other, equal_var=False, alternative="less").pvalue
    ends = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    return Compared(
        float(max(above, below)), difference, float(ends.low), float(ends.high), n, _sign(difference)
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """P values corrected for their number, by Holm's step-down method: as large as the level that would reject each.

    Reference: Holm, "A simple sequentially rejective multiple test procedure" (1979).

    Examples:
        >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
        [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    raised = np.asarray(p_values, float)[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.maximum.accumulate(raised), 1)
    return corrected.tolist()


def median_interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """Ends of the 95 % percentile bootstrap interval of a median over runs.

    Examples:
        >>> median_interval([3.0, 3.0, 3.0])
        (3.0, 3.0)
    """
    drawn = np.random.default_rng(seed).choice(np.asarray(values, float), (RESAMPLES, len(values)))
    low, high = np.quantile(np.median(drawn, axis=1), [0.025, 0.975])
    return float(low), float(high)


def _sign(difference):
    return int(np.sign(difference)) if abs(difference) > NOTHING else 0


def _sizes(first, second, least=1):
    n = len(first), len(second)
    if min(n) < least:
        raise InputError(f"arms of {n[0]} and {n[1]} runs: expected at least {least} of each.")
    return n
