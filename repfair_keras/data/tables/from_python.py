"""Data sets of tables that a Python process has."""

from typing import Any

from repfair_keras.core.errors import InputError
from repfair_keras.data.in_memory import DATAFRAME
from repfair_keras.data.tables.dataset import RawTable, TableDataset
from repfair_keras.data.tables.encoded import BINS, encoded


def from_frame(frame: Any, sensitive: str, target: str, test: Any = None, **settings: Any) -> TableDataset:
    """Makes a data set of a DataFrame.

    Args:
        frame: `pandas.DataFrame`; its columns may be of any type.
        sensitive: column of the groups, the sensitive attribute.
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
    if not hasattr(frame, "columns"):
        raise InputError(f"frame is {type(frame).__name__}: expected a pandas.DataFrame.")
    named = frame.set_axis([str(name) for name in frame.columns], axis=1)
    raw = RawTable(
        DATAFRAME, f"{len(frame):,} rows from memory.", named, test, sensitive, target, keep_dtypes=True
    )
    dataset = encoded(raw, **{"encoding": BINS, **settings})
    settings.pop("seed", None)
    made = {"dataset": DATAFRAME, "grouping": sensitive, "target_column": target, **settings}
    return dataset.made_with({name: value for name, value in made.items() if value is not None}, raw)
