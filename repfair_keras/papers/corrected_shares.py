"""Shares as they are without the errors of the attribute classifier, which could pass for a gap."""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation.correction import corrected_proportions

SHARES_ARE = (
    "Shares are of all images, corrected for the errors of the group classifier and for how often it leaves "
    "each group undecided, as measured on real images of the test set; raw ones, of the images whose "
    "group is "
    "clear, stand beside them in the CSV. Undecided are shares of all images."
)


def corrected(record: dict) -> dict:
    """Corrects the shares of a record's log and of its classes.

    Args:
        record: see `sweeps.records`.

    Returns:
        the record with corrected `share/<group>` in its log, `None` where the classifier's errors cannot be
        undone, `raw_share/<group>` beside them, and likewise `by_class` and `raw_by_class` in its report.
    """
    names, report = record["data"]["groups"], record["report"]
    confusion = _confusion(report["classifier"])
    raw = report.get("by_class") or []
    by_class = [_without_errors(shares, confusion) for shares in raw]
    log = [{**row, **_corrected_columns(row, names, confusion)} for row in record["log"]]
    return {**record, "log": log, "report": {**report, "by_class": by_class, "raw_by_class": raw}}


def without_errors(shares: list, errors: dict) -> list[float] | None:
    """Corrects shares of the images whose group is clear; `None` where they are not known, or cannot be corrected.

    Args:
        shares: one per group; one may be `None`.
        errors: the report's part `classifier`.
    """
    return _without_errors(shares, _confusion(errors))


def _confusion(errors):
    return np.column_stack([errors["confusion_decided"], errors["undecided_real_by_group"]])


def _corrected_columns(row, names, confusion):
    raw = [row.get(f"share/{name}") for name in names]
    shares = _without_errors(raw, confusion) or [None] * len(names)
    columns = [f"{kind}/{name}" for kind in ("raw_share", "share") for name in names]
    return dict(zip(columns, [*raw, *shares], strict=True))


def _without_errors(shares, confusion):
    if not shares or None in shares:
        return None
    try:
        return corrected_proportions(shares, confusion).tolist()
    except InputError:  # the classifier does not tell the groups apart: nothing is known of the shares
        return None
