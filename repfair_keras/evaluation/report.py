"""The report: how the groups are represented in a sample, and how far the numbers can be trusted."""

import numpy as np

from repfair_keras.errors import InputError
from repfair_keras.evaluation.classifier import share_by
from repfair_keras.evaluation.predictors import UNDECIDED, assign_with_reasons
from repfair_keras.evaluation.table import format_table as format_table
from repfair_keras.metrics.representation import (
    fairness_discrepancy,
    gap,
    kl_divergence,
    noise_floor,
    proportions,
    share_intervals,
    total_variation,
)


def make_report(images, labels, data, attribute, judge, rules, confidence=0.9):
    """Counts the groups in a sample of images and puts the errors of the counting beside them.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        labels: integers, shape `(N,)`, label each image was generated for; `None` without classes.
        data: `GroupedData` that the generator was trained on: names of its groups and classes.
        attribute: `Classifier` of the groups.
        judge: `Classifier` of the labels; `None` without classes.
        rules: dict of rule name to `Rule`, from `fit_rules`; may be empty.
        confidence: least probability at which the classifier decides, in [0, 1].

    Returns:
        dict that is strict JSON (`null`, never NaN): what `representation` returns, and
        `undecided_reasons` (counts; an image can have several), `classifier` and `rules` (accuracies on
        held-out real images, and on real images), `label_agreement`.

    Raises:
        InputError: if images, labels or confidence are not as above, or a classifier is of other data.
    """
    if not 0 <= confidence <= 1:
        raise InputError(f"confidence is {confidence}, expected a number from 0 to 1.")
    _check_names(attribute, data.group_names, "groups")
    assigned, reasons = assign_with_reasons(images, attribute, rules, confidence)
    labels = _checked_labels(labels, data.class_names, len(assigned))
    report = representation(assigned, data.group_names, labels, data.class_names)
    report["undecided_reasons"] = {reason: int(mask.sum()) for reason, mask in reasons.items()}
    report["classifier"] = {
        "accuracy": attribute.accuracy,
        "by_group": list(attribute.by_group),
        "confusion": attribute.confusion.tolist(),
        "confidence": confidence,
    }
    report["rules"] = {name: _rule_report(rule, rule(images), data.n_groups) for name, rule in rules.items()}
    report["label_agreement"] = None
    if judge is not None and labels is not None:
        _check_names(judge, data.class_names, "classes")
        report["label_agreement"] = _label_agreement(images, labels, assigned, data.n_groups, judge)
    return report


def representation(assigned, group_names, labels=None, class_names=()):
    """Representation of the groups among the images whose group is clear, overall and per class.

    Args:
        assigned: integers, shape `(N,)`, group of each image, -1 undecided.
        group_names: one name per group.
        labels: integers, shape `(N,)`, class of each image; `None` without classes.
        class_names: one name per class.

    Returns:
        dict of `n`, `groups`, `n_decided`, `undecided` (share of all n), and over the decided images
        `proportions`, `intervals` (95 %, of the sample's noise alone), `gap`, `kl`, `tv`, `fd` (to uniform)
        and `noise_floor`; `classes` (names) and for each the rows `by_class`, `by_class_intervals` and
        `by_class_undecided`, all empty without classes. What cannot be known, because nothing is decided, is
        `None`; then `note` says so.
    """
    k = len(group_names)
    decided = assigned[assigned != UNDECIDED]
    report = {
        "n": len(assigned),
        "groups": list(group_names),
        **_overall(decided, k),
        "undecided": (len(assigned) - len(decided)) / len(assigned),
        "n_decided": len(decided),
    }
    rows = [] if labels is None else [assigned[labels == c] for c in range(len(class_names))]
    shares = [_shares(row[row != UNDECIDED], k) for row in rows]
    report["classes"] = [] if labels is None else list(class_names)
    report["by_class"] = [share for share, _ in shares]
    report["by_class_intervals"] = [interval for _, interval in shares]
    report["by_class_undecided"] = [float(np.mean(row == UNDECIDED)) if len(row) else None for row in rows]
    if len(decided) == 0:
        report["note"] = f"None of the {len(assigned)} images has a clear group, so there are no shares."
    return report


def _overall(decided, k):
    keys = ("proportions", "intervals", "gap", "kl", "tv", "fd", "noise_floor")
    if len(decided) == 0:
        return dict.fromkeys(keys)
    p = proportions(decided, k)
    distances = (gap(p), kl_divergence(p), total_variation(p), fairness_discrepancy(p))
    return dict(zip(keys, (*_shares(decided, k), *distances, noise_floor(len(decided), k)), strict=True))


def _shares(decided, k):
    if len(decided) == 0:
        return [None] * k, [[None, None]] * k
    counts = np.bincount(decided, minlength=k)
    return proportions(decided, k).tolist(), share_intervals(counts).tolist()


def _rule_report(rule, predicted, k):
    share, _ = _shares(predicted[predicted != UNDECIDED], k)
    return {
        "proportions": share,
        "undecided": float(np.mean(predicted == UNDECIDED)),
        "accuracy": rule.accuracy,
        "by_group": list(rule.by_group),
    }


def _label_agreement(images, labels, assigned, k, judge):
    right = judge.predict(images)[0] == labels
    decided = assigned != UNDECIDED
    return {
        "overall": float(right.mean()),
        "by_group": list(share_by(assigned[decided], right[decided], k)),
        "by_class": list(share_by(labels, right, len(judge.names))),
        "judge_accuracy": judge.accuracy,
        "judge_by_group": list(judge.by_stratum) or [None] * k,
    }


def _check_names(classifier, names, what):
    if tuple(classifier.names) != tuple(names):
        raise InputError(
            f"the classifier knows {list(classifier.names)}, but the {what} of the data are {list(names)}: "
            "train one on this data."
        )


def _checked_labels(labels, class_names, n):
    if labels is None or not class_names:
        return None
    labels = np.asarray(labels)
    if labels.shape != (n,) or labels.min() < 0 or labels.max() >= len(class_names):
        raise InputError(
            f"labels have shape {labels.shape} and range from {labels.min()} to {labels.max()}, expected "
            f"one per image, {n}, from 0 to {len(class_names) - 1}."
        )
    return labels
