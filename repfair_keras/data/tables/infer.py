"""What a column of a table holds, found out from its values: numbers, dates, categories, keys."""

import re
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from repfair_keras.data.tables.column import PANDAS_DATE, as_text, dtype_of, natural, read_dates

NUMERIC, CATEGORICAL, DATE, KEY, CONSTANT, EMPTY = (
    "numeric",
    "categorical",
    "date",
    "key",
    "constant",
    "empty",
)
DATE_FORMATS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d"),
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M"),
    *("%d %b %Y", "%b %d, %Y", "%B %d, %Y", "%Y-%m"),
)
LOOKS_LIKE_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?([ T]\d{1,2}:\d{2}.*)?|\d{1,2} \w{3} \d{4}|\w{3,9} \d{1,2}, \d{4}"
)
KEY_NAME = re.compile(
    r"(?i:(^|[_\W])(id|key|uuid|guid|nr|index)([_\W]|$))|[a-z]I[dD]$|^Unnamed: 0$"
)  # no "paid"
FEWEST_KEYS = 50  # rows from which values that all differ may be keys
MOST_ALIKE = 0.95  # share of different values from which text is one for each row
LARGEST_WHOLE = 2**53  # up to which whole numbers are exact as floats; beyond it they are names of something
SHOWN = 1000  # values that a format of dates is tried on first


@dataclass(frozen=True)
class Inferred:
    """What a column holds.

    Args:
        kind: `"numeric"`, `"categorical"`, `"date"`, `"key"`, `"constant"` or `"empty"`.
        dtype: `"text"`, `"bool"`, `"int"` or `"float"`: of its values.
        date: format of dates, `"datetime"` for pandas' own; else empty.
        other: rows of text that looks like dates, but is none of that format: int, their places.
        why: a phrase that says what made it so.
    """

    kind: str
    dtype: str
    date: str = ""
    other: tuple = ()
    why: str = ""


def infer(series: pd.Series) -> Inferred:
    """Finds out what a column holds.

    Args:
        series: the column, with missing values or without.

    Returns:
        `Inferred`.

    Examples:
        >>> infer(pd.Series(["2024-01-31", "2024-02-01"])).date
        '%Y-%m-%d'
        >>> infer(pd.Series(range(100), name="person_id")).kind
        'key'
    """
    present = natural(series.dropna())
    if len(present) == 0:
        return Inferred(EMPTY, "text", why="no value in any row")
    dtype, different = dtype_of(present), present.nunique()
    if different == 1 and len(present) == len(series):
        return Inferred(CONSTANT, dtype, why=f"{as_text(present.iloc[0])} in every row")
    if pd.api.types.is_datetime64_any_dtype(present):
        return Inferred(DATE, "int", PANDAS_DATE, why="dates")
    if _is_key(present, dtype, different):
        return Inferred(KEY, dtype, why=f"{different:,} different values in {len(present):,} rows")
    if dtype == "text":
        date, other = date_format(present.astype(str))
        if date:
            places = tuple(np.flatnonzero(series.notna())[list(other)].tolist())
            return Inferred(DATE, "text", date, places, f"dates as {date}")
        return Inferred(CATEGORICAL, dtype, why=f"{different:,} different values")
    if dtype == "bool":
        return Inferred(CATEGORICAL, dtype, why="true or false")
    if isinstance(series.dtype, pd.CategoricalDtype):
        return Inferred(CATEGORICAL, dtype, why=f"{different:,} different values, categories for pandas")
    if dtype == "int" and present.abs().max() > LARGEST_WHOLE:
        return Inferred(CATEGORICAL, "text", why="whole numbers too large to be counted with")
    return Inferred(NUMERIC, dtype, why="whole numbers" if dtype == "int" else "numbers")


def nested_type(series):
    """Returns the type of a column's values that are no single ones, such as lists; empty: there are none."""
    if series.dtype != object:
        return ""
    return next((type(value).__name__ for value in series.dropna() if not isinstance(value, Hashable)), "")


def date_format(texts):
    """Returns the format that most of the texts are dates in, and the places of those that are not.

    Args:
        texts: `pandas.Series` of text.

    Returns:
        `(format, places)`: `("", ())` if they are no dates.
    """
    some = texts.iloc[:: max(len(texts) // SHOWN, 1)]
    like = some.str.strip().str.fullmatch(LOOKS_LIKE_DATE)
    if like.mean() < 0.9:
        return "", ()
    counts = {form: np.isfinite(read_dates(some, form)).sum() for form in DATE_FORMATS}
    best = max(counts, key=counts.get)
    if counts[best] < 0.5 * len(some):
        return "", ()
    return best, tuple(np.flatnonzero(np.isnan(read_dates(texts, best))).tolist())


def _is_key(present, dtype, different):
    """Whether a column tells rows apart and nothing else: all different, and named or counted like a key."""
    n = len(present)
    if n < FEWEST_KEYS or dtype in ("bool", "float"):
        return False
    named = bool(KEY_NAME.search(str(present.name)))
    if dtype == "int":
        if different < n:
            return False
        numbers = present.to_numpy(float)
        return named or numbers.max() - numbers.min() + 1 == n
    texts = present.astype(str)
    return different >= (0.5 if named else MOST_ALIKE) * n and date_format(texts)[0] == ""
