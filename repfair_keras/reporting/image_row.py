"""A report as one row of a table."""

import csv
import io

from repfair_keras.core.csv_cells import guarded
from repfair_keras.metrics.catalog import QUALITY
from repfair_keras.reporting.table_row import classifiers

_RUN = ("name", "method", "dataset", "grouping", "seed", "sample_seed", "n", "undecided")
_DISTANCES = ("gap", "fd", "l1", "tv", "kl", "chebyshev", "noise_floor")


def to_row(report):
    """Returns a report's main numbers, flat. What is not known is `None`.

    Args:
        report: `ImageReport`.

    Returns:
        dict of: what was measured (`name`, `method`, `dataset`, `grouping`, `seed`, `sample_seed`, `n`,
        `undecided`), the distances from the target, `p_value`, `epsilon`, `share/<group>`,
        `corrected/<group>`, `corrected_low/<group>`, `corrected_high/<group>`, `corrected_gap`, `class_gap`,
        `label_agreement` and each metric of quality, also `<metric>_worst`, in the worst group if all have a
        value, and `<metric>_gap`, largest minus smallest group; `suspects` (of copying) and `extractor` (its
        hash); where classifiers learn from the images, what they reach, see `table_row.to_row`.
        `metrics.catalog` says what each is.
    """
    row = {column: getattr(report, column) for column in (*_RUN, *_DISTANCES)}
    row["p_value"] = report.p_value
    row["epsilon"] = report.epsilon.epsilon if report.epsilon else None
    row |= _shares(report)
    agreement = report.label_agreement
    row["label_agreement"] = agreement.overall if agreement else None
    row["label_agreement_worst"] = agreement.in_worst(report.groups) if agreement else None
    row |= _quality(report)
    suspects = report.memorisation.suspects if report.memorisation else None
    row["suspects"] = suspects.overall if suspects else None
    extractor = report.quality.extractor if report.quality else None
    row["extractor"] = extractor.hash if extractor else None
    return row | classifiers(report)


def _quality(report):
    """Each metric of quality: overall, in the worst group, and as a difference between groups."""
    overall = (report.quality.overall if report.quality else None) or {}
    by_group = (report.quality.by_group if report.quality else None) or {}
    row = {}
    for metric in QUALITY:
        split = by_group.get(metric)
        row[metric] = overall.get(metric)
        row[f"{metric}_worst"] = split.in_worst(report.groups) if split else None
        row[f"{metric}_gap"] = split.difference if split else None
    return row


def to_csv(rows):
    """Returns rows as CSV, with a header of all their columns in the order in which they first occur.

    Text that a spreadsheet would take for a formula gets a `'` in front: names come from the user's files.

    Args:
        rows: list of dicts; `None` and absent columns are left empty.

    Returns:
        str, one line per row and one for the header.
    """
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_safe, columns))
    writer.writerows([_safe(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _shares(report):
    """Shares, corrected shares and their intervals by group: a column each; and the gaps."""
    corrected, names = report.corrected if report.shares_are_corrected else None, report.groups
    unknown = [None] * len(names)
    ends = (corrected and corrected.intervals) or [[None, None]] * len(names)
    columns = {
        "share": report.proportions or unknown,
        "corrected": corrected.proportions if corrected else unknown,
        "corrected_low": [low for low, _ in ends],
        "corrected_high": [high for _, high in ends],
    }
    shares = {
        f"{column}/{name}": value
        for column, values in columns.items()
        for name, value in zip(names, values, strict=True)
    }
    gaps = {"corrected_gap": corrected.gap if corrected else None, "class_gap": _mean(report.by_class_gap)}
    return {**shares, **gaps}


def _mean(values):
    """Mean of the known values, `None` if there is none."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _safe(cell):
    return guarded(" ".join(cell.splitlines())) if isinstance(cell, str) else cell
