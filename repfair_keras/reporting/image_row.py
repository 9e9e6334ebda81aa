"""A report as one row of a table."""

import csv
import io

from repfair_keras.metrics.fidelity import HIGHER_IS_BETTER
from repfair_keras.reporting.table_row import classifiers

_RUN = ("name", "method", "dataset", "grouping", "seed", "sample_seed", "n", "undecided")
_DISTANCES = ("gap", "fd", "l1", "tv", "kl", "chebyshev", "noise_floor")


def to_row(report):
    """Returns a report's main numbers, flat. What is not known is `None`.

    Args:
        report: dict as in `report.json`.

    Returns:
        dict of: what was measured (`name`, `method`, `dataset`, `grouping`, `seed`, `sample_seed`, `n`,
        `undecided`), the distances from the target, `p_value`, `epsilon`, `share/<group>`,
        `corrected/<group>`, `corrected_low/<group>`, `corrected_high/<group>`, `corrected_gap`, `class_gap`
        (mean over the classes of the gap within each: a generator that makes each digit in one group only may
        look balanced over all of them),
        `label_agreement` and each metric of quality, also `<metric>_worst`, in the worst group
        if all have a value, and
        `<metric>_gap`, largest minus smallest group; `suspects` (of copying) and `extractor` (its hash);
        where classifiers learn from the images, what they reach, see `table_row.to_row`.
    """
    quality = report.get("quality") or {}
    agreement = report.get("label_agreement")
    row = {column: report.get(column) for column in (*_RUN, *_DISTANCES)}
    row["p_value"] = _at(report, "test", "p_value")
    row["epsilon"] = _at(report, "epsilon", "epsilon")
    row |= _shares(report)
    row["label_agreement"] = _at(agreement, "overall")
    row["label_agreement_worst"] = value_in_worst(agreement, report["groups"])
    for metric in HIGHER_IS_BETTER:
        row[metric] = _at(quality, "overall", metric)
        by_group = _at(quality, "by_group", metric)
        row[f"{metric}_worst"] = value_in_worst(by_group, report["groups"])
        row[f"{metric}_gap"] = _at(by_group, "difference")
    row["suspects"] = _at(report, "memorisation", "suspects", "overall")
    row["extractor"] = _at(quality, "extractor", "hash")
    return row | classifiers(report)


def value_in_worst(metric, names, key="by_group"):
    """Returns the value of a disaggregated metric in its worst group, `None` if there is none."""
    worst = _at(metric, "worst")
    return None if worst is None else metric[key][list(names).index(worst)]


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
    """Shares, corrected shares and their intervals by group: a column each."""
    corrected, names = report.get("corrected") or {}, report["groups"]
    unknown = [None] * len(names)
    columns = {
        "share": report.get("proportions") or unknown,
        "corrected": corrected.get("proportions") or unknown,
        "corrected_low": [low for low, _ in corrected.get("intervals") or [[None, None]] * len(names)],
        "corrected_high": [high for _, high in corrected.get("intervals") or [[None, None]] * len(names)],
    }
    shares = {
        f"{column}/{name}": value
        for column, values in columns.items()
        for name, value in zip(names, values, strict=True)
    }
    gaps = {"corrected_gap": corrected.get("gap"), "class_gap": _mean(report.get("by_class_gap"))}
    return {**shares, **gaps}


def _mean(values):
    """Mean of the known values, `None` if there is none."""
    known = [value for value in values or () if value is not None]
    return sum(known) / len(known) if known else None


def _at(thing, *keys):
    """Value at a path through nested dicts, `None` where it ends early."""
    for key in keys:
        thing = (thing or {}).get(key)
    return thing


def _safe(cell):
    if not isinstance(cell, str):
        return cell
    line = " ".join(cell.splitlines())
    return f"'{line}" if line.lstrip().startswith(("=", "+", "-", "@")) else line
