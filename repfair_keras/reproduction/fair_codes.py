"""FLDGM, figure 5: codes of real and of synthetic rows, by PCA and t-SNE."""

from repfair_keras.evaluation.markdown.text import table
from repfair_keras.figures.names import method_name
from repfair_keras.figures.paper import pictures
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.reproduction.definition import Reproduction
from repfair_keras.reproduction.fair_rows import FAIR, fair_rows
from repfair_keras.reproduction.parts import INTERVAL_RULE, Part, below, judge
from repfair_keras.reproduction.runs import (
    NO_RUN,
    identity,
    interval_text,
    mean_text,
    missing_seeds,
    of_method,
)

NEAR = 0.15  # by which standard deviations of synthetic codes may differ from those of real ones
RULE = (
    f"Codes are alike if the furthest of their standard deviations is within {NEAR:.0%} of the real codes'. "
    "Pictures decide nothing."
)
EXPLAINED = (
    "The furthest ratio is that of the standard deviation of synthetic codes over real ones, in the "
    "dimension where it is furthest from 1. The picture has the codes of 1,000 held-out rows and "
    "1,000 synthetic ones."
)


def rows_of(records):
    """Returns a row per run: `identity`, `leak`, and `furthest`, the ratio furthest from 1."""
    ratios = [record["report"]["codes"]["deviation_ratio"] for record in records]
    return [
        {**identity(record), "leak": row["leak"], "furthest": max(ratio, key=lambda value: abs(value - 1))}
        for record, row, ratio in zip(records, fair_rows(records), ratios, strict=True)
    ]


def measure(material):
    """Are synthetic codes spread as real ones are?"""
    rows = rows_of(material.records)
    missing = missing_seeds(rows, FAIR, "furthest") if rows else NO_RUN
    parts = [] if missing else [_part(rows, method) for method in FAIR]
    return judge(rows, _text(rows), parts, [INTERVAL_RULE, RULE], missing)


def _part(rows, method):
    off = mean_interval([abs(row["furthest"] - 1) for row in of_method(rows, method)], low=0)
    text = (
        f"{method_name(method)}: the furthest standard deviation differs by {interval_text(off)} of the real "
        f"one, claimed: below {NEAR:g}"
    )
    return Part(text, below(off, NEAR), key=True)


def _text(rows):
    if not rows:
        return NO_RUN
    lines = [
        [method_name(method), mean_text(mine, "furthest"), mean_text(mine, "leak")]
        for method in FAIR
        if (mine := of_method(rows, method))
    ]
    header = ["method", "furthest ratio", "AUROC of the group from codes"]
    return f"{table(header, lines)}\n\n{EXPLAINED}"


def draw(material):
    """Draws the pictures of each method's first seed, as they were kept beside the records."""
    shown = {}
    for record in sorted(material.records, key=lambda record: record["config"]["seed"]):
        if record["picture"]:
            shown.setdefault(record["config"]["method"], record["picture"])
    return pictures.draw_kept({method_name(name): shown[name] for name in FAIR if name in shown})


FLD_CODES = Reproduction(
    title="FLDGM, figure 5: codes of real and synthetic rows",
    claim=(
        "Figure 5 shows the codes of the original and of the synthetic data of FLD-WGAN-GP, by PCA and by "
        "t-SNE: the synthetic ones lie where the real ones do. The poster has no numbers; we hold the claim "
        "against the spread of the codes, for all three generators."
    ),
    sweep="fld_adult",
    measure=measure,
    draw=draw,
    select={"alpha": 7.0},
)
