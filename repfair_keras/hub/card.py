"""What a hub reads at the top of a model card: licence, tags, and results as a `model-index`."""

import math

import yaml

from repfair_keras.core.errors import InputError

TASKS = {"images": "unconditional-image-generation", "tables": "other"}
# Columns of a report's row that others compare generators by, where it has them.
RESULTS = {
    "images": ("corrected_gap", "fid", "kid", "coverage", "undecided", "label_agreement"),
    "tables": (
        "auroc/values",
        "disparate_impact/values",
        "equalised_odds_ratio/values",
        "shapes",
        "trends",
        "membership",
    ),
}
MARK = "---\n"


def with_results(card, report, name, license):
    """Returns a model card whose header has a licence and the report's numbers.

    Args:
        card: the card, Markdown with a header in YAML.
        report: `ImageReport` or `TableReport` of the generator.
        name: name of the model.
        license: identifier of a licence, as the hub knows it.

    Raises:
        InputError: if the card has no header.
    """
    parts = card.split(MARK, 2)
    if len(parts) != 3 or parts[0]:
        raise InputError("the model card has no header in YAML: evaluate the run again, which writes it.")
    header = yaml.safe_load(parts[1]) or {}
    header |= {"license": license, "model-index": [{"name": name, "results": results(report)}]}
    return f"{MARK}{yaml.safe_dump(header, sort_keys=False, allow_unicode=True)}{MARK}{parts[2]}"


def results(report):
    """Returns a report's main numbers as the results of a `model-index`."""
    from repfair_keras.metrics.catalog import metric_info

    row = report.to_row()
    metrics = [
        {"type": column, "name": metric_info(column).label, "value": float(row[column])}
        for column in RESULTS[report.modality]
        if row.get(column) is not None and math.isfinite(row[column])
    ]
    metrics += [
        {"type": f"share/{group}", "name": f"share of {group}", "value": float(share.value)}
        for group, share in report.shares.items()
        if share.value is not None
    ]
    dataset = {"name": report.dataset, "type": report.dataset}
    task = {"type": TASKS[report.modality], "name": "generation of " + report.modality}
    return [{"task": task, "dataset": dataset, "metrics": metrics}] if metrics else []
