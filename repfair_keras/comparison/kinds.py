"""What is compared of runs on images, and of runs on tables."""

from collections.abc import Callable
from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.figures import comparison, table_methods
from repfair_keras.metrics.catalog import metric_info
from repfair_keras.reporting.markdown.text import escape


class Kind(NamedTuple):
    """A kind of runs.

    Args:
        columns: columns of a row that are compared; the catalogue of metrics says what each is.
        cures: what must be equal in all reports, attributes joined by dots, in the order in which it is
            checked, and what to do where it is not.
        describe: function from the reports to a sentence that says what they have in common.
        plot: function from rows and two columns, or `None`, to a figure, or `None`.
        caption: of the figure.
    """

    columns: tuple[str, ...]
    cures: dict[str, str]
    describe: Callable
    plot: Callable
    caption: str


def kind_of(report):
    """Returns the `Kind` of a report."""
    return KINDS[report.modality]


def _describe_images(reports):
    report = reports[0]
    reached = _of_real(report.to_row(), IMAGE_COLUMNS, of_classifiers=True)
    learnt = "Classifiers are trained on these and tested on real images; trained on real ones they reach: "
    return (
        f"{escape(report.dataset)}, groups by {escape(report.grouping)}, {report.n:,} images of "
        f"each run, {escape(report.quality.extractor.called)}. Mean over runs with 95 % t interval; "
        "n says of how many runs, where not of all: the worst group has no value where a group is too rare "
        "to be measured." + (f" {learnt}{reached}." if reached else "")
    )


def _describe_tables(reports):
    report = reports[0]
    row = report.to_row()
    reached, alike = (_of_real(row, TABLE_COLUMNS, of_classifiers) for of_classifiers in (True, False))
    return (
        f"{escape(report.dataset)}, groups by {escape(report.sensitive)}, target "
        f"{escape(report.target)}, {report.n:,} synthetic rows of each run. Classifiers are trained on "
        f"these and tested on real rows; trained on real rows they reach: {reached}. "
        f"Real training rows in the place of synthetic ones have: {alike}. Mean "
        "over runs with 95 % t interval."
    )


def _of_real(row, columns, of_classifiers):
    """What real data reach: of the columns of classifiers, whose names have a `/`, or of the others."""
    return ", ".join(
        f"{metric_info(name).label} {metric_info(name).shown(row[f'real_{name}'])}"
        for name in columns
        if ("/" in name) is of_classifiers and row.get(f"real_{name}") is not None
    )


def _plot_images(rows, x, y):
    return comparison.plot(rows, x or "gap", y or "kid_worst")


def _plot_tables(rows, x, y):
    for option, column in (("x", x), ("y", y)):
        if column is not None:
            raise InputError(f"{option} is {column!r}, but the figure of tables has all axes: leave it out.")
    named = [{**row, "method": row["name"]} for row in rows]
    return table_methods.plot(named, "Classifiers of synthetic rows")


OF_CLASSIFIERS = ("demographic_parity/lr", "ftu/lr", "accuracy/lr")
IMAGE_COLUMNS = (
    *("corrected_gap", "gap", "class_gap", "kl", "undecided", "label_agreement", "label_agreement_worst"),
    *("fid", "kid", "kid_worst", "precision", "recall", "coverage", "coverage_worst", "suspects"),
    *OF_CLASSIFIERS,
)
TABLE_COLUMNS = (
    *("auroc/values", "disparate_impact/values", "equalised_odds_ratio/values", "shapes", "trends"),
    *("exact_copies", "membership", "rules_broken", "never_seen"),
    *("demographic_parity/lr", "ftu/lr", "equalised_odds/lr", "equal_opportunity/lr"),
    *("disparate_impact/lr", "accuracy/lr"),
    *("demographic_parity/rf", "ftu/rf", "equalised_odds/rf", "accuracy/rf"),
    *("similarity", "pair_similarity", "precision", "recall", "coverage", "closer_to_training", "leak"),
)
AGAIN = "Evaluate it again with"
IMAGES = Kind(
    IMAGE_COLUMNS,
    {
        **dict.fromkeys(("dataset", "grouping", "groups"), "Leave it out: these are other groups."),
        "quality.extractor.hash": f"{AGAIN} --instruments of the other: theirs do not compare.",
        "classifier.confusion": f"{AGAIN} --instruments of the other: two classifiers counted.",
        "classifier.confidence": f"{AGAIN} the same --confidence.",
        "classifier.max_undecided": f"{AGAIN} the same --max_undecided.",
        "target": f"{AGAIN} the same --target.",
        "n": f"{AGAIN} the same --n.",
    },
    _describe_images,
    _plot_images,
    "representation against quality",
)
TABLES = Kind(
    TABLE_COLUMNS,
    {
        **dict.fromkeys(("dataset", "sensitive", "groups"), "Leave it out: these are other groups."),
        **dict.fromkeys(("target", "positive"), "Leave it out: classifiers predict something else."),
        **dict.fromkeys(
            ("quality.column_similarity_real", "quality.pair_similarity_real"),
            "Leave it out: these are other rows or columns, or the same numbered otherwise (--rules, --keys).",
        ),
        "n": f"{AGAIN} the same --n.",
    },
    _describe_tables,
    _plot_tables,
    "classifiers of synthetic rows",
)
KINDS = {"images": IMAGES, "tables": TABLES}
