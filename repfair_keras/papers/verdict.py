"""From parts of a claim to a verdict, by one rule: what holds must hold with its interval over seeds."""

from typing import NamedTuple

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
from repfair_keras.papers.run_rows import SEEDS, binomial_interval
from repfair_keras.reporting.markdown.text import percent

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
    def state(self):
        """One of `definition.STATES`."""
        return {True: SHOWN, False: CONTRADICTED, None: LEFT_OPEN}[self.shown]


def above(interval, bound):
    """Whether an `Interval` lies above a bound; `None` if the bound is in it, or it is of too few seeds."""
    if interval.n < SEEDS or interval.low <= bound <= interval.high:
        return None
    alike = interval.high - interval.low < 1e-9
    return None if alike and interval.n < PROOF_SEEDS else interval.low > bound


def below(interval, bound):
    """Whether an `Interval` lies below a bound; `None` if the bound is in it, or it is of too few seeds."""
    upper = above(interval, bound)
    return None if upper is None else not upper


def count_text(k, n, of="seeds"):
    """Returns `k` of `n` trials with the exact interval of their share."""
    if n == 0:
        return f"0 of 0 {of}"
    ends = " to ".join(map(percent, binomial_interval(k, n)))
    return f"{k} of {n} {of} (exact 95 % interval {ends})"


def majority_part(what, k, n, of="seeds", key=True):
    """The part of a claim that something is so in more than half of all runs, of which `n` were tried."""
    low, high = binomial_interval(k, n) if n else (0, 1)
    shown = True if low > 0.5 else False if high < 0.5 else None
    return Part(f"{what} in {count_text(k, n, of)}, claimed: in more than half", shown, key)


def judge(rows, text, parts, rules, missing=""):
    """Judges a claim by its parts.

    Args:
        rows, text: see `Measured`.
        parts: list of `Part`, all of which the claim asserts, at least one of them a key.
        rules: list of sentences by which the parts were told.
        missing: what there is too little of to decide anything; empty: nothing.

    Returns:
        `Measured`.
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
    told = []
    for state in STATES:
        found = [part.text for part in parts if part.key and part.state == state]
        told += [f"{state.capitalize()}: {'; '.join(found)}."] if found else []
    counts = ", ".join(f"{sum(part.state == state for part in parts)} {state}" for state in STATES)
    return f"{' '.join(told)} Of all {len(parts)} parts: {counts}."
