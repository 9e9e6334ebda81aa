"""A SavedModel that samples without this package and without data."""

import json
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.random_streams import Stream
from repfair_keras.networks import ensemble
from repfair_keras.networks.conditions import condition_names, conditions_of

CHUNK = 256  # images made at a time: bounds memory for any n
METADATA = "repfair.json"
N_SPEC, SEED_SPEC = tf.TensorSpec((), tf.int32, name="n"), tf.TensorSpec((), tf.int32, name="seed")
LABELS_SPEC = tf.TensorSpec((None,), tf.int32, name="labels")
GROUPS_SPEC = tf.TensorSpec((None,), tf.int32, name="groups")

MEMBERS_SPEC = tf.TensorSpec((None,), tf.int32, name="members")


def export_generator(generator, folder, n_classes, n_groups=0):
    """Writes a generator as a SavedModel with sampling endpoints.

    Endpoints (attributes of what `tf.saved_model.load` returns), each a dict with `images`, float32 in
    [-1, 1], shape `(n, height, width, channels)`, and where the generator is told them `labels` and `groups`,
    int32, shape `(n,)`:
    `sample(n, seed)`: n images of noise drawn from the seed, labels and groups uniform.
    `sample_labels(labels, seed)`: one image for each label; only where there are classes.
    `sample_groups(groups, seed)`: one image for each group; only where the generator is told groups.
    `sample_labels_groups(labels, groups, seed)`: one for each pair; only where it is told both.
    `generate(latents[, labels][, groups][, members])`: the generator itself; also the default serving
    signature. An ensemble is told the member; in the other endpoints eq. 5 draws it, and `members` says so.
    The same arguments give the same bytes on the same machine.

    Args:
        generator: model from latents [and `label`] [and `group`] to images.
        folder: where the SavedModel is written; must not exist.
        n_classes: number of classes; 0 if the generator takes no labels.
        n_groups: number of groups; 0 if the generator takes none.
    """
    archive = keras.export.ExportArchive()
    archive.track(generator)
    for name, endpoint, specs in _endpoints(generator, n_classes, n_groups):
        archive.add_endpoint(name, endpoint, specs)
    archive.write_out(str(folder), verbose=False)


def _endpoints(generator, n_classes, n_groups):
    """Yields `(name, function, input signature)` of every endpoint; `generate` is the first."""
    latent_size = generator.inputs[0].shape[-1]

    names = condition_names(generator)

    def made(latents, conditions):
        images = in_chunks(generator, [latents, *conditions_of(generator, **conditions)])
        return {"images": images, **{f"{name}s": conditions[name] for name in names}}

    def drawn(n, seed, label=None, group=None):
        def uniform(stream, values):
            return tf.random.stateless_uniform((n,), tf.stack([seed, stream]), 0, max(values, 1), tf.int32)

        label = uniform(Stream.SAMPLE_LABELS, n_classes) if label is None else label
        group = uniform(Stream.SAMPLE_GROUPS, n_groups) if group is None else group
        latents = tf.random.stateless_normal((n, latent_size), tf.stack([seed, Stream.SAMPLE_LATENTS]))
        conditions = {"label": label, "group": group}
        if not ensemble.is_ensemble(generator):
            return made(latents, conditions)
        told = {name: conditions[name] for name in names[:-1]}
        uniforms = ensemble.uniforms(n, seed, Stream.SAMPLE_MEMBERS)
        images, members = ensemble.draw(generator, latents, list(told.values()), uniforms)
        return {"images": images, **{f"{name}s": each for name, each in told.items()}, "members": members}

    def sample_labels(labels, seed):
        return drawn(tf.size(labels), seed, label=labels)

    def sample_groups(groups, seed):
        return drawn(tf.size(groups), seed, group=groups)

    def sample_labels_groups(labels, groups, seed):
        return drawn(tf.size(labels), seed, labels, groups)

    def sample(n, seed):
        return drawn(n, seed)

    def generate(latents, *conditions):
        return made(latents, dict(zip(names, conditions, strict=True)))

    latents_spec = tf.TensorSpec((None, latent_size), tf.float32, name="latents")
    specs = conditions_of(generator, label=LABELS_SPEC, group=GROUPS_SPEC, member=MEMBERS_SPEC)
    yield "generate", generate, [latents_spec, *specs]
    yield "sample", sample, [N_SPEC, SEED_SPEC]
    if n_classes:
        yield "sample_labels", sample_labels, [LABELS_SPEC, SEED_SPEC]
    if n_groups:
        yield "sample_groups", sample_groups, [GROUPS_SPEC, SEED_SPEC]
    if n_classes and n_groups:
        yield "sample_labels_groups", sample_labels_groups, [LABELS_SPEC, GROUPS_SPEC, SEED_SPEC]


def in_chunks(generator, inputs):
    """Runs a generator on at most `CHUNK` rows at a time.

    Args:
        generator: model with a list of inputs.
        inputs: list of tensors with the same number of rows.

    Returns:
        RawImages, shape `(rows, height, width, channels)`.
    """
    rows = tf.shape(inputs[0])[0]
    n_chunks = (rows + CHUNK - 1) // CHUNK
    images = tf.TensorArray(tf.float32, n_chunks, element_shape=(None, *generator.output_shape[1:]))

    def body(i, images):
        chunk = [tensor[i * CHUNK : (i + 1) * CHUNK] for tensor in inputs]
        return i + 1, images.write(i, generator(chunk, training=False))

    _, images = tf.while_loop(lambda i, _: i < n_chunks, body, (0, images), parallel_iterations=1)
    return images.concat()


class Drawn(NamedTuple):
    """What a generator has drawn.

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


def check_given(name, given, known):
    """Returns the classes, or groups, that rows are asked for, as an array.

    Args:
        name: `"labels"` or `"groups"`, for messages.
        given: int, shape `(n,)`.
        known: their names, in order; `None` or empty: an export that does not say.

    Raises:
        InputError: if they are no list of whole numbers, or one is not among the known ones.
    """
    array = np.asarray(given)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise InputError(f"{name} is {given!r}: expected a list of whole numbers, one for each row.")
    wrong = array[(array < 0) | (array >= len(known))] if known else array[:0]
    if len(wrong):
        names = ", ".join(f"{i}: {each}" for i, each in enumerate(known))
        raise InputError(f"{name} has {wrong[0]}: expected {names}.")
    return array


class Sampler:
    """An exported generator, loaded.

    Args:
        folder: folder of the SavedModel.

    Raises:
        InputError: if there is no SavedModel in it, or it has no `sample` endpoint.
    """

    def __init__(self, folder):
        folder = Path(folder)
        if not (folder / "saved_model.pb").is_file():
            raise InputError(
                f"{folder} is not a SavedModel: there is no saved_model.pb in it. Name the folder of a run, "
                "or the `generator` folder in it."
            )
        try:
            self._loaded = tf.saved_model.load(str(folder))
        except (OSError, ValueError, tf.errors.OpError) as error:
            raise InputError(
                f"the SavedModel in {folder} cannot be read: {error}. Export it again."
            ) from error
        if not hasattr(self._loaded, "sample"):
            raise InputError(
                f"the SavedModel in {folder} has no endpoint `sample`; export it with this package."
            )
        metadata = folder / METADATA
        try:
            self.metadata = json.loads(metadata.read_text("utf-8")) if metadata.is_file() else {}
        except ValueError as error:
            raise InputError(f"{metadata} is damaged: {error}. Export the generator again.") from error
        self.conditional = hasattr(self._loaded, "sample_labels")
        self.takes_groups = hasattr(self._loaded, "sample_groups")

    def sample(self, n, seed, labels=None):
        """Draws images: the first two of what `draw` returns."""
        return self.draw(n, seed, labels)[:2]

    def draw(self, n, seed, labels=None, groups=None):
        """Draws images.

        Args:
            n: number of images.
            seed: seed of the noise.
            labels: class of each image, int, shape `(n,)`; `None`: drawn uniformly where there are classes.
            groups: group of each image, int, shape `(n,)`; `None`: drawn uniformly where the generator is
                told groups.

        Returns:
            `Drawn`.

        Raises:
            InputError: for a class or a group that there is not.
        """
        known = {"labels": self.metadata.get("class_names"), "groups": self.metadata.get("groups")}
        given = {"labels": labels, "groups": groups}
        given = {
            name: tf.constant(check_given(name, each, known[name]), tf.int32)
            for name, each in given.items()
            if each is not None
        }
        endpoint = getattr(self._loaded, "_".join(["sample", *given]))
        drawn = endpoint(*(given.values() or [tf.constant(n, tf.int32)]), tf.constant(seed, tf.int32))
        return Drawn(*(drawn[name].numpy() if name in drawn else None for name in Drawn._fields))
