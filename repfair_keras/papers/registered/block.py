"""The page and the figure of a registered block: every block has the same ones, whatever its arms are."""

from matplotlib.figure import Figure

from repfair_keras.papers.clouds import READABLE, are_clouds
from repfair_keras.papers.figure import (
    CONTRADICTED,
    FAILS,
    HOLDS,
    IN_PART,
    OPEN,
    SHOWN,
    UNTESTED,
    WAITING,
    Material,
    Measured,
    PaperFigure,
)
from repfair_keras.papers.page_text import NO_RUN, paragraphs
from repfair_keras.papers.registered import heat_maps
from repfair_keras.papers.registered import plot as picture
from repfair_keras.papers.registered.block_text import (
    arms_table,
    average_table,
    hypotheses_table,
    map_table,
    norms_table,
    origin_text,
    rows_table,
    thresholds_table,
)
from repfair_keras.papers.registered.endpoints import endpoints
from repfair_keras.papers.registered.judged import Judged, judge
from repfair_keras.papers.registered.registration import ENDPOINTS, by_arm
from repfair_keras.papers.registered.table_endpoints import table_endpoints, tells_nothing
from repfair_keras.papers.run_rows import identity
from repfair_keras.papers.two_counts import groups_untold
from repfair_keras.runs.log import RAW

OTHER = {"last_step": "The average of the weights", "average": "The generator of the last step"}
UNTOLD = "shares and gaps as the classifier counts: a second count disagrees, and they cannot be told"
RULE = (
    "As registered: a hypothesis is shown if its p value, after Holm's correction over all of the block, is below 5 % "
    "and the difference has the claimed sign, contradicted if it has the other one, else left open; an equivalence is "
    "shown if both one-sided tests are below 5 %, contradicted if the whole interval is outside of the margin. Nothing "
    "is judged before all runs are there, nor from images that show nothing"
)
COUNTED_TWICE = ", nor of groups that two ways to count find different"


def block_figure(registration: str, title: str, claim: str, sweep: str) -> PaperFigure:
    """Returns the figure of a registered block.

    Args:
        registration: name of its file in `docs/registration`, without the ending.
        title: heading of its page.
        claim: what the paper reports, with its numbers, and where.
        sweep: name of the sweep with its runs.
    """
    return PaperFigure(title, claim, sweep, measure, plot, {}, registration=registration)


def measure(material: Material) -> Measured:
    """Measures the runs of a block and judges its hypotheses."""
    registered, records = material.registered, material.records
    plan = registered.plan
    of_arms = by_arm(plan, records)
    runs, others = _runs(plan, records), _runs(plan, records, other=True)
    nothing = {
        name: tells_nothing(runs[name]) if plan.of == "tables" else shows_nothing(runs[name], mine)
        for name, mine in of_arms.items()
    }
    untold = [] if plan.of == "tables" else [name for name, mine in of_arms.items() if groups_untold(mine)]
    judged = judge(plan, with_diverged(plan, runs), nothing, untold=untold)
    two = any(column.startswith(RAW) for record in records for row in record["log"] for column in row)
    text = paragraphs(
        [
            plan.question.strip(),
            "" if records else NO_RUN,
            hypotheses_table(judged),
            "### Arms",
            *_tables(plan, runs, of_arms),
            f"### {OTHER[plan.judged]}\n\n{average_table(others)}" if two else "",
            "### Registered before",
            origin_text(registered, records),
        ]
    )
    across = plan.map and plan.map.across
    rows = [_row(plan, name, record, two, across) for name, mine in of_arms.items() for record in mine]
    parts = tuple((f"{one.name}: {one.hypothesis.claim}", one.verdict) for one in judged)
    twice = any("nearest_real" in record["report"] for record in records)
    rule = f"{RULE}{COUNTED_TWICE if twice else ''}."
    return Measured(rows, text, _verdict(judged), _why(judged), parts, rule, tuple(judged))


def _runs(plan, records, other=False):
    """What is measured of the runs of each arm, of the generator that is judged or of the other one."""
    average, across = (plan.judged == "average") != other, plan.map and plan.map.across
    return {
        name: [_measured(plan, name, record, average, across) for record in mine]
        for name, mine in by_arm(plan, records).items()
    }


def _measured(plan, arm, record, average, across):
    if plan.of == "tables":
        return table_endpoints(record, plan.arms[arm].side, across)
    return endpoints(record, average, across, plan.last_checkpoint_alone)


def _tables(plan, runs, records):
    """Yields the tables of the arms."""
    if plan.of == "tables":
        yield rows_table(runs)
        yield rows_table(runs, plan.map.label) if plan.map else ""
        return
    yield arms_table(runs, plan.last_checkpoint_alone)
    yield thresholds_table(runs)
    yield map_table(runs, plan.map.label) if plan.map else ""
    yield norms_table(records)


def _row(plan, arm, record, two, across):
    averaged = _measured(plan, arm, record, True, None) if two and plan.of == "images" else {}
    averaged = {f"ema_{name}": value for name, value in averaged.items()}
    return {**identity(record), "arm": arm, **_measured(plan, arm, record, False, across), **averaged}


def shows_nothing(runs: list[dict], records: list[dict]) -> str:
    """Why nothing can be judged from the images of an arm: their labels, where one was asked for, else `are_clouds`.

    Args:
        runs: what `endpoints` has measured of the generator that is judged.
        records: their records.

    Returns:
        A clause with `{}` for the name of the arm; empty: the images of most runs can be read.
    """
    right = [run["right_label"] for run in runs if run["right_label"] is not None]
    if right:
        unseen = sum(share < READABLE for share in right) > len(right) / 2
        return "most images of {} do not show the label asked for" if unseen else ""
    return "the images of {} are clouds" if are_clouds(records) else ""


def with_diverged(plan, runs: dict) -> dict:
    """Returns the runs of each arm with those that diverged: lost where it is registered so, else without values."""
    gone = {**dict.fromkeys(ENDPOINTS), "lost": plan.diverged_is_lost or None}
    return {name: [*mine, *(gone for one in plan.diverged if one.arm == name)] for name, mine in runs.items()}


def _verdict(judged: list[Judged]) -> str:
    """The verdict on a block, from those on its hypotheses."""
    verdicts = [one.verdict for one in judged]
    if WAITING in verdicts:
        return WAITING
    if all(verdict == UNTESTED for verdict in verdicts):
        return UNTESTED
    if all(verdict == SHOWN for verdict in verdicts):
        return HOLDS
    if SHOWN in verdicts:
        return IN_PART
    return FAILS if CONTRADICTED in verdicts else OPEN


def _why(judged):
    if judged[0].verdict == WAITING:
        return f"{judged[0].why[0].upper()}{judged[0].why[1:]}."
    return "; ".join(f"{one.name} {one.verdict}" for one in judged) + "."


def plot(material: Material) -> Figure | None:
    """Plots the endpoints of every run, an arm beside another; `None` without records."""
    if not material.records:
        return None
    plan = material.registered.plan
    runs = _runs(plan, material.records)
    if plan.map:
        return heat_maps.plot(runs, plan.map.label, plan.title, plan.of)
    untold = plan.of != "tables" and any(map(groups_untold, by_arm(plan, material.records).values()))
    title = f"{plan.title}\n{UNTOLD}" if untold else plan.title
    return picture.plot(runs, material.groups, title, plan.of)
