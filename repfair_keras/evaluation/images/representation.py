"""The part of a report that says how the groups are represented, and how far that can be trusted."""

from dataclasses import asdict

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import to_float
from repfair_keras.evaluation.images.group_assignment import UNDECIDED
from repfair_keras.metrics.disaggregation import mean_by_group
from repfair_keras.metrics.representation import (
    ILL_CONDITIONED,
    association,
    balance_test,
    bootstrap_interval,
    chebyshev_distance,
    condition_number,
    corrected_proportions,
    cross_table,
    epsilon,
    fairness_discrepancy,
    gap,
    independence_test,
    kl_divergence,
    l1_distance,
    noise_floor,
    proportions,
    share_intervals,
    total_variation,
)

DISTANCES = {
    "l1": l1_distance,
    "kl": kl_divergence,
    "tv": total_variation,
    "fd": fairness_discrepancy,
    "chebyshev": chebyshev_distance,
}
REPEATS = 10  # samplings for epsilon
ASSUMPTION = (
    "the classifier errs on generated images, and leaves them undecided, as often as on the real ones of the "
    "same group that it was tested on"
)


def representation(assigned, group_names, target, seed=0):
    """Representation of the groups among the images whose group is clear.

    Args:
        assigned: integers, shape `(N,)`, group of each image, -1 undecided.
        group_names: one name per group.
        target: shares asked for, shape `(k,)`.
        seed: seed of what is simulated.

    Returns:
        dict of `n`, `groups`, `target`, `undecided` (share of all n), `n_decided`, and over the decided
        images `proportions`, `intervals` (95 %, of the sample's noise alone), `gap`, the distances to the
        target `l1`, `kl`, `tv`, `fd`, `chebyshev`, `noise_floor` (of `kl`), `test` and `epsilon`. What
        cannot be known, because nothing is decided, is `None`; then `note` says so.
    """
    k = len(group_names)
    decided = assigned[assigned != UNDECIDED]
    report = {
        "n": len(assigned),
        "n_decided": len(decided),
        "undecided": (len(assigned) - len(decided)) / len(assigned),
        "groups": list(group_names),
        "target": target.tolist(),
    }
    if len(decided) == 0:
        keys = ("proportions", "intervals", "gap", *DISTANCES, "noise_floor", "test", "epsilon")
        note = f"None of the {len(assigned)} images has a clear group, so there are no shares."
        return {**report, **dict.fromkeys(keys), "note": note}
    counts = _counts(decided, k)
    samplings = epsilon(decided, k, target, REPEATS, seed) if len(decided) >= REPEATS * k else None
    return {
        **report,
        "proportions": proportions(decided, k).tolist(),
        "intervals": share_intervals(counts).tolist(),
        **distances(proportions(decided, k), target),
        "noise_floor": noise_floor(len(decided), k),
        "test": asdict(balance_test(counts, target, seed)),
        "epsilon": None if samplings is None else asdict(samplings),
    }


def distances(p, target):
    """Gap of shares, and all their distances to a target, by name."""
    return {"gap": gap(p), **{name: distance(p, target) for name, distance in DISTANCES.items()}}


def by_class(assigned, k, labels, class_names, target):
    """The same per class: shares, intervals, undecided shares, gaps, KL and its floor, and n.

    Args:
        assigned: integers, shape `(N,)`, group of each image, -1 undecided.
        k: number of groups.
        labels: integers, shape `(N,)`, class of each image; `None` without classes.
        class_names: one name per class.
        target: shares asked for, in every class.

    Returns:
        dict of lists, one entry per class, all empty without classes; `None` stands where nothing is decided.
    """
    names = [] if labels is None else list(class_names)
    rows = [assigned[labels == c] for c in range(len(names))]
    table = {"classes": names, "by_class": [], "by_class_intervals": [], "by_class_undecided": []}
    table |= {"by_class_gap": [], "by_class_kl": [], "by_class_n": [], "by_class_noise_floor": []}
    for row in rows:
        counts = _counts(row, k)
        some = counts.sum() > 0
        p = counts / counts.sum() if some else None
        table["by_class"].append(p.tolist() if some else [None] * k)
        table["by_class_intervals"].append(share_intervals(counts).tolist() if some else [[None, None]] * k)
        table["by_class_undecided"].append(float(np.mean(row == UNDECIDED)) if len(row) else None)
        table["by_class_gap"].append(gap(p) if some else None)
        table["by_class_kl"].append(kl_divergence(p, target) if some else None)
        table["by_class_n"].append(int(counts.sum()))
        table["by_class_noise_floor"].append(noise_floor(counts.sum(), k) if some else None)
    return table


def corrected(assigned, confusion, target, seed=0):
    """Shares corrected for the classifier's errors, with intervals that hold sample and validation noise.

    Args:
        assigned: integers, shape `(N,)`, group of each image, -1 undecided.
        confusion: counts on held-out real images, shape `(k, k + 1)`: rows true, last column undecided.
        target: shares asked for, shape `(k,)`.
        seed: seed of the bootstrap.

    Returns:
        dict, or `None` if nothing is decided; `{"note": ...}` if the classifier cannot tell the groups.
    """
    counts = _counts(assigned, len(confusion))
    if counts.sum() == 0:
        return None
    try:
        p = corrected_proportions(counts, confusion)
        condition, k = condition_number(confusion), len(counts)
        wide = bootstrap_interval(counts, confusion, level=1 - 0.05 / max(k - 1, 1), seed=seed)
        return {
            "proportions": p.tolist(),
            "intervals": bootstrap_interval(counts, confusion, seed=seed).tolist(),
            # Bonferroni: all targets are in these at once in 95 % of samples; two groups are one comparison.
            "on_target": bool(np.all((wide[:, 0] <= target) & (target <= wide[:, 1]))),
            **distances(p, target),
            "expected_undecided": expected_undecided(p, confusion),
            "condition": condition,
            "ill_conditioned": condition > ILL_CONDITIONED,
            "assumption": ASSUMPTION,
        }
    except InputError as error:  # not the sample's fault: the rest of the report stands
        return {"note": str(error)}


def expected_undecided(p, confusion):
    """Share of images that would be undecided if they were like real ones, of groups in shares p."""
    return float(p @ (confusion[:, -1] / confusion.sum(axis=1)))


def classifier_errors(attribute, confidence):
    """Errors of an `Attribute`'s classifier on held-out real images, all and only the decided ones."""
    classifier, data = attribute.classifier, attribute.data
    rows, k = classifier.test_rows, data.n_groups
    assigned = attribute.assign(to_float(data.pixels[rows]), confidence).groups
    return {
        "accuracy": classifier.accuracy,
        "by_group": list(classifier.by_group),
        "confusion": classifier.confusion.tolist(),
        "confusion_decided": cross_table(data.groups[rows], assigned, k, k).tolist(),
        "undecided_real": float(np.mean(assigned == UNDECIDED)),
        "undecided_real_by_group": np.bincount(
            data.groups[rows][assigned == UNDECIDED], minlength=k
        ).tolist(),
        "confidence": confidence,
    }


def undecided(assignment, group_names):
    """Undecided images: how many for which reason, and their share by the group the classifier leans to."""
    unclear = assignment.groups == UNDECIDED
    share = mean_by_group(unclear, assignment.leaning, group_names, higher_is_better=False)
    return {
        "undecided_reasons": {reason: int(mask.sum()) for reason, mask in assignment.reasons.items()},
        "undecided_by_group": share.to_dict(),
    }


def intersections(assigned, k, cross, images, confidence):
    """Table of the groups against those of a second attribute, over the images that are clear in both.

    Args:
        assigned: integers, shape `(N,)`, group of each image, -1 undecided.
        k: number of groups.
        cross: `Attribute`, the second one.
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        confidence: least probability at which the classifier decides.

    Returns:
        dict of `attribute`, `values`, `counts` `(k, v)`, `shares` (of all), `within` (each group's own),
        `cramers_v`, `p_value` of independence, `undecided` (share unclear in either), `accuracy` of the
        second classifier.
    """
    values = cross.data.group_names
    counts = cross_table(assigned, cross.assign(images, confidence).groups, k, len(values))
    total = int(counts.sum())
    within = [(row / row.sum()).tolist() if row.sum() else [None] * len(values) for row in counts]
    return {
        "attribute": cross.data.grouping,
        "values": list(values),
        "counts": counts.tolist(),
        "shares": (counts / total).tolist() if total else [[None] * len(values)] * k,
        "within": within,
        "cramers_v": association(counts) if total else None,
        "p_value": independence_test(counts),
        "undecided": 1 - total / len(assigned),
        "accuracy": cross.classifier.accuracy,
    }


def rule_report(rule, predicted, k):
    """What a rule says of the sample, and how often it is right on real images."""
    decided = predicted[predicted != UNDECIDED]
    return {
        "proportions": proportions(decided, k).tolist() if len(decided) else [None] * k,
        "undecided": float(np.mean(predicted == UNDECIDED)),
        "accuracy": rule.accuracy,
        "by_group": list(rule.by_group),
    }


def label_agreement(seen, labels, assigned, group_names, n_classes, accuracy):
    """How often the judge sees the label asked for, by group and by class.

    Args:
        seen: integers, shape `(N,)`, label the judge sees in each image.
        labels: integers, shape `(N,)`, label asked for.
        assigned: integers, shape `(N,)`, group of each image, -1 undecided.
        group_names: one name per group.
        n_classes: number of classes.
        accuracy: the judge's on held-out real images, as in `FeatureExtractor.accuracy`.
    """
    right = seen == labels
    return {
        **mean_by_group(right, assigned, group_names).to_dict(),
        "by_class": list(mean_by_group(right, labels, range(n_classes)).by_group),
        "judge_accuracy": accuracy["overall"],
        "judge_by_group": accuracy["by_group"],
    }


def _counts(assigned, k):
    """Images per group, without the undecided."""
    return np.bincount(assigned[assigned != UNDECIDED], minlength=k)
