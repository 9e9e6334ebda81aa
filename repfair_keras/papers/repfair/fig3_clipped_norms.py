"""Figure 3 of RepFair-GAN: Algorithm 1 keeps the gradient norms of the groups together.

Runs: those of the sweep `confirm` that clip, alternate or do both, and the plain GAN. Measured: log10
of the larger over the smaller of the groups' norms.
"""

from matplotlib.figure import Figure

from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.figures.style import new_figure
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.page_text import NO_RUN, paragraphs, stand_in, stand_in_note
from repfair_keras.papers.plots import norm_curves
from repfair_keras.papers.repfair.gradient_norms import agreement, growth_part, norm_rows
from repfair_keras.papers.run_rows import GAN, REPFAIR, of_method
from repfair_keras.papers.seed_statistics import count_smaller, difference
from repfair_keras.papers.seed_text import count_text, interval_text, mean_text, seeds_text
from repfair_keras.papers.verdict import (
    INTERVAL_RULE,
    MAJORITY_RULE,
    Part,
    below,
    judge,
    majority_part,
    missing_pairs,
)
from repfair_keras.reporting.markdown.text import table

RATIO = "late_ratio_log10"


def measure(material: Material) -> Measured:
    """Does Algorithm 1 keep the groups' norms together, and which part of it?"""
    rows = norm_rows(material.records)
    missing = missing_pairs(rows, RATIO, GAN, REPFAIR)
    text = paragraphs([stand_in(material.records, "mnist"), _text(rows)])
    return judge(rows, text, [] if missing else verdict(rows), [INTERVAL_RULE, MAJORITY_RULE], missing)


def verdict(rows: list[dict]) -> list[Part]:
    """The parts of the claim."""
    change = difference(rows, RATIO, GAN, REPFAIR)
    ratio = "RepFair-GAN's log10 of the larger over the smaller late norm"
    text = f"{ratio} minus the plain GAN's is {interval_text(change)}, claimed: below 0"
    smaller = count_smaller(rows, RATIO, GAN, REPFAIR)
    return [
        Part(text, below(change, 0), key=True),
        majority_part("RepFair-GAN's ratio of late norms is smaller", *smaller),
        growth_part(of_method(rows, GAN)),
    ]


def _text(rows):
    if not rows:
        return NO_RUN
    lines = [_line(rows, method) for method in METHOD_NAMES if of_method(rows, method)]
    header = [
        "method",
        "early",
        "late",
        "late, each seed",
        "late, minus plain GAN (paired)",
        "larger norm wins",
    ]
    return (
        f"{table(header, lines)}\n\n"
        "Numbers are log10 of the larger over the smaller of the groups' gradient norms, before clipping: "
        "0 is equal norms, 0.3 twice, 1 ten times; means over seeds with 95 % t intervals. Early is the "
        "first quarter of training, late the second half. The last column counts the runs in which the "
        "group with the larger late norm was generated more often."
    )


def _line(rows, method):
    runs = of_method(rows, method)
    return [
        method_name(method),
        *(mean_text(runs, column) for column in ("early_ratio_log10", RATIO)),
        seeds_text(runs, RATIO),
        "-" if method == GAN else interval_text(difference(rows, RATIO, GAN, method)),
        count_text(*agreement(runs, "late")),
    ]


def plot(material: Material) -> Figure | None:
    """Plots norms and their ratios over training; `None` without records."""
    note = stand_in_note(material.records, "mnist")
    return plot_norms_and_ratios(material.records, note) if material.records else None


def plot_norms_and_ratios(records: list[dict], note: str = "") -> Figure:
    """Plots the norm of each group over the steps, and below it how many times the larger one is.

    A panel per method, a thin line per seed. The ratio does not depend on which group a seed favours.

    Args:
        records: runs on the same groups.
        note: said below the title, for example that a data set stands in for another.

    Raises:
        InputError: if there are no records.

    Reference: Kenfack et al., RepFair-GAN, Figure 3.
    """
    methods = norm_curves.runs_by_method(records)
    figure = new_figure(max(2.7 * len(methods) + 1, 6.5), 6.6)
    grid = {"squeeze": False, "sharex": "col", "sharey": "row", "height_ratios": [3, 2]}
    norms, ratios = figure.subplots(2, len(methods), **grid)
    norm_curves.plot_norms(norms, methods)
    norm_curves.plot_ratios(ratios, methods)
    norm_curves.label_steps(ratios)
    norm_curves.finish(figure, norms, records, note)
    return figure


FIGURE = PaperFigure(
    title="Figure 3: Algorithm 1 keeps the gradient norms of the groups together",
    claim=(
        "On MNIST with half of the digits inverted, the difference between the groups' gradient norms "
        "widens over the epochs of a plain CGAN, and stays small with group-wise clipping (section 4.2, "
        "Figure 3; no numbers printed)."
    ),
    sweep="confirm",
    measure=measure,
    plot=plot,
    select={"method": (GAN, REPFAIR, "alternation_only", "clipping_only")},
)
