"""Data sets of tables that a Python process has."""

from typing import Any

import pandas as pd
from pandas.api.types import infer_dtype

from repfair_keras.core.errors import InputError
from repfair_keras.data.in_memory import DATAFRAME
from repfair_keras.data.tables.dataset import RawTable, TableDataset
from repfair_keras.data.tables.encoded import FAITHFUL, encoded

LISTS = ("drop", "categorical", "numeric")  # settings that name columns


def from_frame(frame: Any, sensitive: str, target: str, test: Any = None, **settings: Any) -> TableDataset:
    """Makes a data set of a DataFrame.

    Args:
        frame: `pandas.DataFrame`; its columns may be of any type, and so may their names: here and in the settings
            they are taken as text.
        sensitive: column of the groups, the sensitive attribute; several, `"sex,race"` or a list, make groups together.
        target: column that downstream classifiers predict.
        test: rows held out, with the same columns; `None`: 30 % are drawn, stratified.
        settings: settings of the command: `drop`, `categorical`, `numeric`, `missing`, `n_bins`, `share`, `encoding`,
            `rules`, `keys`, and `seed`. Without an encoding the columns are shown in bins; a method takes its own.

    Returns:
        `TableDataset`.

    Raises:
        InputError: lists every column, and the rows, that do not fit.

    Examples:
        >>> import pandas as pd
        >>> from repfair_keras.data.tables.from_python import from_frame
        >>> rows = {"sex": ["f", "m"] * 60, "age": range(20, 140), "income": ["low", "low", "high"] * 40}
        >>> from_frame(pd.DataFrame(rows), "sex", "income").schema.names
        ['sex', 'age', 'income']
    """
    for name, rows in {"frame": frame, **({} if test is None else {"test": test})}.items():
        if not hasattr(rows, "columns"):
            raise InputError(f"{name} is {type(rows).__name__}: expected a pandas.DataFrame.")
    if isinstance(sensitive, list | tuple):
        sensitive = ",".join(map(str, sensitive))
    sensitive, target = (None if name is None else str(name) for name in (sensitive, target))
    settings |= {name: _names(settings[name]) for name in LISTS if settings.get(name) is not None}
    source, train, test = f"{len(frame):,} rows from memory.", named_by_text(frame), named_by_text(test)
    raw = RawTable(DATAFRAME, source, train, test, sensitive, target, keep_dtypes=True)
    dataset = _encoded(raw, settings)
    settings.pop("seed", None)
    made = {"dataset": DATAFRAME, "grouping": sensitive, "target_column": target, **settings}
    return dataset.made_with({name: value for name, value in made.items() if value is not None}, raw)


def _encoded(raw, settings):
    """The table in the encoding that is asked for, else in bins; where these do not take it, what does is told."""
    if settings.get("encoding") is not None:
        return encoded(raw, **settings)
    settings = {name: value for name, value in settings.items() if name != "encoding"}
    try:
        return encoded(raw, **settings)
    except InputError as error:
        try:
            encoded(raw, FAITHFUL, **settings)
        except InputError:
            raise error from None
        *lines, last = str(error).splitlines()
        more = "Or take encoding='faithful', in which methods such as 'cart' train: it takes this table as it is."
        raise InputError("\n".join([*lines, last, more])) from None


def named_by_text(frame: Any) -> Any:
    """Returns a DataFrame whose columns are named by text, as those of a file are; `None` of none."""
    if frame is None:
        return None
    return without_decimals(frame.set_axis([str(name) for name in frame.columns], axis=1))


def without_decimals(frame: Any) -> Any:
    """Returns a DataFrame whose columns of `decimal.Decimal`, as databases hand them out, are floats."""
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]  # names may be there twice
    decimal = [infer_dtype(column, skipna=True) == "decimal" for column in columns]
    if not any(decimal):
        return frame
    pairs = zip(columns, decimal, strict=True)
    return pd.concat([column.astype(float) if is_decimal else column for column, is_decimal in pairs], axis=1)


def _names(given):
    return [str(name) for name in ([given] if isinstance(given, str) else given)]
