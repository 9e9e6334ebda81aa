"""Figure 4 of RepFair-GAN: the background of generated digits, class by class."""

from repfair_keras.figures.names import method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.corrected import SHARES_ARE, corrected
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.gaps import (
    GAP_RULE,
    NUMBER_RULE,
    equal_part,
    favour_part,
    method_header,
    method_line,
    number_part,
    repair_parts,
    unequal_part,
)
from repfair_keras.papers.late_training import late_rows
from repfair_keras.papers.plots import class_shares
from repfair_keras.papers.run_rows import (
    GAN,
    REPFAIR,
    by_seed,
    identity,
    mean_text,
    missing_seeds,
    of_method,
    stand_in,
    stand_in_note,
)
from repfair_keras.papers.verdict import INTERVAL_RULE, MAJORITY_RULE, judge
from repfair_keras.reporting.markdown.text import escape, table

PAPER = {GAN: 0.18, REPFAIR: 0.03}
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


def class_rows(records):
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
        gap = None if shares is None else max(shares) - min(shares)
        found = dict(zip(columns, [*(shares or unknown), *(raw or unknown)], strict=True))
        yield {**identity(record), "class": name, **found, "gap": gap, "undecided": undecided}


def measure(material):
    """Figure 4: is the plain GAN unequal in the classes, and RepFair-GAN not?"""
    rows, late = class_rows(material.records), late_rows(material.records)
    text = "\n\n".join(
        filter(None, [stand_in(material.records, "mnist"), *_texts(material.records, rows, late)])
    )
    plain, repaired = of_method(late, GAN), of_method(late, REPFAIR)
    missing = missing_seeds(late, [GAN, REPFAIR], "late_gap")
    parts = (
        []
        if missing
        else [
            unequal_part(plain, "the plain GAN"),
            favour_part(plain, material.records[0]["data"]["groups"][0], "the plain GAN"),
            equal_part(repaired, "RepFair-GAN"),
            *repair_parts(late),
            *repair_parts(late, "corrected_class_gap", "mean gap within the classes", key=False),
            number_part(plain, "the plain GAN", PAPER[GAN]),
            number_part(repaired, "RepFair-GAN", PAPER[REPFAIR]),
        ]
    )
    return judge(rows, text, parts, [INTERVAL_RULE, MAJORITY_RULE, GAP_RULE, NUMBER_RULE], missing)


def _texts(records, rows, late):
    """Tables of the methods and of the classes, each with what it shows."""
    if not records:
        yield "No run of either method has been recorded."
        return
    methods = [method for method in PAPER if of_method(late, method)]
    group = records[0]["data"]["groups"][0]
    lines = [[method_name(method), *method_line(late, method, group)] for method in methods]
    yield table(["method", *method_header(group)], lines)
    yield EXPLAINED
    if rows:
        classes = list(dict.fromkeys(row["class"] for row in rows))
        yield table(
            ["class", *map(method_name, methods)], [_class_line(rows, name, methods) for name in classes]
        )
        yield f"Gap in each class, mean over seeds. {EXPLAINED_CLASSES} {escape(_worst(rows, methods))}"


def _class_line(rows, name, methods):
    mine = [row for row in rows if row["class"] == name]
    return [name, *(mean_text(of_method(mine, method), "gap", 100, " points", 0, 1) for method in methods)]


def _worst(rows, methods):
    """Says which class has the largest gap in each method."""
    told = []
    for method in methods:
        mine = [row for row in of_method(rows, method) if row["gap"] is not None]
        means = {
            name: mean_interval(by_seed([r for r in mine if r["class"] == name], "gap").values()).mean
            for name in dict.fromkeys(row["class"] for row in mine)
        }
        if means:
            name = max(means, key=means.get)
            told.append(f"{name} for {method_name(method)} ({100 * means[name]:.1f} points)")
    return f"The largest gaps are in class {' and '.join(told)}." if told else ""


def draw(material):
    """Draws figure 4."""
    first = material.records[0]["data"] if material.records else {"groups": [], "classes": []}
    note = stand_in_note(material.records, "mnist")
    return class_shares.draw(class_rows(material.records), first["groups"], first["classes"], note)


FIGURE_4 = PaperFigure(
    title="Figure 4: the groups' shares in each class, plain GAN against RepFair-GAN",
    claim=(
        "On MNIST with half of each class inverted, a plain CGAN generates digits with a black background "
        "more often than with a white one, in every class; RepFair-GAN reduces the difference from about 18"
        " % to 3 % (section 4.2, Figure 4; the shares of the classes are not printed)."
    ),
    sweep="mnist_methods",
    measure=measure,
    draw=draw,
    select={"method": (GAN, REPFAIR)},
)
