"""Do two columns of a synthetic table go together as in the real one? The field's scores, as sdmetrics defines them.

sdmetrics draws 50,000 rows of larger tables for its contingency tables; here all rows count, always.
"""

import itertools

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.tables.columns import check_tables, codes, known, numbers
from repfair_keras.metrics.tables.shapes import mean_of

BINS = 10  # of a number, beside a category
RELATED_CORRELATION, RELATED_ASSOCIATION = 0.5, 0.3  # above which sdmetrics 0.32 counts a pair as related
DENSE = 1_000_000  # cells that a contingency table may have and still be counted in full


def correlation_similarity(real, synthetic):
    """How near the correlation of two columns of numbers is to the real one: `1 - |r_real - r_synthetic| / 2`.

    Args:
        real, synthetic: float, shapes `(N, 2)` and `(M, 2)`; rows with a NaN are left out.

    Returns:
        float in [0, 1], 1 for the same correlation of Pearson; `None` where a side has no correlation: fewer than
        two rows, or a column of one value. (sdmetrics has none either where the real one is exactly 0.)

    Reference: `CorrelationSimilarity` of sdmetrics, https://docs.sdv.dev/sdmetrics.

    Examples:
        >>> round(correlation_similarity([[0, 0], [1, 1], [2, 2]], [[0, 2], [1, 1], [2, 0]]), 12)
        0.0
    """
    found = [correlation(*_two_columns(side).astype(float).T) for side in (real, synthetic)]
    return None if None in found else _nearness(*found)


def contingency_similarity(real, synthetic):
    """One minus the total variation distance of the joint values of two columns of categories.

    Args:
        real, synthetic: values, shapes `(N, 2)` and `(M, 2)`, as a DataFrame or an array; a missing value is one more
            category.

    Returns:
        float in [0, 1], 1 for equal shares of all pairs of values.

    Reference: `ContingencySimilarity` of sdmetrics, https://docs.sdv.dev/sdmetrics.

    Examples:
        >>> contingency_similarity([["a", "x"], ["b", "y"]], [["a", "x"], ["b", "x"]])
        0.5
    """
    sides = [_two_columns(side, object) for side in (real, synthetic)]
    (first, first_size), (second, second_size) = (
        codes("categorical", *(side[:, i] for side in sides)) for i in range(2)
    )
    keys = [first[i] * second_size + second[i] for i in range(2)]
    return _similarity(*keys, first_size * second_size)


def column_pair_trends(real, synthetic, kinds):
    """The property "Column Pair Trends" of sdmetrics' QualityReport, over all rows.

    Two columns of numbers or dates have `correlation_similarity`, two of categories `contingency_similarity`. Of a
    number and a category, the number is cut into ten equally wide bins, each table at edges of its own: so does that
    report. The largest value is a bin of its own, with the missing ones. So a shifted column is not seen here (it is in
    `column_shapes`), and an outlier, which moves the edges, lowers the score of a table that is right otherwise. A
    number whose range holds no ten bins (infinite, or narrower than ten floats) has no score beside a category.

    Args:
        real, synthetic: DataFrames, of at least one row.
        kinds: dict of column to `"numeric"`, `"categorical"` or `"date"`.

    Returns:
        dict: `pairs`, a list of dicts, in the order of the columns: `columns`, a list of two names; `metric`, the
        name of the score; `score`, `None` where there is none; `related`, whether the real columns go together, by
        an absolute correlation above 0.5 or a Cramér's V above 0.3; `real` and `synthetic`, the two correlations, or
        `real` Cramér's V. `mean` of all scores; `mean_related`, of those of related pairs, which is what sdmetrics
        0.32 shows as the property's score (earlier versions show `mean`); `n_related`. A mean of none is `None`.

    Raises:
        InputError: if a table lacks a column or rows, or if a column is not of its kind.

    Reference: https://docs.sdv.dev/sdmetrics/data-metrics/quality/quality-report.

    Examples:
        >>> import pandas as pd
        >>> real = pd.DataFrame({"sex": ["f", "m", "f", "m"], "married": ["yes", "no", "yes", "no"]})
        >>> synthetic = pd.DataFrame({"sex": ["f", "m", "f", "m"], "married": ["yes", "no", "no", "yes"]})
        >>> found = column_pair_trends(real, synthetic, {"sex": "categorical", "married": "categorical"})
        >>> found["mean"], found["n_related"]
        (0.5, 1)
    """
    check_tables(kinds, real=real, synthetic=synthetic)
    columns = {name: _prepared(real[name], synthetic[name], kind) for name, kind in kinds.items()}
    pairs = [_pair(a, b, columns[a], columns[b]) for a, b in itertools.combinations(kinds, 2)]
    related = [pair for pair in pairs if pair["related"]]
    return {
        "pairs": pairs,
        "mean": mean_of(pair["score"] for pair in pairs),
        "mean_related": mean_of(pair["score"] for pair in related),
        "n_related": len(related),
    }


def correlation(first, second):
    """Pearson's correlation of two columns, over rows that have both; `None` where there is none."""
    both = ~(np.isnan(first) | np.isnan(second))
    first, second = first[both], second[both]
    if len(first) < 2 or not np.isfinite(first).all() or not np.isfinite(second).all():
        return None
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    centred = [side - side.mean() for side in (first, second)]
    units = [side / np.linalg.norm(side) for side in centred]
    return float(np.clip(units[0] @ units[1], -1, 1))


def cramers_v(keys, size):
    """Cramér's V of pairs of codes `first * size + second`; `None` where a column has one value alone."""
    pairs, counts = np.unique(keys, return_counts=True)
    first, second = (np.unique(part, return_inverse=True)[1] for part in (pairs // size, pairs % size))
    by_first, by_second = np.bincount(first, counts), np.bincount(second, counts)
    smaller = min(len(by_first), len(by_second))
    if smaller < 2:
        return None
    phi2 = (counts / by_first[first] * counts / by_second[second]).sum() - 1  # chi-square over n
    return float(np.sqrt(max(phi2, 0) / (smaller - 1)))


def _prepared(real, synthetic, kind):
    """Numbers of both sides, `None` for a category, and codes of both with their number, `None` if there are none."""
    if kind == "categorical":
        return None, codes(kind, real, synthetic)
    sides = [numbers(side, kind) for side in (real, synthetic)]
    try:
        binned = [np.digitize(side, np.histogram_bin_edges(known(side), BINS)) for side in sides]
    except ValueError:  # infinite numbers, or a range that is too narrow for ten bins of floats
        return sides, None  # no bins
    return sides, (binned, BINS + 2)


def _pair(a, b, first, second):
    numeric = first[0] is not None and second[0] is not None
    found = {"columns": [a, b], "metric": f"{'correlation' if numeric else 'contingency'}_similarity"}
    if numeric:
        r = [correlation(*sides) for sides in zip(first[0], second[0], strict=True)]
        score = None if None in r else _nearness(*r)
        related = r[0] is not None and abs(r[0]) > RELATED_CORRELATION
        return {**found, "score": score, "related": related, "real": r[0], "synthetic": r[1]}
    if first[1] is None or second[1] is None:
        return {**found, "score": None, "related": False, "real": None}
    (one, one_size), (other, size) = first[1], second[1]
    keys = [one[i] * size + other[i] for i in range(2)]
    v = cramers_v(keys[0], size)
    related = v is not None and v > RELATED_ASSOCIATION
    return {**found, "score": _similarity(*keys, one_size * size), "related": related, "real": v}


def _similarity(real, synthetic, size):
    """One minus the total variation distance of two arrays of codes below `size`."""
    if size > DENSE:
        _, together = np.unique(np.concatenate([real, synthetic]), return_inverse=True)
        real, synthetic, size = together[: len(real)], together[len(real) :], together.max() + 1
    shares = [np.bincount(side, minlength=size) / len(side) for side in (real, synthetic)]
    return float(1 - 0.5 * np.abs(shares[0] - shares[1]).sum())


def _nearness(real, synthetic):
    return 1 - abs(real - synthetic) / 2


def _two_columns(side, dtype=None):
    side = np.asarray(side, dtype)
    if side.ndim != 2 or side.shape[1] != 2 or len(side) == 0:
        raise InputError(f"a pair of columns has shape {side.shape}: expected (N, 2), N >= 1.")
    return side
