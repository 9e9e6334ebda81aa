"""How the values of a column are numbered, found out from its training rows; what cannot be is named."""

import numpy as np
import pandas as pd

from repfair_keras.core.problems import Problems, refusal
from repfair_keras.data.tables.column import (
    N_KNOTS,
    Column,
    as_text,
    check_finite,
    dtype_of,
    plain,
    rows_of,
    shown,
    to_numbers,
)

MAX_DECIMALS = 6
FEW_WORDS = 0.1  # share of words among numbers below which they are taken for mistakes
MOST_VALUES = 100  # different values of a categorical column: more are names or numbers of people


def fit_column(
    series: pd.Series,
    kind: str | None = None,
    n_bins: int = 8,
    missing: str = "refuse",
    edges: list[float] | None = None,
    source: str = "table",
    option: str | None = None,
) -> Column:
    """Finds out how to number a column.

    Args:
        series: training rows.
        kind: `"categorical"` or `"numeric"`; `None`: numeric for numbers.
        n_bins: bins of a numeric column at most.
        missing: `"category"` keeps missing values as one; `"refuse"` raises.
        edges: inner edges of a numeric column's bins; `None`: see `even_edges`.
        source: where the column comes from, for messages.
        option: option that names this column, which can then not be left out; `None`: it can.

    Returns:
        `Column`.

    Raises:
        InputError: lists all that forbids the use of the column, with its rows.

    Examples:
        >>> fit_column(pd.Series(["b", "a", "b"], name="letter")).values
        ('a', 'b')
    """
    problems = Problems(source)
    absent = series.isna().to_numpy()
    present = series[~absent]
    if absent.any() and missing == "refuse":
        what = f"column {series.name!r} has no value in {rows_of(series, absent)}"
        problems.add(what, f"Fill it in, {_INSTEAD.get(option, _INSTEAD[None])}.", series.name)
    elif len(set(plain(present, dtype_of(present)))) < 2:  # where values are filled in, one may be another
        problems.add(*_constant(series.name, present, absent, option))
    with problems.collect():
        present = _as_taken(present, kind, source)
        dtype = dtype_of(present)
        is_numeric = kind == "numeric" or (kind is None and dtype in ("int", "float"))
        values = () if is_numeric else tuple(sorted(set(plain(present, dtype))))
        check_few(values, absent.any(), series.name, source, option)
    problems.raise_if_any()
    if is_numeric:
        return _numeric(present, dtype, n_bins, absent.any(), edges)
    return Column(series.name, dtype, values=values, missing=bool(absent.any()))


_INSTEAD = {
    None: "leave out the row or the column (--drop), or keep such values as a category: --missing category",
    "grouping": "leave out the row, or keep such values as a category: --missing category",
    "target_column": "or leave out the row",
}


def _constant(name, present, absent, option):
    """Returns what is wrong with a column of one value, how to mend it, and its name."""
    value = as_text(present.iloc[0]) if len(present) else "missing"
    every = "every row that has a value" if absent.any() and len(present) else "every row"
    cure = f"Name another one with --{option}." if option else f"Leave it out: --drop {name}."
    return f"column {name!r} is {value} in {every}: expected at least two values", cure, name


def _as_taken(series, kind, source):
    """Returns a column's values as they are taken: text as numbers where it is to be numeric.

    Raises:
        InputError: for words where numbers are expected, or among numbers, and for infinite numbers.
    """
    dtype = dtype_of(series)
    if kind is None and dtype == "text":
        check_hardly_numbers(series, source)
    if kind == "numeric" and dtype in ("text", "bool"):
        series = pd.Series(to_numbers(series, series.name, source), series.index, name=series.name)
    if kind == "numeric" or (kind is None and dtype in ("int", "float")):
        check_finite(to_numbers(series, series.name, source), series, source)
    return series


def check_hardly_numbers(series, source):
    """Raises `InputError` for numbers among which a word or two stand, most likely for a missing value."""
    wrong = pd.to_numeric(series, errors="coerce").isna().to_numpy()
    if 0 < wrong.sum() < FEW_WORDS * len(wrong) and series[wrong].nunique() <= 2:
        raise refusal(
            source,
            f"column {series.name!r} is {shown(series, wrong)}, where nearly all others are numbers: expected "
            "a number",
            "Leave the value empty if it is missing, or make the column one of categories: --categorical "
            f"{series.name}.",
            series.name,
        )


def check_few(values, missing, name, source, option):
    """Raises `InputError` for more values than a column of categories may have."""
    n = len(values) + bool(missing)
    if n > MOST_VALUES:
        cure = f"leave it out if it tells people apart (--drop {name})"
        raise refusal(
            source,
            f"column {name!r} has {n} different values, such as {str(values[0])!r}: expected at most {MOST_VALUES}",
            f"Merge values, or {f'name another one with --{option}' if option else cure}.",
            name,
        )


def _numeric(series, dtype, n_bins, missing, edges):
    numbers = series.to_numpy(float)
    if edges is None:
        edges = even_edges(numbers, n_bins)
    places = np.searchsorted(edges, numbers, side="right")
    edges, places = _without_empty(np.asarray(edges, float), places)
    at = np.linspace(0, 1, N_KNOTS)
    knots = tuple(tuple(np.quantile(numbers[places == i], at).tolist()) for i in range(len(edges) + 1))
    return Column(
        series.name,
        dtype,
        edges=tuple(edges.tolist()),
        knots=knots,
        decimals=0 if dtype == "int" else decimals_of(numbers),
        missing=bool(missing),
    )


def even_edges(numbers, n_bins):
    """Inner edges of bins with equally many values, as far as can be: a frequent value has its own.

    Args:
        numbers: float, shape `(N,)`.
        n_bins: number of bins; fewer where there are fewer different values.

    Returns:
        Float, ascending, each a value that occurs.
    """
    values, counts = np.unique(numbers, return_counts=True)
    if len(values) <= n_bins:
        return values[1:]
    edges, size, left = [], 0, len(numbers)  # size: of the bin being filled; left: of it and those after it
    for value, count in zip(values, counts, strict=True):
        bins_left = n_bins - len(edges)
        if size and bins_left > 1 and size + count / 2 > left / bins_left:
            edges.append(value)
            size, left = 0, left - size
        size += count
    return np.array(edges)


def _without_empty(edges, places):
    """Merges bins that no value falls into with the one before, or the first with the next."""
    full = np.bincount(places, minlength=len(edges) + 1) > 0
    kept = [place for place in range(1, len(edges) + 1) if full[place] and full[:place].any()]
    edges = edges[[place - 1 for place in kept]]
    new = np.cumsum(full) - 1
    return edges, new[places]


def decimals_of(numbers):
    """Returns the fewest decimals that all numbers are written with, up to 6 digits of the largest."""
    largest = np.abs(numbers).max()
    most = MAX_DECIMALS + max(0, -int(np.floor(np.log10(largest)))) if largest > 0 else 0
    for decimals in range(most):
        if np.allclose(numbers, np.round(numbers, decimals), rtol=0, atol=0.5 * 10.0**-most):
            return decimals
    return most
