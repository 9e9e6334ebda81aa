"""Reading a table from a file."""

import io
import warnings
from pathlib import Path

import pandas as pd

from repfair_keras.core.csv_cells import of_frame, unguarded
from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import regular_file
from repfair_keras.data.images.checks import existing_path

EMPTY = ("", "nan", "NaN", "NA")  # what stands for no value; other words are values
SPACES = {"skipinitialspace": True}
PARQUET = (".parquet", ".pq", ".parq")
PARQUET_MAGIC = b"PAR1"
NO_PARQUET = (
    'Reading Parquet needs pyarrow: pip install "repfair-keras[tables]". Or save the table as '
    "CSV: frame.to_csv('people.csv', index=False)."
)


def read_csv(path, dataset, expected, **options):
    """Reads a file of comma-separated values.

    Args:
        path: what the user gave, or `None`.
        dataset: name of the data set, for the message.
        expected: what should be there, for the message.
        options: further arguments of `pandas.read_csv`.

    Returns:
        `pandas.DataFrame`.

    Raises:
        InputError: if there is none, or it is no table.
    """
    path = regular_file(existing_path(path, dataset, expected), expected)
    return _parsed(path, path, expected, options)


def read_table(path, dataset, expected):
    """Reads a file of comma-separated values, or a Parquet file, as the CSV that pandas would write of it.

    So a table has the same types in both, and synthetic rows, which are written as CSV, are read as it is. Hours of a
    time zone stay as they are, without the zone; durations become seconds.

    Args:
        path, dataset, expected: as of `read_csv`.

    Returns:
        `pandas.DataFrame`; a name that two columns of a CSV have is not seen here, see `check_header`.

    Raises:
        InputError: as `read_csv`; if pyarrow, which reads Parquet, is not installed.
    """
    path = regular_file(existing_path(path, dataset, expected), expected)
    if not is_parquet(path):
        return read_csv(path, dataset, expected)
    try:
        frame = pd.read_parquet(path)
    except ImportError as error:
        raise InputError(f"{path} is a Parquet file. {NO_PARQUET}") from error
    except (ValueError, OSError, MemoryError, OverflowError) as error:  # those of pyarrow are such
        raise InputError(f"{path} is not {expected}: {error}.") from error
    if any(name is not None for name in frame.index.names):  # one that was a column
        frame = frame.reset_index()
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    check_names(list(frame.columns), path)
    if frame.empty:
        _no_rows(path, expected)
    return _parsed(io.StringIO(frame.apply(_written).to_csv(index=False)), path, expected, {})


def is_parquet(path):
    """Returns whether a file is Parquet, by its name or its first bytes."""
    path = Path(path).expanduser()
    with path.open("rb") as file:
        return path.suffix.lower() in PARQUET or file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC


def _written(series):
    """A column as it is to be written: without time zones, durations in seconds, bytes as text."""
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        return series.dt.tz_localize(None)
    if pd.api.types.is_timedelta64_dtype(series):
        return series.dt.total_seconds()
    if series.dtype == object:
        return series.map(
            lambda cell: cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell,
            na_action="ignore",
        )
    return series


def _no_rows(path, expected):
    raise InputError(f"{path} has no rows: expected {expected}.")


def _parsed(file, path, expected, options):
    """Reads comma-separated values from a file or a buffer; `path` is for messages."""
    given = {
        "index_col": False,
        **SPACES,
        "keep_default_na": False,
        "na_values": list(EMPTY),
        **options,
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(file, **given)
    except pd.errors.ParserWarning as error:  # else values beyond the names would be left out in silence
        raise InputError(
            f"{path} is not {expected}: its rows have more values than there are names of columns. Name "
            "every column, a first one without a name too."
        ) from error
    except (ValueError, OSError, MemoryError, OverflowError) as error:  # pandas' own errors are ValueErrors
        raise InputError(f"{path} is not {expected}: {error}.") from error
    if len(frame) == 0:
        _no_rows(path, expected)
    return of_frame(unguarded, frame)  # as a spreadsheet takes a table that this package wrote


def check_header(path):
    """Raises `InputError` if a file, which can be read, names two columns alike: pandas would rename one."""
    if is_parquet(path):
        return  # `read_table` has looked
    names = pd.read_csv(path, header=None, nrows=1, dtype=str, na_filter=False, **SPACES).iloc[0]
    check_names([name for name in names if name], path)  # columns without a name get different ones


def check_names(names, source):
    """Raises `InputError` if two columns have one name."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"{source} has two columns {' and two '.join(map(repr, twice))}: rename one of them."
        )
