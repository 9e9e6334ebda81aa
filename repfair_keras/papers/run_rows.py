"""Runs as rows, the lines of a CSV: shares and gaps late in training, or at its end.

Late numbers are means over the second half of training, since those of a single checkpoint wander.
"""

from collections.abc import Iterable

import numpy as np

from repfair_keras.metrics.over_training import late_mean
from repfair_keras.papers.corrected_shares import corrected
from repfair_keras.runs.log import RAW

GAN, REPFAIR = "gan", "repfair"
# Algorithm 1, what it repairs, each of its parts alone, and a remedy that needs neither.
ALGORITHM_1 = (GAN, REPFAIR, "alternation_only", "clipping_only", "group_balanced")
EARLY = 0.25  # of the steps: the first quarter, which the second half is held against
PRESENT = 0.1  # of the images: a group below it counts as lost


def identity(record: dict) -> dict:
    """Returns the columns that say which run a row is of."""
    config = record["config"]
    columns = {name: config[name] for name in ("dataset", "method", "seed")}
    return {**columns, "record": record["id"]}


def of_last_step(record: dict) -> dict:
    """Returns a record whose log is that of the generator of each step, where one of its average was kept beside it.

    Examples:
        >>> of_last_step({"log": [{"step": 9, "undecided": 0.1, "raw/undecided": 0.2}]})
        {'log': [{'step': 9, 'undecided': 0.2}]}
    """
    log = []
    for row in record["log"]:
        own = {name.removeprefix(RAW): value for name, value in row.items() if name.startswith(RAW)}
        log.append({name: value for name, value in row.items() if not name.startswith(RAW)} | own)
    return {**record, "log": log}


def of_method(rows: list[dict], method: str) -> list[dict]:
    """Returns the rows of a method."""
    return [row for row in rows if row["method"] == method]


def of_share(rows: list[dict], share: float) -> list[dict]:
    """Returns the rows of runs whose training data have this share of the second group."""
    return [row for row in rows if row["training_share"] == share]


def by_seed(rows: list[dict], column: str) -> dict:
    """Returns a dict of seed to value of a column, for `metrics.intervals.paired_difference`.

    Examples:
        >>> by_seed([{"seed": 0, "gap": 0.5}, {"seed": 3}], "gap")
        {0: 0.5, 3: None}
    """
    return {row["seed"]: row.get(column) for row in rows}


def n_known(rows: list[dict], column: str) -> int:
    """Returns the number of rows with a value in a column."""
    return sum(row.get(column) is not None for row in rows)


def late_rows(records: list[dict]) -> list[dict]:
    """Returns a row per run with means over the second half of training.

    Args:
        records: see `sweeps.records`.

    Returns:
        list of dicts of `identity`, `max_grad_norm`, `training_share` (of the second group) and, corrected
        means over the second half of training in [0, 1], `late_share/<group>`, `late_gap` (largest minus
        smallest), `late_lead/<group>` (its share minus the largest other), `late_share` (of the second
        group), `lost_group` (whether one is below a tenth); their raw values `late_raw_share/<group>` and
        `late_raw_gap`; `corrected_class_gap`, the mean over the classes of the gap within each at the end of training;
        `late_undecided`, `late_right_label`, `late_clip_fraction/<group>` and `late_kid/<group>`; `None`
        where nothing was measured.
    """
    return [_late_row(corrected(record)) for record in records]


def _late_row(record):
    names, columns = record["data"]["groups"], late_shares(record)
    row = {**identity(record), "max_grad_norm": record["config"]["max_grad_norm"]}
    row |= {"training_share": training_share(record), **columns}
    by_group = [f"{column}/{name}" for column in ("clip_fraction", "kid") for name in names]
    for column in ("undecided", "right_label", *by_group):
        row[f"late_{column}"] = late_mean(record["log"], column)
    shares = [columns[f"late_share/{name}"] for name in names]
    row |= {f"late_lead/{name}": lead for name, lead in zip(names, leads(shares), strict=True)}
    row |= {"late_share": shares[1], "lost_group": lost_group(shares)}
    return {**row, "corrected_class_gap": class_gap(record["report"]["by_class"])}


def late_shares(record: dict) -> dict:
    """Returns each group's mean share in late training, and the gap between the largest and the smallest.

    Args:
        record: `corrected_shares.corrected`.

    Returns:
        dict of `late_share/<group>` and `late_gap`, and the same of raw shares, `late_raw_share/<group>` and
        `late_raw_gap`; `None` where no late image had a clear group.
    """
    row = {}
    for kind in ("", "raw_"):
        columns = [f"{kind}share/{name}" for name in record["data"]["groups"]]
        shares = [late_mean(record["log"], column) for column in columns]
        row |= {f"late_{column}": share for column, share in zip(columns, shares, strict=True)}
        row[f"late_{kind}gap"] = gap_of(shares)
    return row


def end_rows(records: list[dict]) -> list[dict]:
    """Returns a row per run with the shares of the images that were generated at the end of training.

    Args:
        records: see `sweeps.records`.

    Returns:
        list of dicts of `identity`, `training_share` (of the second group) and, of all images of the report,
        corrected for the errors of the attribute classifier where they are known, `end_share/<group>`,
        `end_share` (of the second group), `end_gap` (largest minus smallest), `end_lead/<group>` (its share
        minus the largest other), `lost_group` (whether one is below a tenth), `corrected_class_gap` (mean over the
        classes of the gap within each), `end_undecided` and `end_right_label`; `None` where not measured.
    """
    return [_end_row(record) for record in records]


def _end_row(record):
    report, names = record["report"], record["data"]["groups"]
    shares = (report.get("corrected") or {}).get("proportions") or report.get("proportions")
    shares = shares or [None] * len(names)
    row = {**identity(record), "training_share": training_share(record)}
    row |= {f"end_share/{name}": share for name, share in zip(names, shares, strict=True)}
    row |= {f"end_lead/{name}": lead for name, lead in zip(names, leads(shares), strict=True)}
    return {
        **row,
        "end_share": shares[1],
        "end_gap": gap_of(shares),
        "lost_group": lost_group(shares),
        "corrected_class_gap": class_gap(corrected(record)["report"]["by_class"]),
        "end_undecided": report["undecided"],
        "end_right_label": (report.get("label_agreement") or {}).get("overall"),
    }


def gap_of(shares: list) -> float | None:
    """Returns the largest minus the smallest share; `None` if one is not known."""
    return None if None in shares else max(shares) - min(shares)


def leads(shares: list) -> list:
    """Returns each share minus the largest other, `None` for each if one is not known.

    Examples:
        >>> leads([0.75, 0.25])
        [0.5, -0.5]
    """
    if None in shares:
        return [None] * len(shares)
    return [share - max(shares[:k] + shares[k + 1 :]) for k, share in enumerate(shares)]


def lost_group(shares: list) -> bool | None:
    """Whether a group is lost, with less than a tenth; `None` if the shares are not known."""
    return None if None in shares else min(shares) < PRESENT


def class_gap(by_class: Iterable) -> float | None:
    """Returns the mean over the classes of the gap within each; `None` without classes."""
    gaps = [gap_of(shares) for shares in by_class if shares is not None]
    return float(np.mean(gaps)) if gaps else None


def training_share(record: dict) -> float:
    """Returns the share of the second group in the training data: the one asked for, or as it came out."""
    asked = record["config"]["share"]
    return asked if isinstance(asked, float) else round(record["data"]["shares"][1], 3)
