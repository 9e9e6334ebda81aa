"""What a registration measures of a run on a table: what classifiers learn from its rows, or from real ones."""

from repfair_keras.metrics.downstream import trivial

CLASSIFIER = "logistic_regression"
METRICS = {"dp": "demographic_parity", "ftu": "ftu", "accuracy": "accuracy", "auroc": "auroc"}


def table_endpoints(record: dict, side: str = "synthetic", across: str | None = None) -> dict:
    """Returns what is measured of a run on a table.

    Args:
        record: see `sweeps.records`.
        side: what classifiers were trained on: `synthetic` rows, or `real_equal`, real ones in groups of equal size and
            no more than there are synthetic ones.
        across: name of a setting whose value stands beside it, as `across`.

    Returns:
        dict of, for a logistic regression tested on real rows, in [0, 1]: `dp`, difference of the groups' rates of
        positive predictions; `ftu`, how far the mean prediction moves when the group of all rows is changed;
        `accuracy`; `auroc`; `dp_blind` and `accuracy_blind`, without the column of the group; `dp_shuffled` and
        `ftu_shuffled`, with the groups of the rows shuffled; `leak`, the larger AUROC of two classifiers that tell the
        group from a code; `majority`, whether nearly all predictions are the same; `lost`: `None`. `None` where it was
        not measured.
    """
    report = record["report"]
    learnt = report["downstream"][CLASSIFIER].get(side) or {}
    column = report.get("group_column") or {}
    blind = column.get(side) or {}
    shuffled = (column.get("shuffled") or {}) if side == "synthetic" else {}
    return {
        **{name: _value(learnt.get(metric)) for name, metric in METRICS.items()},
        "dp_blind": _value(blind.get("demographic_parity")),
        "accuracy_blind": _value(blind.get("accuracy")),
        "dp_shuffled": _value(shuffled.get("demographic_parity")),
        "ftu_shuffled": _value(shuffled.get("ftu")),
        "leak": _leak(report) if side == "synthetic" else None,
        "majority": _majority(learnt, report.get("tested")),
        "lost": None,
        "across": record["config"].get(across),
    }


def tells_nothing(runs: list[dict]) -> str:
    """Why the classifiers of an arm say nothing of parity, as `block.shows_nothing`; empty: they do."""
    trivially = sum(bool(run["majority"]) for run in runs) > len(runs) / 2
    return "most classifiers of {} predict nearly the same for everybody" if trivially else ""


def _majority(learnt, tested):
    if not learnt or not tested:
        return None
    return bool(list(trivial({CLASSIFIER: {"rows": learnt}}, tested)))


def _leak(report):
    leakage = (report.get("codes") or {}).get("leakage") or {}
    return max((one["auroc"] for one in leakage.values() if isinstance(one, dict)), default=None)


def _value(interval):
    return None if interval is None else interval[0]
