"""Several judges of the groups: does what a report concludes depend on which one is asked?"""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.cannot_tell import cannot_tell
from repfair_keras.evaluation.images.group_assignment import Decision
from repfair_keras.evaluation.images.representation import corrected
from repfair_keras.metrics.representation import corrected_proportions

CONFIDENCES = (0.6, 0.9)  # at which shares of clear images are corrected too


def compare_judges(images, judges, target, decision, seed=0):
    """Measures the shares of a sample with each judge, and at several thresholds.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        judges: list of `Attribute`, of the same groups.
        target: shares asked for, shape `(k,)`.
        decision: `Decision`.
        seed: seed of the bootstrap.

    Returns:
        dict of `each` (a list, per judge: `candidate`, `recalls`, `proportions`, `intervals`, `on_target`, and `note`
        where it cannot tell), `ranges` (per group, the lowest and highest corrected share over judges and
        thresholds; `None` where no judge can tell) and `depends` (whether judges differ on being on target).
    """
    each, shares = [], []
    for judge in judges:
        found, own = _measure(images, judge, target, decision, seed)
        each.append(found)
        shares += own
    conclusions = {found["on_target"] for found in each if found["on_target"] is not None}
    ranges = np.stack([np.min(shares, axis=0), np.max(shares, axis=0)], axis=1).tolist() if shares else None
    return {"each": each, "ranges": ranges, "depends": len(conclusions) > 1}


def _measure(images, judge, target, decision, seed):
    chances, classifier = judge.classifier.chances(images), judge.classifier
    leaning, errors = chances.argmax(axis=1), judge.errors(decision)
    unknown = list(cannot_tell(errors, judge.data.group_names, len(images)))
    found = corrected(leaning, errors, target, seed, unknown)
    told = {"candidate": classifier.candidate, "recalls": list(classifier.by_group)}
    told |= {name: found.get(name) for name in ("proportions", "intervals", "on_target", "note")}
    if unknown:
        return told, []
    shares = [found["proportions"]]
    for confidence in CONFIDENCES:
        shares += _of_clear(chances, judge, Decision(confidence, 1.0))
    return told, shares


def _of_clear(chances, judge, decision):
    """Corrected shares of the images that are clear at a fixed confidence, in a list; empty if none are."""
    errors = judge.errors(decision)
    confusion = np.column_stack([errors["confusion_decided"], errors["undecided_real_by_group"]])
    clear = chances.max(axis=1) >= decision.confidence
    counts = np.bincount(chances.argmax(axis=1)[clear], minlength=len(confusion))
    try:
        return [corrected_proportions(counts, confusion).tolist()] if clear.any() else []
    except InputError:  # a group of which no real image is clear at this confidence
        return []
