"""From parts of a claim to a verdict, by one rule: what holds must hold with its interval over seeds."""

from typing import NamedTuple

from repfair_keras.reproduction.definition import FAILS, HOLDS, IN_PART, UNTESTED
from repfair_keras.reproduction.runs import SEEDS

EQUAL = 0.105  # a gap below is equal, above unequal: halfway between the paper's 18 and 3 points for MNIST
INTERVAL_RULE = "a part is shown, or contradicted, if the whole 95 % t interval over seeds is on that side"
GAP_RULE = (
    f"a gap below {100 * EQUAL:g} points counts as equal and one above as unequal, halfway between the 18 "
    "and 3 points that the paper reports for MNIST"
)
VERDICT_RULE = (
    "The claim holds if all parts are shown and the paper's numbers, if any, lie in our intervals; it does "
    "not hold if the parts it stands on are contradicted and none of them is shown; else it holds in part if "
    "any is shown."
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


def above(interval, bound):
    """Whether an `Interval` lies above a bound; `None` if the bound is in it, or it is of too few seeds."""
    if interval.n < SEEDS or interval.low <= bound <= interval.high:
        return None
    return interval.low > bound


def below(interval, bound):
    """Whether an `Interval` lies below a bound; `None` if the bound is in it, or it is of too few seeds."""
    upper = above(interval, bound)
    return None if upper is None else not upper


def holds_number(interval, number):
    """Whether a number of the paper lies in an `Interval`; false if it has no ends."""
    return interval.low is not None and interval.low <= number <= interval.high


def judge(parts, rules, missing="", in_reach=()):
    """Verdict on a claim.

    Args:
        parts: list of `Part`, all of which the claim asserts.
        rules: list of rules, without full stop, by which the parts were told.
        missing: what there is too little of to decide anything; empty: nothing.
        in_reach: list of `Part`: whether the paper's numbers lie in our intervals. "Holds" needs them; they
            alone show nothing, since a wide interval holds every number.

    Returns:
        verdict, one of `definition.VERDICTS`, and a text that names each part and the rules.
    """
    if missing:
        return UNTESTED, missing
    return _verdict(parts, in_reach), f"{_listed(parts, in_reach)} Rule: {'; '.join(rules)}. {VERDICT_RULE}"


def _verdict(parts, in_reach):
    keys = [part.shown for part in parts if part.key]
    if all(part.shown for part in parts):
        return HOLDS if all(part.shown for part in in_reach) else IN_PART
    if False in keys and True not in keys:
        return FAILS
    if any(part.shown for part in parts):
        return IN_PART
    return FAILS if any(part.shown is False for part in parts) else UNTESTED


def _listed(parts, in_reach):
    """Sentences that sort the parts by what came of them."""
    kinds = {
        "Shown": [part for part in parts if part.shown],
        "Contradicted": [part for part in parts if part.shown is False],
        "Left open by these seeds": [part for part in parts if part.shown is None],
        "In our interval of the gap is the paper's": [part for part in in_reach if part.shown],
        "Not in our interval of the gap is the paper's": [part for part in in_reach if not part.shown],
    }
    return " ".join(
        f"{kind}: {'; '.join(part.text for part in found)}." for kind, found in kinds.items() if found
    )
