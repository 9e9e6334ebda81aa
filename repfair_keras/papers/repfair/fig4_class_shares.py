"""Figure 4 of RepFair-GAN: the background of generated digits, class by class.

Runs: both methods of the sweep `confirm`. Measured: shares of the groups late in training, and within
each class at its end.
"""

from matplotlib.figure import Figure

from repfair_keras.figures.names import method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.corrected_shares import SHARES_ARE, corrected
from repfair_keras.papers.figure import Material, Measured, PaperFigure
from repfair_keras.papers.gap_parts import (
    GAP_RULE,
    NUMBER_RULE,
    equal_part,
    favour_part,
    number_part,
    repair_parts,
    unequal_part,
)
from repfair_keras.papers.gap_table import method_header, method_line
from repfair_keras.papers.page_text import NO_RUN_OF_EITHER, paragraphs, stand_in, stand_in_note
from repfair_keras.papers.repfair.fig4_class_shares_plot import plot_class_shares
from repfair_keras.papers.run_rows import GAN, REPFAIR, by_seed, gap_of, identity, late_rows, of_method
from repfair_keras.papers.seed_text import gap_text
from repfair_keras.papers.verdict import INTERVAL_RULE, MAJORITY_RULE, Part, judge, missing_seeds
from repfair_keras.reporting.markdown.text import escape, table

PAPER_GAPS = {GAN: 0.18, REPFAIR: 0.03}
EXPLAINED = (
    f"{SHARES_ARE} In this table they are means over the second half of training, of all classes; the gap "
    f"is the larger minus the smaller share of a "
    "run, so that runs that favour opposite groups do not cancel as they do in a mean of shares. Intervals "
    "are 95 % t intervals over seeds."
)
EXPLAINED_CLASSES = (
    "Per class, as in the figure, shares are those of the images generated at the end of training: they are"
    " not logged over it. A class has about a tenth of the images, so that chance alone gives a balanced "
    "generator a gap of some points."
)


def class_rows(records: list[dict]) -> list[dict]:
    """Returns a row per run and class.

    Args:
        records: see `sweeps.records`; runs without classes give no rows.

    Returns:
        list of dicts of `dataset`, `method`, `seed`, `record`, `class`, `share/<group>`, corrected, and its
        `gap`, `raw_share/<group>` and `undecided`, at the end of training, in [0, 1] or `None`.
    """
    return [row for record in records for row in _rows_of(corrected(record))]


def _rows_of(record):
    report = record["report"]
    columns = [f"{kind}share/{name}" for kind in ("", "raw_") for name in report["groups"]]
    unknown = [None] * len(report["groups"])
    by_class = (report[key] for key in ("classes", "by_class", "raw_by_class", "by_class_undecided"))
    for name, shares, raw, undecided in zip(*by_class, strict=True):
        values = dict(zip(columns, [*(shares or unknown), *(raw or unknown)], strict=True))
        gap = gap_of(shares or unknown)
        yield {**identity(record), "class": name, **values, "gap": gap, "undecided": undecided}


def measure(material: Material) -> Measured:
    """Is the plain GAN unequal in the classes, and RepFair-GAN not?"""
    rows, late = class_rows(material.records), late_rows(material.records)
    missing = missing_seeds(late, [GAN, REPFAIR], "late_gap")
    parts = [] if missing else verdict(late, material.groups[0])
    text = paragraphs([stand_in(material.records, "mnist"), *_texts(material.groups, rows, late)])
    return judge(rows, text, parts, [INTERVAL_RULE, MAJORITY_RULE, GAP_RULE, NUMBER_RULE], missing)


def verdict(late: list[dict], black: str) -> list[Part]:
    """The parts of the claim; `black` is the group that the paper finds more often."""
    plain, repaired = of_method(late, GAN), of_method(late, REPFAIR)
    return [
        unequal_part(plain, "the plain GAN"),
        favour_part(plain, black, "the plain GAN"),
        equal_part(repaired, "RepFair-GAN"),
        *repair_parts(late),
        *repair_parts(late, "corrected_class_gap", "mean gap within the classes", key=False),
        number_part(plain, "the plain GAN", PAPER_GAPS[GAN]),
        number_part(repaired, "RepFair-GAN", PAPER_GAPS[REPFAIR]),
    ]


def _texts(groups, rows, late):
    """Tables of the methods and of the classes, each with what it shows."""
    if not late:
        yield NO_RUN_OF_EITHER
        return
    methods = [method for method in PAPER_GAPS if of_method(late, method)]
    lines = [[method_name(method), *method_line(late, method, groups[0])] for method in methods]
    yield table(["method", *method_header(groups[0])], lines)
    yield EXPLAINED
    if rows:
        classes = dict.fromkeys(row["class"] for row in rows)
        lines = [_class_line(rows, name, methods) for name in classes]
        yield table(["class", *map(method_name, methods)], lines)
        yield f"Gap in each class, mean over seeds. {EXPLAINED_CLASSES} {escape(_worst(rows, methods))}"


def _of_class(rows, name):
    return [row for row in rows if row["class"] == name]


def _class_line(rows, name, methods):
    return [name, *(gap_text(of_method(_of_class(rows, name), method), "gap") for method in methods)]


def _worst(rows, methods):
    """Says which class has the largest gap in each method."""
    worst = []
    for method in methods:
        known = [row for row in of_method(rows, method) if row["gap"] is not None]
        means = {
            name: mean_interval(by_seed(_of_class(known, name), "gap").values()).mean
            for name in dict.fromkeys(row["class"] for row in known)
        }
        if means:
            name = max(means, key=means.get)
            worst.append(f"{name} for {method_name(method)} ({100 * means[name]:.1f} points)")
    return f"The largest gaps are in class {' and '.join(worst)}." if worst else ""


def plot(material: Material) -> Figure:
    """Plots the shares of the groups in each class."""
    classes = material.records[0]["data"]["classes"] if material.records else []
    note = stand_in_note(material.records, "mnist")
    return plot_class_shares(class_rows(material.records), material.groups, classes, note)


FIGURE = PaperFigure(
    title="Figure 4: the groups' shares in each class, plain GAN against RepFair-GAN",
    claim=(
        "On MNIST with half of each class inverted, a plain CGAN generates digits with a black background "
        "more often than with a white one, in every class; RepFair-GAN reduces the difference from about 18"
        " % to 3 % (section 4.2, Figure 4; the shares of the classes are not printed)."
    ),
    sweep="confirm",
    measure=measure,
    plot=plot,
    select={"method": (GAN, REPFAIR)},
    judged_in="confirm",
)
