"""The numbers of the comparison of methods: each run's late shares, quality, and what real images reach."""

from repfair_keras.evaluation.row import to_row
from repfair_keras.metrics.over_training import late_mean
from repfair_keras.reproduction.runs import identity, late_shares

PRESENT = 0.1  # of the decided late images: a group below it counts as lost


def method_rows(records):
    """Returns a row per run: late shares and what was logged late, then the report's main numbers.

    Args:
        records: records of runs.

    Returns:
        list of dicts: `identity`, `late_share/<group>`, `late_gap`, `late_share` of the second group,
        `both_groups` (each at least a tenth of the decided late images), `late_undecided`,
        `late_right_label`, `late_kid/<group>`; of the last checkpoint `kid_best`, in the best group, and what
        `evaluation.row.to_row` has; what real images reach, `real_*`.
    """
    return [_row(record) for record in records]


def _row(record):
    log, groups, report = record["log"], record["data"]["groups"], record["report"]
    shares = late_shares(record)
    known = [shares[f"late_share/{name}"] for name in groups]
    return {
        **identity(record),
        **shares,
        "late_share": known[1],
        "both_groups": None if None in known else min(known) >= PRESENT,
        "late_undecided": late_mean(log, "undecided"),
        "late_right_label": late_mean(log, "right_label"),
        **{f"late_kid/{name}": late_mean(log, f"kid/{name}") for name in groups},
        "kid_best": _extreme(min, report.get("quality"), "by_group", "kid", "by_group"),
        **_real(report),
        **{key: value for key, value in to_row(report).items() if key not in identity(record)},
    }


def _real(report):
    """What real images reach in the places that the figure draws."""
    return {
        "real_undecided": report["classifier"].get("undecided_real"),
        "real_label_agreement_worst": _extreme(min, report.get("label_agreement"), "judge_by_group"),
        "real_kid_worst": _extreme(max, report.get("quality"), "real_by_group", "kid", "by_group"),
    }


def _extreme(choose, thing, *keys):
    """Smallest or largest known value of a list at a path through nested dicts, `None` if there is none."""
    for key in keys:
        thing = (thing or {}).get(key)
    return choose((value for value in thing or () if value is not None), default=None)
