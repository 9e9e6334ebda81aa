"""Rows of methods on images: the report's main numbers beside shares, and what real images reach."""

from repfair_keras.evaluation.report import report_from_dict


def method_rows(records: list[dict], shares: list[dict]) -> list[dict]:
    """Returns a row per run: the report's main numbers, its shares, and what real images reach.

    Args:
        records: see `sweeps.records`.
        shares: rows of the same records, of `run_rows.late_rows` or `run_rows.end_rows`: an ensemble has no
            shares during training, so that methods compare with it at the end of theirs.
    """
    pairs = zip(records, shares, strict=True)
    return [
        {**report_from_dict(record["report"]).to_row(), **row, **real_images(record["report"])}
        for record, row in pairs
    ]


def real_images(report: dict) -> dict:
    """Returns what real images reach in the places that `plots.shares_and_quality` shows."""
    agreement, kid = report.get("label_agreement"), report.get("quality")
    for key in ("real_by_group", "kid", "by_group"):
        kid = (kid or {}).get(key)
    known = [value for value in kid or () if value is not None]
    return {
        "real_undecided": report["classifier"].get("undecided_real"),
        "real_label_agreement_worst": min(agreement["judge_by_group"]) if agreement else None,
        "real_kid_worst": max(known, default=None),
    }
