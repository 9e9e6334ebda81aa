"""Statistics over seeds: paired differences of methods, means per seed, exact intervals of counts.

Intervals of means are 95 % t intervals, see `metrics.intervals`. What follows from them for a claim is in
`papers.verdict`.
"""

from collections.abc import Sequence

from scipy import stats

from repfair_keras.metrics.intervals import Interval, mean_interval, paired_difference
from repfair_keras.papers.run_rows import by_seed, of_method

SEEDS = 3  # of each method, below which nothing is said of a claim

# Columns whose values are no more than 1 apart.
SHARES = ("late_share", "late_gap", "end_share", "end_gap", "corrected_class_gap", "undecided", "right_label")


def difference(rows: list[dict], column: str, first: str, second: str) -> Interval:
    """Returns the interval of `second` minus `first`, two methods, over the seeds that both have.

    That of a share or a gap, which no difference takes beyond 1, is cut to where it can be.

    Args:
        rows: rows of runs, each with `method` and `seed`.
        column: name of the column; `None` in it is left out.
        first, second: names of methods.

    Examples:
        >>> rows = [{"method": "gan", "seed": s, "late_gap": 0.5 + 0.01 * s} for s in range(3)]
        >>> rows += [{"method": "repfair", "seed": s, "late_gap": 0.1} for s in range(3)]
        >>> round(difference(rows, "late_gap", "gan", "repfair").mean, 2)
        -0.41
    """
    values = (by_seed(of_method(rows, method), column) for method in (first, second))
    furthest = 1 if column.startswith(SHARES) else float("inf")
    return paired_difference(*values, low=-furthest, high=furthest)


def count_smaller(rows: list[dict], column: str, first: str, second: str) -> tuple[int, int]:
    """Counts the seeds in which a column is below the first method's in the second, and those with both."""
    one, two = (by_seed(of_method(rows, method), column) for method in (first, second))
    common = [seed for seed in one if None not in (one[seed], two.get(seed))]
    return sum(two[seed] < one[seed] for seed in common), len(common)


def averaged(rows: list[dict], columns: Sequence[str]) -> list[dict]:
    """Returns one row per method and seed with the mean of each column: runs of one seed are not independent.

    Args:
        rows: of runs with other settings, each of `method` and `seed`.
        columns: names of columns.
    """
    runs = {}
    for row in sorted(rows, key=lambda row: row["seed"]):
        runs.setdefault((row["method"], row["seed"]), []).append(row)
    return [
        {"method": method, "seed": seed}
        | {name: mean_interval([row[name] for row in same_seed]).mean for name in columns}
        for (method, seed), same_seed in runs.items()
    ]


def gap_interval(rows: list[dict], when: str = "late") -> Interval:
    """Returns the mean of the gap over runs, with its t interval.

    Args:
        rows: rows of runs.
        when: prefix of the column: `late` (means over the second half of training) or `end`.
    """
    return mean_interval([row[f"{when}_gap"] for row in rows], low=0, high=1)


def binomial_interval(k: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Returns the ends of the exact (Clopper-Pearson) interval of k successes in n, at least 1, trials.

    Examples:
        >>> low, high = binomial_interval(6, 6)
        >>> round(low, 3), high
        (0.541, 1.0)
    """
    ends = stats.binomtest(k, n).proportion_ci(level, method="exact")
    return float(ends.low), float(ends.high)
