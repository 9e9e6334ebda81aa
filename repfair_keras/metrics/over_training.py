"""What a run logged, averaged over a part of its training: a single checkpoint wanders."""

import math

from repfair_keras.core.errors import InputError


def late_mean(rows, column, since=0.5):
    """Mean of a column over the late rows of a log.

    Args:
        rows: log of a run, a list of dicts of floats with `step`; values of other columns may be missing.
        column: name of the column.
        since: share of all steps after which rows are late, in [0, 1).

    Returns:
        float; `None` if no late row has a finite value.

    Raises:
        InputError: if `since` is out of range.
    """
    return _mean(values_between(rows, column, since, 1))


def early_mean(rows, column, until=0.5):
    """Mean of a column over the early rows of a log: those that `late_mean` leaves out.

    Args:
        rows, column: as for `late_mean`.
        until: share of all steps up to which rows are early, in (0, 1].

    Returns:
        float; `None` if no early row has a finite value.
    """
    return _mean(values_between(rows, column, 0, until))


def values_between(rows, column, since=0.0, until=1.0):
    """Finite values of a column from a part of training, in the order of the rows.

    Args:
        rows, column: as for `late_mean`.
        since, until: ends of the part, as shares of the last step of the log; it holds a row at `until`, and
            none at `since`.

    Returns:
        list of float.

    Raises:
        InputError: if the ends are not in order, or outside of [0, 1].
    """
    if not 0 <= since < until <= 1:
        raise InputError(
            f"the part of training is {since} to {until}: expected 0 <= beginning < end <= 1, as 0.5 to 1."
        )
    last = max((row["step"] for row in rows), default=0)
    values = [row.get(column) for row in rows if since * last < row["step"] <= until * last]
    return [value for value in values if value is not None and math.isfinite(value)]


def _mean(values):
    return math.fsum(values) / len(values) if values else None
