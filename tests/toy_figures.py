"""Records of runs that never were, changed for the verdicts of paper figures, and what is read from those."""

from toy_records import toy_records

from repfair_keras.papers import run_rows
from repfair_keras.papers.figure import Material

ALGORITHM_1 = list(run_rows.ALGORITHM_1)
SHADED = {"dataset": ["cifar10"], "grouping": ["shade"], "use_labels": [False]}
NOISE = (-0.01, 0.0, 0.01, -0.005, 0.005, 0.002)  # of a share, by seed


def digits(seeds=3, **grid):
    """Records of both methods on inverted digits."""
    return toy_records(method=["gan", "repfair"], seed=list(range(seeds)), **grid)


def photographs(shares=(0.5,), seeds=3):
    """Records of both methods on shaded photographs."""
    return toy_records(**SHADED, method=["gan", "repfair"], share=list(shares), seed=list(range(seeds)))


def set_share(record, second):
    """Gives a record these shares of its two groups, all the time and in every class."""
    pair = [1 - second, second]
    for row in record["log"]:
        for name, share in zip(record["data"]["groups"], pair, strict=True):
            row[f"share/{name}"] = share
    report = record["report"]
    report["proportions"], report["by_class"] = pair, [pair] * len(report["classes"])


def with_shares(records, **second_of_method):
    """Records in which each method has a share of the second group, a little else at each seed."""
    for record in records:
        config = record["config"]
        share = second_of_method[config["method"]]
        share = share(config) if callable(share) else share
        set_share(record, share + NOISE[config["seed"]])
    return records


def measured(figure, records, data=None):
    """What a figure measures of records."""
    return figure.measure(Material(records, data or {}))


def states(measured, state):
    """Texts of the parts in this state, as one."""
    return "\n".join(text for text, of_part in measured.parts if of_part == state)


def set_log(record, **columns):
    """Replaces columns of a record's log: a list of values, one per row, or one value."""
    for index, row in enumerate(record["log"]):
        row |= {
            name.replace("__", "/"): values[index] if isinstance(values, list) else values
            for name, values in columns.items()
        }
    return record


def set_log_share(record, share):
    """Makes the share of the second group the same in all rows of the log."""
    first, second = record["data"]["groups"]
    return set_log(record, **{f"share__{first}": 1 - share, f"share__{second}": share})


def set_end_share(record, second):
    """Gives a record these shares of its two groups at the end."""
    record["report"]["proportions"] = record["report"]["corrected"]["proportions"] = [1 - second, second]
    return record
