"""The part of a report that says how the groups are represented, and how far that can be trusted."""

from dataclasses import asdict

import numpy as np

from repfair_keras.evaluation.images.cannot_tell import cannot_tell, in_a_row
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
    target_test,
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
LEVEL = 0.99  # of intervals that hold the classifier's errors too; see `corrected`
ASSUMPTION = (
    "the classifier errs on generated images as often as on the real ones of the same group that it was "
    "tested on"
)


def representation(assigned, group_names, target, seed=0, unknown=()):
    """Representation of the groups among the images whose group is clear.

    Args:
        assigned: integers, shape `(N,)`, group of each image, -1 undecided.
        group_names: one name per group.
        target: shares asked for, shape `(k,)`.
        seed: seed of what is simulated.
        unknown: sentences, why shares cannot be told; empty if they can.

    Returns:
        dict of `n`, `groups`, `target`, `undecided` (share of all n), `n_decided`, `bounds` (each group's
        share of all n with all undecided ones in other groups, and in it), and over the decided images
        `proportions`, `intervals` (95 %, of the sample's noise alone), `gap`, the distances to the
        target `l1`, `kl`, `tv`, `fd`, `chebyshev`, `noise_floor` (of `kl`), `test` and `epsilon`. What
        cannot be told, or because nothing is decided, is `None`; then `note` says why.
    """
    k, n = len(group_names), len(assigned)
    decided = assigned[assigned != UNDECIDED]
    report = {
        "n": n,
        "n_decided": len(decided),
        "undecided": (n - len(decided)) / n,
        "groups": list(group_names),
        "target": target.tolist(),
    }
    if len(decided) == 0 and not unknown:
        unknown = [f"none of the {n} images has a clear group."]
    if unknown:
        keys = ("proportions", "intervals", "bounds", "gap", *DISTANCES, "noise_floor", "test", "epsilon")
        return {**report, **dict.fromkeys(keys), "note": f"Shares cannot be told: {in_a_row(unknown)}"}
    counts = _counts(decided, k)
    samplings = epsilon(decided, k, target, REPEATS, seed) if len(decided) >= REPEATS * k else None
    return {
        **report,
        "proportions": proportions(decided, k).tolist(),
        "intervals": share_intervals(counts).tolist(),
        "bounds": (np.stack([counts, counts + n - len(decided)], axis=1) / n).tolist(),
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


def corrected(leaning, errors, target, seed=0, unknown=(), attributes=None, group_names=()):
    """Shares of all images, corrected for the classifier's errors, with intervals that hold its noise too.

    No image is left out: each counts for the group that the classifier finds likeliest. All samples that are
    measured with one classifier share what its test images left open, so that an interval of 95 % on average
    holds the truth in few samples of an unlucky classifier. At 99 % it holds it in at least 93 % of samples
    with nearly every classifier; `docs/guide/measuring.md` has the numbers.

    Args:
        leaning: integers, shape `(N,)`, likeliest group of each image.
        errors: what `classifier_errors` has made.
        target: shares asked for, shape `(k,)`.
        seed: seed of the bootstrap.
        unknown: sentences, why shares cannot be told; empty if they can.
        attributes: what groups are intersections of, as `data.intersections.parts` gives it; `None` without.
        group_names: one name per group, where there are attributes.

    Returns:
        dict; with `note` alone if shares cannot be told.
    """
    if unknown:
        return {"note": in_a_row(unknown)}
    confusion = np.array(errors["confusion"])
    counts = np.bincount(leaning, minlength=len(confusion))
    p, condition = corrected_proportions(counts, confusion), condition_number(confusion)
    test = target_test(counts, confusion, target, seed=seed)
    crossed = {}
    if attributes is not None:
        crossed = {
            "marginals": {
                name: {
                    "values": list(values),
                    "target": (members @ target).tolist(),
                    "proportions": (members @ p).tolist(),
                    "intervals": bootstrap_interval(counts, confusion, LEVEL, seed, sums=members).tolist(),
                }
                for name, (values, members) in attributes.items()
            },
            "worst": group_names[int(np.argmin(p / target))],
        }
    return {
        **crossed,
        "proportions": p.tolist(),
        "intervals": bootstrap_interval(counts, confusion, LEVEL, seed).tolist(),
        "level": LEVEL,
        "p_value": test.p_value,
        "on_target": bool(test.p_value >= 1 - LEVEL),
        **distances(p, target),
        "expected_undecided": expected_undecided(p, errors),
        "condition": condition,
        "ill_conditioned": condition > ILL_CONDITIONED,
        "assumption": ASSUMPTION,
    }


def expected_undecided(p, errors):
    """Share of images that would be undecided if they were like real ones, of groups in shares p."""
    sizes = np.sum(errors["confusion"], axis=1)
    return float(p @ (np.array(errors["undecided_real_by_group"]) / sizes))


def classifier_errors(attribute, decision):
    """Errors of an `Attribute`'s classifier on held-out real images, of all and of the decided ones."""
    classifier, k = attribute.classifier, attribute.data.n_groups
    test, assigned = classifier.held_out.test, attribute.assign_tested(decision).groups
    unclear = test.groups[assigned == UNDECIDED]
    return {
        "accuracy": classifier.accuracy,
        "balanced_accuracy": classifier.balanced_accuracy,
        "by_group": list(classifier.by_group),
        "calibration_errors": list(classifier.calibration_errors),
        "candidate": classifier.candidate,
        "confusion": classifier.confusion.tolist(),
        "confusion_decided": cross_table(test.groups, assigned, k, k).tolist(),
        "undecided_real": float(np.mean(assigned == UNDECIDED)),
        "undecided_real_by_group": np.bincount(unclear, minlength=k).tolist(),
        "confidence": decision.confidence,
        "max_undecided": decision.max_undecided,
        "thresholds": decision.thresholds(classifier).tolist(),
        "made_elsewhere": True if classifier.n_train == 0 else None,
    }


def strangers(p, confusion):
    """Share of the images that lean to each group that are of another, where shares are p; shape `(k,)`.

    Examples:
        >>> strangers(np.array([0.5, 0.5]), np.array([[80, 20], [0, 100]])).round(3).tolist()
        [0.0, 0.167]
    """
    confusion = np.asarray(confusion, dtype=np.float64)
    seen = np.asarray(p)[:, None] * confusion / confusion.sum(axis=1, keepdims=True)
    return 1 - np.diag(seen) / np.maximum(seen.sum(axis=0), np.finfo(float).tiny)


def undecided(assignment, group_names):
    """Undecided images: how many for which reason, and their share by the group the classifier leans to."""
    unclear = assignment.groups == UNDECIDED
    share = mean_by_group(unclear, assignment.leaning, group_names, higher_is_better=False)
    return {
        "undecided_reasons": {reason: int(mask.sum()) for reason, mask in assignment.reasons.items()},
        "undecided_by_group": share.to_dict(),
    }


def intersections(assigned, k, cross, images, decision, unknown=()):
    """Table of the groups against those of a second attribute, over the images that are clear in both.

    Args:
        assigned: integers, shape `(N,)`, group of each image, -1 undecided.
        k: number of groups.
        cross: `Attribute`, the second one.
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        decision: `Decision`.
        unknown: sentences, why the groups cannot be told; empty if they can.

    Returns:
        dict of `attribute`, `values`, and where groups or values cannot be told a `note`; else `counts` `(k, v)`,
        `shares` (of all), `within` (each group's own), `cramers_v`, `p_value` of independence, `undecided` (share
        unclear in either), `accuracy` of the second classifier.
    """
    values = cross.data.group_names
    crossed = cross.assign(images, decision).groups
    unclear = float(np.mean(crossed == UNDECIDED))
    unknown = list(unknown) or list(cannot_tell(cross.errors(decision), values, len(assigned), unclear))
    if unknown:
        return {"attribute": cross.data.grouping, "values": list(values), "note": in_a_row(unknown)}
    counts = cross_table(assigned, crossed, k, len(values))
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
