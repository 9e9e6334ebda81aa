"""`log.csv`, what a run has logged per epoch."""

import csv


def read_rows(path):
    """Returns the rows of a CSV file as they stand there: a list of dicts of strings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_log(path):
    """Returns the rows of `log.csv`: a list of dicts of floats, without what was not measured."""
    return [{name: float(value) for name, value in row.items() if value} for row in read_rows(path)]
