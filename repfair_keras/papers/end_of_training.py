"""A row per run with the shares of the images that were generated at the end of training."""

from repfair_keras.papers.corrected import corrected
from repfair_keras.papers.late_training import class_gap, leads, lost_group, training_share
from repfair_keras.papers.run_rows import identity


def end_rows(records):
    """Returns a row per run, a line of the CSV and what the drawings take.

    Args:
        records: see `sweeps.records`.

    Returns:
        list of dicts of `identity`, `training_share` (of the second group) and, of all images of the report,
        corrected for the errors of the group classifier where they are known, `end_share/<group>`,
        `end_share` (of the second group), `end_gap` (largest minus smallest), `end_lead/<group>` (its share
        minus the largest other), `lost_group` (whether one is below a tenth), `corrected_class_gap` (mean
        over the classes of the gap within each), `end_undecided` and `end_right_label`; `None` where not
        measured.
    """
    return [_row(record) for record in records]


def _row(record):
    report, names = record["report"], record["data"]["groups"]
    shares = (report.get("corrected") or {}).get("proportions") or report.get("proportions")
    shares = shares or [None] * len(names)
    row = {**identity(record), "training_share": training_share(record)}
    row |= {f"end_share/{name}": share for name, share in zip(names, shares, strict=True)}
    row |= {f"end_lead/{name}": lead for name, lead in zip(names, leads(shares), strict=True)}
    return {
        **row,
        "end_share": shares[1],
        "end_gap": None if None in shares else max(shares) - min(shares),
        "lost_group": lost_group(shares),
        "corrected_class_gap": class_gap(corrected(record)["report"]["by_class"]),
        "end_undecided": report["undecided"],
        "end_right_label": (report.get("label_agreement") or {}).get("overall"),
    }
