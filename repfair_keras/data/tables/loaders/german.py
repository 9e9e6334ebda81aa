"""German credit: 1,000 people who asked a bank for a loan around 1975, and whether they were good risks."""

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.loaders.download import download
from repfair_keras.data.tables.loaders.local_file import first_line, local_file
from repfair_keras.data.tables.read_csv import read_csv

CODED, NAMED = "german.data", "german_data_credit.csv"
PLACE = f"https://archive.ics.uci.edu/ml/machine-learning-databases/statlog/german/{CODED}"
MD5 = "6b94c2e35480e671545e52a808a8a549"  # of a copy of UCI's archive, of the size that its index tells
EXPECTED = f"the file {CODED} of UCI's Statlog German Credit, {NAMED} with its names, or a folder of them"
STATUS = "personal-status"  # of UCI: sex and marital status in one
CODES = {  # names of the columns in UCI's order, and what their codes stand for
    "checking-account": {"A11": "<0 DM", "A12": "0 <= <200 DM", "A13": ">= 200 DM", "A14": "no account"},
    "duration": None,
    "credit-history": {
        "A30": "no credits taken",
        "A31": "all credits at this bank paid back duly",
        "A32": "existing credits paid back duly till now",
        "A33": "delay in paying off",
        "A34": "critical account",
    },
    "purpose": {
        "A40": "car (new)",
        "A41": "car (used)",
        "A42": "furniture/equipment",
        "A43": "radio/television",
        "A44": "domestic appliances",
        "A45": "repairs",
        "A46": "education",
        "A48": "retraining",
        "A49": "business",
        "A410": "others",
    },
    "credit-amount": None,
    "savings-account": {
        "A61": "<100 DM",
        "A62": "100 <= <500 DM",
        "A63": "500 <= < 1000 DM",
        "A64": ">= 1000 DM",
        "A65": "no savings account",
    },
    "employment-since": {
        "A71": "unemployed",
        "A72": "<1 years",
        "A73": "1<= < 4 years",
        "A74": "4<= <7 years",
        "A75": ">=7 years",
    },
    "installment-rate": None,
    STATUS: {"A91": "male", "A92": "female", "A93": "male", "A94": "male", "A95": "female"},
    "other-debtors": {"A101": "none", "A102": "co-applicant", "A103": "guarantor"},
    "residence-since": None,
    "property": {
        "A121": "real estate",
        "A122": "savings agreement/life insurance",
        "A123": "car or other",
        "A124": "unknown / no property",
    },
    "age": None,
    "other-installment": {"A141": "bank", "A142": "store", "A143": "none"},
    "housing": {"A151": "rent", "A152": "own", "A153": "for free"},
    "existing-credits": None,
    "job": {
        "A171": "unemployed/ unskilled - non-resident",
        "A172": "unskilled - resident",
        "A173": "skilled employee / official",
        "A174": "management/ highly qualified employee",
    },
    "people-liable": None,
    "telephone": {"A191": "none", "A192": "yes"},
    "foreign-worker": {"A201": "yes", "A202": "no"},
    "risk": {"1": "good", "2": "bad"},
}
RENAMED = {"numner-people-provide-maintenance-for": "people-liable", "class-label": "risk"}
COLUMNS = (*(name for name in CODES if name not in (STATUS, "risk")), "sex", "risk")


def load(data_dir=None):
    """Loads German credit with names in the place of UCI's codes.

    Of sex and marital status, which are one code, the sex is kept: the file with names does not tell men who are
    single from men who are divorced.

    Args:
        data_dir: path of `german.data` (UCI's codes) or `german_data_credit.csv` (names), or of a folder that has one
            of them; `None` downloads UCI's.

    Returns:
        `RawTable`: 1,000 rows; groups by sex, target is the risk, `good` is positive.

    Raises:
        InputError: if the file is not there, or is another.
    """
    path = download(PLACE, MD5, "german", EXPECTED) if data_dir is None else data_dir
    path = local_file(path, "german", (CODED, NAMED), EXPECTED)
    frame = (_named if "," in first_line(path) else _coded)(path)
    return RawTable(
        name="german",
        source=f"{len(frame):,} people who asked a German bank for a loan (UCI Statlog German Credit).",
        train=frame[list(COLUMNS)],
        sensitive="sex",
        target="risk",
    )


def _coded(path):
    """Reads UCI's file."""
    options = {"header": None, "names": list(CODES), "sep": " ", "dtype": {"risk": str}}
    frame = read_csv(path, "german", EXPECTED, **options)
    for name, codes in CODES.items():
        if codes is not None:
            frame[name] = _translated(frame[name].astype(str), codes, name, path)
    return frame.rename(columns={STATUS: "sex"})


def _translated(column, codes, name, path):
    unknown = column[~column.isin(codes)]
    if len(unknown):
        raise InputError(
            f"{path}: column {name!r} is {unknown.iloc[0]!r} in row {unknown.index[0] + 1}, expected one of "
            f"{', '.join(codes)}: {EXPECTED}."
        )
    return column.map(codes)


def _named(path):
    """Reads the file with names, in which no category is a number."""
    frame = read_csv(path, "german", EXPECTED).rename(columns=RENAMED)
    if lacking := [name for name in COLUMNS if name not in frame.columns]:
        raise InputError(f"{path} has no column {lacking[0]!r}: expected {EXPECTED}.")
    for name, codes in CODES.items():
        if codes is not None and name not in (STATUS, "risk"):
            spaced = frame[name].astype(str).str.split().str.join(" ")
            frame[name] = _translated(spaced, {value: value for value in codes.values()}, name, path)
    frame["risk"] = _translated(frame["risk"].astype(str), {"1": "good", "0": "bad"}, "risk", path)
    return frame
