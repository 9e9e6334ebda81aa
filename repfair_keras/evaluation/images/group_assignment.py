"""Which group is an image of? Rules one can read, and the assignment that leaves unclear images undecided."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from repfair_keras.data.images.stored import parts_of
from repfair_keras.data.images.transforms import CHANNELS

UNDECIDED = -1


def corner(images):
    """Corner rule for inverted images: all four corners bright is group 1 (white), all dark is group 0.

    "Bright" is above 0 in [-1, 1], which is the paper's 0.5 in [0, 1]; its sentence has the colours reversed.
    Colours are averaged first.

    Args:
        images: float, shape `(N, height, width, channels)`, in [-1, 1].

    Returns:
        int64, shape `(N,)`: 0, 1, or -1 where the corners disagree (or one is exactly 0).

    Reference: Kenfack et al., RepFair-GAN, section 4.1 "Metrics".
    """
    corners = np.asarray(images)[:, [0, 0, -1, -1], [0, -1, 0, -1]].mean(axis=-1)
    white, black = (corners > 0).all(axis=1), (corners < 0).all(axis=1)
    return np.where(white, 1, np.where(black, 0, UNDECIDED))


def mean(images, thresholds, order):
    """Mean rule: the group whose range of mean intensity the image falls into. Never undecided.

    Args:
        images: float, shape `(N, height, width, channels)`, in [-1, 1].
        thresholds: k - 1 increasing mean intensities that part the ranges.
        order: the k groups from the darkest range to the brightest.

    Returns:
        int64, shape `(N,)`, groups.

    Reference: Kenfack and Arapov, On the Fairness of GANs (threshold 0.5 in [0, 1] for inverted digits).
    """
    return np.asarray(order)[np.searchsorted(thresholds, np.asarray(images).mean(axis=(1, 2, 3)))]


def channel(images):
    """Channel rule for coloured digits: the group is the one whose channel is the brightest.

    Args:
        images: float, shape `(N, height, width, 3)`, in [-1, 1].

    Returns:
        int64, shape `(N,)`: 0 blue, 1 red, 2 green, or -1 where the brightest channel is not alone.
    """
    levels = np.asarray(images).mean(axis=(1, 2))
    alone = (levels == levels.max(axis=1, keepdims=True)).sum(axis=1) == 1
    return np.where(alone, np.argsort(CHANNELS)[levels.argmax(axis=1)], UNDECIDED)


RULES = {"corner": corner, "mean": mean, "channel": channel}


@dataclass(frozen=True)
class Rule:
    """A rule-based predictor with its parameters, and how often it is right on the real images.

    Args:
        name: `"corner"`, `"mean"` or `"channel"`.
        accuracy: share of the real images that it assigns to their group; undecided ones count as wrong.
        by_group: the same per true group.
        parameters: what the rule needs besides the images.
    """

    name: str
    accuracy: float
    by_group: tuple[float, ...]
    parameters: dict = field(default_factory=dict)

    def __call__(self, images):
        """Returns the group of each image, int64, shape `(N,)`, -1 where the rule cannot tell."""
        return np.concatenate([RULES[self.name](part, **self.parameters) for part in parts_of(images)])


def fit_mean_rule(images, groups):
    """Parameters of `mean`: midpoints between the groups' mean intensities on real images.

    Args:
        images: float, shape `(N, height, width, channels)`, in [-1, 1].
        groups: integers, shape `(N,)`, 0 to k - 1, each occurring.

    Returns:
        dict of `thresholds` (k - 1 floats) and `order` (k groups, darkest first).
    """
    intensity = images.mean(axis=(1, 2, 3))
    levels = np.bincount(groups, weights=intensity) / np.bincount(groups)
    order = np.argsort(levels)
    return {"thresholds": ((levels[order][1:] + levels[order][:-1]) / 2).tolist(), "order": order.tolist()}


def fit_rules(data):
    """Fits the rules that apply to a data set's grouping, and measures them on it.

    Args:
        data: `ImageDataset`; `data.rules` names them.

    Returns:
        dict of rule name to `Rule`, a callable: images to groups.
    """
    if not data.rules:
        return {}
    images = data.images
    return {name: _fit_rule(name, images, data.groups) for name in data.rules}


def _fit_rule(name, images, groups):
    parameters = fit_mean_rule(images, groups) if name == "mean" else {}
    right = RULES[name](images, **parameters) == groups
    by_group = np.bincount(groups, weights=right) / np.bincount(groups)
    return Rule(name, float(right.mean()), tuple(by_group.tolist()), parameters)


class Assignment(NamedTuple):
    """Groups of images, and why some have none.

    Args:
        groups: int64, shape `(N,)`, -1 undecided.
        leaning: int64, shape `(N,)`, the classifier's most likely group, also where it is not clear.
        reasons: dict of `"low confidence"` and, with the corner rule, `"corners"` to booleans, shape `(N,)`;
            an image can have both.
    """

    groups: np.ndarray
    leaning: np.ndarray
    reasons: dict[str, np.ndarray]


class Decision(NamedTuple):
    """When an image is clear enough to be counted for a group.

    Args:
        confidence: least probability that decides, whatever real images have, in [0, 1].
        max_undecided: the threshold of a group is lower where more than this share of the real images of a
            group would be undecided, in [0, 1]; 1: it is `confidence` for every group.
    """

    confidence: float = 0.9
    max_undecided: float = 0.05

    def thresholds(self, classifier):
        """Returns the least probability that decides, by the group that an image leans to, shape `(k,)`."""
        return classifier.thresholds(self.confidence, self.max_undecided)


DECISION = Decision()


def assign(images, classifier, rules, decision=DECISION):
    """Group of each image by the classifier, or -1 where it is not clear.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        classifier: `AttributeClassifier` of the groups.
        rules: dict of rule name to callable; `"corner"`, if there, leaves images undecided whose corners
            disagree: a picture half black and half white is in no group, however sure the classifier is.
        decision: `Decision`.

    Returns:
        `Assignment`.
    """
    return decide(classifier.chances(images), images, rules, decision.thresholds(classifier))


def decide(chances, images, rules, thresholds):
    """The same of probabilities, shape `(N, k)`, and thresholds, shape `(k,)`; only rules look at images."""
    leaning = chances.argmax(axis=1)
    reasons = {"low confidence": chances.max(axis=1) < thresholds[leaning]}
    if "corner" in rules:
        reasons["corners"] = rules["corner"](images) == UNDECIDED
    undecided = np.any(list(reasons.values()), axis=0)
    return Assignment(np.where(undecided, UNDECIDED, leaning), leaning, reasons)
