"""Curves over the epochs of a run's log."""

import math

from matplotlib.ticker import MaxNLocator

from repfair_keras.core.errors import InputError
from repfair_keras.figures.style import plain


def series(rows, column):
    """Values of a column of a log, without the missing ones.

    Args:
        rows: list of dicts of floats, each with `epoch`.
        column: name of the column.

    Returns:
        epochs, values: lists of one length, without rows where the value is absent, `None` or NaN.
    """
    pairs = [(row["epoch"], row.get(column)) for row in rows]
    pairs = [(epoch, value) for epoch, value in pairs if value is not None and math.isfinite(value)]
    return [epoch for epoch, _ in pairs], [value for _, value in pairs]


def draw_curve(axes, rows, column, label, **line):
    """Draws a column over the epochs; a column without a value is named in the legend as such."""
    epochs, values = series(rows, column)
    axes.plot(epochs, values, label=label if values else f"{label} (not logged)", **line)


def finish(axes, rows, ylabel, title=""):
    """Labels an axes of curves over the epochs of `rows`, its legend beside it."""
    plain(axes)
    axes.set_title(title)
    axes.set_ylabel(ylabel)
    axes.set_xlabel("epoch")
    axes.set_xlim(rows[0]["epoch"] - 0.5, rows[-1]["epoch"] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)


def check_rows(rows):
    """Raises `InputError` if a log has no rows."""
    if not rows:
        raise InputError("the log has no rows, expected at least one epoch: train for an epoch first.")
