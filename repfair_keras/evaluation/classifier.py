"""Classifiers for reports, with their errors on held-out real images.

Two are trained: one for the groups (h: X -> S in the paper) and, where there are classes, one for the
labels, the judge of whether a generated 7 looks like a 7.

Reference: Kenfack et al., RepFair-GAN, section 4.1 "Metrics" (trained on 70 % of the real images).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from scipy.special import softmax

from repfair_keras.errors import InputError
from repfair_keras.evaluation.images import check_images
from repfair_keras.evaluation.training import fit, stratified_split
from repfair_keras.files import replacing, write_json
from repfair_keras.networks.classifier import classifier


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained classifier and what it gets wrong on real images that it was not trained on.

    Args:
        model: `keras.Model`, images to logits.
        names: one name per output.
        confusion: int64, shape `(k, k)`, counts on the held-out part: rows true, columns predicted.
        by_stratum: held-out accuracy per stratum, `None` for one without images; empty without strata.
        n_train: number of images trained on.
    """

    model: keras.Model
    names: tuple[str, ...]
    confusion: np.ndarray
    by_stratum: tuple[float | None, ...]
    n_train: int

    @property
    def n_test(self):
        """Number of images held out."""
        return int(self.confusion.sum())

    @property
    def accuracy(self):
        """Share of the held-out images that is predicted right; 1 is perfect."""
        return float(np.trace(self.confusion) / self.n_test)

    @property
    def by_group(self):
        """Held-out accuracy per true index, a tuple."""
        return tuple((np.diag(self.confusion) / self.confusion.sum(axis=1)).tolist())

    def predict(self, images):
        """Returns the most likely index of each image, and its probability.

        Args:
            images: float32 in [-1, 1], shape `(N, height, width, channels)`.

        Returns:
            index: int64, shape `(N,)`.
            confidence: float32, shape `(N,)`, from 1/k to 1.

        Raises:
            InputError: if the images are none, of another shape, NaN or out of range.
        """
        images = check_images(images, self.model.input_shape[1:])
        return _predict(self.model, images)

    def save(self, folder):
        """Writes `model.keras` and `classifier.json` in a folder of their own, which appears complete."""
        fields = {
            "names": list(self.names),
            "confusion": self.confusion.tolist(),
            "by_stratum": list(self.by_stratum),
            "n_train": self.n_train,
        }
        with replacing(folder) as temporary:
            temporary.mkdir()
            self.model.save(temporary / "model.keras")
            write_json(temporary / "classifier.json", fields)

    @classmethod
    def load(cls, folder):
        """Reads what `save` wrote.

        Raises:
            InputError: if the folder holds no classifier.
        """
        folder = Path(folder)
        if not ((folder / "model.keras").is_file() and (folder / "classifier.json").is_file()):
            raise InputError(
                f"{str(folder)!r} holds no classifier, expected model.keras and classifier.json in it: "
                "check the path, or train and save one there."
            )
        fields = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        return cls(
            model=keras.models.load_model(folder / "model.keras"),
            names=tuple(fields["names"]),
            confusion=np.array(fields["confusion"], dtype=np.int64),
            by_stratum=tuple(fields["by_stratum"]),
            n_train=fields["n_train"],
        )


def attribute_classifier(data, seed):
    """Returns a `Classifier` of the groups of `data` (`GroupedData`)."""
    return train_classifier(data.images, data.groups, data.group_names, seed, epochs=6)


def label_classifier(data, seed):
    """Returns a `Classifier` of the labels of `data` (`GroupedData`), with its accuracy per group too."""
    return train_classifier(data.images, data.labels, data.class_names, seed, strata=data.groups)


def train_classifier(images, targets, names, seed, train_share=0.7, epochs=30, strata=None):
    """Trains on a part of the images, and counts the errors on the rest. One seed gives one result.

    Args:
        images: float32 in [-1, 1], shape `(N, height, width, channels)`.
        targets: integers, shape `(N,)`, 0 to `len(names) - 1`.
        names: one name per target.
        seed: integer that fixes the split, the initial weights, the batches and dropout.
        train_share: share of each target (and stratum) to train on, in (0, 1).
        epochs: passes over the training part, within `MIN_STEPS` and `MAX_STEPS` batches.
        strata: integers from 0, shape `(N,)`, to be split in proportion too and to report accuracy for.

    Returns:
        `Classifier`.

    Raises:
        InputError: if the images are not as above, or a target has fewer than two of them.
    """
    images, targets = check_images(images), np.asarray(targets)
    strata = None if strata is None else np.asarray(strata)
    _check_targets(targets, names, len(images))
    train, test = stratified_split(targets, strata, train_share, seed)
    model = classifier(images.shape[1:], len(names), "classifier", seed=seed)
    fit(model, images, targets, train, epochs, seed)

    predicted, _ = _predict(model, images[test])
    confusion = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(confusion, (targets[test], predicted), 1)
    by_stratum = ()
    if strata is not None:
        by_stratum = share_by(strata[test], predicted == targets[test], strata.max() + 1)
    return Classifier(model, tuple(names), confusion, by_stratum, len(train))


def share_by(index, right, n):
    """Share of `right` (booleans) for each `index`, 0 to `n - 1`: a tuple, `None` where it never occurs."""
    hits, total = np.bincount(index, weights=right, minlength=n), np.bincount(index, minlength=n)
    return tuple(float(h / t) if t else None for h, t in zip(hits, total, strict=True))


def _predict(model, images):
    # Called directly: `model.predict` would trace a graph for each shape of batch.
    logits = [model(images[i : i + 500], training=False) for i in range(0, len(images), 500)]
    chances = softmax(np.concatenate([keras.ops.convert_to_numpy(part) for part in logits]), axis=1)
    return chances.argmax(axis=1), chances.max(axis=1)


def _check_targets(targets, names, n_images):
    if len(targets) != n_images or targets.min() < 0 or targets.max() >= len(names):
        raise InputError(
            f"{len(targets)} targets from {targets.min()} to {targets.max()} for {n_images} images, "
            f"expected one per image from 0 to {len(names) - 1}."
        )
    for name, count in zip(names, np.bincount(targets, minlength=len(names)), strict=True):
        if count < 2:
            raise InputError(
                f"{name!r} has {count} images, expected at least 2, one to train the classifier on and one "
                "to test it with: give more images, or a larger share."
            )
