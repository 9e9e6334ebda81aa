"""How likely the tests of a registration are to show what is there."""

from functools import cache

import numpy as np
from scipy import stats

from repfair_keras.papers.registered.two_arms import LEVEL

SIMULATIONS = 4000


@cache
def fisher_power(n: tuple[int, int], shares: tuple[float, float], level: float = LEVEL) -> float:
    """Power of Fisher's exact test, two-sided, summed over all outcomes.

    Args:
        n: runs of each arm.
        shares: how often it happens in each arm.
        level: of the test.

    Examples:
        >>> round(fisher_power((12, 12), (0.5, 0.0)), 2)
        0.81
    """
    total = 0.0
    chances = [
        stats.binom.pmf(np.arange(size + 1), size, share) for size, share in zip(n, shares, strict=True)
    ]
    for first, chance in enumerate(chances[0]):
        for second, other in enumerate(chances[1]):
            if chance * other > 1e-9:
                table = [[first, n[0] - first], [second, n[1] - second]]
                total += chance * other * (stats.fisher_exact(table).pvalue <= level)
    return float(total)


@cache
def rank_power(n: tuple[int, int], superior: float, level: float = LEVEL) -> float:
    """Power of the exact rank-sum test, two-sided, for normal values of equal spread, from 4,000 simulations.

    Args:
        n: runs of each arm.
        superior: probability that a run of the first arm is above one of the second; 0.5: they are alike.
        level: of the test.

    Examples:
        >>> round(rank_power((30, 30), 0.75), 1), rank_power((2, 2), 0.95)
        (0.9, 0.0)
    """
    rng = np.random.default_rng(0)
    shift = np.sqrt(2) * stats.norm.ppf(superior)
    first, second = (rng.standard_normal((SIMULATIONS, size)) for size in n)
    above = ((first + shift)[:, :, None] > second[:, None, :]).sum(axis=(1, 2))
    return float(np.mean(_rank_p(*n)[above] <= level))


@cache
def _rank_p(first, second):
    """Two-sided p of the rank-sum test, by the number of pairs in which the first arm is above the second."""
    ways = [1] + [0] * (first * second)  # to have so many pairs, coefficients of Gauss's binomial
    for k in range(1, first + 1):
        for u in range(len(ways) - 1, second + k - 1, -1):  # times 1 - q^(second + k)
            ways[u] -= ways[u - second - k]
        for u in range(k, len(ways)):  # over 1 - q^k
            ways[u] += ways[u - k]
    below = np.cumsum(np.array(ways, float)) / float(sum(ways))
    return np.minimum(1.0, 2 * np.minimum(below, below[::-1]))


def tost_power(error: float, margin: float, level: float = LEVEL) -> float:
    """Power of the two one-sided tests where the arms are equal, by the normal approximation.

    Args:
        error: standard error of the difference of the arms' means.
        margin: the largest difference that counts as none.
        level: of each test.

    Examples:
        >>> round(tost_power(0.02, 0.05), 2)
        0.61
    """
    if error == 0:
        return 1.0
    return float(max(0.0, 2 * stats.norm.cdf(margin / error - stats.norm.ppf(1 - level)) - 1))
