"""The classifier of the groups, h: X -> S in the papers, with its errors on held-out real images.

Reference: Kenfack et al., RepFair-GAN, section 4.1 "Metrics" (trained on 70 % of the real images).
"""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from scipy.special import softmax

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing, write_json
from repfair_keras.data.images.dataset import to_float
from repfair_keras.evaluation.images import budget
from repfair_keras.evaluation.images.check_images import check_images
from repfair_keras.evaluation.images.fit_classifier import fit, stratified_split
from repfair_keras.evaluation.images.instrument_files import read_fields
from repfair_keras.networks.classifier import classifier


@dataclass(frozen=True, eq=False)
class AttributeClassifier:
    """A trained classifier and what it gets wrong on real images that it was not trained on.

    Args:
        model: `keras.Model`, images to logits.
        names: one name per output.
        confusion: int64, shape `(k, k)`, counts on the held-out part: rows true, columns predicted.
        test_rows: indices of the held-out images in the data it was made from.
        n_train: number of images trained on.
        data: fingerprint of that data.
    """

    model: keras.Model
    names: tuple[str, ...]
    confusion: np.ndarray
    test_rows: np.ndarray
    n_train: int
    data: str

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
        chances = softmax(outputs(self.model, images), axis=1)
        return chances.argmax(axis=1), chances.max(axis=1)

    def save(self, folder):
        """Writes `model.keras`, `classifier.json` and `test_rows.npy` in a folder, which appears complete."""
        fields = {
            "names": list(self.names),
            "confusion": self.confusion.tolist(),
            "n_train": self.n_train,
            "data": self.data,
        }
        with replacing(folder) as temporary:
            temporary.mkdir()
            self.model.save(temporary / "model.keras")
            np.save(temporary / "test_rows.npy", self.test_rows, allow_pickle=False)
            write_json(temporary / "classifier.json", fields)

    @classmethod
    def load(cls, folder):
        """Reads what `save` wrote.

        Raises:
            InputError: if the folder holds no classifier, or a damaged one.
        """
        fields, model = read_saved(folder, "classifier", ("names", "confusion", "n_train", "data"))
        return cls(
            model=model,
            names=tuple(fields["names"]),
            confusion=np.array(fields["confusion"], dtype=np.int64),
            test_rows=np.load(Path(folder) / "test_rows.npy", allow_pickle=False),
            n_train=fields["n_train"],
            data=fields["data"],
        )


def attribute_classifier(data, seed=0, epochs=budget.CLASSIFIER_EPOCHS, verbose=0, steps=None):
    """Trains a classifier of the groups on a part of the images, and counts its errors on the rest.

    Args:
        data: `ImageDataset`.
        seed: integer that fixes the split, the initial weights, the batches and dropout.
        epochs: passes over the training part, within the bounds of `evaluation.training`.
        verbose: 0 silent, 1 progress bar, 2 one line.
        steps: batches at most; `None`: as many as the epochs say.

    Returns:
        `AttributeClassifier`.

    Raises:
        InputError: if a group has fewer than two images.
    """
    check_sizes(data.groups, data.group_names)
    k = data.n_groups
    train, test = stratified_split(data.groups, data.labels, budget.TRAIN_SHARE, seed)
    model = classifier(data.image_shape, k, "classifier", seed=seed)
    fit(model, data.pixels, data.groups, train, epochs, seed, verbose=verbose, limit=steps)

    confusion = np.zeros((k, k), dtype=np.int64)
    found = outputs_of_pixels(model, data.pixels[test]).argmax(axis=1)
    np.add.at(confusion, (data.groups[test], found), 1)
    return AttributeClassifier(model, data.group_names, confusion, test, len(train), data.fingerprint)


def outputs(model, images):
    """What a model makes of images, checked: an array, or a dict of arrays, in the order of the images."""
    images = check_images(images, model.input_shape[1:])
    return _in_parts(lambda part: model(part, training=False), images)


def outputs_of_pixels(model, pixels):
    """The same of real images, uint8; floats, four times their bytes, are made of some at a time."""
    return _in_parts(lambda part: model(to_float(part), training=False), pixels)


def _in_parts(function, images):
    # Called directly: `model.predict` would trace a graph for each shape of batch.
    parts = [function(images[i : i + 500]) for i in range(0, len(images), 500)]
    return keras.tree.map_structure(lambda *part: np.concatenate([np.asarray(p) for p in part]), *parts)


def read_saved(folder, what, keys):
    """Returns what `<what>.json` in a folder holds, and the model beside it.

    Raises:
        InputError: as `read_fields`; if the model cannot be read.
    """
    fields = read_fields(folder, what, keys)
    try:
        return fields, keras.models.load_model(Path(folder) / "model.keras")
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise InputError(
            f"{Path(folder) / 'model.keras'} cannot be read: {error}. Remove {folder} to have it made again."
        ) from error


def check_sizes(targets, names):
    """Raises `InputError` if a target has fewer than the two images that training and testing need."""
    for name, count in zip(names, np.bincount(targets, minlength=len(names)), strict=True):
        if count < 2:
            raise InputError(
                f"{name!r} has {count} images, expected at least 2, one to train the classifier on and one "
                "to test it with: give more images, or a larger share."
            )
