"""What a sweep ends with: a table, its numbers and a figure over seeds, for each setting."""

import dataclasses
import re
from pathlib import Path

from repfair_keras.comparison.compare_runs import compare
from repfair_keras.comparison.setting_names import setting_names
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing
from repfair_keras.evaluation.report import report_from_dict

LONGEST_NAME = 80


def write_result(records, folder):
    """Compares the runs of a sweep, in a part for each kind of data, and writes them.

    Args:
        records: records of the runs, dicts.
        folder: folder that is written anew as a whole: `comparison.md`, `.csv`, `.json` and `.png` for each kind of
            data.

    Returns:
        list of `(part, text)`: the folder of each part, and its table as Markdown, or why there is none.
    """
    parts = {}
    for record in records:
        parts.setdefault(record["data"]["fingerprint"], []).append(record)
    results, folder = [], Path(folder)
    with replacing(folder) as temporary:
        temporary.mkdir()
        for part in parts.values():
            name = part_name(part, parts)
            try:
                compared = compare(named_reports(part))
            except InputError as error:
                results.append((folder / name, f"There is no comparison: {error}"))
                continue
            compared.write(temporary / name)
            results.append((folder / name, compared.to_markdown()))
    return results


def named_reports(records):
    """Returns the report of each record, named by the settings in which it differs from the others."""
    reports = [report_from_dict(record["report"]) for record in records]
    names = setting_names([record["config"] for record in records], [report.name for report in reports])
    return [dataclasses.replace(report, name=name) for report, name in zip(reports, names, strict=True)]


def part_name(part, parts):
    """Returns the name of the folder of one kind of data."""
    config = part[0]["config"]
    name = "-".join(filter(None, (config["dataset"], config.get("grouping"))))
    alike = [other for other in parts.values() if other[0]["config"]["dataset"] == config["dataset"]]
    return slug(name if len(alike) == 1 else f"{name}-{part[0]['data']['fingerprint'][:6]}")


def run_folder_name(description, identity):
    """Returns the name of a run's folder: readable, with its identity at the end.

    Args:
        description: as `records.describe` returns it.
        identity: the run's identity.

    Examples:
        >>> from repfair_keras.sweeps.result import run_folder_name
        >>> run_folder_name("mnist, repfair, seed 0, max_grad_norm 10", "0123456789abcdef")
        'mnist-repfair-seed-0-max_grad_norm-10-0123456789abcdef'
    """
    return f"{slug(description)}-{identity}"


def slug(text):
    """Returns text as part of a file name: letters, digits, points and underscores, joined by hyphens."""
    return re.sub(r"[^\w.]+", "-", text).strip("-.")[:LONGEST_NAME].rstrip("-.")
