"""Figure 8 of RepFair-GAN: with which bounds C training converges, and which of them repair shares."""

from repfair_keras.metrics.intervals import paired_difference
from repfair_keras.papers.corrected import SHARES_ARE
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.gaps import GAP_RULE, equal_part, lost_text, unequal_part
from repfair_keras.papers.late_training import late_rows
from repfair_keras.papers.plots import bound
from repfair_keras.papers.run_rows import (
    REPFAIR,
    SEEDS,
    averaged,
    by_seed,
    each_text,
    mean_text,
    percent_text,
    points,
    stand_in,
    stand_in_note,
)
from repfair_keras.papers.verdict import INTERVAL_RULE, Part, judge
from repfair_keras.reporting.markdown.text import table

SMALL, MIDDLE, LARGE = (0.1, 0.5, 1.0), (2.0, 10.0), (50.0, 100.0)
CLEAR = 0.5  # most undecided images, and fewest with the right label, of a run that converged
CONVERGED_RULE = (
    f"A run has converged if at most {100 * CLEAR:g} % of its late images are undecided and at least "
    f"{100 * CLEAR:g} % show the class that was asked for; that bounds do not converge is shown if no run of "
    "theirs did, and contradicted if all seeds of one of them did; that bounds converge, the other way round."
)
RANGE_RULE = "The gap of a range of bounds is, for each seed, the mean over its bounds."
EXPLAINED = (
    f"All are means over the second half of training. {SHARES_ARE} The gap is the larger minus the "
    f"smaller share of a run. "
    "Clipped: steps on real images whose gradient norm was above C. Intervals are 95 % t intervals over "
    "seeds. Adam rescales gradients, so that where every step is clipped C sets how much real images weigh "
    "against generated ones, not the length of a step."
)


def bound_rows(records):
    """Returns the rows of `late_rows` with `converged`: `None` where nothing was measured."""
    return [{**row, "converged": converged(row)} for row in late_rows(records)]


def converged(row):
    """Whether a run makes images that have a group and, where there are classes, show the right one."""
    undecided, right = row["late_undecided"], row["late_right_label"]
    if undecided is None:
        return None
    return undecided <= CLEAR and (right is None or right >= CLEAR)


def measure(material):
    """Figure 8: does training diverge below C = 2, repair from 2 to 10, and stay biased above 20?"""
    rows = bound_rows(material.records)
    missing = _missing(rows)
    columns = ("late_gap", "late_undecided")
    middle, large = (averaged(_of_bounds(rows, bounds), columns) for bounds in (MIDDLE, LARGE))
    parts = [
        _convergence_part(rows, SMALL, expected=False, key=True),
        _convergence_part(rows, MIDDLE, expected=True),
        equal_part(middle, "RepFair-GAN at C = 2 and 10", key=True),
        unequal_part(large, "RepFair-GAN at C = 50 and 100", key=True),
    ]
    told = [stand_in(material.records, "mnist"), *_texts(material.records, rows, middle, large)]
    rules = [CONVERGED_RULE, INTERVAL_RULE, RANGE_RULE, GAP_RULE]
    return judge(rows, "\n\n".join(filter(None, told)), parts, rules, missing)


def _of_bounds(rows, bounds):
    return [row for row in rows if row["max_grad_norm"] in bounds]


def _missing(rows):
    """Says which of the paper's bounds have too few runs."""
    counts = {
        each: sum(row["converged"] is not None for row in _of_bounds(rows, [each]))
        for each in (*SMALL, *MIDDLE, *LARGE)
    }
    few = [f"C = {each:g}: {n}" for each, n in counts.items() if n < SEEDS]
    return (
        f"At least {SEEDS} measured seeds of each bound are needed; there are {', '.join(few)}."
        if few
        else ""
    )


def _convergence_part(rows, bounds, expected, key=False):
    """The part of a claim that runs with these bounds converge, or do not."""
    known = {each: [row["converged"] for row in _of_bounds(rows, [each])] for each in bounds}
    found = [state for states in known.values() for state in states if state is not None]
    counts = ", ".join(
        f"{sum(map(bool, states))} of {len(states)} at C = {each:g}" for each, states in known.items()
    )
    text = f"{counts} converged, claimed: {'all' if expected else 'none'}"
    if found and all(state is expected for state in found):
        return Part(text, True, key)
    opposite = any(states and all(state is (not expected) for state in states) for states in known.values())
    return Part(text, False if opposite else None, key)


def _texts(records, rows, middle, large):
    """The table of the bounds, and what it shows."""
    if not rows:
        yield "No run has been recorded."
        return
    groups = records[0]["data"]["groups"]
    bounds = sorted({row["max_grad_norm"] for row in rows})
    header = ["C", "seeds", f"{groups[1]} (%)", "gap", "lost a group", "undecided", "right label"]
    header += [*(f"clipped, {name}" for name in groups), "converged"]
    yield table(header, [_line(_of_bounds(rows, [each]), each, groups) for each in bounds])
    yield EXPLAINED
    change = paired_difference(*(by_seed(side, "late_gap") for side in (middle, large)), low=-1, high=1)
    yield f"Gap at C = 50 and 100 minus that at 2 and 10, on the same seeds: {points(change)}."


def _line(rows, each, groups):
    columns = ["late_undecided", "late_right_label", *(f"late_clip_fraction/{name}" for name in groups)]
    states = [row["converged"] for row in rows]
    return [
        f"{each:g}",
        str(len(rows)),
        each_text(rows, f"late_share/{groups[1]}", 100),
        mean_text(rows, "late_gap", 100, " points", 0, 1),
        lost_text(rows, "runs"),
        *(percent_text(rows, name) for name in columns),
        f"{sum(map(bool, states))} of {len(states)}",
    ]


def draw(material):
    """Draws figure 8."""
    groups = material.records[0]["data"]["groups"] if material.records else []
    return bound.draw(late_rows(material.records), groups, stand_in_note(material.records, "mnist"))


FIGURE_8 = PaperFigure(
    title="Figure 8: the groups' shares against the bound C",
    claim=(
        "RepFair-GAN on MNIST with C in {0.1, 0.5, 1, 2, 10, 50, 100}: below 2 training does not converge, "
        "the images mix white and black backgrounds; from 2 to 10 groups are sampled uniformly; for large "
        "C, 20 and more, the bias returns, since nothing is clipped (section 4.2, Figure 8; no numbers "
        "printed)."
    ),
    sweep="mnist_bound",
    measure=measure,
    draw=draw,
    select={"method": REPFAIR, "max_grad_norm": (*SMALL, *MIDDLE, *LARGE)},
)
