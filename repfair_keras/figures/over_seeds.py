"""Runs of several methods and seeds, sorted and brought together for a figure."""

import math

from repfair_keras.figures.names import METHOD_NAMES

MARKED = 25  # points of a line up to which each is marked
DECADES = 20  # largest over smallest value from which a logarithmic axis shows more


def by_method(runs, method_of) -> dict:
    """Sorts runs by method, in the order of `METHOD_NAMES`, unknown ones last.

    Args:
        runs: list of records or rows.
        method_of: function from one of them to the name of its method.

    Returns:
        dict of method to list of runs.

    Examples:
        >>> by_method(["mine", "repfair", "gan"], str)
        {'gan': ['gan'], 'repfair': ['repfair'], 'mine': ['mine']}
    """
    present = dict.fromkeys(map(method_of, runs))
    order = [*(method for method in METHOD_NAMES if method in present), *present]
    return {method: [run for run in runs if method_of(run) == method] for method in order}


def record_method(record):
    """Returns the name of a record's method."""
    return record["config"]["method"]


def spans_decades(values):
    """Whether values need a logarithmic axis: all above 0, the largest many times the smallest."""
    return bool(values) and min(values) > 0 and max(values) / min(values) > DECADES


def curve(log, column):
    """Returns a dict of step to value of a column of a log, without the missing ones."""
    pairs = [(row["step"], row.get(column)) for row in log]
    return {step: value for step, value in pairs if value is not None and math.isfinite(value)}


def marks(points):
    """Returns the style of a line's points: few are marked, since the line between them was not measured."""
    return {"marker": "o", "markersize": 3} if len(points) <= MARKED else {}


def at_common_steps(curves):
    """Values of at least two runs at the steps that all of them have, so that a mean of them does not jump.

    Args:
        curves: list of dicts of step to value; empty ones do not count.

    Returns:
        steps, values: list of n steps, and list of n lists, a value per run; empty for a single run.
    """
    curves = [points for points in curves if points]
    if len(curves) < 2:
        return [], []
    steps = [step for step in curves[0] if all(step in points for points in curves)]
    return steps, [[points[step] for points in curves] for step in steps]
