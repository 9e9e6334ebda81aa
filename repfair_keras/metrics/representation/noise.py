"""What the noise of the sample does to shares: floor, intervals and a test of balance.

None of it knows of the classifier that counted: see `correction.py` for its error.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation.checks import check_level, checked_counts, checked_target

SIMULATIONS = 9_999  # the smallest Monte-Carlo p-value is 1 / (1 + SIMULATIONS)


def noise_floor(n, n_groups, quantile=0.95):
    """KL to uniform that a perfectly balanced generator stays below with probability `quantile`.

    `2 n KL` is close to chi-square with k - 1 degrees of freedom, so the floor is `chi2(quantile) / (2 n)`.
    A KL below it is no evidence of imbalance.

    Args:
        n: number of images counted, at least 1.
        n_groups: number of groups k, at least 2.
        quantile: in (0, 1).

    Returns:
        float, nats, above 0; halves when `n` doubles.
    """
    if not n >= 1 or not n_groups >= 2 or not 0 < quantile < 1:
        raise InputError(
            f"noise floor of n={n}, n_groups={n_groups}, quantile={quantile}: "
            "expected n >= 1, n_groups >= 2 and a quantile between 0 and 1."
        )
    return float(stats.chi2.ppf(quantile, n_groups - 1) / (2 * n))


def share_intervals(counts, level=0.95):
    """Exact (Clopper-Pearson) interval of each share, one group against the rest.

    Covers the true share at least with probability `level` for every n, also when a count is 0. It holds the
    noise of the sample only, not the error of the classifier that counted.

    Args:
        counts: integers, shape `(k,)`, images per group, at least one image in all.
        level: confidence, in (0, 1).

    Returns:
        float64, shape `(k, 2)`, lower and upper end, each in [0, 1]. Balanced: each interval holds 1/k.
    """
    counts = checked_counts(counts)
    check_level(level)
    tests = [stats.binomtest(int(count), int(counts.sum())) for count in counts]
    return np.array([test.proportion_ci(level, method="exact") for test in tests])


@dataclass(frozen=True)
class BalanceTest:
    """A test of the hypothesis that the generator is exactly on target.

    Args:
        name: how the p-value was found: `exact binomial`, `chi-square` or `Monte-Carlo chi-square`.
        statistic: Pearson's chi-square over n images, `sum (count - n t)^2 / (n t)`, whatever the name.
            On target: about k - 1. Range: 0 or more; infinite where a group occurs whose target is 0.
        p_value: probability of counts at least as far off, were the generator on target, in [0, 1].
    """

    name: str
    statistic: float
    p_value: float


def balance_test(counts, target=None, seed=0):
    """Tests whether counts can come from a generator that is exactly on target.

    Two groups get the exact binomial test. More get the chi-square test; where a group is expected fewer than
    5 times its approximation fails, and the distribution of the statistic is simulated. Groups whose target
    is 0 and that do not occur say nothing and are left out.

    Args:
        counts: integers, shape `(k,)`, images per group, at least one image in all.
        target: shares asked for, shape `(k,)`; `None` means uniform, 1/k each.
        seed: of the simulation, if there is one.

    Returns:
        `BalanceTest`.

    Raises:
        InputError: if counts or target are not as above.
    """
    counts = checked_counts(counts)
    target = checked_target(target, len(counts))
    possible = target > 0
    if counts[~possible].any():
        return BalanceTest("chi-square", float("inf"), 0.0)
    counts, target = counts[possible], target[possible] / target.sum()
    n, statistic = int(counts.sum()), float(_pearson(counts, target))
    if len(counts) <= 2:
        p_value = stats.binomtest(int(counts[0]), n, min(target[0], 1.0)).pvalue
        return BalanceTest("exact binomial", statistic, float(p_value))
    if n * target.min() >= 5 * (1 - 1e-9):  # the sum of shares is rounded, by their order
        return BalanceTest("chi-square", statistic, float(stats.chi2.sf(statistic, len(counts) - 1)))
    draws = np.random.default_rng(seed).multinomial(n, target, size=SIMULATIONS)
    as_far = _pearson(draws, target) >= statistic * (1 - 1e-9)  # equal counts may differ in rounding
    return BalanceTest("Monte-Carlo chi-square", statistic, (1 + int(as_far.sum())) / (1 + SIMULATIONS))


def _pearson(counts, target):
    expected = counts.sum(axis=-1, keepdims=True) * target
    return ((counts - expected) ** 2 / expected).sum(axis=-1)
