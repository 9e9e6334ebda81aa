"""The remedies of On the Fairness of GANs beside stacked GAN, plain GAN and RepFair-GAN."""

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.figures.names import METHOD_NAMES, method_name
from repfair_keras.metrics.intervals import mean_interval
from repfair_keras.papers.end_of_training import end_rows
from repfair_keras.papers.figure import PaperFigure
from repfair_keras.papers.gaps import GAP_RULE, equal_part, lost_text
from repfair_keras.papers.plots import ablations
from repfair_keras.papers.repfair.ablations import real_images
from repfair_keras.papers.repfair.same_quality import quality_rows, quality_table
from repfair_keras.papers.run_rows import (
    NO_RUN,
    count_smaller,
    difference,
    each_text,
    mean_text,
    missing_seeds,
    of_method,
    points,
    stand_in,
    stand_in_note,
)
from repfair_keras.papers.verdict import INTERVAL_RULE, MAJORITY_RULE, Part, below, judge, majority_part
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


def rows_of(records):
    """Returns a row per run: that of `end_rows`, the report's main numbers, and what real images reach.

    An ensemble has no shares during training; for all methods to compare, none is averaged over it.
    """
    return [
        {**report_from_dict(record["report"]).to_row(), **row, **real_images(record["report"])}
        for record, row in zip(records, end_rows(records), strict=True)
    ]


def measure(material):
    """Do the two remedies represent the groups equally, where a stacked GAN does not?"""
    rows = rows_of(material.records)
    missing = missing_seeds(rows, (STACKED, *REMEDIES), "end_gap") if rows else NO_RUN
    parts = [] if missing else [part for method in REMEDIES for part in _parts(rows, method)]
    told = [stand_in(material.records, "mnist"), *_texts(material.records, rows)]
    rules = [INTERVAL_RULE, MAJORITY_RULE, GAP_RULE]
    return judge(rows, "\n\n".join(filter(None, told)), parts, rules, missing)


def _parts(rows, method):
    name, found = method_name(method), difference(rows, "end_gap", STACKED, method)
    text = f"{name}'s gap minus the stacked GAN's on the same seeds is {points(found)}, claimed: below 0"
    k, n = count_smaller(rows, "end_gap", STACKED, method)
    return [
        equal_part(of_method(rows, method), name, key=True, when="end"),
        Part(text, below(found, 0)),
        majority_part(f"{name}'s gap is smaller than the stacked GAN's", k, n, key=False),
    ]


def _texts(records, rows):
    if not rows:
        yield NO_RUN
        return
    groups = records[0]["data"]["groups"]
    header = ["method", "seeds", f"{groups[1]} (%)", "gap", "lost a group", "gap within classes"]
    yield table(header, [_line(of_method(rows, method), method, groups[1]) for method in _found(rows)])
    yield EXPLAINED
    yield quality_table(quality_rows(records), groups)
    yield from _subgroups(records)


def _found(rows):
    return [method for method in METHOD_NAMES if of_method(rows, method)]


def _line(rows, method, group):
    return [
        method_name(method),
        str(len(rows)),
        each_text(rows, f"end_share/{group}", 100),
        mean_text(rows, "end_gap", 100, " points", 0, 1),
        lost_text(rows, "runs"),
        mean_text(rows, "corrected_class_gap", 100, " points", 0, 1),
    ]


def _subgroups(records):
    """The purity of every group and class of the group-conditional GAN."""
    asked = [record["report"]["asked"] for record in records if record["report"].get("asked")]
    if not asked:
        return
    groups, classes = records[0]["data"]["groups"], records[0]["data"]["classes"]
    lines = []
    for group, name in enumerate(groups):
        columns = [[report["purity"][group]] for report in asked]
        columns = [own + report["purity_by_class"][group] for own, report in zip(columns, asked, strict=True)]
        lines.append([name, *(percent(mean_interval(cell).mean) for cell in zip(*columns, strict=True))])
    yield table(["made for", "all", *classes], lines)
    yield SUBGROUPS


def draw(material):
    """Draws the methods beside one another; `None` without records."""
    records = material.records
    if not records:
        return None
    group, note = records[0]["data"]["groups"][1], stand_in_note(records, "mnist")
    return ablations.draw(rows_of(records), group, note=note, title=TITLE, subtitle=SUBTITLE, when="end")


GANS_METHODS = PaperFigure(
    title=TITLE,
    claim=(
        "A generator and a discriminator that are told the group can be asked for each at an equal rate; "
        "bias might then move to subgroups, which is left open (section V-A). A boosted ensemble of "
        "generators can generate the groups at equal rate (section V-B). The paper has no experiment on "
        "either."
    ),
    sweep="group_methods",
    measure=measure,
    draw=draw,
    select={"method": METHODS},
)
