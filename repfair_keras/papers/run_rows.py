"""What the measuring of every figure over many runs needs: rows of runs, pairs of seeds, numbers as text."""

from scipy import stats

from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.metrics.catalog import value_range
from repfair_keras.metrics.intervals import mean_interval, paired_difference
from repfair_keras.metrics.over_training import late_mean
from repfair_keras.reporting.markdown.text import NONE, escape, number

SEEDS = 3  # of each method, below which nothing is said of a claim
GAN, REPFAIR = "gan", "repfair"
# Algorithm 1, what it repairs, each of its parts alone, and a remedy that needs neither.
PARTS = (GAN, REPFAIR, "alternation_only", "clipping_only", "group_balanced")
EARLY = 0.25  # of the steps: the first quarter, which the second half is held against

# Columns whose values are no more than 1 apart.
SHARES = ("late_share", "late_gap", "end_share", "end_gap", "corrected_class_gap", "undecided", "right_label")

NO_RUN = "None of the runs has been recorded."


def identity(record):
    """Returns the columns that say which run a row is of."""
    config = record["config"]
    return {
        "dataset": config["dataset"],
        "method": config["method"],
        "seed": config["seed"],
        "record": record["id"],
    }


def late_shares(record):
    """Returns each group's mean share in late training, and the gap between the largest and the smallest.

    Args:
        record: `corrected`.

    Returns:
        dict of `late_share/<group>` and `late_gap`, and the same of raw shares, `late_raw_share/<group>` and
        `late_raw_gap`; `None` where no late image had a clear group.
    """
    found = {}
    for kind in ("", "raw_"):
        columns = [f"{kind}share/{name}" for name in record["data"]["groups"]]
        shares = [late_mean(record["log"], column) for column in columns]
        found |= {f"late_{column}": share for column, share in zip(columns, shares, strict=True)}
        found[f"late_{kind}gap"] = None if None in shares else max(shares) - min(shares)
    return found


def of_method(rows, method):
    """Returns the rows of a method."""
    return [row for row in rows if row["method"] == method]


def by_seed(rows, column):
    """Returns a dict of seed to value of a column, for `paired_difference`."""
    return {row["seed"]: row.get(column) for row in rows}


def difference(rows, column, first, second):
    """Returns the interval of `second` minus `first`, two methods, over the seeds that both have.

    That of a share or a gap, which no difference takes beyond 1, is cut to where it can be.
    """
    values = (by_seed(of_method(rows, method), column) for method in (first, second))
    furthest = 1 if column.startswith(SHARES) else float("inf")
    return paired_difference(*values, low=-furthest, high=furthest)


def averaged(rows, columns):
    """Returns one row per method and seed with the mean of each column: runs of one seed are not independent.

    Args:
        rows: of runs with other settings, each of `method` and `seed`.
        columns: names of columns.
    """
    groups = {}
    for row in sorted(rows, key=lambda row: row["seed"]):
        groups.setdefault((row["method"], row["seed"]), []).append(row)
    return [
        {"method": method, "seed": seed}
        | {name: mean_interval([row[name] for row in mine]).mean for name in columns}
        for (method, seed), mine in groups.items()
    ]


def count_smaller(rows, column, first, second):
    """Counts the seeds in which a column is below the first method's in the second, and those with both."""
    one, two = (by_seed(of_method(rows, method), column) for method in (first, second))
    common = [seed for seed in one if None not in (one[seed], two.get(seed))]
    return sum(two[seed] < one[seed] for seed in common), len(common)


def n_known(rows, column):
    """Returns the number of rows with a value in a column."""
    return sum(row.get(column) is not None for row in rows)


def mean_text(rows, column, factor=1, unit="", low=None, high=None):
    """Returns the mean of a column over seeds as text, with its interval or, of few seeds, their values.

    The interval is cut to `low` and `high`; `None`: to the range that the catalogue of metrics has.
    """
    values, known = [row.get(column) for row in rows], value_range(column)
    low, high = known["low"] if low is None else low, known["high"] if high is None else high
    found = mean_interval(values, low=low, high=high)
    if 1 < found.n < SEEDS:
        return f"{number(factor * found.mean, 3)}{unit} ({each_text(rows, column, factor)})"
    return interval_text(found, unit, factor)


def points(interval):
    """Returns an interval of differences of shares as text, in points."""
    return interval_text(interval, " points", 100)


def percent_text(rows, column):
    """Returns the mean of a column of shares as text, in percent."""
    return mean_text(rows, column, 100, " %", 0, 1)


def interval_text(found, unit="", factor=1):
    """Returns a mean over seeds as text, with their number and, if they are not too few, its interval."""
    if found.mean is None:
        return NONE
    ends = (
        f"{number(factor * found.low, 3)} to {number(factor * found.high, 3)}, " if found.n >= SEEDS else ""
    )
    return f"{number(factor * found.mean, 3)}{unit} ({ends}{count_of_seeds(found.n)})"


def each_text(rows, column, factor=1, digits=3):
    """Returns the value of each seed as text, in the order of the seeds."""
    pairs = [(row["seed"], row.get(column)) for row in sorted(rows, key=lambda row: row["seed"])]
    told = [NONE if value is None else number(factor * value, digits) for _, value in pairs]
    return ", ".join(f"seed {seed}: {value}" for (seed, _), value in zip(pairs, told, strict=True))


def binomial_interval(k, n, level=0.95):
    """Returns the ends of the exact (Clopper-Pearson) interval of k successes in n, at least 1, trials."""
    found = stats.binomtest(k, n).proportion_ci(level, method="exact")
    return float(found.low), float(found.high)


def stand_in(records, dataset):
    """Returns a sentence, as Markdown, if the records' data is not the paper's, else an empty text.

    Args:
        records: records of runs.
        dataset: name of the data set that the paper used.
    """
    sources = {name: record["data"]["source"] for name, record in _others(records, dataset).items()}
    described = " and ".join(f"{escape(name)} ({escape(source)})" for name, source in sources.items())
    return f"**Stand-in:** the paper used {dataset}, these runs are on {described}." if sources else ""


def stand_in_note(records, dataset):
    """Returns the same as `stand_in`, short and as plain text, for a figure."""
    others = _others(records, dataset)
    return f"stand-in: {' and '.join(others)} in place of the paper's {dataset}" if others else ""


def _others(records, dataset):
    named = {record["config"]["dataset"]: record for record in records}
    return {name: record for name, record in named.items() if name != dataset}


def missing_seeds(rows, methods, column):
    """Returns what a verdict lacks, empty if each method has `SEEDS` seeds with a value in a column."""
    found = {method: n_known(of_method(rows, method), column) for method in methods}
    if min(found.values()) >= SEEDS:
        return ""
    counts = ", ".join(f"{method_name(method)} {n}" for method, n in found.items())
    return (
        f"At least {SEEDS} seeds with the numbers that decide are needed of each method; there are: {counts}."
    )


def missing_pairs(rows, column, first, second):
    """Returns what the comparison of two methods lacks, empty if `SEEDS` seeds have a value in both."""
    n = difference(rows, column, first, second).n
    names = f"{method_name(first)} and {method_name(second)}"
    few = f"{names} have {count_of_seeds(n)} in common, and {SEEDS} are needed."
    return missing_seeds(rows, [first, second], column) or ("" if n >= SEEDS else few)
