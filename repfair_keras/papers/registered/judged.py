"""From runs to verdicts on the hypotheses of a registration: n, effect, interval, p, power, all beside one another."""

from collections.abc import Container
from typing import NamedTuple

import numpy as np

from repfair_keras.papers.figure import CONTRADICTED, LEFT_OPEN, SHOWN, UNTESTED, WAITING
from repfair_keras.papers.registered.power import fisher_power, rank_power, tost_power
from repfair_keras.papers.registered.registration import Hypothesis, Registration
from repfair_keras.papers.registered.two_arms import LEVEL, Compared, fisher, holm, mann_whitney, tost

LEAST = {"fisher": 1, "mann_whitney": 1, "tost": 2}
IN_POINTS = (
    "lost",
    "second",
    "class_gap",
    "gap",
    "right_label",
    "undecided",
    "clipped",
    "agree",
    "dp",
    "ftu",
    "accuracy",
    "leak",
)  # shares and gaps in [0, 1], told in points
OF_GROUPS = ("lost", "second", "class_gap", "gap")  # counted by the classifier of the groups


class Judged(NamedTuple):
    """A hypothesis and what came of it.

    Args:
        name: its name in the registration.
        hypothesis: `Hypothesis`.
        values: what was measured of the runs of each arm that have a value, a tuple of two lists.
        compared: `Compared`; `None` where there are too few runs to compare.
        p: p value after Holm's correction; `None` where nothing is judged.
        power: of the test at the strictest of Holm's levels, for what the registration names (of an equivalence: for no
            difference, with the spread that was seen); `None` where that is not known.
        verdict: `shown`, `contradicted`, `left open`, `could not be tested here` or `not judged yet`.
        why: why it is not judged; empty where it is.
    """

    name: str
    hypothesis: Hypothesis
    values: tuple
    compared: Compared | None
    p: float | None
    power: float | None
    verdict: str
    why: str = ""


def judge(
    plan: Registration, runs: dict, nothing: dict, level: float = LEVEL, untold: Container[str] = ()
) -> list[Judged]:
    """Judges the hypotheses of a registration together.

    Args:
        plan: `Registration`.
        runs: name of each arm to what `endpoints` has measured of its runs, a list of dicts.
        nothing: name of each arm to why most of its runs show nothing, with `{}` for its name; empty: they do.
        level: of the tests, after Holm's correction over all hypotheses.
        untold: names of the arms of which it cannot be told how most runs represent the groups.

    Returns:
        list of `Judged`, in the order of the registration. As long as runs of any arm are missing, numbers are told
        and nothing is judged: who stops when the numbers please finds what is not there.
    """
    missing = [
        f"{name} {len(runs[name])} of {arm.seeds}"
        for name, arm in plan.arms.items()
        if len(runs[name]) < arm.seeds
    ]
    hypotheses = plan.hypotheses_as_amended
    values = {name: _values(one, runs) for name, one in hypotheses.items()}
    compared = {name: _compared(one, values[name]) for name, one in hypotheses.items()}
    judged = dict.fromkeys(hypotheses)
    why = {name: _why_untested(one, nothing, untold) for name, one in hypotheses.items()}
    if not missing:
        # Those that cannot be tested count as p = 1: to leave them out would make the others' correction milder.
        p_values = [1.0 if result is None or why[name] else result.p for name, result in compared.items()]
        judged = dict(zip(judged, holm(p_values), strict=True))
    return [
        _judged(name, one, values[name], compared[name], judged[name], missing, why[name], level, len(values))
        for name, one in hypotheses.items()
    ]


def _why_untested(hypothesis, nothing, untold):
    """Why nothing can be judged of the images of its arms; empty: it can."""
    clauses = {}
    for arm in hypothesis.arms:
        clauses.setdefault(nothing[arm], []).append(arm)
    if said := [clause.format(" and ".join(arms)) for clause, arms in clauses.items() if clause]:
        return ", and ".join(said)
    # That a run kept its groups is counted too.
    of_groups = hypothesis.endpoint in OF_GROUPS or hypothesis.only is not None
    between = [arm for arm in hypothesis.arms if arm in untold and of_groups]
    if between:
        return (
            f"the groups of the images of {' and '.join(between)} cannot be told: two ways to count disagree"
        )
    return ""


def _values(hypothesis, runs):
    """What was measured of the runs of both arms."""
    kept = [
        [run for run in runs[arm] if hypothesis.only is None or run["lost"] is False]
        for arm in hypothesis.arms
    ]
    return tuple(
        [run[hypothesis.endpoint] for run in arm if run[hypothesis.endpoint] is not None] for arm in kept
    )


def _compared(hypothesis, values):
    if min(map(len, values)) < LEAST[hypothesis.test]:
        return None
    if hypothesis.test == "fisher":
        return fisher(*values)
    if hypothesis.test == "tost":
        return tost(*values, margin=margin_of(hypothesis))
    return mann_whitney(*values)


def margin_of(hypothesis: Hypothesis) -> float:
    """Returns the margin of an equivalence in the unit of the values; registrations give it in points."""
    return hypothesis.margin / 100 if hypothesis.endpoint in IN_POINTS else hypothesis.margin


def _judged(name, hypothesis, values, compared, p, missing, untested, level, n_hypotheses):
    power = None if compared is None else _power(hypothesis, values, level / n_hypotheses)
    found = name, hypothesis, values, compared
    if missing:
        return Judged(*found, None, power, WAITING, f"runs so far: {', '.join(missing)}")
    if untested:
        return Judged(*found, None, power, UNTESTED, untested)
    if compared is None:
        return Judged(*found, None, None, UNTESTED, "there are too few runs with a value")
    return Judged(*found, p, power, _verdict(hypothesis, compared, p, level))


def _verdict(hypothesis, compared, p, level):
    if hypothesis.claimed == "equal":
        margin = margin_of(hypothesis)
        apart = compared.low > margin or compared.high < -margin
        return SHOWN if p < level else CONTRADICTED if apart else LEFT_OPEN
    if p >= level:
        return LEFT_OPEN
    return SHOWN if compared.sign == (1 if hypothesis.claimed == "greater" else -1) else CONTRADICTED


def _power(hypothesis, values, level):
    n, told = tuple(map(len, values)), hypothesis.power_for
    if hypothesis.test == "fisher" and isinstance(told, list):
        return fisher_power(n, tuple(told), level)
    if hypothesis.test == "mann_whitney" and isinstance(told, float):
        return rank_power(n, told, level)
    if hypothesis.test == "tost":
        error = np.sqrt(sum(np.var(arm, ddof=1) / len(arm) for arm in values))
        return tost_power(float(error), margin_of(hypothesis), level)
    return None
