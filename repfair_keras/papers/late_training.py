"""Runs as rows of late means, since those of one checkpoint wander."""

import numpy as np

from repfair_keras.metrics.over_training import late_mean
from repfair_keras.papers.corrected import corrected
from repfair_keras.papers.run_rows import identity, late_shares

PRESENT = 0.1  # of the late images: a group below it counts as lost


def late_rows(records):
    """Returns a row per run, a line of the CSV and what the drawings take.

    Args:
        records: see `sweeps.records`.

    Returns:
        list of dicts of `identity`, `max_grad_norm`, `training_share` (of the second group) and, corrected
        means over the second half of training in [0, 1], `late_share/<group>`, `late_gap` (largest minus
        smallest), `late_lead/<group>` (its share minus the largest other), `late_share` (of the second
        group), `lost_group` (whether one is below a tenth); their raw values `late_raw_share/<group>` and
        `late_raw_gap`; `corrected_class_gap`, the mean over the classes of the gap within each at the end of
        training; `late_undecided`, `late_right_label`, `late_clip_fraction/<group>` and `late_kid/<group>`;
        `None` where nothing was measured.
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
    row |= {f"late_lead/{name}": lead for name, lead in zip(names, leads(found), strict=True)}
    row |= {"late_share": found[1], "lost_group": lost_group(found)}
    return {**row, "corrected_class_gap": class_gap(record["report"]["by_class"])}


def leads(shares):
    """Returns each share minus the largest other, `None` for each if one is not known."""
    if None in shares:
        return [None] * len(shares)
    return [share - max(shares[:k] + shares[k + 1 :]) for k, share in enumerate(shares)]


def lost_group(shares):
    """Whether a group is lost; `None` if the shares are not known."""
    return None if None in shares else min(shares) < PRESENT


def class_gap(by_class):
    """Mean over the classes of the gap within each; `None` without classes."""
    gaps = [max(shares) - min(shares) for shares in by_class if shares is not None]
    return float(np.mean(gaps)) if gaps else None


def training_share(record):
    """Share of the second group in the training data: the one asked for, or as it came out."""
    asked = record["config"]["share"]
    return asked if isinstance(asked, float) else round(record["data"]["shares"][1], 3)
