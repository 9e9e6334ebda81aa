"""`repfair_keras.inspect_table`: what a table holds and what is wrong with it, before anything is trained."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import make_folder, write_json


def inspect_table(
    table: Any,
    grouping: str | None = None,
    target_column: str | None = None,
    *,
    drop: Sequence[str] | None = None,
    categorical: Sequence[str] | None = None,
    numeric: Sequence[str] | None = None,
    metadata: Any = None,
    write_metadata: str | Path | None = None,
):
    """Looks at a table: types, rules between columns, all that is wrong, and what trains on it.

    Args:
        table: `pandas.DataFrame`, or path of a CSV or Parquet file.
        grouping: column of the groups, the sensitive attribute; several with commas; `None`: one is proposed.
        target_column: column that classifiers predict; `None`: one is proposed.
        drop: columns to leave out.
        categorical: columns of numbers that are categories.
        numeric: columns of text that are numbers.
        metadata: what SDV says of the columns: path of its JSON, or a dict; `None` without.
        write_metadata: file for the same of what was found, for SDV and SDMetrics; `None`: nothing is written.

    Returns:
        `TableProfile`: `columns`, `problems`, `options`, `command`, `usable`; `print` shows it.

    Raises:
        InputError: if the file is no table, or a column named here is not there. What is wrong with its values is in
            `problems`.

    Examples:
        >>> import pandas as pd, repfair_keras as rf
        >>> rows = {"sex": ["f", "m"] * 60, "age": [*range(20, 60)] * 3, "rich": ["no", "no", "yes"] * 40}
        >>> profile = rf.inspect_table(pd.DataFrame(rows).assign(land="x"))
        >>> profile.grouping, profile.target_column, profile.usable
        ('sex', 'rich', True)
        >>> {column.name: column.use for column in profile.columns}["land"]
        'left out'
    """
    from repfair_keras.data.tables.profile_table import profile_table
    from repfair_keras.data.tables.sdv_metadata import read_sdv

    raw, place, problems = _read(table)
    declared = None if metadata is None else read_sdv(metadata)
    options = {"drop": drop or (), "categorical": categorical or (), "numeric": numeric or ()}
    profile = profile_table(
        raw, place, grouping, target_column, **options, declared=declared, problems=problems
    )
    if write_metadata is not None:
        make_folder(Path(write_metadata).parent)
        write_json(write_metadata, profile.metadata)
    return profile


def _read(table):
    """Returns a `RawTable`, the path of its file or `None`, and what was wrong with the names of its columns."""
    from repfair_keras.core.problems import Problem
    from repfair_keras.data.in_memory import DATAFRAME
    from repfair_keras.data.tables.dataset import RawTable
    from repfair_keras.data.tables.from_python import without_decimals
    from repfair_keras.data.tables.loaders.csv import EXPECTED
    from repfair_keras.data.tables.read_csv import check_header, read_table

    if hasattr(table, "columns"):
        source = f"{len(table):,} rows from memory."
        return RawTable(DATAFRAME, source, without_decimals(table), keep_dtypes=True), None, ()
    if not isinstance(table, str | Path):
        raise InputError(f"table is {type(table).__name__}: expected a DataFrame, or the path of {EXPECTED}.")
    frame, problems = read_table(table, "csv", EXPECTED), ()
    try:
        check_header(table)
    except InputError as error:
        problems = (Problem(str(error).removeprefix(f"{table} has ").removesuffix(".")),)
    name = str(table).replace("\\", "/").rsplit("/", 1)[-1]
    return RawTable("csv", f"{name}.", frame), str(table), problems
