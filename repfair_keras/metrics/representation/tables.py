"""Tables of counts over two indices (group and class, two attributes), and how far one tells the other."""

import numpy as np
from scipy.stats import contingency

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation.checks import numbers, whole_numbers

UNDECIDED = -1


def cross_table(rows, columns, n_rows, n_columns):
    """Counts how often each pair of indices occurs. A pair with an undecided index is left out.

    Args:
        rows: integers, shape `(N,)`, 0 to `n_rows - 1`, or -1 undecided; for example the group of each image.
        columns: integers, shape `(N,)`, 0 to `n_columns - 1`, or -1; for example its class.
        n_rows: number of row values.
        n_columns: number of column values.

    Returns:
        int64, shape `(n_rows, n_columns)`; all 0 if every pair has an undecided index.

    Raises:
        InputError: if the sample is empty, the lengths differ, or an index is no integer or out of range.
    """
    rows, columns = _checked_indices(rows, n_rows, "row"), _checked_indices(columns, n_columns, "column")
    if len(rows) != len(columns):
        raise InputError(f"{len(rows)} rows but {len(columns)} columns: give one of each per image.")
    decided = (rows != UNDECIDED) & (columns != UNDECIDED)
    pairs = rows[decided].astype(np.int64) * n_columns + columns[decided]
    return np.bincount(pairs, minlength=n_rows * n_columns).reshape(n_rows, n_columns)


def association(counts):
    """Cramer's V of a table of counts: how far the row tells the column. Biased upward by few images.

    Args:
        counts: integers, shape `(n_rows, n_columns)`, from `cross_table`.

    Returns:
        float. Independent: 0. Range: 0 to 1 (one tells the other). `None` where it has no value: a row or
        column without images, or only one of either.

    Raises:
        InputError: if counts are no table of whole numbers >= 0.
    """
    counts = _checked_table(counts)
    return None if counts is None else float(contingency.association(counts, method="cramer"))


def independence_test(counts):
    """Chi-square test of independence of rows and columns.

    Args:
        counts: as for `association`.

    Returns:
        float, the p-value, in [0, 1]; `None` where `association` is.

    Raises:
        InputError: as for `association`.
    """
    counts = _checked_table(counts)
    return None if counts is None else float(contingency.chi2_contingency(counts).pvalue)


def _checked_table(counts):
    """The table as whole numbers; `None` if a row or column is empty, or there is but one."""
    counts = numbers(counts, "counts", "(rows, columns)")
    if counts.ndim != 2 or not np.all((counts >= 0) & np.isfinite(counts)):
        raise InputError(f"counts are {counts.tolist()}, expected a table (rows, columns) of images >= 0.")
    counts = whole_numbers(counts, "counts")
    whole = min(counts.shape) >= 2 and counts.any(axis=0).all() and counts.any(axis=1).all()
    return counts if whole else None


def _checked_indices(indices, n, name):
    indices = np.asarray(indices)
    if indices.ndim != 1 or indices.size == 0 or not np.issubdtype(indices.dtype, np.integer):
        raise InputError(
            f"{name} indices have shape {indices.shape} and are {indices.dtype}, "
            "expected integers of shape (N,), N >= 1: give one index per image."
        )
    outside = indices[(indices < UNDECIDED) | (indices >= n)]
    if outside.size:
        raise InputError(
            f"{name} index {outside[0]} is out of range, expected 0 to {n - 1}, or -1 undecided: "
            f"raise n_{name}s, or leave the image out."
        )
    return indices
