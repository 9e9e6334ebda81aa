"""Parts of claims on the gap between the groups' shares: unequal, equal, repaired, as in the paper.

`when` is the prefix of columns: `late`, means over the second half of training, or `end`.
"""

from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.run_rows import GAN, REPFAIR
from repfair_keras.papers.seed_statistics import count_smaller, difference, gap_interval
from repfair_keras.papers.seed_text import points
from repfair_keras.papers.verdict import Part, above, below, majority_part

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


def unequal_part(rows: list[dict], name: str, key: bool = False, when: str = "late") -> Part:
    """The part of a claim that runs leave the groups unequal."""
    gap = gap_interval(rows, when)
    return Part(f"{name} has a gap of {points(gap)}, claimed: unequal", above(gap, EQUAL), key)


def equal_part(rows: list[dict], name: str, key: bool = False, when: str = "late") -> Part:
    """The part of a claim that runs make the groups equal; open where many of their images are undecided."""
    gap = gap_interval(rows, when)
    undecided = mean_interval([row[f"{when}_undecided"] for row in rows]).mean
    text = f"{name} has a gap of {points(gap)}, claimed: equal"
    if undecided is not None and undecided > UNCLEAR:
        text += f"; but {100 * undecided:.0f} % of its images are undecided: {_if_undecided(rows, when)}"
        return Part(text, None, key)
    return Part(text, below(gap, EQUAL), key)


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


def repair_parts(
    rows: list[dict], column: str = "late_gap", name: str = "gap", key: bool = True
) -> list[Part]:
    """The parts of a claim that RepFair-GAN's gap is below the plain GAN's on the same seeds.

    A run that loses a group or not is a matter of yes and no, of which few seeds can be alike by chance, so
    that the mean's interval alone is no proof.
    """
    change = difference(rows, column, GAN, REPFAIR)
    text = (
        f"RepFair-GAN's {name} minus the plain GAN's on the same seeds is {points(change)}, claimed: below 0"
    )
    k, n = count_smaller(rows, column, GAN, REPFAIR)
    smaller = majority_part(f"RepFair-GAN's {name} is smaller", k, n, key=key)
    return [Part(text, below(change, 0), key), smaller]


def favour_part(rows: list[dict], group: str, name: str, when: str = "late") -> Part:
    """The part of a claim that runs favour one group."""
    lead = mean_interval([row[f"{when}_lead/{group}"] for row in rows], low=-1, high=1)
    return Part(f"{name} makes {group} lead by {points(lead)}, claimed: above 0", above(lead, 0))


def number_part(rows: list[dict], name: str, gap: float) -> Part:
    """Whether the gap of the paper lies in our interval; open where that is wide."""
    ours, text = gap_interval(rows), f"the paper's gap of {100 * gap:g} points for {name}"
    if ours.low is None or ours.high - ours.low >= NARROW:
        return Part(f"{text} cannot be told from others by our {points(ours)}", None)
    return Part(f"{text} against our {points(ours)}", bool(ours.low <= gap <= ours.high))
