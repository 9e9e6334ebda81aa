"""Loads an exported generator of images and samples from it."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.export.saved_model import check_indices, load_saved_model


class GeneratedImages(NamedTuple):
    """What a generator has made.

    Args:
        images: float32 in [-1, 1], shape `(n, height, width, channels)`.
        labels: int32, shape `(n,)`; `None` where there are no classes.
        groups: int32, shape `(n,)`; `None` where the generator is told no groups.
        members: int32, shape `(n,)`, generator of each image; `None` where there is one.
    """

    images: np.ndarray
    labels: np.ndarray | None
    groups: np.ndarray | None = None
    members: np.ndarray | None = None


class ImageSampler:
    """An exported generator of images, loaded.

    Args:
        folder: folder of the SavedModel.

    Attributes:
        metadata: dict, `repfair.json` of the export: configuration, steps, groups, classes.
        group_names, class_names: tuples of text; empty where the export names none.
        takes_labels, takes_groups: whether the generator is told the label, the group, of an image.

    Raises:
        InputError: if there is no SavedModel in it, or it has no `sample` endpoint.

    Examples:
        >>> sampler = ImageSampler("saved_models/repfair_mnist")
        >>> sampler.group_names
        ('black', 'white')
        >>> sampler.generate(3, seed=0, labels=[7, 7, 1]).images.shape
        (3, 28, 28, 1)
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self._model, self.metadata = load_saved_model(self.folder)
        self.group_names = tuple(self.metadata.get("groups", ()))
        self.class_names = tuple(self.metadata.get("class_names", ()))
        self.takes_labels = hasattr(self._model, "sample_labels")
        self.takes_groups = hasattr(self._model, "sample_groups")

    def generate(self, n: int, seed: int, labels=None, groups=None) -> GeneratedImages:
        """Generates images.

        Args:
            n: number of images.
            seed: seed of the noise.
            labels: class of each image, int, shape `(n,)`; `None`: drawn uniformly where there are classes.
            groups: group of each image, int, shape `(n,)`; `None`: drawn uniformly where the generator is
                told groups.

        Returns:
            `GeneratedImages`.

        Raises:
            InputError: for a class or a group that there is not, or that the generator is not told.
        """
        asked = {"labels": (labels, self.class_names), "groups": (groups, self.group_names)}
        given = {
            name: tf.constant(check_indices(name, values, known), tf.int32)
            for name, (values, known) in asked.items()
            if values is not None
        }
        told = given.values() or [tf.constant(n, tf.int32)]
        made = self._endpoint(given)(*told, tf.constant(seed, tf.int32))
        return GeneratedImages(
            *(made[name].numpy() if name in made else None for name in GeneratedImages._fields)
        )

    def _endpoint(self, given):
        """The endpoint that is told what is given."""
        for name in given:
            if not hasattr(self._model, f"sample_{name}"):
                raise InputError(
                    f"{name} are given, but the generator in {self.folder} was trained without them: leave "
                    "them out."
                )
        return getattr(self._model, "_".join(["sample", *given]))
