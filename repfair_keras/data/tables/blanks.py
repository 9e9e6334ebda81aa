"""Text of a table without the blanks around it, as `Column` numbers and decodes it."""

import numpy as np
import pandas as pd


def without_blanks(frame: pd.DataFrame) -> pd.DataFrame:
    """Returns a frame whose text has no blanks around it, or the frame itself where none has.

    Columns keep their dtype, and values that are no text stay as they are.

    Args:
        frame: `pandas.DataFrame`, its columns named by text.

    Examples:
        >>> without_blanks(pd.DataFrame({"town": ["Bern ", "Basel"], "age": [3, 4]}))["town"].tolist()
        ['Bern', 'Basel']
    """
    pairs = ((series, _stripped(series)) for _, series in frame.items())
    changed = {bare.name: bare for series, bare in pairs if bare is not series}
    return frame.assign(**changed) if changed else frame


def _stripped(series):
    if isinstance(series.dtype, pd.CategoricalDtype):
        return _stripped_categories(series)
    if not (series.dtype == object or pd.api.types.is_string_dtype(series.dtype)):
        return series
    padded = np.array([isinstance(value, str) and value != value.strip() for value in series], bool)
    if not padded.any():
        return series
    series = series.copy()
    series[padded] = [value.strip() for value in series[padded]]
    return series


def _stripped_categories(series):
    """A column of pandas' categories; two that differ by blanks become one."""
    names = pd.Series(series.cat.categories)
    bare = _stripped(names)
    if bare is names:
        return series
    values = bare.reindex(series.cat.codes).to_numpy()  # the code of a missing value, -1, has no name
    dtype = pd.CategoricalDtype(bare.unique(), series.cat.ordered)
    return pd.Series(values, series.index, dtype, series.name)
