"""Figure 4 of RepFair-GAN: the background of generated digits, class by class."""

import numpy as np

from repfair_keras.evaluation.markdown.text import escape, table
from repfair_keras.figures.paper import class_shares
from repfair_keras.figures.paper.names import method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.reproduction.definition import Measured, Reproduction
from repfair_keras.reproduction.late import (
    GAN,
    REPFAIR,
    equal_part,
    favour_part,
    late_rows,
    method_header,
    method_line,
    number_part,
    points,
    repair_part,
    unequal_part,
)
from repfair_keras.reproduction.parts import GAP_RULE, INTERVAL_RULE, Part, below, judge
from repfair_keras.reproduction.runs import (
    by_seed,
    difference,
    identity,
    missing_seeds,
    of_method,
    stand_in,
    stand_in_note,
)

PAPER = {GAN: 0.18, REPFAIR: 0.03}
EXPLAINED = (
    "Shares are of the images whose group is clear, the undecided ones of all. In this table they are means"
    " over the second half of training, of all classes; the gap is the larger minus the smaller share of a "
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
        records: see `experiments.records`; runs without classes give no rows.

    Returns:
        list of dicts of `dataset`, `method`, `seed`, `record`, `class`, `share/<group>`, `gap` and
        `undecided`, at the end of training, in [0, 1] or `None`.
    """
    return [row for record in records for row in _rows_of(record)]


def _rows_of(record):
    report = record["report"]
    columns = [f"share/{name}" for name in report["groups"]]
    unknown = [None] * len(columns)
    parts = zip(report["classes"], report["by_class"], report["by_class_undecided"], strict=True)
    for name, shares, undecided in parts:
        shares = shares or unknown
        gap = None if None in shares else max(shares) - min(shares)
        found = dict(zip(columns, shares, strict=True))
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
            repair_part(late),
            _class_part(rows),
        ]
    )
    numbers = [
        number_part(plain, "the plain GAN", PAPER[GAN]),
        number_part(repaired, "RepFair-GAN", PAPER[REPFAIR]),
    ]
    return Measured(rows, text, *judge(parts, [INTERVAL_RULE, GAP_RULE], missing, numbers))


def run_gaps(rows):
    """Returns a row per run with `class_gap`, the mean over its classes of the gap within the class."""
    runs = {}
    for row in rows:
        runs.setdefault((row["method"], row["seed"]), []).append(row["gap"])
    known = {run: [gap for gap in gaps if gap is not None] for run, gaps in runs.items()}
    return [
        {"method": method, "seed": seed, "class_gap": float(np.mean(gaps)) if gaps else None}
        for (method, seed), gaps in known.items()
    ]


def _class_part(rows):
    found = difference(run_gaps(rows), "class_gap", GAN, REPFAIR)
    text = f"RepFair-GAN minus plain GAN within classes is {points(found)}, claimed: below 0"
    return Part(text, below(found, 0), key=True)


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
    found = [
        mean_interval([row["gap"] for row in of_method(mine, method)], low=0, high=1) for method in methods
    ]
    return [name, *map(points, found)]


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


FIGURE_4 = Reproduction(
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
