"""How far the shares of the groups are from balanced, or from a target.

Shares come from counting groups in a sample, so every distance here is above 0 even for a balanced generator:
`noise_floor` says how far above, and `share_intervals` how well each share is known.

Reference: Kenfack et al., RepFair-GAN, Definition 1 (the distance d to the uniform distribution); fairness
discrepancy as in Choi et al., "Fair Generative Modeling via Weak Supervision" (2020).
"""

import numpy as np
from scipy import special, stats

from repfair_keras.errors import InputError


def proportions(predicted, n_groups):
    """Share of each group in a sample. A group that never occurs has share 0 and is kept.

    Args:
        predicted: integers, shape `(N,)`, group of each image, 0 to `n_groups - 1`.
        n_groups: number of groups k.

    Returns:
        float64, shape `(n_groups,)`, each in [0, 1], sums to 1. Balanced: 1/k each.

    Raises:
        InputError: if the sample is empty, or an index is no integer or out of range.
    """
    predicted = np.asarray(predicted)
    if predicted.ndim != 1 or predicted.size == 0:
        raise InputError(
            f"predicted groups have shape {predicted.shape}, expected (N,), N >= 1: draw at least one image."
        )
    if not np.issubdtype(predicted.dtype, np.integer):
        raise InputError(f"predicted groups are {predicted.dtype}, expected integers: pass group indices.")
    outside = predicted[(predicted < 0) | (predicted >= n_groups)]
    if outside.size:
        raise InputError(
            f"group index {outside[0]} is out of range, expected 0 to {n_groups - 1}: "
            "leave undecided images out, or raise n_groups."
        )
    return np.bincount(predicted, minlength=n_groups) / predicted.size


def fairness_discrepancy(p, target=None):
    """Fairness discrepancy, `FD = ||p - t||_2`.

    Args:
        p: shares, shape `(k,)`.
        target: shares asked for, shape `(k,)`; `None` means uniform, 1/k each.

    Returns:
        float. Balanced: 0. Range for a uniform target: 0 to `sqrt(1 - 1/k)` (one group only).
    """
    p, target = _shares_and_target(p, target)
    return float(np.linalg.norm(p - target))


def total_variation(p, target=None):
    """Total variation, `TV = sum |p - t| / 2`: the share of images that would have to change group.

    Args:
        p: shares, shape `(k,)`.
        target: shares asked for, shape `(k,)`; `None` means uniform, 1/k each.

    Returns:
        float. Balanced: 0. Range for a uniform target: 0 to `1 - 1/k` (one group only).
    """
    p, target = _shares_and_target(p, target)
    return float(np.abs(p - target).sum() / 2)


def kl_divergence(p, target=None):
    """Kullback-Leibler divergence, `KL = sum p ln(p / t)` in nats, with `0 ln 0 = 0`.

    Args:
        p: shares, shape `(k,)`.
        target: shares asked for, shape `(k,)`; `None` means uniform, 1/k each.

    Returns:
        float. Balanced: 0. Range for a uniform target: 0 to `ln k` (one group only); infinite where a group
        occurs whose target is 0.
    """
    p, target = _shares_and_target(p, target)
    return max(0.0, float(special.rel_entr(p, target).sum()))  # rounding may leave -1e-17 at the target


def gap(p):
    """Gap, `max p - min p`: largest minus smallest share.

    Args:
        p: shares, shape `(k,)`.

    Returns:
        float. Balanced: 0. Range: 0 to 1 (one group only).
    """
    p, _ = _shares_and_target(p, None)
    return float(p.max() - p.min())


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
    if n < 1 or n_groups < 2 or not 0 < quantile < 1:
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
    counts = np.asarray(counts)
    if counts.ndim != 1 or not np.issubdtype(counts.dtype, np.integer) or counts.min(initial=0) < 0:
        raise InputError(f"counts are {counts.tolist()}, expected one number of images >= 0 per group.")
    if counts.sum() < 1 or not 0 < level < 1:
        raise InputError(
            f"interval of {counts.sum()} images at level {level}: expected at least one image, 0 < level < 1."
        )
    tests = [stats.binomtest(int(count), int(counts.sum())) for count in counts]
    return np.array([test.proportion_ci(level, method="exact") for test in tests])


def _shares_and_target(p, target):
    """Checks both and returns them as float64 arrays of one length; a target of `None` becomes uniform."""
    p = _checked(p, "shares")
    target = np.full(len(p), 1 / len(p)) if target is None else _checked(target, "target")
    if len(p) != len(target):
        raise InputError(f"{len(p)} shares but {len(target)} targets: give one target per group.")
    return p, target


def _checked(shares, name):
    shares = np.asarray(shares, dtype=np.float64)
    if shares.ndim != 1 or shares.size == 0:
        raise InputError(f"{name} have shape {shares.shape}, expected (k,): one number per group.")
    # Written so that NaN fails too.
    if not (np.all(shares >= 0) and abs(shares.sum() - 1) < 1e-6):
        raise InputError(f"{name} {shares.tolist()} are no shares: expected numbers >= 0 that sum to 1.")
    return shares
