"""A column numbered so finely that a table sent through its codes and back is the same to a classifier.

Each value of a column of few is a code of its own. Of many, each frequent one is, a spike such as 0 or 9999 too, and
the others share bins of equally many rows, which are decoded as values that were observed in them: nothing lies between
a sentinel and the range beside it. A missing value is a code of its own, the last.
"""

import numpy as np
import pandas as pd

from repfair_keras.core.problems import refusal
from repfair_keras.data.tables.column import (
    PANDAS_DATE,
    Column,
    check_finite,
    natural,
    plain,
    rows_of,
    seconds_of,
    shown,
    to_numbers,
)
from repfair_keras.data.tables.fit_column import decimals_of, even_edges
from repfair_keras.data.tables.infer import CATEGORICAL, DATE, NUMERIC, infer

MOST_CODES = 500  # of a column of numbers or dates
MOST_CATEGORIES = 1000  # of a column of text; the rarest beyond share one
FEWEST_REPEATS, FEW = 5, 10  # rows for each category on average, and categories, that are not scattered
MOST_RARE = 5000  # different ones that are kept of those
N_OBSERVED = 64  # values that stand for a bin of more


def fit_faithful(
    series: pd.Series,
    kind: str | None = None,
    source: str = "table",
    most: int = MOST_CODES,
    scattered: bool = False,
    date: str | None = None,
) -> Column:
    """Finds out how to number a column so that as little as can be is lost.

    Args:
        series: training rows.
        kind: `"numeric"`, `"categorical"` or `"date"`; `None`: what `infer` says.
        source: where the column comes from, for messages.
        most: codes of a column of numbers or dates at most.
        scattered: whether categories that occur once share a code, see `is_scattered`.
        date: format of a column of dates, as the whole table has it: training rows may hold one date alone, of which
            it cannot be told; `None`: what `infer` says.

    Returns:
        `Column`.

    Raises:
        InputError: names the rows of infinite numbers, of words among numbers, and of dates in another format; or if
            no row has a number or a date.

    Examples:
        >>> column = fit_faithful(pd.Series([0, 0, 0, 17, 18, 9999], name="years"))
        >>> column.names
        ('0', '17', '18', '9999')
    """
    found = infer(series)
    kind = kind or (found.kind if found.kind in (NUMERIC, DATE) else CATEGORICAL)
    missing = bool(series.isna().any())
    present = series.dropna()
    if kind == CATEGORICAL:
        return _categories(present, "text" if found.date == PANDAS_DATE else found.dtype, missing, scattered)
    if not len(present):
        what = f"column {series.name!r} has no value in any row to train on: expected at least one"
        raise refusal(source, what, f"Fill some in, or leave it out: --drop {series.name}.", series.name)
    if kind == DATE:
        date = date or _date_of(series, found, source)
        return _dates(series, natural(present), date, missing, source, most)
    numbers = to_numbers(present, series.name, source)
    check_finite(numbers, present, source)
    dtype = "int" if (numbers == np.rint(numbers)).all() else "float"
    decimals = 0 if dtype == "int" else decimals_of(numbers)
    return Column(
        series.name, dtype, **_bins(numbers, most), decimals=decimals, missing=missing, observed=True
    )


def _dates(series, present, date, missing, source, most):
    seconds = seconds_of(present, series.name, date, source)
    return Column(series.name, "int", **_bins(seconds, most), missing=missing, observed=True, date=date)


def _date_of(series, found, source):
    """Format of the dates that a column holds in every row that has a value."""
    if found.other:
        mask = np.zeros(len(series), bool)
        mask[list(found.other)] = True
        what = f"column {series.name!r} is {shown(series, mask)}: expected dates as {found.date}, as in most rows"
        cure = f"Write them so, or make the column one of categories: --categorical {series.name}."
        raise refusal(source, what, cure, series.name)
    if not found.date:
        rows = rows_of(series, series.notna().to_numpy())
        what = f"column {series.name!r} holds no dates that can be read, as in {rows}"
        raise refusal(source, what, "Write them as 2024-01-31.", series.name)
    return found.date


def _bins(numbers, most):
    """Edges of fine bins, and the values that were observed in each: of a code of its own, that value alone."""
    edges = even_edges(numbers, most)
    places = np.searchsorted(edges, numbers, side="right")
    places = np.unique(places, return_inverse=True)[1]  # without bins that nothing falls into
    ordered = np.argsort(places, kind="stable")
    parts = np.split(numbers[ordered], np.cumsum(np.bincount(places))[:-1])
    return {
        "edges": tuple(float(part.min()) for part in parts[1:]),
        "knots": tuple(map(_observed, parts)),
    }


def _observed(values):
    """Values that stand for those of a bin, as often as they occur: quantiles that were observed, ascending."""
    values = np.sort(values)
    if values[0] == values[-1]:
        return (float(values[0]),)
    places = np.linspace(0, len(values) - 1, min(N_OBSERVED, len(values)))
    return tuple(values[np.rint(places).astype(int)].tolist())


def is_scattered(series):
    """Whether categories are so many that held-out rows have others than training rows: those that occur once are rare.

    Args:
        series: all rows.

    Examples:
        >>> is_scattered(pd.Series(list("aab"))), is_scattered(pd.Series(range(50)).astype(str))
        (False, True)
    """
    different = series.nunique()
    return different > 2 * MOST_CATEGORIES or different > max(len(series) / FEWEST_REPEATS, FEW)


def _categories(present, dtype, missing, scattered):
    values = pd.Series(plain(present, dtype), dtype=object)
    counts = values.value_counts(sort=False)
    names = sorted(counts.index)
    if len(names) <= MOST_CATEGORIES and not scattered:
        return Column(present.name, dtype, values=tuple(names), missing=missing)
    ranked = counts.reindex(names).sort_values(ascending=False, kind="stable")
    repeated = int((ranked > 1).sum())
    n = MOST_CATEGORIES - 1 if len(names) > MOST_CATEGORIES else min(repeated, len(names) - 1)
    frequent, rare = ranked.index[:n], ranked.index[n:]
    return Column(
        present.name,
        dtype,
        values=tuple(sorted(frequent)),
        rare=tuple(sorted(rare[:MOST_RARE])),
        missing=missing,
    )
