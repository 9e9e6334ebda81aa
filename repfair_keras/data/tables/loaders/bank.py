"""Bank marketing: 45,211 people whom a Portuguese bank called, and whether they took a deposit."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing
from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.loaders.download import download
from repfair_keras.data.tables.loaders.local_file import first_line, local_file
from repfair_keras.data.tables.read_csv import read_csv

FILE = "bank-full.csv"
PLACE = "https://archive.ics.uci.edu/ml/machine-learning-databases/00222/bank.zip"
MD5 = "edc22204109423e3738a14fa65083032"  # of two copies of UCI's archive, whose files are of 2012
EXPECTED = f"the file {FILE} of UCI's Bank Marketing, or its folder"
COLUMNS = (
    *("age", "job", "marital", "education", "default", "balance", "housing", "loan", "contact", "day"),
    *("month", "duration", "campaign", "pdays", "previous", "poutcome", "y"),
)
GROUP, YOUNG, OLD = "age-group", "young", "old"
LAST_YOUNG_YEAR = 25


def load(data_dir=None):
    """Loads Bank Marketing, with a column that says whether somebody is at most 25 years old.

    Args:
        data_dir: path of `bank-full.csv`, separated by semicolons as UCI has it or by commas, or of a folder that has
            it; `None` downloads UCI's archive.

    Returns:
        `RawTable`: 45,211 rows, or as many as the file has (a common copy lacks the divorced); groups by `age-group`,
        `young` and `old`, target is `y`, whether the deposit was taken.

    Raises:
        InputError: if the file is not there, or is another.

    Reference: Moro et al. 2014, A data-driven approach to predict the success of bank telemarketing.
    """
    path = _unpacked(download(PLACE, MD5, "bank", EXPECTED)) if data_dir is None else data_dir
    path = local_file(path, "bank", (FILE,), EXPECTED)
    frame = read_csv(path, "bank", EXPECTED, sep=";" if ";" in first_line(path) else ",")
    if lacking := [name for name in COLUMNS if name not in frame.columns]:
        raise InputError(f"{path} has no column {lacking[0]!r}: expected {EXPECTED}.")
    if not pd.api.types.is_numeric_dtype(frame["age"]):
        raise InputError(f"column 'age' holds text such as {frame['age'].iloc[0]!r}: expected {EXPECTED}.")
    frame = frame[list(COLUMNS)]
    frame.insert(len(COLUMNS) - 1, GROUP, np.where(frame["age"] <= LAST_YOUNG_YEAR, YOUNG, OLD))
    without = "" if "divorced" in set(frame["marital"]) else ", none of them divorced"
    return RawTable(
        name="bank",
        source=f"{len(frame):,} people called by a Portuguese bank, 2008 to 2010 (UCI Bank Marketing){without}.",
        train=frame,
        sensitive=GROUP,
        target="y",
    )


def _unpacked(archive: Path) -> Path:
    """Unpacks the file beside the archive, unless it is there."""
    path = archive.with_name(FILE)
    if not path.is_file():
        with zipfile.ZipFile(archive) as files, replacing(path) as temporary:
            temporary.write_bytes(files.read(FILE))
    return path
