"""Shares of the groups in a sample, and distances of shares from balanced, or from a target.

Shares come from counting groups in a sample, so every distance here is above 0 even for a balanced generator:
`noise_floor` says how far above, and `share_intervals` how well each share is known.

Reference: Kenfack et al., RepFair-GAN, Definition 1 (the distance d to the uniform distribution); fairness
discrepancy as in Choi et al., "Fair Generative Modeling via Weak Supervision" (2020).
"""

import numpy as np
from scipy import special

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation.checks import checked_shares, checked_target


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


def l1_distance(p, target=None):
    """L1 distance, `L1 = sum |p - t|`, twice the total variation.

    Args:
        p: shares, shape `(k,)`.
        target: shares asked for, shape `(k,)`; `None` means uniform, 1/k each.

    Returns:
        float. Balanced: 0. Range for a uniform target: 0 to `2 (1 - 1/k)` (one group only).
    """
    p, target = _shares_and_target(p, target)
    return float(np.abs(p - target).sum())


def total_variation(p, target=None):
    """Total variation, `TV = sum |p - t| / 2`: the share of images that would have to change group.

    Args:
        p: shares, shape `(k,)`.
        target: shares asked for, shape `(k,)`; `None` means uniform, 1/k each.

    Returns:
        float. Balanced: 0. Range for a uniform target: 0 to `1 - 1/k` (one group only).
    """
    return l1_distance(p, target) / 2


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


def chebyshev_distance(p, target=None):
    """Chebyshev distance, `max |p - t|`: how far the share that misses its target most is from it.

    Args:
        p: shares, shape `(k,)`.
        target: shares asked for, shape `(k,)`; `None` means uniform, 1/k each.

    Returns:
        float. Balanced: 0. Range for a uniform target: 0 to `1 - 1/k` (one group only).
    """
    p, target = _shares_and_target(p, target)
    return float(np.abs(p - target).max())


def gap(p):
    """Gap, `max p - min p`: largest minus smallest share.

    Args:
        p: shares, shape `(k,)`.

    Returns:
        float. Balanced: 0. Range: 0 to 1 (one group only).
    """
    p = checked_shares(p)
    return float(p.max() - p.min())


def _shares_and_target(p, target):
    p = checked_shares(p)
    return p, checked_target(target, len(p))
