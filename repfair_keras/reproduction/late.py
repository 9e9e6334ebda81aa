"""Runs as rows of late means, since those of one checkpoint wander."""

import numpy as np

from repfair_keras.metrics.over_training import late_mean
from repfair_keras.reproduction.corrected import corrected
from repfair_keras.reproduction.runs import identity, late_shares

PRESENT = 0.1  # of the late images: a group below it counts as lost


def late_rows(records):
    """Returns a row per run, a line of the CSV and what the drawings take.

    Args:
        records: see `experiments.records`.

    Returns:
        list of dicts of `identity`, `max_grad_norm`, `training_share` (of the second group) and, corrected
        means over the second half of training in [0, 1], `late_share/<group>`, `late_gap` (largest minus
        smallest), `late_lead/<group>` (its share minus the largest other), `late_share` (of the second
        group), `lost_group` (whether one is below a tenth); their raw values `late_raw_share/<group>` and
        `late_raw_gap`; `class_gap`, the mean over the classes of the gap within each at the end of training;
        `late_undecided`, `late_right_label`, `late_clip_fraction/<group>` and `late_kid/<group>`; `None`
        where nothing was measured.
    """
    return [_row(corrected(record)) for record in records]


def _row(record):
    names, shares = record["data"]["groups"], late_shares(record)
    row = {**identity(record), "max_grad_norm": record["config"]["max_grad_norm"]}
    row |= {"training_share": training_share(record), **shares}
    by_group = [f"{column}/{name}" for column in ("clip_fraction", "kid") for name in names]
    for column in ("undecided", "right_label", *by_group):
        row[f"late_{column}"] = late_mean(record["log"], column)
    found = [shares[f"late_share/{name}"] for name in names]
    unknown = None in found
    for index, name in enumerate(names):
        others = found[:index] + found[index + 1 :]
        row[f"late_lead/{name}"] = None if unknown else found[index] - max(others)
    row |= {"late_share": found[1], "lost_group": None if unknown else min(found) < PRESENT}
    return {**row, "class_gap": _class_gap(record["report"]["by_class"])}


def _class_gap(by_class):
    gaps = [max(shares) - min(shares) for shares in by_class if shares is not None]
    return float(np.mean(gaps)) if gaps else None


def training_share(record):
    """Share of the second group in the training data: the one asked for, or as it came out."""
    asked = record["config"]["share"]
    return asked if isinstance(asked, float) else round(record["data"]["shares"][1], 3)
