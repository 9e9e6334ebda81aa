"""A table's report as one row."""

from repfair_keras.metrics.catalog import DOWNSTREAM

# Names of classifiers, and of what they were trained on, in columns.
SHORT = {"logistic_regression": "lr", "random_forest": "rf", "gradient_boosting": "gb"}
SIDES = {"": "synthetic", "real_": "real", "real_equal_": "real_equal", "augmented_": "augmented"}
LIKENESS = {"similarity": "column_similarity", "pair_similarity": "pair_similarity"}
NEIGHBOURS = ("precision", "recall", "density", "coverage")
# Metrics of classifiers of values as they are, by fairlearn's names, and their columns.
OF_VALUES = {
    "auroc": "auroc",
    "accuracy": "accuracy",
    "demographic_parity_ratio": "disparate_impact",
    "equalized_odds_ratio": "equalised_odds_ratio",
}
_RUN = ("name", "method", "dataset", "grouping", "seed", "sample_seed", "n")


def to_row(report):
    """Returns the main numbers of a report on a table, flat. What is not known is `None`.

    Args:
        report: `TableReport`.

    Returns:
        dict of what was measured (`name`, `method`, `dataset`, `grouping`, `seed`, `sample_seed`, `n`); per
        metric and classifier (`lr` logistic regression, `rf` random forest, `gb` gradient boosting)
        `<metric>/<classifier>` after training on synthetic rows, `real_<metric>/<classifier>` after training on
        real ones, `real_equal_<metric>/<classifier>` on real ones in equal groups and
        `augmented_<metric>/<classifier>` on real and synthetic ones, all tested on real ones; `similarity` (of
        columns) and `pair_similarity`, `precision`, `recall`, `density`, `coverage` and `proxy`, with `real_...` of
        training rows in their place; `closer_to_training`; `leak`, see `leak`; `<metric>/codes` of a
        classifier of real latents and the group, `<metric>/blind` of one of real latents alone. Of a finely
        numbered table too `<metric>/values` of a classifier of values as they are (and `real_...`), `shapes` and
        `trends` (and `real_...`), `exact_copies`, `membership`, `rules_broken` and `never_seen`.
        `metrics.catalog` says what each is.
    """
    row = (
        {column: getattr(report, column) for column in _RUN} | classifiers(report) | _likeness(report.quality)
    )
    row |= {"proxy": report.proxy.get("synthetic"), "real_proxy": report.proxy.get("real")}
    row["closer_to_training"] = report.privacy.closer_to_training if report.privacy else None
    for key, short in {"downstream": "codes", "blind": "blind"}.items():
        learnt = (getattr(report.latents, key) if report.latents else None) or {}
        row |= {f"{metric}/{short}": _value(learnt.get(metric)) for metric in DOWNSTREAM}
    return {**row, **_of_values(report.values), "leak": leak(report)}


def _of_values(found):
    """What was measured of values as they are; nothing of a table in bins."""
    if found is None:
        return {}
    row = {
        f"{prefix}{column}/values": _value(found.utility[side].get(metric))
        for prefix, side in (("", "synthetic"), ("real_", "real"))
        for metric, column in OF_VALUES.items()
    }
    for name in ("shapes", "trends"):
        part = getattr(found, name)
        row |= {name: part["score"], f"real_{name}": part["real"]}
    distance = found.membership.get("distance")
    return {
        **row,
        "exact_copies": _value(found.copying["copies"]),
        "real_exact_copies": _value(found.copying["copies_held_out"]),
        "membership": _value(distance and distance["auroc"]),
        "rules_broken": max((part["synthetic"] for part in found.rules.values()), default=None),
        "never_seen": len(found.never_seen),
    }


def _likeness(quality):
    """How alike synthetic rows, and real training rows in their place, are to real test rows."""
    row = {}
    for column, name in LIKENESS.items():
        row[column] = getattr(quality, name, None)
        row[f"real_{column}"] = getattr(quality, f"{name}_real", None)
    for prefix, end in (("", ""), ("real_", "_real")):
        neighbours = getattr(quality, f"neighbours{end}", None) or {}
        row |= {f"{prefix}{name}": neighbours.get(name) for name in NEIGHBOURS}
    return row


def classifiers(report):
    """Returns the columns of what classifiers learn, of a report on rows or on images; none without any."""
    return {
        f"{prefix}{metric}/{SHORT[name]}": _value(trained[side].get(metric))
        for name, trained in (report.downstream or {}).items()
        for prefix, side in SIDES.items()
        if side in trained  # early reports have fewer
        for metric in DOWNSTREAM
    }


def leak(report):
    """Returns the larger AUROC of two classifiers that tell the group from a latent; `None` without."""
    return max(report.latents.aurocs.values(), default=None) if report.latents else None


def _value(interval):
    """The value of `[value, low, high]`."""
    return None if interval is None else interval[0]
