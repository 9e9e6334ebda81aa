"""COMPAS: people arrested in Broward County, and whether they were arrested again within two years."""

from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.loaders.download import download
from repfair_keras.data.tables.read_csv import read_csv

FILE = "compas-scores-two-years.csv"
PLACE = f"https://raw.githubusercontent.com/propublica/compas-analysis/master/{FILE}"
MD5 = "9165d40c400bba93a8cffece2b74622b"
EXPECTED = f"the file {FILE} of ProPublica"
COLUMNS = (
    *("sex", "age", "race", "juv_fel_count", "juv_misd_count", "juv_other_count", "priors_count"),
    *("c_charge_degree", "two_year_recid"),
)
RACES = ("African-American", "Caucasian")  # the two that are large enough, and that ProPublica compares


def load(data_dir=None):
    """Loads COMPAS with ProPublica's filter, people of the two largest groups by race.

    Args:
        data_dir: path of the file, or of its folder; `None` downloads it.

    Returns:
        `RawTable`: 5,278 rows; groups by race, target is another arrest within two years.

    Raises:
        InputError: if the file is not there, or is another.
    """
    path = download(PLACE, MD5, "compas", EXPECTED) if data_dir is None else Path(data_dir).expanduser()
    path = path / FILE if (path / FILE).is_file() else path
    frame = read_csv(path, "compas", EXPECTED)
    lacking = {*COLUMNS, "days_b_screening_arrest", "is_recid", "score_text"} - set(frame.columns)
    if lacking:
        raise InputError(f"{path} has no column {min(lacking)!r}: expected {EXPECTED}.")
    frame = frame[filtered(frame) & frame["race"].isin(RACES)]
    return RawTable(
        name="compas",
        source=f"{len(frame):,} people arrested in Broward County, 2013 and 2014 (ProPublica COMPAS).",
        train=frame[list(COLUMNS)],
        sensitive="race",
        target="two_year_recid",
    )


def filtered(frame):
    """Rows that ProPublica keeps: 6,172 of 7,214.

    The charge dates from within 30 days of the screening, is not an ordinary traffic offence, there is a
    score, and it is known whether there was another arrest.
    """
    return (
        frame["days_b_screening_arrest"].between(-30, 30)
        & (frame["is_recid"] != -1)
        & (frame["c_charge_degree"] != "O")
        & (frame["score_text"] != "N/A")
    )
