"""Figure 8 of RepFair-GAN: with which bounds C training converges, and which of them repair shares.

Runs: the sweep `mnist_bound`. Measured: means over the second half of training, by C and over ranges of C.
"""

from matplotlib.figure import Figure

from repfair_keras.metrics.intervals import paired_difference
from repfair_keras.papers.corrected_shares import SHARES_ARE
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.gap_parts import GAP_RULE, equal_part, unequal_part
from repfair_keras.papers.page_text import paragraphs, stand_in, stand_in_note
from repfair_keras.papers.repfair.fig8_bound_plot import plot_bounds
from repfair_keras.papers.run_rows import REPFAIR, by_seed, late_rows, n_known
from repfair_keras.papers.seed_statistics import SEEDS, averaged
from repfair_keras.papers.seed_text import gap_text, lost_text, percent_text, points, seeds_text
from repfair_keras.papers.verdict import INTERVAL_RULE, Part, judge
from repfair_keras.reporting.markdown.text import table

SMALL, MIDDLE, LARGE = (0.1, 0.5, 1.0), (2.0, 10.0), (50.0, 100.0)
BOUNDS = (*SMALL, *MIDDLE, *LARGE)
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


def bound_rows(records: list[dict]) -> list[dict]:
    """Returns the rows of `late_rows` with `converged`: `None` where nothing was measured."""
    return [{**row, "converged": converged(row)} for row in late_rows(records)]


def converged(row: dict) -> bool | None:
    """Whether a run makes images that have a group and, where there are classes, show the right one.

    Examples:
        >>> converged({"late_undecided": 0.1, "late_right_label": 0.2})
        False
    """
    undecided, right = row["late_undecided"], row["late_right_label"]
    if undecided is None:
        return None
    return undecided <= CLEAR and (right is None or right >= CLEAR)


def measure(material: Material) -> Measured:
    """Does training diverge below C = 2, repair from 2 to 10, and stay biased above 20?"""
    rows = bound_rows(material.records)
    text = paragraphs([stand_in(material.records, "mnist"), *_texts(material.groups, rows)])
    rules = [CONVERGED_RULE, INTERVAL_RULE, RANGE_RULE, GAP_RULE]
    return judge(rows, text, verdict(rows), rules, _missing(rows))


def verdict(rows: list[dict]) -> list[Part]:
    """The parts of the claim."""
    return [
        _convergence_part(rows, SMALL, expected=False, key=True),
        _convergence_part(rows, MIDDLE, expected=True),
        equal_part(_over_range(rows, MIDDLE), "RepFair-GAN at C = 2 and 10", key=True),
        unequal_part(_over_range(rows, LARGE), "RepFair-GAN at C = 50 and 100", key=True),
    ]


def _of_bounds(rows, bounds):
    return [row for row in rows if row["max_grad_norm"] in bounds]


def _over_range(rows, bounds):
    """A row per seed, with the means over a range of bounds."""
    return averaged(_of_bounds(rows, bounds), ("late_gap", "late_undecided"))


def _missing(rows):
    """Says which of the paper's bounds have too few runs."""
    counts = {bound: n_known(_of_bounds(rows, [bound]), "converged") for bound in BOUNDS}
    few = ", ".join(f"C = {bound:g}: {n}" for bound, n in counts.items() if n < SEEDS)
    return f"At least {SEEDS} measured seeds of each bound are needed; there are {few}." if few else ""


def _convergence_part(rows, bounds, expected, key=False):
    """The part of a claim that runs with these bounds converge, or do not."""
    known = {bound: [row["converged"] for row in _of_bounds(rows, [bound])] for bound in bounds}
    states = [state for of_bound in known.values() for state in of_bound if state is not None]
    counts = ", ".join(
        f"{sum(map(bool, of_bound))} of {len(of_bound)} at C = {bound:g}" for bound, of_bound in known.items()
    )
    text = f"{counts} converged, claimed: {'all' if expected else 'none'}"
    if states and all(state is expected for state in states):
        return Part(text, True, key)
    opposite = any(
        of_bound and all(state is (not expected) for state in of_bound) for of_bound in known.values()
    )
    return Part(text, False if opposite else None, key)


def _texts(groups, rows):
    """The table of the bounds, and what it shows."""
    if not rows:
        yield "No run has been recorded."
        return
    bounds = sorted({row["max_grad_norm"] for row in rows})
    header = ["C", "seeds", f"{groups[1]} (%)", "gap", "lost a group", "undecided", "right label"]
    header += [*(f"clipped, {name}" for name in groups), "converged"]
    yield table(header, [_line(_of_bounds(rows, [bound]), bound, groups) for bound in bounds])
    yield EXPLAINED
    gaps = [by_seed(_over_range(rows, bounds), "late_gap") for bounds in (MIDDLE, LARGE)]
    change = paired_difference(*gaps, low=-1, high=1)
    yield f"Gap at C = 50 and 100 minus that at 2 and 10, on the same seeds: {points(change)}."


def _line(rows, bound, groups):
    columns = ["late_undecided", "late_right_label", *(f"late_clip_fraction/{name}" for name in groups)]
    states = [row["converged"] for row in rows]
    return [
        f"{bound:g}",
        str(len(rows)),
        seeds_text(rows, f"late_share/{groups[1]}", 100),
        gap_text(rows, "late_gap"),
        lost_text(rows, "runs"),
        *(percent_text(rows, name) for name in columns),
        f"{sum(map(bool, states))} of {len(states)}",
    ]


def plot(material: Material) -> Figure:
    """Plots shares, gaps, undecided images and clipped steps against C."""
    note = stand_in_note(material.records, "mnist")
    return plot_bounds(late_rows(material.records), material.groups, note)


FIGURE = PaperFigure(
    title="Figure 8: the groups' shares against the bound C",
    claim=(
        "RepFair-GAN on MNIST with C in {0.1, 0.5, 1, 2, 10, 50, 100}: below 2 training does not converge, "
        "the images mix white and black backgrounds; from 2 to 10 groups are sampled uniformly; for large "
        "C, 20 and more, the bias returns, since nothing is clipped (section 4.2, Figure 8; no numbers "
        "printed)."
    ),
    sweep="mnist_bound",
    measure=measure,
    plot=plot,
    select={"method": REPFAIR, "max_grad_norm": BOUNDS},
)
