"""From parts of a claim to a verdict, by one rule: what holds must hold with its interval over seeds.

Parts on the gap between the groups are in `papers.gap_parts`, those on quality in `papers.quality_parts`,
those of one figure alone in its file.
"""

from collections.abc import Sequence
from typing import NamedTuple

from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.metrics.intervals import Interval
from repfair_keras.papers.figure import (
    CONTRADICTED,
    FAILS,
    HOLDS,
    IN_PART,
    LEFT_OPEN,
    OPEN,
    SHOWN,
    STATES,
    UNTESTED,
    Measured,
)
from repfair_keras.papers.run_rows import n_known, of_method
from repfair_keras.papers.seed_statistics import SEEDS, binomial_interval, difference
from repfair_keras.papers.seed_text import count_text

PROOF_SEEDS = 6  # the fewest of which all can show what more than half do
INTERVAL_RULE = (
    f"A part is shown, or contradicted, if the whole 95 % t interval over at least {SEEDS} seeds is on that "
    f"side; seeds that are all alike show nothing below {PROOF_SEEDS}."
)
MAJORITY_RULE = (
    "That something is so in more than half of the runs is shown if the whole exact 95 % interval is above "
    f"one half, contradicted if it is below; {PROOF_SEEDS} of {PROOF_SEEDS} are the fewest that show it."
)
VERDICT_RULE = (
    "The claim holds if all parts are shown; it does not hold if one that it stands on (in bold) is "
    "contradicted and none of these is shown; it holds in part if one of these is shown; else it is left "
    "open."
)


class Part(NamedTuple):
    """A part of a claim.

    Args:
        text: what was measured and what is claimed, with the numbers.
        shown: whether the runs show it; `None` if they leave it open.
        key: whether the claim stands on it.
    """

    text: str
    shown: bool | None
    key: bool = False

    @property
    def state(self) -> str:
        """One of `figure.STATES`."""
        return {True: SHOWN, False: CONTRADICTED, None: LEFT_OPEN}[self.shown]


def above(interval: Interval, bound: float) -> bool | None:
    """Whether an interval lies above a bound; `None` if the bound is in it, or it is of too few seeds.

    Examples:
        >>> above(Interval(2.0, 1.0, 3.0, n=3), 0.5), above(Interval(2.0, 1.0, 3.0, n=3), 2.5)
        (True, None)
    """
    if interval.n < SEEDS or interval.low <= bound <= interval.high:
        return None
    alike = interval.high - interval.low < 1e-9
    return None if alike and interval.n < PROOF_SEEDS else interval.low > bound


def below(interval: Interval, bound: float) -> bool | None:
    """Whether an interval lies below a bound; `None` if the bound is in it, or it is of too few seeds."""
    upper = above(interval, bound)
    return None if upper is None else not upper


def majority_part(what: str, k: int, n: int, of: str = "seeds", key: bool = True) -> Part:
    """The part of a claim that something is so in more than half of all runs, of which `n` were tried."""
    low, high = binomial_interval(k, n) if n else (0, 1)
    shown = True if low > 0.5 else False if high < 0.5 else None
    return Part(f"{what} in {count_text(k, n, of)}, claimed: in more than half", shown, key)


def missing_seeds(rows: list[dict], methods: Sequence[str], column: str) -> str:
    """Returns what a verdict lacks, empty if each method has `SEEDS` seeds with a value in a column."""
    n_seeds = {method: n_known(of_method(rows, method), column) for method in methods}
    if min(n_seeds.values()) >= SEEDS:
        return ""
    counts = ", ".join(f"{method_name(method)} {n}" for method, n in n_seeds.items())
    return (
        f"At least {SEEDS} seeds with the numbers that decide are needed of each method; there are: {counts}."
    )


def missing_pairs(rows: list[dict], column: str, first: str, second: str) -> str:
    """Returns what the comparison of two methods lacks, empty if `SEEDS` seeds have a value in both."""
    n = difference(rows, column, first, second).n
    names = f"{method_name(first)} and {method_name(second)}"
    few = f"{names} have {count_of_seeds(n)} in common, and {SEEDS} are needed."
    return missing_seeds(rows, [first, second], column) or ("" if n >= SEEDS else few)


def judge(
    rows: list[dict], text: str, parts: Sequence[Part], rules: Sequence[str], missing: str = ""
) -> Measured:
    """Judges a claim by its parts.

    Args:
        rows, text: see `Measured`.
        parts: all that the claim asserts, at least one of them a key.
        rules: sentences by which the parts were judged.
        missing: what there is too little of to decide anything; empty: nothing.
    """
    rule = " ".join([*rules, VERDICT_RULE])
    if missing:
        return Measured(rows, text, UNTESTED, missing, (), rule)
    listed = tuple((f"**{part.text}**" if part.key else part.text, part.state) for part in parts)
    return Measured(rows, text, _verdict(parts), _why(parts), listed, rule)


def _verdict(parts):
    keys = [part.shown for part in parts if part.key]
    if all(part.shown for part in parts):
        return HOLDS
    if True in keys:
        return IN_PART
    return FAILS if False in keys else OPEN


def _why(parts):
    """The parts that the claim stands on, sorted by what came of them, and how many there are in all."""
    sentences = []
    for state in STATES:
        texts = [part.text for part in parts if part.key and part.state == state]
        sentences += [f"{state.capitalize()}: {'; '.join(texts)}."] if texts else []
    counts = ", ".join(f"{sum(part.state == state for part in parts)} {state}" for state in STATES)
    return f"{' '.join(sentences)} Of all {len(parts)} parts: {counts}."
