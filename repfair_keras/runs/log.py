"""`log.csv`, what a run has logged per epoch."""

import csv
import math

from repfair_keras.core.errors import InputError

RAW = "raw/"  # before the columns of the generator of the last step, where another, its average, is looked at
OFTEN, LAST_EARLY = 50, 2000  # steps between two measurements in the first epoch, and the last of these


def read_rows(path):
    """Returns the rows of a CSV file as they stand there: a list of dicts of strings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_whole_rows(path, n):
    """Returns the first n rows of a log, as `read_rows`.

    Raises:
        InputError: if there are fewer, or one is cut off or holds what is no number.
    """
    try:
        rows = read_rows(path)
        wrong = next((i for i, row in enumerate(rows[:n]) if not _is_whole(row)), None)
        problem = f"row {wrong + 1} is damaged" if wrong is not None else None
    except (csv.Error, ValueError) as error:
        rows, problem = [], str(error)
    if problem is None and len(rows) < n:
        problem = f"it has {len(rows)} rows where the checkpoint has {n}"
    if problem is not None:
        raise InputError(
            f"{path}: {problem}. Put it back as the run wrote it, or remove it: the run then goes on with a log that "
            "begins here."
        )
    return rows[:n]


def _is_whole(row):
    """Whether a row has all its values, and none but numbers."""
    values = list(row.values())
    if None in row or None in values:
        return False
    try:
        return all(math.isfinite(float(value)) for value in values if value)
    except ValueError:
        return False


def read_log(path):
    """Returns the rows of `log.csv`: a list of dicts of floats, without what was not measured."""
    return [{name: float(value) for name, value in row.items() if value} for row in read_rows(path)]
