"""A table's report as one row."""

CLASSIFIERS = {"logistic_regression": "lr", "random_forest": "rf"}
METRICS = (
    "accuracy",
    "auroc",
    "demographic_parity",
    "ftu",
    "equalised_odds",
    "equal_opportunity",
    "disparate_impact",
)
NEIGHBOURS = ("precision", "recall", "density", "coverage")
LIKENESS = {"similarity": "column_similarity", "pair_similarity": "pair_similarity"}
_RUN = ("name", "method", "dataset", "grouping", "seed", "sample_seed", "n")


def to_row(report):
    """Returns the main numbers of a report on a table, flat. What is not known is `None`.

    Args:
        report: dict as in `report.json`.

    Returns:
        dict of what was measured (`name`, `method`, `dataset`, `grouping`, `seed`, `sample_seed`, `n`); per
        metric and classifier (`lr` logistic regression, `rf` random forest) `<metric>/<classifier>` after
        training on synthetic rows, `real_<metric>/<classifier>` after training on real ones and
        `augmented_<metric>/<classifier>` on both, all tested on real ones; `similarity` (of columns) and
        `pair_similarity`, `precision`, `recall`, `density`, `coverage` and `proxy`, with `real_...` of
        training rows in their place; `closer_to_training`; `leak`, see `leak`; `<metric>/codes` of a
        classifier of real codes and the group, `<metric>/blind` of one of real codes alone.
    """
    row = {column: report.get(column) for column in _RUN} | classifiers(report)
    for column, key in LIKENESS.items():
        row |= {column: report["quality"][key], f"real_{column}": report["quality"][f"{key}_real"]}
    for end, prefix in (("", ""), ("_real", "real_")):
        row |= {f"{prefix}{name}": report["quality"][f"neighbours{end}"][name] for name in NEIGHBOURS}
    row |= {"proxy": report["proxy"]["synthetic"], "real_proxy": report["proxy"]["real"]}
    row["closer_to_training"] = report["privacy"]["closer_to_training"]
    for key, short in {"downstream": "codes", "blind": "blind"}.items():
        found = (report.get("codes") or {}).get(key) or {}
        row |= {f"{metric}/{short}": _value(found.get(metric)) for metric in METRICS}
    return {**row, "leak": leak(report)}


def classifiers(report):
    """Returns the columns of what classifiers learn, of a report on rows or on images; none without any."""
    sides = {"": "synthetic", "real_": "real", "augmented_": "augmented"}
    return {
        f"{prefix}{metric}/{CLASSIFIERS[name]}": _value(trained[side][metric])
        for name, trained in (report.get("downstream") or {}).items()
        for prefix, side in sides.items()
        for metric in METRICS
    }


def leak(report):
    """Returns the larger AUROC of two classifiers that tell the group from a code; `None` without codes."""
    if not report.get("codes"):
        return None
    found = report["codes"]["leakage"]
    return max(each["auroc"] for name, each in found.items() if name != "majority")


def _value(found):
    return None if found is None else found[0]
