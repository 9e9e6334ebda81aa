"""How far rows of tables are from each other: Gower's distance, with numbers cut off."""

import numpy as np

from repfair_keras.metrics.tables.columns import codes, numbers

ROWS, OTHERS = 64, 4096  # of a block of pairs, which stays in the cache of a core
ABSENT = np.float32(3e38)  # a missing number: as far from every other as can be, and not from itself
FURTHEST = 1e30  # in scales, from the median


def encoded(kinds, scaled_by, *tables):
    """Tables as arrays, for `closest`.

    Args:
        kinds: dict of column to kind.
        scaled_by: which of the tables are the real ones: their places. A column of numbers or dates is divided by their
            interquartile range; by their range where that is 0, and by 1 where that is 0 too.
        tables: DataFrames.

    Returns:
        list of pairs: numbers, float32, shape `(N, n_numeric)`; codes, unsigned, shape `(N, n_categorical)`.
    """
    numeric = [
        _scaled([numbers(t[c], kind) for t in tables], scaled_by)
        for c, kind in kinds.items()
        if kind != "categorical"
    ]
    coded = [codes(kind, *(t[c] for t in tables)) for c, kind in kinds.items() if kind == "categorical"]
    dtype = np.min_scalar_type(max((size for _, size in coded), default=0))
    return [
        (
            np.array([column[i] for column in numeric], np.float32).reshape(len(numeric), len(table)).T,
            np.array([column[i] for column, _ in coded], dtype).reshape(len(coded), len(table)).T,
        )
        for i, table in enumerate(tables)
    ]


def closest(rows, others):
    """Distance of each row to the closest of the others, and which that is.

    The distance of two rows is the mean over the columns: of a number, the difference in scales, at most 1; of a
    category, 0 for the same and 1 for another; a missing value equals a missing one and no other.

    Args:
        rows, others: of `encoded`, at least one of the others.

    Returns:
        float32, shape `(N,)`, in [0, 1]; int, shape `(N,)`, the first of the closest.
    """
    (numeric, coded), (other_numeric, other_coded) = rows, [np.ascontiguousarray(part.T) for part in others]
    n, n_others = len(numeric), other_numeric.shape[1]
    best, place = np.full(n, np.inf, np.float32), np.zeros(n, np.int64)
    memory = [np.empty((ROWS, OTHERS), dtype) for dtype in (np.float32, np.float32, np.uint16, bool)]
    for start in range(0, n, ROWS):
        at = slice(start, min(start + ROWS, n))
        for first in range(0, n_others, OTHERS):
            columns = slice(first, min(first + OTHERS, n_others))
            found = _block(numeric[at], coded[at], other_numeric[:, columns], other_coded[:, columns], memory)
            nearest = found.argmin(axis=1)
            distance = np.take_along_axis(found, nearest[:, None], axis=1)[:, 0]
            closer = distance < best[at]
            best[at] = np.where(closer, distance, best[at])
            place[at] = np.where(closer, first + nearest, place[at])
    return best / (numeric.shape[1] + coded.shape[1]), place


def _block(numeric, coded, other_numeric, other_coded, memory):
    """Sum over the columns of the distances of rows, float32, shape `(N, M)`; written over by the next call."""
    size = (slice(len(numeric)), slice(other_numeric.shape[1]))
    total, one, unequal, differs = (part[size] for part in memory)
    total.fill(0)
    with np.errstate(over="ignore"):  # of a missing number
        for column, other in zip(numeric.T, other_numeric, strict=True):
            np.subtract(column[:, None], other, out=one)
            np.abs(one, out=one)
            np.minimum(one, 1, out=one)
            np.add(total, one, out=total)
    if len(other_coded):
        unequal.fill(0)
        for column, other in zip(coded.T, other_coded, strict=True):
            np.not_equal(column[:, None], other, out=differs)
            np.add(unequal, differs, out=unequal)
        np.add(total, unequal, out=total)
    return total


def _scaled(sides, scaled_by):
    """Numbers of a column in scales from the median of the real ones, `ABSENT` for a missing one."""
    real = np.concatenate([sides[i] for i in scaled_by])
    real = real[np.isfinite(real)]
    middle, scale = 0.0, 1.0
    if len(real):
        low, middle, high = np.quantile(real, [0.25, 0.5, 0.75])
        scale = (high - low) or np.ptp(real) or 1.0
    return [
        np.where(np.isnan(side), ABSENT, np.clip((side - middle) / scale, -FURTHEST, FURTHEST))
        for side in sides
    ]
