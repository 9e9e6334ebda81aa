"""Columns of values, one per image: which are missing, and codes with names for the rest."""

import re
import unicodedata

import numpy as np

from repfair_keras.core.problems import refusal
from repfair_keras.core.settings import shown

SHOWN_ROWS = 5
LONGEST = 200  # characters of a name of a group or class
NUMBER = re.compile(r"[+-]?(\d{1,15}\.?\d{0,15}|\.\d{1,15})")  # as a float tells them apart


def check_complete(values, column, source):
    """Refuses a column with missing values: NaN, empty text, or the text `nan` that NumPy makes of NaN.

    Args:
        values: array, shape `(N,)`.
        column: name of the column.
        source: the file it comes from, for the message.

    Raises:
        InputError: names the rows, counted from 1; a header does not count.
    """
    missing = _missing(values)
    if missing.any():
        what = f"column {column!r} is empty or NaN in {name_rows(missing)}"
        raise refusal(source, what, "Fill in the value or leave out the row.", column)


def name_rows(mask):
    """Says which rows a boolean mask selects: `"row 3"`, `"rows 3, 7"`, `"rows 1, 2, 3, 4, 5 and 9 more"`."""
    return name_numbers(np.flatnonzero(mask) + 1)


def name_numbers(rows):
    """Says which rows these are, by their numbers; the first is 1."""
    text = ", ".join(str(row) for row in rows[:SHOWN_ROWS])
    more = f" and {len(rows) - SHOWN_ROWS} more" if len(rows) > SHOWN_ROWS else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {text}{more} (the first is 1)"


def encode(values, column="a column", source="data"):
    """Numbers the distinct values of a column.

    Args:
        values: array of integers, booleans, floats or text, shape `(N,)`, none missing.
        column, source: its name, and the file it comes from, for the message.

    Returns:
        `(codes, names)`: int32 codes, shape `(N,)`, and one name per code. Names are sorted, by number if
        all of them are numbers.

    Raises:
        InputError: as `check_names`.
    """
    names, codes = np.unique(np.asarray(values).astype(str), return_inverse=True)
    check_names(names, column, source)
    order = np.argsort(_sort_keys(names), kind="stable")
    new_code = np.argsort(order)
    return new_code[codes].astype(np.int32), tuple(str(name) for name in names[order])


def check_names(names, column, source):
    """Refuses names of groups or classes that are none: too long, unprintable, or one written in several ways.

    `male` and `Male `, `1` and `1.0` are the same. Single letters, of which large and small ones may be classes, are
    told apart.

    Args:
        names: distinct values of a column, text.
        column: name of the column.
        source: the file it comes from, for the message.

    Raises:
        InputError: names such a value, or two.
    """
    seen = {}
    for name in map(str, names):
        if len(name) > LONGEST:
            what = f"column {column!r} has {shown(name)}, of {len(name):,} characters"
            raise refusal(source, what, f"Expected names of at most {LONGEST}.", column)
        if not name.replace(" ", "").isprintable():
            what = f"column {column!r} has {name!r}, with characters that cannot be printed"
            raise refusal(source, what, "Give it a name that can be.", column)
        same = seen.setdefault(_meant(name), name)
        if same != name:
            what = f"column {column!r} has {same!r} and {name!r}, which are one name written in two ways"
            raise refusal(source, what, "Write it in one, or give them names that differ by more.", column)


def _meant(name):
    """What a value is meant to be, whichever way it is written: a number, or text without case and blanks."""
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    if NUMBER.fullmatch(text):
        return float(text)
    return text if len(text) == 1 else text.casefold()


def _missing(values):
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind in "US":
        return np.isin(np.char.lower(np.char.strip(values.astype(str))), ("", "nan"))
    return np.zeros(len(values), bool)


def _sort_keys(names):
    try:
        return [float(name) for name in names]
    except ValueError:
        return np.arange(len(names))  # np.unique has sorted them as text
