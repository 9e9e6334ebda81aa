"""Parts of claims on the gap between the groups' shares, and the lines of tables that show gaps."""

from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.run_rows import (
    GAN,
    REPFAIR,
    by_seed,
    count_smaller,
    difference,
    each_text,
    mean_text,
    of_method,
    percent_text,
    points,
)
from repfair_keras.papers.verdict import Part, above, below, count_text, majority_part
from repfair_keras.reporting.markdown.text import number

EQUAL = 0.105  # a gap below is equal, above unequal: halfway between the paper's 18 and 3 points for MNIST
UNCLEAR = 0.25  # undecided share from which equal shares of the others say nothing
NARROW = 0.2  # width of an interval from which on it holds too many numbers to tell of one
GAP_RULE = (
    f"A gap below {100 * EQUAL:g} points counts as equal and one above as unequal, halfway between the 18 "
    "and 3 points that the paper reports for MNIST; equal is left open where more than "
    f"{100 * UNCLEAR:g} % of the images are undecided."
)
NUMBER_RULE = (
    f"A number of the paper is shown if it lies in our interval, and left open if that is {100 * NARROW:g} "
    "points wide or wider."
)


# `when` below is the prefix of columns: "late", means over the second half of training, or "end".


def gap_interval(rows, when="late"):
    """Mean of the gap over runs, with its t interval."""
    return mean_interval([row[f"{when}_gap"] for row in rows], low=0, high=1)


def lost_text(rows, of="seeds"):
    """In how many runs a group is lost, with the exact interval."""
    known = [row["lost_group"] for row in rows if row["lost_group"] is not None]
    return count_text(sum(known), len(known), of)


def unequal_part(rows, name, key=False, when="late"):
    """The part of a claim that runs leave the groups unequal."""
    found = gap_interval(rows, when)
    return Part(f"{name} has a gap of {points(found)}, claimed: unequal", above(found, EQUAL), key)


def equal_part(rows, name, key=False, when="late"):
    """The part of a claim that runs make the groups equal; open where many of their images are undecided."""
    found = gap_interval(rows, when)
    undecided = mean_interval([row[f"{when}_undecided"] for row in rows]).mean
    text = f"{name} has a gap of {points(found)}, claimed: equal"
    if undecided is not None and undecided > UNCLEAR:
        text += f"; but {100 * undecided:.0f} % of its images are undecided: {_if_undecided(rows, when)}"
        return Part(text, None, key)
    return Part(text, below(found, EQUAL), key)


def _if_undecided(rows, when):
    """The mean gap if all undecided images were of the group that has fewer, or more, of the others."""
    pairs = [(row[f"{when}_gap"], row[f"{when}_undecided"]) for row in rows]
    pairs = [((1 - undecided) * gap, undecided) for gap, undecided in pairs if gap is not None]
    if not pairs:
        return "of the others there are none"
    fewer = 100 * mean_interval([abs(gap - undecided) for gap, undecided in pairs]).mean
    more = 100 * mean_interval([gap + undecided for gap, undecided in pairs]).mean
    return (
        f"if all of them were of the rarer group its gap would be {fewer:.0f}, of the other {more:.0f} points"
    )


def repair_parts(rows, column="late_gap", name="gap", key=True):
    """The parts of a claim that RepFair-GAN's gap is below the plain GAN's on the same seeds.

    A run that loses a group or not is a matter of yes and no, of which few seeds can be alike by chance, so
    that the mean's interval alone is no proof.
    """
    found = difference(rows, column, GAN, REPFAIR)
    text = (
        f"RepFair-GAN's {name} minus the plain GAN's on the same seeds is {points(found)}, claimed: below 0"
    )
    k, n = count_smaller(rows, column, GAN, REPFAIR)
    smaller = majority_part(f"RepFair-GAN's {name} is smaller", k, n, key=key)
    return [Part(text, below(found, 0), key), smaller]


def favour_part(rows, group, name, when="late"):
    """The part of a claim that runs favour one group."""
    found = mean_interval([row[f"{when}_lead/{group}"] for row in rows], low=-1, high=1)
    return Part(f"{name} makes {group} lead by {points(found)}, claimed: above 0", above(found, 0))


def number_part(rows, name, gap):
    """Whether the gap of the paper lies in our interval; open where that is wide."""
    found, text = gap_interval(rows), f"the paper's gap of {100 * gap:g} points for {name}"
    if found.low is None or found.high - found.low >= NARROW:
        return Part(f"{text} cannot be told from others by our {points(found)}", None)
    return Part(f"{text} against our {points(found)}", bool(found.low <= gap <= found.high))


def method_line(rows, method, group):
    """Cells of a table's line for a method: seeds, shares and gaps, and beside them what they cost."""
    mine = of_method(rows, method)
    return [
        str(len(by_seed(mine, "late_gap"))),
        each_text(mine, f"late_share/{group}", 100),
        mean_text(mine, "late_gap", 100, " points", 0, 1),
        lost_text(mine, "runs"),
        "-" if method == GAN else points(difference(rows, "late_gap", GAN, method)),
        percent_text(mine, "late_undecided"),
        percent_text(mine, "late_right_label"),
        _kid_of_groups(mine),
    ]


def method_header(group):
    """Header of the lines that `method_line` makes."""
    shares = ["seeds", f"{group} (%)", "gap", "lost a group", "gap minus plain GAN's, paired"]
    return [*shares, "undecided", "right label", "KID of each group (seeds)"]


def _kid_of_groups(rows):
    """Mean late KID of each group, and in how many seeds there were enough images of it."""
    found = []
    for column in (name for name in rows[0] if name.startswith("late_kid/")):
        kid = mean_interval([row[column] for row in rows])
        if kid.mean is not None:
            found.append(f"{column.partition('/')[2]} {number(kid.mean, 3)} ({kid.n})")
    return ", ".join(found) or "-"
