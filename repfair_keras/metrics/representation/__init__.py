"""How the groups are represented in a sample: how far from balanced or a target, and how well that is known.

Three errors stand between a count and the generator, and each has its part here: the noise of the sample
(`noise_floor`, `share_intervals`, `balance_test`, `epsilon`), the error of the classifier that counted
(`corrected_proportions`), and the noise of the validation images that this error was measured on
(`bootstrap_interval`).
"""

from repfair_keras.metrics.representation.correction import (
    ILL_CONDITIONED,
    bootstrap_interval,
    condition_number,
    corrected_proportions,
    expected_proportions,
    target_test,
)
from repfair_keras.metrics.representation.definition import Epsilon, epsilon
from repfair_keras.metrics.representation.noise import (
    BalanceTest,
    balance_test,
    noise_floor,
    share_intervals,
)
from repfair_keras.metrics.representation.shares import (
    chebyshev_distance,
    fairness_discrepancy,
    gap,
    kl_divergence,
    l1_distance,
    proportions,
    total_variation,
)
from repfair_keras.metrics.representation.tables import association, cross_table, independence_test

__all__ = [
    "ILL_CONDITIONED",
    "BalanceTest",
    "Epsilon",
    "association",
    "balance_test",
    "bootstrap_interval",
    "chebyshev_distance",
    "condition_number",
    "corrected_proportions",
    "cross_table",
    "epsilon",
    "expected_proportions",
    "fairness_discrepancy",
    "gap",
    "independence_test",
    "kl_divergence",
    "l1_distance",
    "noise_floor",
    "proportions",
    "share_intervals",
    "target_test",
    "total_variation",
]
