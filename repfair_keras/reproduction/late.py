"""Runs as rows of late shares, since those of one checkpoint wander, and what is said of their gaps."""

from repfair_keras.evaluation.markdown.text import number
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.metrics.over_training import late_mean
from repfair_keras.reproduction.parts import EQUAL, Part, above, below, holds_number
from repfair_keras.reproduction.runs import (
    by_seed,
    difference,
    each_text,
    identity,
    interval_text,
    late_shares,
    of_method,
)

GAN, REPFAIR = "gan", "repfair"
UNCLEAR = 0.5  # undecided share from which equal shares of the others say nothing


def late_rows(records):
    """Returns a row per run, a line of the CSV and what the drawings take.

    Args:
        records: see `experiments.records`.

    Returns:
        list of dicts of `dataset`, `method`, `seed`, `record`, `max_grad_norm`, `training_share` (of the
        second group) and, means over the second half of training in [0, 1], `late_share/<group>`, `late_gap`
        (largest minus smallest), `late_lead/<group>` (its share minus the largest other), `late_undecided`,
        `late_right_label`, `late_clip_fraction/<group>` and `late_kid/<group>`; `None` where nothing was
        measured.
    """
    return [_row(record) for record in records]


def _row(record):
    names, shares = record["data"]["groups"], late_shares(record)
    row = {**identity(record), "max_grad_norm": record["config"]["max_grad_norm"]}
    row |= {"training_share": training_share(record), **shares}
    by_group = [f"{column}/{name}" for column in ("clip_fraction", "kid") for name in names]
    for column in ("undecided", "right_label", *by_group):
        row[f"late_{column}"] = late_mean(record["log"], column)
    found = {name: shares[f"late_share/{name}"] for name in names}
    for name in names:
        others = [share for other, share in found.items() if other != name]
        row[f"late_lead/{name}"] = None if None in found.values() else found[name] - max(others)
    return row


def training_share(record):
    """Share of the second group in the training data: the one asked for, or as it came out."""
    asked = record["config"]["share"]
    return asked if isinstance(asked, float) else round(record["data"]["shares"][1], 3)


def gap_interval(rows):
    """Mean of the late gap over runs, with its t interval."""
    return mean_interval([row["late_gap"] for row in rows], low=0, high=1)


def unequal_part(rows, name):
    """The part of a claim that runs leave the groups unequal."""
    found = gap_interval(rows)
    return Part(f"{name} has a gap of {points(found)}, claimed: unequal", above(found, EQUAL))


def equal_part(rows, name):
    """The part of a claim that runs make the groups equal; open where most of their images are undecided."""
    found, undecided = gap_interval(rows), mean_interval([row["late_undecided"] for row in rows]).mean
    text = f"{name} has a gap of {points(found)}, claimed: equal"
    if undecided is not None and undecided > UNCLEAR:
        return Part(f"{text}, but {100 * undecided:.0f} % of its images are undecided", None)
    return Part(text, below(found, EQUAL))


def repair_part(rows):
    """The part of a claim that RepFair-GAN's gap is below the plain GAN's on the same seeds."""
    found = difference(rows, "late_gap", GAN, REPFAIR)
    text = f"RepFair-GAN minus plain GAN on the same seeds is {points(found)}, claimed: below 0"
    return Part(text, below(found, 0), key=True)


def favour_part(rows, group, name):
    """The part of a claim that runs favour one group."""
    found = mean_interval([row[f"late_lead/{group}"] for row in rows])
    return Part(f"{name} makes {group} lead by {points(found)}, claimed: above 0", above(found, 0))


def number_part(rows, name, gap):
    """Whether the gap of the paper lies in our interval."""
    return Part(f"{100 * gap:g} points for {name}", holds_number(gap_interval(rows), gap))


def method_line(rows, method, group):
    """Cells of a table's line for a method: seeds, shares and gaps, and beside them what they cost."""
    mine = of_method(rows, method)
    paired = "-" if method == GAN else points(difference(rows, "late_gap", GAN, method))
    undecided = mean_interval([row["late_undecided"] for row in mine], low=0, high=1)
    shares = each_text(mine, f"late_share/{group}", 100)
    return [
        str(len(by_seed(mine, "late_gap"))),
        shares,
        points(gap_interval(mine)),
        paired,
        percent(undecided),
        percent(mean_interval([row["late_right_label"] for row in mine], low=0, high=1)),
        _kid_of_groups(mine),
    ]


def _kid_of_groups(rows):
    """Mean late KID of each group, and in how many seeds there were enough images of it."""
    found = []
    for column in (name for name in rows[0] if name.startswith("late_kid/")):
        kid = mean_interval([row[column] for row in rows])
        if kid.mean is not None:
            found.append(f"{column.partition('/')[2]} {number(kid.mean, 3)} ({kid.n})")
    return ", ".join(found) or "-"


def method_header(group):
    """Header of the lines that `method_line` makes."""
    shares = ["seeds", f"{group}, each seed (%)", "gap", "gap minus plain GAN's, paired"]
    return [*shares, "undecided", "right label", "KID of each group (seeds)"]


def points(interval):
    """Returns an interval of differences of shares as text, in points."""
    return interval_text(interval, " points", 100)


def percent(interval):
    """Returns an interval of shares as text, in percent."""
    return interval_text(interval, " %", 100)
