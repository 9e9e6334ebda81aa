"""Reading a table from a file."""

import warnings

import pandas as pd

from repfair_keras.core.csv_cells import of_frame, unguarded
from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import regular_file
from repfair_keras.data.images.checks import existing_path

EMPTY = ("", "nan", "NaN", "NA")  # what stands for no value; other words are values
SPACES = {"skipinitialspace": True}


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
            frame = pd.read_csv(path, **given)
    except pd.errors.ParserWarning as error:  # else values beyond the names would be left out in silence
        raise InputError(
            f"{path} is not {expected}: its rows have more values than there are names of columns. Name "
            "every column, a first one without a name too."
        ) from error
    except (ValueError, OSError, MemoryError, OverflowError) as error:  # pandas' own errors are ValueErrors
        raise InputError(f"{path} is not {expected}: {error}.") from error
    if len(frame) == 0:
        raise InputError(f"{path} has no rows: expected {expected}.")
    return of_frame(unguarded, frame)  # as a spreadsheet takes a table that this package wrote


def check_header(path):
    """Raises `InputError` if a file, which can be read, names two columns alike: pandas would rename one."""
    names = pd.read_csv(path, header=None, nrows=1, dtype=str, na_filter=False, **SPACES).iloc[0]
    check_names([name for name in names if name], path)  # columns without a name get different ones


def check_names(names, source):
    """Raises `InputError` if two columns have one name."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"{source} has two columns {' and two '.join(map(repr, twice))}: rename one of them."
        )
