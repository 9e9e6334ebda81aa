"""The classifier of the groups, h: X -> S in the papers, with its errors on held-out real images.

Reference: Kenfack et al., RepFair-GAN, section 4.1 "Metrics" (trained on 70 % of the real images).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from repfair_keras.core.array_file import ArrayFile
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing, write_json
from repfair_keras.evaluation.images import budget
from repfair_keras.evaluation.images.calibration import Calibration
from repfair_keras.evaluation.images.classifier_candidates import best_candidate
from repfair_keras.evaluation.images.fit_classifier import stratified_split
from repfair_keras.evaluation.images.instrument_files import read_fields
from repfair_keras.evaluation.images.network_outputs import outputs, outputs_of_pixels
from repfair_keras.evaluation.images.thresholds import thresholds
from repfair_keras.metrics.calibration import expected_calibration_error

TEST_SHARE = 1 - budget.TRAIN_SHARE - budget.VALIDATION_SHARE


class HeldOut(NamedTuple):
    """Real images that a classifier was not trained on, and what it says of them.

    Args:
        rows: int64, shape `(N,)`, indices in the data it was made from.
        groups: int64, shape `(N,)`, their groups.
        chances: float32, shape `(N, k)`, probability of each group.
        tested: bool, shape `(N,)`: errors are counted on these; by the others, the validation images, the
            classifier was chosen and calibrated.
    """

    rows: np.ndarray
    groups: np.ndarray
    chances: np.ndarray
    tested: np.ndarray

    @property
    def test(self):
        """Those on which errors are counted."""
        return HeldOut(*(array[self.tested] for array in self))


@dataclass(frozen=True, eq=False)
class AttributeClassifier:
    """A trained classifier and what it gets wrong on real images that it was not trained on.

    Args:
        model: `keras.Model`, images to logits.
        names: one name per output.
        calibration: `Calibration`, logits to probabilities.
        held_out: `HeldOut`.
        n_train: number of images trained on.
        data: fingerprint of the data.
        candidate: which network it is, of `CANDIDATES`.
        tried: dict of each candidate to its balanced accuracy on the validation images.
    """

    model: keras.Model
    names: tuple[str, ...]
    calibration: Calibration
    held_out: HeldOut
    n_train: int
    data: str
    candidate: str = "small"
    tried: dict[str, float] = field(default_factory=dict)

    @property
    def test_rows(self):
        """Indices of the images on which errors are counted, in the data it was made from."""
        return self.held_out.test.rows

    @property
    def confusion(self):
        """Counts on these images, int64, shape `(k, k)`: rows true, columns predicted."""
        test, k = self.held_out.test, len(self.names)
        counts = np.bincount(test.groups * k + test.chances.argmax(axis=1), minlength=k * k)
        return counts.reshape(k, k)

    @property
    def n_test(self):
        """Number of images on which errors are counted."""
        return int(self.held_out.tested.sum())

    @property
    def accuracy(self):
        """Share of these images that is predicted right; 1 is perfect."""
        return float(np.trace(self.confusion) / self.n_test)

    @property
    def by_group(self):
        """Recall: the accuracy per true group, a tuple."""
        return tuple((np.diag(self.confusion) / self.confusion.sum(axis=1)).tolist())

    @property
    def balanced_accuracy(self):
        """Mean recall over the groups."""
        return float(np.mean(self.by_group))

    @property
    def calibration_errors(self):
        """Expected calibration error on the test images of each group, a tuple, in [0, 1]; 0 is perfect."""
        test = self.held_out.test
        return tuple(
            expected_calibration_error(test.chances[test.groups == group], test.groups[test.groups == group])
            for group in range(len(self.names))
        )

    def thresholds(self, confidence, max_undecided):
        """Probability below which an image is undecided, by the group that it leans to; see `thresholds`."""
        return thresholds(self.held_out.chances, self.held_out.groups, max_undecided, confidence)

    def chances(self, images):
        """Returns the probability of each group, float32, shape `(N, k)`; rows sum to 1.

        Args:
            images: float32 in [-1, 1], shape `(N, height, width, channels)`.

        Raises:
            InputError: if the images are none, of another shape, NaN or out of range.
        """
        return self.calibration.chances(outputs(self.model, images))

    def predict(self, images):
        """Returns the most likely index of each image, int64, and its probability, float32, both `(N,)`.

        Arguments and errors are those of `chances`.
        """
        chances = self.chances(images)
        return chances.argmax(axis=1), chances.max(axis=1)

    def save(self, folder):
        """Writes `model.keras`, `classifier.json` and `held_out.npz` in a folder, which appears complete."""
        fields = {
            "names": list(self.names),
            "candidate": self.candidate,
            "tried": self.tried,
            "calibration": self.calibration._asdict(),
            "n_train": self.n_train,
            "data": self.data,
        }
        with replacing(folder) as temporary:
            temporary.mkdir()
            self.model.save(temporary / "model.keras")
            np.savez_compressed(temporary / "held_out.npz", **self.held_out._asdict())
            write_json(temporary / "classifier.json", fields)

    @classmethod
    def load(cls, folder):
        """Reads what `save` wrote.

        Raises:
            InputError: if the folder holds no classifier, or a damaged one.
        """
        fields, model = read_saved(folder, "classifier")
        held_out = _read_held_out(Path(folder) / "held_out.npz")
        calibration = Calibration(fields["calibration"]["temperature"], tuple(fields["calibration"]["bias"]))
        return cls(
            model,
            tuple(fields["names"]),
            calibration,
            held_out,
            **{name: fields[name] for name in ("n_train", "data", "candidate", "tried")},
        )


def attribute_classifier(
    data, seed=0, epochs=budget.CLASSIFIER_EPOCHS, verbose=0, steps=None, candidates=None
):
    """Trains a classifier of the groups on a part of the images, and counts its errors on another.

    Args:
        data: `ImageDataset`.
        seed: integer that fixes the split, the initial weights, the batches and dropout.
        epochs: passes of the small candidate over the training part, within the bounds of `budget`.
        verbose: 0 silent, 1 progress bar, 2 one line.
        steps: batches of each candidate at most; `None`: enough for any data.
        candidates: names of the networks to try, of `CANDIDATES`; `None`: all.

    Returns:
        `AttributeClassifier`.

    Raises:
        InputError: if a group has fewer than three images.
    """
    check_sizes(data.groups, data.group_names, least=3)
    rest, test = stratified_split(data.groups, data.labels, 1 - TEST_SHARE, seed)
    labels = None if data.labels is None else data.labels[rest]
    inner = stratified_split(data.groups[rest], labels, budget.TRAIN_SHARE / (1 - TEST_SHARE), seed)
    train, validation = (rest[rows] for rows in inner)
    best = best_candidate(data, train, validation, seed, epochs, verbose, steps, candidates)
    rows = np.concatenate([validation, test])
    chances = best.calibration.chances(outputs_of_pixels(best.model, data.pixels[rows]))
    tested = np.arange(len(rows)) >= len(validation)
    held_out = HeldOut(rows, data.groups[rows].astype(np.int64), chances, tested)
    places = len(train), data.fingerprint, best.name, best.tried
    return AttributeClassifier(best.model, data.group_names, best.calibration, held_out, *places)


def _read_held_out(path):
    try:
        with ArrayFile(path) as stored:
            return HeldOut(*(stored[name] for name in HeldOut._fields))
    except (InputError, KeyError) as error:
        raise InputError(
            f"{path} cannot be read: {error}. Remove {path.parent} to have it made again."
        ) from error


def read_saved(folder, what):
    """Returns what `<what>.json` in a folder holds, and the model beside it.

    Raises:
        InputError: as `read_fields`; if the model cannot be read.
    """
    fields = read_fields(folder, what)
    try:
        return fields, keras.models.load_model(Path(folder) / "model.keras")
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise InputError(
            f"{Path(folder) / 'model.keras'} cannot be read: {error}. Remove {folder} to have it made again."
        ) from error


def check_sizes(targets, names, least=2):
    """Raises `InputError` if a target has fewer images than are needed to train, to choose and to test."""
    counts = np.bincount(targets, minlength=len(names))
    few = [f"{name!r} has {count}" for name, count in zip(names, counts, strict=True) if count < least]
    if few:
        raise InputError(
            f"{', '.join(few)} images, expected at least {least} of each, for the classifier to train on and to be "
            "tested with: give more images, or a larger share."
        )
