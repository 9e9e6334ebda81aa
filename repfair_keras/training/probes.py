"""How the groups are represented while a generator trains, measured on the same noise every time."""

import math
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.random_streams import Stream
from repfair_keras.data.images.dataset import to_float
from repfair_keras.metrics.fidelity import kernel_distance
from repfair_keras.metrics.representation import balance_test
from repfair_keras.networks import ensemble
from repfair_keras.networks.conditions import condition_names, conditions_of, in_turn, inputs_of

STEPS = 500  # at most this often, so that training has most of the time
BATCH = 500
LEVEL = 0.05
REAL = 1000  # real images per group that quality is measured against
COLUMNS = ("share/", "undecided", "right_label", "kid/")
FEWEST = 50  # generated images below which a group's quality is not measured


def on_target(instruments, config, data, target, model):
    """Whether the shares of an ensemble may be on target: no further from it than by chance.

    Args:
        instruments: `Instruments`.
        config: resolved `Config`: `probe` images are drawn.
        data: `ImageDataset` that it was trained on.
        target: shares asked for, one per group; `None`: uniform.
        model: what `networks.ensemble.ensemble` has made.

    Returns:
        bool: p of at least 0.05, of the images whose group is clear; false where there is none.
    """
    k = data.n_groups
    labels, groups = in_turn(config.evaluation.probe, data.n_classes, k)
    told = conditions_of(model, label=labels, group=groups, member=np.zeros_like(labels))[:-1]
    latents = probe_latents(model, config)
    draw = tf.function(partial(ensemble.draw, model), autograph=False)
    uniforms = ensemble.uniforms(config.evaluation.probe, config.training.seed, Stream.PROBE_MEMBERS)
    images, _ = draw(latents, [*map(tf.constant, told)], uniforms)
    assigned = instruments.attribute.assign(images.numpy(), config.evaluation.decision).groups
    counts = np.bincount(assigned[assigned >= 0], minlength=k)
    if counts.sum() == 0:
        return False
    return balance_test(counts, np.full(k, 1 / k) if target is None else target).p_value >= LEVEL


def probe_latents(generator, config):
    """Returns the noise of everything that is measured during training, shape `(probe, latent_size)`."""
    shape = config.evaluation.probe, generator.inputs[0].shape[-1]
    return tf.random.stateless_normal(shape, (config.training.seed, Stream.PROBE_LATENTS))


class SampleProbe(keras.callbacks.Callback):
    """Adds `share/<group>`, `undecided`, `right_label` and `kid/<group>` to the log, every few epochs.

    Shares are of the decided images; KID is between the images that lean to a group and real images of it.
    Nothing of training depends on the probe: its noise is its own.

    Args:
        generator: model from noise [and conditions] to images.
        instruments: `Instruments`.
        config: resolved `Config`.
        data: `ImageDataset` that the generator is trained on.
        per_epoch: steps per epoch.
        stop_at: `StopAt`, which knows the step.
    """

    def __init__(self, generator, instruments, config, data, per_epoch, stop_at):
        super().__init__()
        self.generator, self.instruments, self.stop_at = generator, instruments, stop_at
        self.decision = config.evaluation.decision
        self.every = -(-STEPS // per_epoch)
        self.latents = probe_latents(generator, config)
        self.labels, self.groups = in_turn(config.evaluation.probe, data.n_classes, data.n_groups)
        self.has_labels = data.n_classes > 0 and "label" in condition_names(generator)
        self.real = [self._real_features(group) for group in range(instruments.reference.n_groups)]

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0 or self.stop_at.step >= self.stop_at.total:
            logs.update(self.measure())

    def measure(self):
        """Returns the log's columns for the generator as it is now: floats, NaN where there is too little."""
        images = self._images()
        features, seen = self.instruments.extractor.describe(images)
        assignment = self.instruments.attribute.assign(images, self.decision)
        decided = assignment.groups[assignment.groups >= 0]
        found = {"undecided": 1 - len(decided) / len(images)}
        if self.has_labels and seen is not None:
            found["right_label"] = float((seen == self.labels).mean())
        for group, name in enumerate(self.instruments.reference.group_names):
            mine = features[assignment.leaning == group]
            found[f"share/{name}"] = float((decided == group).mean()) if len(decided) else math.nan
            enough = len(mine) >= FEWEST
            found[f"kid/{name}"] = kernel_distance(self.real[group], mine) if enough else math.nan
        return found

    def forget_old_end(self, rows):
        """Removes from a log what was measured only because the run ended there before it was made longer."""
        for row in rows:
            if int(row["epoch"]) % self.every:
                row.update({name: "" for name in row if name.startswith(COLUMNS)})

    def _images(self):
        parts = []
        for start in range(0, len(self.labels), BATCH):
            rows = slice(start, start + BATCH)
            told = {"label": self.labels[rows], "group": self.groups[rows]}
            inputs = inputs_of(self.generator, self.latents[rows], **told)
            parts.append(np.asarray(self.generator(inputs, training=False)))
        return np.concatenate(parts)

    def _real_features(self, group):
        data = self.instruments.reference
        members = np.flatnonzero(data.groups == group)
        chosen = np.random.default_rng(0).permutation(members)[:REAL]
        return self.instruments.extractor.features(to_float(data.pixels[chosen]))
