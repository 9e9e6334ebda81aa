"""Columns of a DataFrame as numbers and codes, what is missing among them."""

import numpy as np

from repfair_keras.core.errors import InputError

KINDS = ("numeric", "categorical", "date")
MISSING = "missing"  # name of the group of those whose group is not known


def check_tables(kinds, **tables):
    """Raises `InputError` if a table lacks a column or rows, or if a column is not of its kind.

    Args:
        kinds: dict of column to one of `KINDS`.
        tables: DataFrames, by the name that a message gives them.
    """
    if not kinds:
        raise InputError("kinds names no column: expected a dict such as {'age': 'numeric'}.")
    wrong = {column: kind for column, kind in kinds.items() if kind not in KINDS}
    if wrong:
        column, kind = next(iter(wrong.items()))
        raise InputError(f"kind of column {column!r} is {kind!r}: expected one of {', '.join(KINDS)}.")
    for name, table in tables.items():
        if len(table) == 0:
            raise InputError(f"the {name} table has no rows: expected at least one.")
        absent = [column for column in kinds if column not in table.columns]
        if absent:
            raise InputError(
                f"the {name} table has no column {absent[0]!r}: expected {', '.join(map(str, kinds))}."
            )
        for column, kind in kinds.items():
            if getattr(table[column], "ndim", 1) != 1:
                raise InputError(f"the {name} table has two columns {column!r}: rename one of them.")
            if kind != "categorical":
                numbers(table[column], kind)


def numbers(series, kind="numeric"):
    """Returns a numeric column, or one of dates, as numbers.

    Args:
        series: `pandas.Series` or array of numbers, or of datetime64 where `kind` is `"date"`.
        kind: `"numeric"` or `"date"`.

    Returns:
        float64, shape `(N,)`: the numbers, or seconds since 1970 (of UTC, where there is a time zone); NaN where a
        value is missing.

    Raises:
        InputError: if it holds other values.
    """
    import pandas as pd

    series = pd.Series(series)
    if kind == "date":
        if not pd.api.types.is_datetime64_any_dtype(series):
            raise InputError(
                f"column {series.name!r} has the dtype {series.dtype}: expected dates, see pandas.to_datetime."
            )
        if series.dt.tz is not None:
            series = series.dt.tz_convert("UTC").dt.tz_localize(None)
        ticks = series.to_numpy()
        per_second = np.timedelta64(1, "s") / np.timedelta64(1, np.datetime_data(ticks.dtype)[0])
        return np.where(np.isnat(ticks), np.nan, ticks.astype(np.int64) / per_second)
    try:
        return pd.to_numeric(series).to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InputError(f"column {series.name!r} holds values that are no numbers: {error}.") from error


def known(values):
    """Returns the numbers that are not missing."""
    return values[~np.isnan(values)]


def codes(kind, *columns):
    """Numbers the values of columns together: equal values have equal codes, in whichever column they are.

    Args:
        kind: one of `KINDS`.
        columns: `pandas.Series` or arrays.

    Returns:
        list of int64 arrays, 0 to `size - 1`, of which the last is a missing value; and `size`.
    """
    import pandas as pd

    if kind == "categorical":
        parts = [pd.Series(column).astype(object).to_numpy() for column in columns]
    else:
        parts = [numbers(column, kind) for column in columns]
    found, values = pd.factorize(np.concatenate(parts))
    found = np.where(found < 0, len(values), found).astype(np.int64)
    return np.split(found, np.cumsum([len(part) for part in parts])[:-1]), len(values) + 1


def row_codes(kinds, *tables):
    """Numbers the rows of tables together: equal rows, missing values included, have equal codes.

    Args:
        kinds: dict of column to kind.
        tables: DataFrames.

    Returns:
        list of int64 arrays, one a table.
    """
    import pandas as pd

    key = np.zeros(sum(map(len, tables)), np.int64)
    for column, kind in kinds.items():
        parts, size = codes(kind, *(table[column] for table in tables))
        key = pd.factorize(key * size + np.concatenate(parts))[0]  # fewer codes than rows: it never overflows
    return np.split(key, np.cumsum([len(table) for table in tables])[:-1])


def group_labels(table, sensitive):
    """Returns the group of every row: the value of a column, or of several.

    Args:
        table: DataFrame.
        sensitive: name of a column, or a list of names.

    Returns:
        array of text, shape `(N,)`: values, joined by ` / ` where there are several columns; `missing` for one that
        is missing.

    Raises:
        InputError: if there is no such column.

    Examples:
        >>> import pandas as pd
        >>> people = pd.DataFrame({"sex": ["f", "m", None], "old": [True, False, True]})
        >>> group_labels(people, "sex").tolist()
        ['f', 'm', 'missing']
        >>> group_labels(people, ["sex", "old"]).tolist()
        ['f / True', 'm / False', 'missing / True']
    """
    columns = [sensitive] if isinstance(sensitive, str) else list(sensitive)
    absent = [column for column in columns if column not in table.columns]
    if absent or not columns:
        raise InputError(
            f"sensitive is {sensitive!r}: expected columns of the table, {', '.join(map(str, table.columns))}."
        )
    parts = [
        [
            MISSING if gone else str(value)
            for value, gone in zip(table[column], table[column].isna(), strict=True)
        ]
        for column in columns
    ]
    return np.array([" / ".join(values) for values in zip(*parts, strict=True)], dtype=object)
