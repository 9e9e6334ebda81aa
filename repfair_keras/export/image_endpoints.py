"""Writes a generator of images as a SavedModel that samples without this package and without data."""

import keras
import tensorflow as tf

from repfair_keras.core.random_streams import Stream
from repfair_keras.networks import ensemble
from repfair_keras.networks.conditions import condition_names, conditions_of

CHUNK = 256  # images generated at a time: bounds memory for any n
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
    archive = keras.export.ExportArchive()  # finds the weights; told to track them it writes them twice
    for name, function, specs in _Endpoints(generator, n_classes, n_groups).all():
        archive.add_endpoint(name, function, specs)
    archive.write_out(str(folder), verbose=False)


class _Endpoints:
    """The functions of `export_generator`; the names of their arguments are those of the SavedModel."""

    def __init__(self, generator, n_classes, n_groups):
        self.generator = generator
        self.n_classes, self.n_groups = n_classes, n_groups
        self.names = condition_names(generator)
        self.graph = traced(generator)

    def all(self):
        """Yields `(name, function, input signature)` of every endpoint; `generate` is the first."""
        latents = tf.TensorSpec((None, self._latent_size), tf.float32, name="latents")
        specs = conditions_of(self.generator, label=LABELS_SPEC, group=GROUPS_SPEC, member=MEMBERS_SPEC)
        yield "generate", self.generate, [latents, *specs]
        yield "sample", self.sample, [N_SPEC, SEED_SPEC]
        if self.n_classes:
            yield "sample_labels", self.sample_labels, [LABELS_SPEC, SEED_SPEC]
        if self.n_groups:
            yield "sample_groups", self.sample_groups, [GROUPS_SPEC, SEED_SPEC]
        if self.n_classes and self.n_groups:
            yield "sample_labels_groups", self.sample_labels_groups, [LABELS_SPEC, GROUPS_SPEC, SEED_SPEC]

    def generate(self, latents, *conditions):
        return self._run(latents, dict(zip(self.names, conditions, strict=True)))

    def sample(self, n, seed):
        return self._sample(n, seed)

    def sample_labels(self, labels, seed):
        return self._sample(tf.size(labels), seed, label=labels)

    def sample_groups(self, groups, seed):
        return self._sample(tf.size(groups), seed, group=groups)

    def sample_labels_groups(self, labels, groups, seed):
        return self._sample(tf.size(labels), seed, labels, groups)

    @property
    def _latent_size(self):
        return self.generator.inputs[0].shape[-1]

    def _sample(self, n, seed, label=None, group=None):
        """Images of noise drawn from the seed; what is not given is drawn uniformly."""
        label = _uniform(n, seed, Stream.SAMPLE_LABELS, self.n_classes) if label is None else label
        group = _uniform(n, seed, Stream.SAMPLE_GROUPS, self.n_groups) if group is None else group
        latents = tf.random.stateless_normal((n, self._latent_size), tf.stack([seed, Stream.SAMPLE_LATENTS]))
        conditions = {"label": label, "group": group}
        if ensemble.is_ensemble(self.generator):
            return self._run_ensemble(n, seed, latents, conditions)
        return self._run(latents, conditions)

    def _run(self, latents, conditions):
        inputs = [latents, *conditions_of(self.generator, **conditions)]
        images = in_chunks(self.graph, inputs, self.generator.output_shape[1:])
        return {"images": images, **{f"{name}s": conditions[name] for name in self.names}}

    def _run_ensemble(self, n, seed, latents, conditions):
        told = [conditions[name] for name in self.names[:-1]]  # the last is the member
        images, members = ensemble.draw(
            self.generator, latents, told, ensemble.uniforms(n, seed, Stream.SAMPLE_MEMBERS), self.graph
        )
        names = [f"{name}s" for name in self.names[:-1]]
        return {"images": images, **dict(zip(names, told, strict=True)), "members": members}


def _uniform(n, seed, stream, n_values):
    return tf.random.stateless_uniform((n,), tf.stack([seed, stream]), 0, max(n_values, 1), tf.int32)


def traced(generator):
    """Returns a generator as a function of its inputs, traced once however many endpoints call it."""
    inputs = [tf.TensorSpec(each.shape, each.dtype) for each in generator.inputs]

    @tf.function(input_signature=inputs, autograph=False)
    def generate(*given):
        return generator(list(given), training=False)

    return generate


def in_chunks(generator, inputs, image_shape):
    """Runs a generator on at most `CHUNK` rows at a time.

    Args:
        generator: function from tensors to images.
        inputs: list of tensors with the same number of rows.
        image_shape: `(height, width, channels)`.

    Returns:
        Images, shape `(rows, height, width, channels)`.
    """
    rows = tf.shape(inputs[0])[0]
    n_chunks = (rows + CHUNK - 1) // CHUNK
    images = tf.TensorArray(tf.float32, n_chunks, element_shape=(None, *image_shape))

    def body(i, images):
        chunk = [tensor[i * CHUNK : (i + 1) * CHUNK] for tensor in inputs]
        return i + 1, images.write(i, generator(*chunk))

    _, images = tf.while_loop(lambda i, _: i < n_chunks, body, (0, images), parallel_iterations=1)
    return images.concat()
