"""Numbers over seeds as text: mean, interval, number of seeds."""

import numpy as np

from repfair_keras.figures.names import count_of_seeds
from repfair_keras.metrics.catalog import value_range
from repfair_keras.metrics.intervals import Interval, mean_interval
from repfair_keras.papers.seed_statistics import SEEDS, binomial_interval
from repfair_keras.reporting.markdown.text import NONE, number, percent

MOST_LISTED = 12  # seeds whose values are told one by one


def interval_text(interval: Interval, unit: str = "", factor: float = 1) -> str:
    """Returns a mean over seeds as text, with their number and, if they are not too few, its interval.

    Args:
        interval: of the mean.
        unit: written behind the mean.
        factor: numbers are written times this.

    Examples:
        >>> interval_text(Interval(0.5, 0.4, 0.6, 6), " points", 100)
        '50 points (40 to 60, 6 seeds)'
    """
    if interval.mean is None:
        return NONE
    low, high = (None if end is None else number(factor * end, 3) for end in (interval.low, interval.high))
    ends = f"{low} to {high}, " if interval.n >= SEEDS else ""
    return f"{number(factor * interval.mean, 3)}{unit} ({ends}{count_of_seeds(interval.n)})"


def points(interval: Interval) -> str:
    """Returns an interval of differences of shares as text, in points."""
    return interval_text(interval, " points", 100)


def mean_text(rows, column, factor=1, unit="", low=None, high=None) -> str:
    """Returns the mean of a column over seeds as text, with its interval or, of few seeds, their values.

    Args:
        rows: rows of runs, each with `seed`.
        column: name of the column; `None` in it is left out.
        factor, unit: see `interval_text`.
        low, high: ends of what the values can be; `None`: as the catalogue of metrics has it.
    """
    known = value_range(column)
    low, high = known["low"] if low is None else low, known["high"] if high is None else high
    interval = mean_interval([row.get(column) for row in rows], low=low, high=high)
    if 1 < interval.n < SEEDS:
        return f"{number(factor * interval.mean, 3)}{unit} ({seeds_text(rows, column, factor)})"
    return interval_text(interval, unit, factor)


def percent_text(rows: list[dict], column: str) -> str:
    """Returns the mean of a column of shares as text, in percent."""
    return mean_text(rows, column, 100, " %", 0, 1)


def gap_text(rows: list[dict], column: str) -> str:
    """Returns the mean of a column of gaps as text, in points."""
    return mean_text(rows, column, 100, " points", 0, 1)


def seeds_text(rows: list[dict], column: str, factor: float = 1, digits: int = 3) -> str:
    """Returns the value of each seed as text, in the order of the seeds; of more than 12, how they are spread.

    Examples:
        >>> seeds_text([{"seed": 1, "gap": 0.25}, {"seed": 0, "gap": None}], "gap", 100)
        'seed 0: -, seed 1: 25'
        >>> seeds_text([{"seed": seed, "gap": seed / 20} for seed in range(21)], "gap", 100)
        '21 seeds from 0 to 100, quartiles 25, 50, 75'
    """
    values = [(row["seed"], row.get(column)) for row in sorted(rows, key=lambda row: row["seed"])]
    known = [factor * value for _, value in values if value is not None]
    if len(known) > MOST_LISTED:
        least, *quartiles, most = (
            number(value, digits) for value in np.quantile(known, (0, 0.25, 0.5, 0.75, 1))
        )
        return f"{len(known)} seeds from {least} to {most}, quartiles {', '.join(quartiles)}"
    return ", ".join(
        f"seed {seed}: {NONE if value is None else number(factor * value, digits)}" for seed, value in values
    )


def count_text(k: int, n: int, of: str = "seeds") -> str:
    """Returns `k` of `n` trials with the exact interval of their share."""
    if n == 0:
        return f"0 of 0 {of}"
    ends = " to ".join(map(percent, binomial_interval(k, n)))
    return f"{k} of {n} {of} (exact 95 % interval {ends})"


def lost_text(rows: list[dict], of: str = "seeds") -> str:
    """Returns in how many runs a group is lost, with the exact interval."""
    known = [row["lost_group"] for row in rows if row["lost_group"] is not None]
    return count_text(sum(known), len(known), of)
