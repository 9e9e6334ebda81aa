"""Shares of groups: what a user may ask for, and how many images that is."""

import numpy as np

from repfair_keras.core.errors import InputError

SUM_TOLERANCE = 1e-6
ROUNDING = 1e-9  # 100 * 0.29 is 28.999999999999996: that is no 28


def parse_shares(share, group_names):
    """Turns what a user gave into one share per group.

    Args:
        share: a number in (0, 1), the share of the second of two groups; or one number in (0, 1) per group,
            with sum 1; or `None`.
        group_names: one name per group.

    Returns:
        float64, shape `(n_groups,)`, sum 1; `None` if `share` is.

    Raises:
        InputError: for any other share.
    """
    if share is None:
        return None
    try:
        shares = np.asarray(share, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"share {share!r} is not a number: expected a number in (0, 1), as 0.3.") from None
    if not np.all((shares > 0) & (shares < 1)):  # NaN compares false
        raise InputError(f"share {share} is out of range: expected a number above 0 and below 1, as 0.3.")
    groups = f"{len(group_names)} groups ({', '.join(group_names)})"
    if shares.ndim == 0 and len(group_names) != 2:
        raise InputError(f"share {share} is one number, but there are {groups}: give one share per group.")
    if shares.ndim == 0:
        return np.array([1 - shares, shares])
    if shares.shape != (len(group_names),):
        raise InputError(
            f"share {share} has {shares.size} numbers, but there are {groups}: give one per group."
        )
    if abs(shares.sum() - 1) > SUM_TOLERANCE:
        raise InputError(f"share {share} sums to {shares.sum():.6g}, expected 1.")
    return shares / shares.sum()


def allot(total, shares):
    """Whole numbers with a given sum, as close to given shares as can be: the largest remainders round up.

    Args:
        total: sum of the result.
        shares: shape `(k,)`, sum 1.

    Returns:
        int64, shape `(k,)`; each is `total * share` rounded up or down.
    """
    quotas = total * np.asarray(shares)
    counts = np.floor(quotas).astype(np.int64)
    round_up = np.argsort(counts - quotas, kind="stable")[: total - counts.sum()]
    counts[round_up] += 1
    return counts


def allot_by_class(class_sizes, shares):
    """As `allot`, within each class and in total.

    Every class gives its left-over seats to the groups that still miss most, so that rows and columns both
    end at their sums (the Gale-Ryser construction).

    Args:
        class_sizes: int, shape `(n_classes,)`.
        shares: shape `(n_groups,)`, sum 1.

    Returns:
        int64, shape `(n_classes, n_groups)`: rows sum to the class sizes, columns to `allot(total, shares)`;
        no entry is further than 1 from `class_size * share`.
    """
    class_sizes = np.asarray(class_sizes)
    counts = np.floor(np.outer(class_sizes, shares) + ROUNDING).astype(np.int64)
    missing = allot(class_sizes.sum(), shares) - counts.sum(axis=0)
    for row, seats in zip(counts, class_sizes - counts.sum(axis=1), strict=True):
        winners = np.argsort(-missing, kind="stable")[:seats]
        row[winners] += 1
        missing[winners] -= 1
    return counts


def largest_subset(group_sizes, shares):
    """How many images of each group to keep, so that the shares hold and as many as possible stay.

    Args:
        group_sizes: int, shape `(n_groups,)`: images there are.
        shares: shape `(n_groups,)`, sum 1.

    Returns:
        int64, shape `(n_groups,)`: images to keep.
    """
    total = int(np.min(np.asarray(group_sizes) / shares) + ROUNDING)
    return allot(total, shares)  # fits: total * share is at most the size, a whole number, also rounded up
