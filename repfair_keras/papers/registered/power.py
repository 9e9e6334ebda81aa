"""How likely the tests of a registration are to show what is there."""

from functools import cache

import numpy as np
from scipy import stats

from repfair_keras.papers.registered.two_arms import LEVEL


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


def rank_power(n: tuple[int, int], superior: float, level: float = LEVEL) -> float:
    """Power of the rank-sum test by Noether's approximation (JASA 1987).

    Args:
        n: runs of each arm.
        superior: probability that a run of the first arm is above one of the second; 0.5: they are alike.
        level: of the test.

    Examples:
        >>> round(rank_power((30, 30), 0.75), 2)
        0.92
    """
    size = n[0] * n[1] / (n[0] + n[1])
    shift = abs(superior - 0.5) * np.sqrt(12 * size)
    return float(stats.norm.cdf(shift - stats.norm.ppf(1 - level / 2)))


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
