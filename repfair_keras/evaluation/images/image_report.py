"""The report: how the groups are represented in a sample, how good its images are, how sure that is."""

from typing import NamedTuple

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import to_float, to_pixels
from repfair_keras.evaluation.images.asked import asked_groups
from repfair_keras.evaluation.images.image_downstream import image_downstream, positive_classes
from repfair_keras.evaluation.images.quality import quality_report
from repfair_keras.evaluation.images.representation import (
    by_class,
    classifier_errors,
    corrected,
    intersections,
    label_agreement,
    representation,
    rule_report,
    undecided,
)
from repfair_keras.evaluation.images.warnings import warnings_of
from repfair_keras.metrics.brightness import brightness_histogram
from repfair_keras.metrics.disaggregation import mean_by_group
from repfair_keras.metrics.memorisation import memorisation

CHECKED = 2000  # generated images whose nearest training images are looked for
PAIRS = 10


class Pairs(NamedTuple):
    """Generated images nearest to a training image: float images, and their Euclidean distances."""

    generated: np.ndarray
    training: np.ndarray
    distance: np.ndarray


def make_report(images, labels, instruments, training=None, target=None, confidence=0.9, seed=0, asked=None):
    """Measures a sample of images, and puts the errors of the measurement beside the numbers.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        labels: integers, shape `(N,)`, label each image was made for; `None` without classes.
        instruments: `Instruments`.
        training: `ImageDataset` that the generator was trained on; `None`: the instruments' reference.
        target: shares asked for, one per group; `None`: uniform.
        confidence: least probability at which the classifier decides, in [0, 1].
        seed: seed of every choice of images and of what is simulated.
        asked: integers, shape `(N,)`, group each image was made for; `None` if the generator is told none.

    Returns:
        report: dict that is strict JSON (`null`, never NaN), see `docs/report.md`.
        pairs: `Pairs`.

    Raises:
        InputError: if images, labels or confidence are not as above.
    """
    if not 0 <= confidence <= 1:
        raise InputError(f"confidence is {confidence}, expected a number from 0 to 1.")
    attribute, extractor, data = instruments.attribute, instruments.extractor, instruments.reference
    target = _checked_target(target, data.n_groups)
    features, seen = extractor.describe(images)
    labels = _checked_labels(labels, data.class_names, len(images))
    assignment = attribute.assign(images, confidence)
    groups, k = assignment.groups, data.n_groups
    report = representation(groups, data.group_names, target, seed)
    report |= undecided(assignment, data.group_names)
    report["classifier"] = classifier_errors(attribute, confidence)
    errors = report["classifier"]
    confusion = np.column_stack([errors["confusion_decided"], errors["undecided_real_by_group"]])
    report["corrected"] = corrected(groups, confusion, target, seed)
    report |= by_class(groups, k, labels, data.class_names, target)
    report["intersections"] = None
    if instruments.cross is not None:
        report["intersections"] = intersections(groups, k, instruments.cross, images, confidence)
    report["rules"] = {name: rule_report(rule, rule(images), k) for name, rule in attribute.rules.items()}
    report["asked"] = None
    if asked is not None:
        right = None if labels is None else seen == labels
        report["asked"] = asked_groups(asked, groups, confusion, right, labels, len(report["classes"]), seed)
    report["label_agreement"] = None
    if labels is not None:
        report["label_agreement"] = label_agreement(
            seen, labels, assignment.leaning, data.group_names, data.n_classes, extractor.accuracy["label"]
        )
    shown = assignment.leaning if asked is None else asked, seen if labels is None else labels
    report["downstream"] = image_downstream(images, *shown, data, training or data, seed)
    report["positive_classes"] = positive_classes(data.class_names) if report["downstream"] else None
    report["quality"] = quality_report(extractor, data, features, assignment.leaning, labels, target, seed)
    report["memorisation"], pairs = copies(images, assignment.leaning, training or data, seed)
    report["memorisation"]["training_known"] = training is not None
    report["duplicates"] = duplicates(images)
    report["brightness"] = brightness_histogram(images)
    report["warnings"] = list(warnings_of(report))
    return report, pairs


def duplicates(images):
    """Share of images that equal an earlier one, byte for byte: a generator of few images repeats itself."""
    return 1 - len({image.tobytes() for image in to_pixels(images)}) / len(images)


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
    rows = np.sort(np.random.default_rng(seed).permutation(len(images))[:CHECKED])
    n_baseline = max(200, 2000 // training.n_groups)
    found = memorisation(images[rows], training.pixels, training.groups, seed, n_baseline, convert=to_float)
    suspects = mean_by_group(found.suspects, groups[rows], training.group_names, higher_is_better=False)
    nearest = np.argsort(found.distance, kind="stable")[:PAIRS]
    pairs = Pairs(
        images[rows[nearest]], to_float(training.pixels[found.nearest[nearest]]), found.distance[nearest]
    )
    report = {
        "n": len(rows),
        "n_training": len(training),
        "distance_ratio": found.distance_ratio,
        "nndr": found.nndr,
        "nndr_real": found.nndr_real,
        "suspects": suspects.to_dict(),
        "expected_suspects": found.quantile,
    }
    return report, pairs


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
