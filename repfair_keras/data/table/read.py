"""Reading a table from a file."""

import pandas as pd

from repfair_keras.data.checks import existing_path
from repfair_keras.errors import InputError

EMPTY = ("", "nan", "NaN", "NA")  # what stands for no value; other words are values


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
    path = existing_path(path, dataset, expected)
    if not path.is_file():
        raise InputError(f"{path} is not {expected}: it is a folder. Name the file.")
    given = {
        "index_col": False,
        "skipinitialspace": True,
        "keep_default_na": False,
        "na_values": list(EMPTY),
        **options,
    }
    try:
        frame = pd.read_csv(path, **given)
    except (ValueError, UnicodeDecodeError, OSError) as error:  # pandas' own errors are ValueErrors
        raise InputError(f"{path} is not {expected}: {error}.") from error
    if len(frame) == 0:
        raise InputError(f"{path} has no rows: expected {expected}.")
    return frame
