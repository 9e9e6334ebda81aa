"""Features of images without a download: a network trained on the user's own real images.

Distances in the feature space of an ImageNet network mean little for digits. This network learns the labels
and the groups of the data at hand; its penultimate layer holds the features. Numbers measured with two
different extractors do not compare, so each has a hash.
"""

import hashlib
from dataclasses import dataclass
from typing import get_type_hints

import keras
import numpy as np

from repfair_keras.core.files import replacing, write_json
from repfair_keras.evaluation.images import budget
from repfair_keras.evaluation.images.attribute_classifier import check_sizes, read_saved
from repfair_keras.evaluation.images.fit_classifier import fit, stratified_split
from repfair_keras.evaluation.images.instrument_files import ExtractorFields
from repfair_keras.evaluation.images.network_outputs import outputs, outputs_of_pixels
from repfair_keras.evaluation.report_parts import TRAINED_HERE
from repfair_keras.metrics.disaggregation import mean_by_group
from repfair_keras.networks.extractor import extractor

GROUP, LABEL, TURN = "group", "label", "turn"
SCALED = "scaled"


@dataclass(frozen=True, eq=False)
class FeatureExtractor:
    """A trained feature extractor, which is also the judge of labels, and its accuracy on held-out images.

    Args:
        model: `keras.Model`, images to a dict of `features` and logits.
        group_names: one name per group.
        class_names: one name per class; empty without classes.
        accuracy: dict of each thing it was trained to tell (`group`, and `label` or `turn`) to a dict of
            `overall`, `by_group`, `difference`, `ratio` and `worst`, on held-out real images.
        n_train: number of images trained on.
        data: fingerprint of the data it was made from.
    """

    model: keras.Model
    group_names: tuple[str, ...]
    class_names: tuple[str, ...]
    accuracy: dict
    n_train: int
    data: str

    name = TRAINED_HERE

    @property
    def hash(self):
        """SHA-256 (16 hexadecimal digits) of weights and scale: numbers compare where it is equal."""
        digest, scale = hashlib.sha256(), self.model.get_layer(SCALED)
        for array in (*self.model.get_weights(), scale.mean, scale.variance):
            digest.update(np.ascontiguousarray(array))
        return digest.hexdigest()[:16]

    @property
    def size(self):
        """Number of features, D."""
        return self.model.output["features"].shape[-1]

    def features(self, images):
        """Returns the features, float32, shape `(N, D)`.

        Args:
            images: float32 in [-1, 1], shape `(N, height, width, channels)`.

        Raises:
            InputError: if the images are none, of another shape, NaN or out of range.
        """
        return outputs(self.model, images)["features"]

    def real(self, data):
        """Returns the features of all real images, `ImageDataset`, shape `(N, D)`."""
        return outputs_of_pixels(self.model, data.pixels)["features"]

    def describe(self, images):
        """Returns the features and the most likely label of each image (`None` without classes)."""
        found = outputs(self.model, images)
        return found["features"], found[LABEL].argmax(axis=1) if LABEL in found else None

    def save(self, folder):
        """Writes `model.keras` and `extractor.json` in a folder of their own, which appears complete."""
        with replacing(folder) as temporary:
            temporary.mkdir()
            self.model.save(temporary / "model.keras")
            fields = {name: getattr(self, name) for name in get_type_hints(ExtractorFields)}
            write_json(temporary / "extractor.json", fields)

    @classmethod
    def load(cls, folder):
        """Reads what `save` wrote.

        Raises:
            InputError: if the folder holds no extractor.
        """
        fields, model = read_saved(folder, "extractor")
        return cls(
            model=model,
            group_names=tuple(fields["group_names"]),
            class_names=tuple(fields["class_names"]),
            accuracy=fields["accuracy"],
            n_train=fields["n_train"],
            data=fields["data"],
        )


def train_extractor(data, seed=0, epochs=budget.EXTRACTOR_EPOCHS, verbose=0, steps=None):
    """Trains on a part of the images to tell their groups and labels; without labels, how they were turned.

    Without classes, features that know the group alone would see little of an image. Telling by which
    quarter turn it was rotated needs its shapes (Gidaris et al. 2018).

    Args:
        data: `ImageDataset`.
        seed: integer that fixes the split, the initial weights, the batches and dropout.
        epochs: passes over the training part, within the bounds of `evaluation.images.budget`.
        verbose: 0 silent, 1 progress bar, 2 one line.
        steps: batches at most; `None`: as many as the epochs say.

    Returns:
        `FeatureExtractor`.

    Raises:
        InputError: if a group has fewer than two images.
    """
    check_sizes(data.groups, data.group_names)
    train, test = stratified_split(data.groups, data.labels, budget.TRAIN_SHARE, seed)
    second = {TURN: 4} if data.labels is None else {LABEL: data.n_classes}
    targets = {GROUP: data.groups, **({} if data.labels is None else {LABEL: data.labels})}
    model = extractor(data.image_shape, {GROUP: data.n_groups, **second}, seed)
    heads = keras.Model(
        model.input, {name: model.output[name] for name in (GROUP, *second)}, name="extractor"
    )
    change = turned if TURN in second else None
    fit(heads, data.pixels, targets, train, epochs, seed, change, verbose, limit=steps)
    model = _scaled(model, outputs_of_pixels(model, data.pixels[train])["features"])

    held_out, targets = data.pixels[test], {name: target[test] for name, target in targets.items()}
    if TURN in second:
        held_out, targets = turned(held_out, targets, np.random.default_rng(seed))
    found = outputs_of_pixels(heads, held_out)
    accuracy = {
        name: mean_by_group(
            logits.argmax(axis=1) == targets[name], data.groups[test], data.group_names
        ).to_dict()
        for name, logits in found.items()
    }
    return FeatureExtractor(model, data.group_names, data.class_names, accuracy, len(train), data.fingerprint)


def _scaled(model, features):
    """The model with features of mean 0 and average variance 1 on real images: KID depends on their scale."""
    scale = keras.layers.Normalization(
        mean=features.mean(axis=0),
        variance=np.full(features.shape[1], features.var(axis=0).mean()),
        name=SCALED,
    )
    heads = {name: model.output[name] for name in model.output if name != "features"}
    return keras.Model(model.input, {"features": scale(model.output["features"]), **heads}, name=model.name)


def turned(images, targets, rng):
    """Rotates each image by 0 to 3 quarter turns, and adds how many to the targets as `turn`."""
    turns = rng.integers(4, size=len(images))
    images = np.stack([np.rot90(image, turn) for image, turn in zip(images, turns, strict=True)])
    return images, {**targets, TURN: turns}
