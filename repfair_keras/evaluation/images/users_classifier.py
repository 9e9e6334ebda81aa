"""A classifier of the groups that was made elsewhere, tested on the real images as our own is."""

import numpy as np
from scipy.special import log_softmax, logit

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.attribute_classifier import (
    AttributeClassifier,
    HeldOut,
    check_sizes,
)
from repfair_keras.evaluation.images.calibration import calibrate
from repfair_keras.evaluation.images.fit_classifier import stratified_split
from repfair_keras.evaluation.images.network_outputs import outputs_of_pixels
from repfair_keras.evaluation.images.users_model import PIXELS, load_users_model

MOST = 2000  # real images of a group that it is asked about
TRIED = 100  # of a group by which the range of its pixels is found
SUM_TOLERANCE = 1e-3
LEAST_CHANCE = 1e-6


def users_classifier(path, data, outputs=None, seed=0):
    """Loads a classifier, finds out which pixels it takes, calibrates it, and counts its errors.

    Half of the real images choose the range of pixels and calibrate; errors are counted on the other half. If it
    was trained on these images it errs more often than is counted.

    Args:
        path: see `users_model.load_users_model`. It gives a logit or a probability for each group, or, for two
            groups, one for the second.
        data: `ImageDataset` of the real images.
        outputs: names of the groups in the order of its outputs; `None`: the order of `data`.
        seed: seed of the choice of images.

    Returns:
        `AttributeClassifier` that has not trained on any image.

    Raises:
        InputError: if it cannot be loaded, or its outputs do not fit the groups.
    """
    check_sizes(data.groups, data.group_names, least=3)
    model = load_users_model(path, data.image_shape)
    order = _order(outputs, data.group_names)
    rows = _some(data.groups, MOST, seed)
    first, second = (rows[part] for part in stratified_split(data.groups[rows], None, 0.5, seed))
    network, tried = _logits_of(model, data, _some(data.groups, TRIED, seed, first), order)
    calibration, _ = calibrate(outputs_of_pixels(network, data.pixels[first]), data.groups[first])
    both = np.concatenate([first, second])
    chances = calibration.chances(outputs_of_pixels(network, data.pixels[both]))
    tested = np.arange(len(both)) >= len(first)
    held_out = HeldOut(both, data.groups[both].astype(np.int64), chances, tested)
    name = f"{model.name} (hash {model.hash}, pixels {network.model.pixels})"
    return AttributeClassifier(
        network, data.group_names, calibration, held_out, 0, data.fingerprint, name, tried
    )


def check_users_classifier(path, data, outputs=None):
    """Raises `InputError` as `users_classifier` does, after a look at one image."""
    model = load_users_model(path, data.image_shape)
    _gives_chances(
        outputs_of_pixels(model, data.pixels[:1]), len(_order(outputs, data.group_names)), model.name
    )


class _Logits:
    """The network with one logit for each group, in the order of the data.

    Args:
        model: `UsersModel`.
        order: for each group the column of the outputs that stands for it.
        chances: whether it gives probabilities.
    """

    def __init__(self, model, order, chances):
        self.model, self.order, self.chances = model, order, chances
        self.input_shape = model.input_shape

    def __call__(self, images, training=False):
        found = self.model(images).astype(np.float64)
        if self.chances:
            inner = np.clip(found, LEAST_CHANCE, 1 - LEAST_CHANCE)
            found = logit(inner) if found.shape[1] == 1 else np.log(inner)
        if found.shape[1] == 1:
            found = np.concatenate([np.zeros_like(found), found], axis=1)
        return found[:, self.order].astype(np.float32)


def _gives_chances(found, k, name):
    """Whether outputs are probabilities; raises `InputError` if they cannot be those of k groups."""
    if found.ndim != 2 or found.shape[1] not in ((1, k) if k == 2 else (k,)):
        wanted = f"one for each of {k} groups" + (", or one for the second" if k == 2 else "")
        shape = ", ".join(map(str, found.shape[1:])) or "one number"
        raise InputError(f"{name} gives {shape} for an image: expected {wanted}.")
    if not np.isfinite(found).all():
        raise InputError(f"{name} gives NaN or infinity for real images: it cannot judge them.")
    sums = found.sum(axis=1) if found.shape[1] > 1 else np.ones(len(found))
    return found.min() >= 0 and found.max() <= 1 and np.allclose(sums, 1, atol=SUM_TOLERANCE)


def _order(outputs, names):
    """For each group of the data, the column of the classifier's outputs that stands for it."""
    if outputs is None:
        return list(range(len(names)))
    outputs = [str(name).strip() for name in outputs]
    if sorted(outputs) != sorted(names):
        raise InputError(
            f"classifier_groups is {', '.join(outputs)}: expected each of the groups {', '.join(names)}, in the order "
            "of the classifier's outputs."
        )
    return [outputs.index(name) for name in names]


def _logits_of(model, data, rows, order):
    """The network with the range of pixels at which it is right most often, and how often that is for each.

    Of two that are right as often, the one whose probabilities are nearer to the truth.
    """
    tried, networks, groups = {}, {}, data.groups[rows]
    sizes = np.bincount(groups)
    for pixels in PIXELS:
        asked = model.with_pixels(pixels)
        found = outputs_of_pixels(asked, data.pixels[rows])
        networks[pixels] = _Logits(asked, order, _gives_chances(found, len(order), model.name))
        told = log_softmax(outputs_of_pixels(networks[pixels], data.pixels[rows]), axis=1)
        right = np.bincount(groups, weights=told.argmax(axis=1) == groups) / sizes
        likelihood = np.bincount(groups, weights=told[np.arange(len(groups)), groups]) / sizes
        tried[pixels] = float(right.mean()), float(likelihood.mean())
    best = max(tried, key=tried.get)
    return networks[best], {f"pixels {pixels}": right for pixels, (right, _) in tried.items()}


def _some(groups, most, seed, rows=None):
    """At most so many rows of each group, at random, sorted."""
    rows = np.arange(len(groups)) if rows is None else rows
    order = np.random.default_rng(seed).permutation(rows)
    chosen = [order[groups[order] == group][:most] for group in np.unique(groups)]
    return np.sort(np.concatenate(chosen))
