"""What shares, targets and counts must be; comparisons are written so that NaN fails them."""

import numpy as np

from repfair_keras.core.errors import InputError


def numbers(values, name, shape):
    """Returns values as a float64 array; `shape` is text for the message."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} {values!r} are no array of numbers, expected shape {shape}.") from error


def checked_shares(shares, name="shares"):
    """Returns shares as float64 `(k,)`: numbers >= 0 that sum to 1."""
    shares = numbers(shares, name, "(k,)")
    if shares.ndim != 1 or shares.size == 0:
        raise InputError(f"{name} have shape {shares.shape}, expected (k,): one number per group.")
    if not (np.all(shares >= 0) and abs(shares.sum() - 1) < 1e-6):
        raise InputError(f"{name} {shares.tolist()} are no shares: expected numbers >= 0 that sum to 1.")
    return shares


def checked_target(target, n_groups):
    """Returns the target as float64 `(n_groups,)`; `None` becomes uniform."""
    if target is None:
        return np.full(n_groups, 1 / n_groups)
    target = checked_shares(target, "target")
    if len(target) != n_groups:
        raise InputError(f"{n_groups} shares but {len(target)} targets: give one target per group.")
    return target


def checked_amounts(counts, name="counts"):
    """Returns counts or shares as float64 `(k,)`: numbers >= 0 with a sum above 0."""
    counts = numbers(counts, name, "(k,)")
    if counts.ndim != 1 or not np.all((counts >= 0) & np.isfinite(counts)):
        raise InputError(
            f"{name} are {counts.tolist()}, expected shape (k,), numbers >= 0: count every group."
        )
    if not counts.sum() > 0:
        raise InputError(f"{name} are {counts.tolist()}, expected at least one image: count some first.")
    return counts


def checked_counts(counts, name="counts"):
    """Returns counts of images as int64 `(k,)`: whole numbers >= 0 with a sum above 0."""
    return whole_numbers(checked_amounts(counts, name), name)


def whole_numbers(counts, name):
    """Returns finite counts as int64; refuses shares, which do not say how many images there were."""
    whole = np.round(counts)
    if np.any(np.abs(counts - whole) > 1e-6):
        raise InputError(f"{name} are {counts.tolist()}, expected whole numbers: give images, not shares.")
    return whole.astype(np.int64)


def check_level(level):
    """Refuses a confidence that is not strictly between 0 and 1."""
    if not 0 < level < 1:
        raise InputError(f"level {level} is no confidence, expected 0 < level < 1: give 0.95 for 95 %.")
