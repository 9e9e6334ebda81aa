"""Adult: 48,842 people of the census of 1994, and whether they earn more than 50,000 dollars a year."""

from pathlib import Path

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.checks import existing_path
from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.loaders.download import download
from repfair_keras.data.tables.read_csv import read_csv

COLUMNS = (
    *("age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation"),
    *("relationship", "race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country"),
    "income",
)
PLACE = "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/"
FILES = {
    "adult.data": "5d7c39d7b8804f071cdd1f2a7c460872",
    "adult.test": "35238206dfdf7f1fe215bbb874adecdc",
}
EXPECTED = "a folder with adult.data and adult.test of the UCI repository"
N_BINS = 8  # of age, hours and log fnlwgt, equally wide
COUNTED = ("age", "hours-per-week", "fnlwgt")


def load(data_dir=None):
    """Loads Adult, split and cut as FLDGM has it.

    Age, hours and the logarithm of fnlwgt have 8 equally wide bins, capital gain and loss two, parted at the
    median of the training rows; all other columns keep their values, `?` among them.

    Args:
        data_dir: folder with the two files of the UCI repository, or with a folder `adult` that has them;
            `None` downloads them.

    Returns:
        `RawTable`: 32,561 rows to train on, 16,281 to test; groups by sex, target is the income.

    Raises:
        InputError: if the files are not there, or are others.
    """
    if data_dir is None:
        train, test = (download(PLACE + name, md5, "adult", EXPECTED) for name, md5 in FILES.items())
    else:
        folder = Path(existing_path(data_dir, "adult", EXPECTED))
        folder = folder / "adult" if (folder / "adult").is_dir() else folder
        train, test = (folder / name for name in FILES)
    train, test = read(train), read(test, skiprows=1)
    for name in COUNTED:
        if not pd.api.types.is_numeric_dtype(train[name]):
            raise InputError(
                f"column {name!r} holds text such as {train[name].iloc[0]!r}: expected {EXPECTED}."
            )
    edges = {name: equal_widths(train[name], log=name == "fnlwgt") for name in COUNTED}
    edges |= {name: [np.nextafter(train[name].median(), np.inf)] for name in ("capital-gain", "capital-loss")}
    return RawTable(
        name="adult",
        source=f"{len(train):,} people of the United States census of 1994 (UCI Adult).",
        train=train,
        test=test,
        sensitive="sex",
        target="income",
        kinds={"education-num": "categorical"},
        edges=edges,
    )


def read(path, **options):
    """Reads one of the two files; labels of the second end with a full stop, which goes."""
    frame = read_csv(path, "adult", EXPECTED, header=None, names=COLUMNS, **options)
    frame["income"] = frame["income"].astype(str).str.rstrip(".")
    return frame


def equal_widths(values: pd.Series, log: bool):
    """Inner edges of equally wide bins of the values, or of their logarithms."""
    low, high = (np.log if log else np.asarray)([values.min(), values.max()])
    inner = np.linspace(low, high, N_BINS + 1)[1:-1]
    return (np.exp(inner) if log else inner).tolist()
