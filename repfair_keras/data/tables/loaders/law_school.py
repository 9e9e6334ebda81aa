"""Law school: 20,798 students of law in the United States, and whether they passed the bar."""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.loaders.download import download
from repfair_keras.data.tables.loaders.local_file import local_file
from repfair_keras.data.tables.read_csv import read_csv

FILE = "law_school_clean.csv"
COMMIT = "abb5a18b822ba56a221c5311082e192e85000b95"
PLACE = f"https://raw.githubusercontent.com/tailequy/fairness_dataset/{COMMIT}/experiments/data/{FILE}"
MD5 = "8190cf1a6ec36e8321feae9c5a111ad2"  # of the file at this commit; the study itself is not to be had
EXPECTED = f"the file {FILE} of tailequy/fairness_dataset, or its folder"
COLUMNS = (
    *("decile1b", "decile3", "lsat", "ugpa", "zfygpa", "zgpa", "fulltime", "fam_inc", "sex", "tier", "race"),
    "pass_bar",
)
SEXES = {0: "female", 1: "male"}


def load(data_dir=None):
    """Loads the students of the Law School Admission Council's study, as Le Quy et al. cleaned them.

    Args:
        data_dir: path of `law_school_clean.csv`, or of a folder that has it; `None` downloads it.

    Returns:
        `RawTable`: 20,798 rows; groups by race (`White` and `Non-White`), target is whether the bar was passed.

    Raises:
        InputError: if the file is not there, or is another.

    Reference: Wightman 1998, LSAC National Longitudinal Bar Passage Study; Le Quy et al. 2022, A survey on datasets
    for fairness-aware machine learning.
    """
    path = download(PLACE, MD5, "law_school", EXPECTED) if data_dir is None else data_dir
    path = local_file(path, "law_school", (FILE,), EXPECTED)
    frame = read_csv(path, "law_school", EXPECTED)
    if "male" not in frame.columns or not frame["male"].isin(SEXES).all():
        raise InputError(f"{path} has no column 'male' of 0 and 1: expected {EXPECTED}.")
    frame["sex"] = frame["male"].map(SEXES)
    if lacking := [name for name in COLUMNS if name not in frame.columns]:
        raise InputError(f"{path} has no column {lacking[0]!r}: expected {EXPECTED}.")
    frame = frame[list(COLUMNS)].copy()
    for name in frame.select_dtypes("float"):
        if (frame[name] == np.floor(frame[name])).all():
            frame[name] = frame[name].astype(int)
    return RawTable(
        name="law_school",
        source=f"{len(frame):,} students of law in the United States, who began in 1991 (LSAC).",
        train=frame,
        sensitive="race",
        target="pass_bar",
    )
