"""Values of columns as rules between columns compare and store them."""

import numpy as np
import pandas as pd

from repfair_keras.data.tables.column import as_dtype, natural, read_dates


def plain_values(series):
    """Values as JSON knows them, text without the spaces around it, missing ones as `None`."""
    present = natural(series.dropna())
    values = np.full(len(series), None, object)
    values[series.notna().to_numpy()] = [_known(value) for value in present.tolist()]
    return values.tolist()


def _known(value):
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool | int | float):
        return value
    return str(value).strip()


def as_read(values, index):
    """A column of plain values, typed as pandas would read them; whole numbers with missing ones stay whole."""
    series = pd.Series(values, index, dtype=object)
    kinds = {type(value) for value in values if value is not None}
    missing = bool(series.isna().any())
    if kinds == {int}:
        return series.astype("Int64" if missing else "int64")
    if kinds and kinds <= {int, float}:
        return series.astype("Float64" if missing else "float64")
    if kinds == {bool}:
        return series.astype("boolean" if missing else "bool")
    return series.infer_objects()


def as_numbers(values, index, decimals, original):
    """A column of numbers, NaN where missing; whole ones as integers."""
    series = pd.Series(np.round(values, decimals), index)
    missing = bool(series.isna().any())
    if original.startswith("float"):
        return series.astype(original)
    series = series.astype("Float64" if missing else "float64")
    return as_dtype(series.astype("Int64" if missing else "int64") if decimals == 0 else series, original)


def numbers_of(series, date=""):
    """Numbers, or dates as seconds since 1970; NaN where missing: float64."""
    if date:
        return read_dates(series, date)
    return pd.to_numeric(series, errors="coerce").astype("Float64").to_numpy(float, na_value=np.nan)
