"""The remedies of On the Fairness of GANs, section V, beside stacked GAN, plain GAN and RepFair-GAN.

Runs: the sweep `group_methods`. Measured: shares, gaps and quality of the images at the end of training,
since an ensemble has no shares during it.
"""

from matplotlib.figure import Figure

from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.gap_parts import GAP_RULE, equal_part
from repfair_keras.papers.method_rows import method_rows
from repfair_keras.papers.page_text import NO_RUN, paragraphs, stand_in, stand_in_note
from repfair_keras.papers.plots import shares_and_quality
from repfair_keras.papers.quality_rows import quality_rows, quality_table
from repfair_keras.papers.run_rows import end_rows, of_method
from repfair_keras.papers.seed_statistics import count_smaller, difference
from repfair_keras.papers.seed_text import gap_text, lost_text, points, seeds_text
from repfair_keras.papers.verdict import (
    INTERVAL_RULE,
    MAJORITY_RULE,
    Part,
    below,
    judge,
    majority_part,
    missing_seeds,
)
from repfair_keras.reporting.markdown.text import percent, table

STACKED, CONDITIONAL, BOOSTED = "stacked_gan", "group_cgan", "boosted_gan"
REMEDIES = (CONDITIONAL, BOOSTED)
METHODS = (STACKED, *REMEDIES, "repfair", "gan")
TITLE = "On the Fairness of GANs: its two remedies beside other methods"
SUBTITLE = "all of the images at the end of training; shares corrected for the classifier's errors"
EXPLAINED = (
    "All of the images generated at the end of training, since an ensemble is none before; shares corrected "
    "for the errors of the group classifier. The gap is the larger minus the smaller share of a run; within "
    "classes, the mean over the classes of the gap in each. The group-conditional GAN is asked "
    "for both groups equally often. Intervals are 95 % t intervals over seeds."
)
SUBGROUPS = (
    "Purity is the share of the images made for a group that show it, of those whose group is clear. The "
    "paper asks whether bias moves to subgroups: here these are the classes of each group, and the cell is "
    "the mean over seeds."
)


def measure(material: Material) -> Measured:
    """Do the two remedies represent the groups equally, where a stacked GAN does not?"""
    records = material.records
    rows = method_rows(records, end_rows(records))
    missing = missing_seeds(rows, (STACKED, *REMEDIES), "end_gap") if rows else NO_RUN
    parts = [] if missing else verdict(rows)
    texts = _texts(records, material.groups, rows) if rows else [NO_RUN]
    text = paragraphs([stand_in(records, "mnist"), *texts])
    return judge(rows, text, parts, [INTERVAL_RULE, MAJORITY_RULE, GAP_RULE], missing)


def verdict(rows: list[dict]) -> list[Part]:
    """The parts of the claim, those of each remedy."""
    return [part for method in REMEDIES for part in _parts(rows, method)]


def _parts(rows, method):
    name, change = method_name(method), difference(rows, "end_gap", STACKED, method)
    text = f"{name}'s gap minus the stacked GAN's on the same seeds is {points(change)}, claimed: below 0"
    k, n = count_smaller(rows, "end_gap", STACKED, method)
    return [
        equal_part(of_method(rows, method), name, key=True, when="end"),
        Part(text, below(change, 0)),
        majority_part(f"{name}'s gap is smaller than the stacked GAN's", k, n, key=False),
    ]


def _texts(records, groups, rows):
    header = ["method", "seeds", f"{groups[1]} (%)", "gap", "lost a group", "gap within classes"]
    methods = [method for method in METHOD_NAMES if of_method(rows, method)]
    yield table(header, [_line(of_method(rows, method), method, groups[1]) for method in methods])
    yield EXPLAINED
    yield quality_table(quality_rows(records), groups)
    yield from _subgroups(records, groups)


def _line(rows, method, group):
    return [
        method_name(method),
        str(len(rows)),
        seeds_text(rows, f"end_share/{group}", 100),
        gap_text(rows, "end_gap"),
        lost_text(rows, "runs"),
        gap_text(rows, "corrected_class_gap"),
    ]


def _subgroups(records, groups):
    """The purity of every group and class of the group-conditional GAN."""
    asked = [record["report"]["asked"] for record in records if record["report"].get("asked")]
    if not asked:
        return
    lines = []
    for group, name in enumerate(groups):
        runs = [[report["purity"][group], *report["purity_by_class"][group]] for report in asked]
        lines.append([name, *(percent(mean_interval(column).mean) for column in zip(*runs, strict=True))])
    yield table(["made for", "all", *records[0]["data"]["classes"]], lines)
    yield SUBGROUPS


def plot(material: Material) -> Figure | None:
    """Plots the methods beside one another; `None` without records."""
    records = material.records
    if not records:
        return None
    rows, note = method_rows(records, end_rows(records)), stand_in_note(records, "mnist")
    return shares_and_quality.plot(rows, material.groups[1], TITLE, SUBTITLE, "end", note=note)


FIGURE = PaperFigure(
    title=TITLE,
    claim=(
        "A generator and a discriminator that are told the group can be asked for each at an equal rate; "
        "bias might then move to subgroups, which is left open (section V-A). A boosted ensemble of "
        "generators can generate the groups at equal rate (section V-B). The paper has no experiment on "
        "either."
    ),
    sweep="group_methods",
    measure=measure,
    plot=plot,
    select={"method": METHODS},
)
