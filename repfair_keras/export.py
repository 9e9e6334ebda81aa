"""A SavedModel that samples without this package and without data."""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.errors import InputError

CHUNK = 256  # images made at a time: bounds memory for any n
METADATA = "repfair.json"
LATENTS, LABELS = -1, -2  # streams of random numbers; those of training are not negative


def export_generator(generator, folder, n_classes):
    """Writes a generator as a SavedModel with sampling endpoints.

    Endpoints (attributes of what `tf.saved_model.load` returns), each a dict with `images`, float32 in
    [-1, 1], shape `(n, height, width, channels)`, and where there are classes `labels`, int32, shape `(n,)`:
    `sample(n, seed)`: n images of noise drawn from the seed, labels uniform.
    `sample_labels(labels, seed)`: one image for each label; only where there are classes.
    `generate(latents[, labels])`: the generator itself; also the default serving signature.
    The same arguments give the same bytes on the same machine.

    Args:
        generator: model from latents [and labels] to images.
        folder: where the SavedModel is written; must not exist.
        n_classes: number of classes; 0 if the generator takes no labels.
    """
    latent_size = generator.inputs[0].shape[-1]
    latents_spec = tf.TensorSpec((None, latent_size), tf.float32, name="latents")
    labels_spec = tf.TensorSpec((None,), tf.int32, name="labels")
    n_spec, seed_spec = tf.TensorSpec((), tf.int32, name="n"), tf.TensorSpec((), tf.int32, name="seed")

    def draw(n, seed):
        return tf.random.stateless_normal((n, latent_size), tf.stack([seed, LATENTS]))

    def generate(latents):
        return {"images": in_chunks(generator, [latents])}

    def generate_labels(latents, labels):
        return {"images": in_chunks(generator, [latents, labels]), "labels": labels}

    def sample(n, seed):
        return generate(draw(n, seed))

    def sample_labels(labels, seed):
        return generate_labels(draw(tf.shape(labels)[0], seed), labels)

    def sample_any_label(n, seed):
        labels = tf.random.stateless_uniform((n,), tf.stack([seed, LABELS]), 0, n_classes, tf.int32)
        return sample_labels(labels, seed)

    archive = keras.export.ExportArchive()
    archive.track(generator)
    if n_classes:
        archive.add_endpoint("generate", generate_labels, [latents_spec, labels_spec])
        archive.add_endpoint("sample", sample_any_label, [n_spec, seed_spec])
        archive.add_endpoint("sample_labels", sample_labels, [labels_spec, seed_spec])
    else:
        archive.add_endpoint("generate", generate, [latents_spec])
        archive.add_endpoint("sample", sample, [n_spec, seed_spec])
    archive.write_out(str(folder), verbose=False)


def in_chunks(generator, inputs):
    """Runs a generator on at most `CHUNK` rows at a time.

    Args:
        generator: model with a list of inputs.
        inputs: list of tensors with the same number of rows.

    Returns:
        Images, shape `(rows, height, width, channels)`.
    """
    rows = tf.shape(inputs[0])[0]
    n_chunks = (rows + CHUNK - 1) // CHUNK
    images = tf.TensorArray(tf.float32, n_chunks, element_shape=(None, *generator.output_shape[1:]))

    def body(i, images):
        chunk = [tensor[i * CHUNK : (i + 1) * CHUNK] for tensor in inputs]
        return i + 1, images.write(i, generator(chunk, training=False))

    _, images = tf.while_loop(lambda i, _: i < n_chunks, body, (0, images), parallel_iterations=1)
    return images.concat()


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

    def sample(self, n, seed, labels=None):
        """Draws images.

        Args:
            n: number of images.
            seed: seed of the noise.
            labels: class of each image, int, shape `(n,)`; `None`: drawn uniformly where there are classes.

        Returns:
            `(images, labels)`: float32 in [-1, 1]; labels int32, `None` where there are no classes.
        """
        seed = tf.constant(seed, tf.int32)
        if labels is None:
            drawn = self._loaded.sample(tf.constant(n, tf.int32), seed)
        else:
            drawn = self._loaded.sample_labels(tf.constant(np.asarray(labels), tf.int32), seed)
        return drawn["images"].numpy(), drawn["labels"].numpy() if self.conditional else None
