"""The report: how the groups are represented in a sample, how good its images are, how sure that is."""

import dataclasses
import hashlib
from typing import NamedTuple

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.memory import give_memory_back
from repfair_keras.data.images.dataset import to_float, to_pixels
from repfair_keras.data.images.stored import parts_of
from repfair_keras.data.intersections import parts
from repfair_keras.evaluation.images.asked import asked_groups
from repfair_keras.evaluation.images.cannot_tell import cannot_tell
from repfair_keras.evaluation.images.group_assignment import DECISION, UNDECIDED, Assignment
from repfair_keras.evaluation.images.image_downstream import image_downstream, positive_classes
from repfair_keras.evaluation.images.judges import compare_judges
from repfair_keras.evaluation.images.nearest_real import FAR_APART, apart, nearest_real
from repfair_keras.evaluation.images.quality import mixed_groups, quality_report
from repfair_keras.evaluation.images.representation import (
    by_class,
    corrected,
    intersections,
    label_agreement,
    representation,
    rule_report,
    strangers,
    undecided,
)
from repfair_keras.evaluation.images.warnings import warnings_of
from repfair_keras.evaluation.report import ImageReport
from repfair_keras.metrics.association import cramers_v
from repfair_keras.metrics.brightness import brightness_histogram
from repfair_keras.metrics.disaggregation import mean_by_group
from repfair_keras.metrics.memorisation import memorisation

CHECKED_FOR_COPIES = 2000  # generated images whose nearest training images are looked for
PAIRS = 10


class Pairs(NamedTuple):
    """Generated images nearest to a training image: float images, and their Euclidean distances."""

    generated: np.ndarray
    training: np.ndarray
    distance: np.ndarray


def make_report(
    images, labels, instruments, training=None, target=None, decision=DECISION, seed=0, asked=None
):
    """Measures a sample of images, and puts the errors of the measurement beside the numbers.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        labels: integers, shape `(N,)`, label each image was made for; `None` without classes.
        instruments: `Instruments`.
        training: `ImageDataset` that the generator was trained on; `None`: the instruments' reference.
        target: shares asked for, one per group; `None`: uniform.
        decision: `Decision`: which images are clear.
        seed: seed of every choice of images and of what is simulated.
        asked: integers, shape `(N,)`, group each image was made for; `None` if the generator is told none.

    Returns:
        report: `ImageReport`, without the origin of the images.
        pairs: `Pairs`.
        groups: int64, shape `(N,)`, group of each image, -1 undecided.

    Raises:
        InputError: if images, labels or decision are not as above.
    """
    for name, value in decision._asdict().items():
        if not 0 <= value <= 1:
            raise InputError(f"{name} is {value}, expected a number from 0 to 1.")
    data = instruments.reference
    target = _checked_target(target, data.n_groups)
    features, seen = instruments.extractor.describe(images)
    labels = _checked_labels(labels, data.class_names, len(images))
    assignment = instruments.attribute.assign(images, decision)
    errors = instruments.attribute.errors(decision)
    space = instruments.features or instruments.extractor
    if instruments.features is not None:
        features = space.features(images)
    real = space.real(data)
    second = nearest_real(features, assignment.groups, real, data, errors["confusion"], seed)
    sample = _Measured(images, labels, seen, assignment, asked, errors, second)
    give_memory_back()  # of a training: the search for copies needs much in one piece
    memorised, pairs = copies(images, sample.assignment.leaning, training or data, seed)
    of_groups = _of_groups(sample, instruments, training or data, target, decision, seed)
    p = of_groups["corrected"].get("proportions")
    groups = None if p is None else sample.assignment.leaning
    measured = quality_report(space, data, features, groups, labels, target, seed, real)
    if p is not None and measured["by_group"]:
        measured["notes"] += mixed_groups(
            strangers(p, of_groups["classifier"]["confusion"]), data.group_names
        )
    report = ImageReport.from_dict(
        {
            **of_groups,
            **_of_labels(sample, instruments, training or data, seed),
            "quality": measured,
            "memorisation": {**memorised, "training_known": training is not None},
            "nearest_real": second,
            "judges": _judges(sample, instruments, target, decision, seed),
            "duplicates": duplicates(images),
            "brightness": brightness_histogram(images),
        }
    )
    report = dataclasses.replace(report, warnings=list(warnings_of(report)))
    return report, pairs, sample.assignment.groups


class _Measured(NamedTuple):
    """A sample, and what the instruments see in it."""

    images: np.ndarray
    labels: np.ndarray | None
    seen: np.ndarray | None
    assignment: Assignment
    asked: np.ndarray | None
    errors: dict
    second: dict | None


def _of_groups(sample, instruments, training, target, decision, seed):
    """How the groups are represented, and what the classifier that counted them gets wrong."""
    attribute, data = instruments.attribute, instruments.reference
    groups, leaning, k = sample.assignment.groups, sample.assignment.leaning, data.n_groups
    errors = sample.errors
    unclear = float(np.mean(groups == UNDECIDED))
    unknown = list(cannot_tell(errors, data.group_names, len(groups), unclear))
    far_apart = apart(sample.second, data.group_names, FAR_APART)
    unknown += [far_apart] if far_apart else []
    crossed = None
    if instruments.cross is not None:
        crossed = intersections(groups, k, instruments.cross, sample.images, decision, unknown)
    asked = None
    if sample.asked is not None:
        right = None if sample.labels is None else sample.seen == sample.labels
        n_classes = 0 if sample.labels is None else data.n_classes
        confusion = None if unknown else np.array(errors["confusion"])
        asked = asked_groups(
            sample.asked, groups, leaning, k, confusion, right, sample.labels, n_classes, seed
        )
        if sample.seen is not None and training.labels is not None:
            asked["label_association"] = cramers_v(sample.asked, sample.seen)
            asked["label_association_training"] = cramers_v(training.groups, training.labels)
    told, attributes = (
        np.full_like(groups, UNDECIDED) if unknown else groups,
        parts(data.grouping, data.group_names),
    )
    return {
        **representation(groups, data.group_names, target, seed, unknown),
        **undecided(sample.assignment, data.group_names),
        "classifier": errors,
        "corrected": corrected(leaning, errors, target, seed, unknown, attributes, data.group_names),
        **by_class(told, k, sample.labels, data.class_names, target),
        "intersections": crossed,
        "rules": {name: rule_report(rule, rule(sample.images), k) for name, rule in attribute.rules.items()},
        "asked": asked,
    }


def _judges(sample, instruments, target, decision, seed):
    if not instruments.judges or apart(sample.second, instruments.reference.group_names, FAR_APART):
        return None
    return compare_judges(sample.images, [instruments.attribute, *instruments.judges], target, decision, seed)


def _of_labels(sample, instruments, training, seed):
    """Whether images show the label asked for, and what classifiers learn from them."""
    data, extractor, leaning = instruments.reference, instruments.extractor, sample.assignment.leaning
    agreement = None
    if sample.labels is not None:
        agreement = label_agreement(
            sample.seen, sample.labels, leaning, data.group_names, data.n_classes, extractor.accuracy["label"]
        )
    groups = leaning if sample.asked is None else sample.asked
    labels = sample.seen if sample.labels is None else sample.labels
    downstream, tested = image_downstream(sample.images, groups, labels, data, training, seed)
    return {
        "label_agreement": agreement,
        "downstream": downstream,
        "tested": tested,
        "positive_classes": positive_classes(data.class_names) if downstream else None,
    }


def duplicates(images):
    """Share of images that equal an earlier one, byte for byte: a generator of few images repeats itself."""
    known = {
        hashlib.blake2b(image.tobytes(), digest_size=16).digest()
        for part in parts_of(images)
        for image in to_pixels(part)
    }
    return 1 - len(known) / len(images)


def copies(images, groups, training, seed=0):
    """Looks for copies of training images.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        groups: integers, shape `(N,)`, the group to which the classifier leans.
        training: `ImageDataset`.
        seed: seed of the choice of images.

    Returns:
        `(dict, Pairs)`: the report's part `memorisation`, and the closest pairs.
    """
    rows = np.sort(np.random.default_rng(seed).permutation(len(images))[:CHECKED_FOR_COPIES])
    n_baseline = max(200, 2000 // training.n_groups)
    checked = images[:] if len(rows) == len(images) else images[rows]  # a view where it may be
    compared = memorisation(checked, training.pixels, training.groups, seed, n_baseline, convert=to_float)
    suspects = mean_by_group(compared.suspects, groups[rows], training.group_names, higher_is_better=False)
    nearest = np.argsort(compared.distance, kind="stable")[:PAIRS]
    pairs = Pairs(
        images[rows[nearest]],
        to_float(training.pixels[compared.nearest[nearest]]),
        compared.distance[nearest],
    )
    part = {
        "n": len(rows),
        "n_training": len(training),
        "distance_ratio": compared.distance_ratio,
        "nndr": compared.nndr,
        "nndr_real": compared.nndr_real,
        "suspects": suspects.to_dict(),
        "expected_suspects": compared.quantile,
    }
    return part, pairs


def _checked_target(target, k):
    target = np.full(k, 1 / k) if target is None else np.asarray(target, dtype=np.float64)
    if target.shape != (k,) or not np.all(target > 0) or abs(target.sum() - 1) > 1e-6:
        raise InputError(f"target is {target.tolist()}: expected {k} shares above 0 that sum to 1.")
    return target


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
