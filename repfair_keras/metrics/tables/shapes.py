"""Is each column of a synthetic table distributed as the real one? The field's scores, as sdmetrics defines them."""

import numpy as np

from repfair_keras.metrics.tables.columns import check_tables, codes, known, numbers

DECIMALS = 14  # numbers that differ by less are the same, as in sdmetrics
LARGEST_ROUNDED = 1e15  # a double has no such decimals above


def ks_complement(real, synthetic):
    """One minus the statistic of Kolmogorov and Smirnov: the largest distance of two distribution functions.

    Args:
        real, synthetic: float, shapes `(N,)` and `(M,)`; NaN is left out.

    Returns:
        float in [0, 1], 1 for equal distributions; `None` where a side has no number.

    Reference: `KSComplement` of sdmetrics, https://docs.sdv.dev/sdmetrics.

    Examples:
        >>> ks_complement([1, 2, 3, 4], [1, 2, 2, 2])
        0.5
    """
    real, synthetic = (np.sort(_rounded(known(np.asarray(side, float)))) for side in (real, synthetic))
    if not len(real) or not len(synthetic):
        return None
    at = np.concatenate([real, synthetic])
    below = [np.searchsorted(side, at, side="right") / len(side) for side in (real, synthetic)]
    return float(1 - np.abs(below[0] - below[1]).max())


def tv_complement(real, synthetic):
    """One minus the total variation distance of two columns of categories: half the sum of what shares differ by.

    sdmetrics counts a millionth of a row for each synthetic value that no real row has; here it is none, so that
    the scores differ by at most as many millionths over the number of real rows.

    Args:
        real, synthetic: values, shapes `(N,)` and `(M,)`; missing ones are left out.

    Returns:
        float in [0, 1], 1 for equal shares, 0 for no value in common; `None` where a side has no value.

    Reference: `TVComplement` of sdmetrics, https://docs.sdv.dev/sdmetrics.

    Examples:
        >>> tv_complement(["a", "a", "b", "c"], ["a", "b", "b", "b", None])
        0.5
    """
    sides, size = codes("categorical", real, synthetic)
    counts = [np.bincount(side, minlength=size)[:-1] for side in sides]
    if not all(count.any() for count in counts):
        return None
    return float(1 - 0.5 * np.abs(counts[0] / counts[0].sum() - counts[1] / counts[1].sum()).sum())


def column_shapes(real, synthetic, kinds):
    """The property "Column Shapes" of sdmetrics' QualityReport.

    How much is missing does not count: missing values are left out, as there.

    Args:
        real, synthetic: DataFrames, of at least one row.
        kinds: dict of column to `"numeric"`, `"categorical"` or `"date"`.

    Returns:
        dict: `columns`, of column to `ks_complement` (numbers and dates) or `tv_complement`, `None` where a side has
        no value; `mean` of those that are not `None`.

    Raises:
        InputError: if a table lacks a column or rows, or if a column is not of its kind.

    Reference: https://docs.sdv.dev/sdmetrics/data-metrics/quality/quality-report.

    Examples:
        >>> import pandas as pd
        >>> real = pd.DataFrame({"age": [20, 30, 40, 50], "sex": ["f", "m", "f", "m"]})
        >>> synthetic = pd.DataFrame({"age": [20, 30, 30, 30], "sex": ["f", "f", "f", "m"]})
        >>> column_shapes(real, synthetic, {"age": "numeric", "sex": "categorical"})
        {'columns': {'age': 0.5, 'sex': 0.75}, 'mean': 0.625}
    """
    check_tables(kinds, real=real, synthetic=synthetic)
    found = {}
    for column, kind in kinds.items():
        sides = [table[column] for table in (real, synthetic)]
        if kind == "categorical":
            found[column] = tv_complement(*sides)
        else:
            found[column] = ks_complement(*(numbers(side, kind) for side in sides))
    return {"columns": found, "mean": mean_of(found.values())}


def mean_of(scores):
    """Mean of the scores that there are, `None` if there are none."""
    scores = [score for score in scores if score is not None]
    return float(np.mean(scores)) if scores else None


def _rounded(values):
    small = np.abs(values) < LARGEST_ROUNDED
    return np.where(small, np.round(np.where(small, values, 0), DECIMALS), values)
