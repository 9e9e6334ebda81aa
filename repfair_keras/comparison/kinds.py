"""What is compared of runs on images, and of runs on tables."""

import math
from collections.abc import Callable
from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.figures import comparison, table_methods
from repfair_keras.reporting import image_row, table_row
from repfair_keras.reporting.console import is_of_table
from repfair_keras.reporting.markdown.text import escape


class Column(NamedTuple):
    """A line of the table: heading, factor and digits of the numbers shown, and the range of the values."""

    heading: str
    factor: float
    digits: int
    low: float = 0
    high: float = 1


class Kind(NamedTuple):
    """A kind of runs.

    Args:
        columns: dict of column of a row to `Column`.
        cures: what must be equal in all reports, keys joined by dots, in the order in which it is checked,
            and what to do where it is not.
        to_row: function from a report to its row.
        describe: function from the reports to a sentence that says what they have in common.
        draw: function from rows and two columns, or `None`, to a figure, or `None`.
        caption: of the figure.
    """

    columns: dict
    cures: dict
    to_row: Callable
    describe: Callable
    draw: Callable
    caption: str


def kind_of(report):
    """Returns the `Kind` of a report."""
    return TABLES if is_of_table(report) else IMAGES


def _describe_images(reports):
    report = reports[0]
    reached = _of_real(image_row.to_row(report), IMAGE_COLUMNS, of_classifiers=True)
    learnt = "Classifiers are trained on these and tested on real images; trained on real ones they reach: "
    return (
        f"{escape(report['dataset'])}, groups by {escape(report['grouping'])}, {report['n']:,} images of "
        f"each run, extractor {report['quality']['extractor']['hash']}. Mean over runs with 95 % t interval; "
        "n says of how many runs, where not of all: the worst group has no value where a group is too rare "
        "to be measured." + (f" {learnt}{reached}." if reached else "")
    )


def _describe_tables(reports):
    report = reports[0]
    row = table_row.to_row(report)
    reached, alike = (_of_real(row, TABLE_COLUMNS, of_classifiers) for of_classifiers in (True, False))
    return (
        f"{escape(report['dataset'])}, groups by {escape(report['sensitive'])}, target "
        f"{escape(report['target'])}, {report['n']:,} synthetic rows of each run. Classifiers are trained on "
        f"these and tested on real rows; trained on real rows they reach: {reached}. "
        f"Real training rows in the place of synthetic ones have: {alike}. Mean "
        "over runs with 95 % t interval."
    )


def _of_real(row, columns, of_classifiers):
    """What real data reach: of the columns of classifiers, whose names have a `/`, or of the others."""
    return ", ".join(
        f"{column.heading} {row[f'real_{name}']:.{column.digits}f}"
        for name, column in columns.items()
        if ("/" in name) is of_classifiers and row.get(f"real_{name}") is not None
    )


def _draw_images(rows, x, y):
    return comparison.draw(rows, x or "gap", y or "kid_worst")


def _draw_tables(rows, x, y):
    for option, column in (("x", x), ("y", y)):
        if column is not None:
            raise InputError(f"{option} is {column!r}, but the figure of tables has all axes: leave it out.")
    named = [{**row, "method": row["name"]} for row in rows]
    return table_methods.plot(named, "Classifiers of synthetic rows")


IMAGE_COLUMNS = {
    "gap": Column("gap (points)", 100, 1),
    "corrected_gap": Column("gap, corrected (points)", 100, 1),
    "class_gap": Column("gap within classes (points)", 100, 1),
    "kl": Column("KL", 1, 4, high=math.inf),
    "undecided": Column("undecided (%)", 100, 1),
    "label_agreement": Column("right label (%)", 100, 1),
    "label_agreement_worst": Column("right label, worst group (%)", 100, 1),
    "fid": Column("FID", 1, 2, high=math.inf),
    "kid": Column("KID x 1000", 1000, 2, -math.inf, math.inf),
    "kid_worst": Column("KID x 1000, worst group", 1000, 2, -math.inf, math.inf),
    "precision": Column("precision", 1, 3),
    "recall": Column("recall", 1, 3),
    "coverage": Column("coverage", 1, 3),
    "coverage_worst": Column("coverage, worst group", 1, 3),
    "suspects": Column("possible copies (%)", 100, 1),
    "demographic_parity/lr": Column("DP, logistic regression", 1, 3),
    "ftu/lr": Column("FTU, logistic regression", 1, 3),
    "accuracy/lr": Column("accuracy, logistic regression", 1, 3),
}
TABLE_COLUMNS = {
    "demographic_parity/lr": Column("DP, logistic regression", 1, 3),
    "ftu/lr": Column("FTU, logistic regression", 1, 3),
    "equalised_odds/lr": Column("equalised odds, logistic regression", 1, 3),
    "equal_opportunity/lr": Column("equal opportunity, logistic regression", 1, 3),
    "disparate_impact/lr": Column("disparate impact, logistic regression", 1, 3),
    "accuracy/lr": Column("accuracy, logistic regression", 1, 3),
    "demographic_parity/rf": Column("DP, random forest", 1, 3),
    "ftu/rf": Column("FTU, random forest", 1, 3),
    "equalised_odds/rf": Column("equalised odds, random forest", 1, 3),
    "accuracy/rf": Column("accuracy, random forest", 1, 3),
    "similarity": Column("likeness of columns", 1, 3),
    "pair_similarity": Column("likeness of pairs of columns", 1, 3),
    "precision": Column("precision of rows", 1, 3),
    "recall": Column("recall of rows", 1, 3),
    "coverage": Column("coverage of rows", 1, 3),
    "closer_to_training": Column("closer to a training row", 1, 3),
    "leak": Column("AUROC of the group from codes", 1, 3),
}
AGAIN = "Evaluate it again with"
IMAGES = Kind(
    IMAGE_COLUMNS,
    {
        **dict.fromkeys(("dataset", "grouping", "groups"), "Leave it out: these are other groups."),
        "quality.extractor.hash": f"{AGAIN} --instruments of the other: theirs do not compare.",
        "classifier.confusion": f"{AGAIN} --instruments of the other: two classifiers counted.",
        "classifier.confidence": f"{AGAIN} the same --confidence.",
        "target": f"{AGAIN} the same --target.",
        "n": f"{AGAIN} the same --n.",
    },
    image_row.to_row,
    _describe_images,
    _draw_images,
    "representation against quality",
)
TABLES = Kind(
    TABLE_COLUMNS,
    {
        **dict.fromkeys(("dataset", "sensitive", "groups"), "Leave it out: these are other groups."),
        **dict.fromkeys(("target", "positive"), "Leave it out: classifiers predict something else."),
        **dict.fromkeys(
            ("quality.column_similarity_real", "quality.pair_similarity_real"),
            "Leave it out: these are other rows or columns.",
        ),
        "n": f"{AGAIN} the same --n.",
    },
    table_row.to_row,
    _describe_tables,
    _draw_tables,
    "classifiers of synthetic rows",
)
