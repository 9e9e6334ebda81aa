"""How the groups are represented while a generator trains, measured on the same noise every time."""

import math
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.random_streams import Stream
from repfair_keras.evaluation.images.cannot_tell import FEWEST_IMAGES, cannot_tell
from repfair_keras.evaluation.images.network_outputs import outputs_of_pixels
from repfair_keras.metrics.fidelity import frechet_distance, kernel_distance
from repfair_keras.metrics.representation import balance_test
from repfair_keras.networks import ensemble
from repfair_keras.networks.conditions import condition_names, conditions_of, in_turn, inputs_of
from repfair_keras.runs.log import RAW

STEPS = 500  # at most this often, so that training has most of the time
BATCH = 500
LEVEL = 0.05
REAL = 1000  # real images per group that quality is measured against
COLUMNS = ("share/", "undecided", "right_label", "class_gap", "fid", "kid/")
REAL_FID = 10_000  # real images that the distance of all generated ones is to
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
        bool: p of at least 0.05, of the images whose group is clear; false where there is none, and where the
        classifier cannot tell the groups.
    """
    k = data.n_groups
    if not groups_told(instruments, config.evaluation.decision):
        return False
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


def groups_told(instruments, decision):
    """Whether the classifier tells the groups of real images: as in a report, whatever the sample is like.

    Args:
        instruments: `Instruments`.
        decision: `Decision`.
    """
    errors, names = instruments.attribute.errors(decision), instruments.reference.group_names
    return not any(cannot_tell(errors, names, FEWEST_IMAGES))


def probe_latents(generator, config):
    """Returns the noise of everything that is measured during training, shape `(probe, latent_size)`."""
    shape = config.evaluation.probe, generator.inputs[0].shape[-1]
    return tf.random.stateless_normal(shape, (config.training.seed, Stream.PROBE_LATENTS))


def looked_at(phase):
    """Returns the generators of a `Phase` that are looked at, by what stands before the names of their columns."""
    return {"": phase.generator} | ({} if phase.raw is None else {RAW: phase.raw})


class SampleProbe(keras.callbacks.Callback):
    """Adds to the log, every few epochs, how a generator represents the groups, and how good its images are.

    Columns: `share/<group>` and `class_gap`, the mean over the classes of the largest minus the smallest share within
    each, of the images whose group is clear, as they are counted; `undecided`; `right_label`; `fid`, of all images;
    `kid/<group>`, between the images that lean to a group and real images of it. Where the generator is an average of
    weights, the same with `raw/` before them of the generator of the last step. Where the classifier cannot tell the
    groups, nothing that counts them is there.
    Nothing of training depends on the probe: its noise is its own.

    Args:
        generators: dict of `""`, and `"raw/"` where there is one, to a model from noise [and conditions] to images.
        instruments: `Instruments`.
        config: resolved `Config`.
        data: `ImageDataset` that the generator is trained on.
        per_epoch: steps per epoch.
        stop_at: `StopAt`, which knows the step.
    """

    def __init__(self, generators, instruments, config, data, per_epoch, stop_at):
        super().__init__()
        self.generators, self.instruments, self.stop_at = generators, instruments, stop_at
        self.decision = config.evaluation.decision
        self.told = groups_told(instruments, self.decision)
        self.every = -(-STEPS // per_epoch)
        generator = generators[""]
        self.latents = probe_latents(generator, config)
        self.labels, self.groups = in_turn(config.evaluation.probe, data.n_classes, data.n_groups)
        self.has_labels = data.n_classes > 0 and "label" in condition_names(generator)
        self.real = [self._real_features(group) for group in range(instruments.reference.n_groups)]
        self.all_real = self._some_features(np.arange(len(instruments.reference)), REAL_FID)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0 or self.stop_at.step >= self.stop_at.total:
            for name, generator in self.generators.items():
                logs.update({name + column: value for column, value in self.measure(generator).items()})

    def measure(self, generator):
        """Returns the log's columns for a generator as it is now: floats, NaN where there is too little."""
        return self.measure_images(self._images(generator))

    def measure_images(self, images):
        """Returns the log's columns for images of the probe's noise and labels.

        Args:
            images: float32 in [-1, 1], shape `(probe, height, width, channels)`.
        """
        features, seen = self.instruments.extractor.describe(images)
        assignment = self.instruments.attribute.assign(images, self.decision)
        found = {**self.measure_groups(assignment, seen), "fid": self._fid(features)}
        for group, name in enumerate(self.instruments.reference.group_names):
            mine = features[assignment.leaning == group]
            enough = self.told and len(mine) >= FEWEST
            found[f"kid/{name}"] = kernel_distance(self.real[group], mine) if enough else math.nan
        return found

    def measure_groups(self, assignment, seen):
        """Returns the columns that count groups and labels alone.

        Args:
            assignment: `Assignment` of images of the probe's noise and labels.
            seen: the most likely label of each, integers, shape `(probe,)`; `None` without classes.
        """
        groups, k = assignment.groups, self.instruments.reference.n_groups
        counts = np.bincount(groups[groups >= 0], minlength=k)
        found = {"undecided": float(np.mean(groups < 0))}
        if self.has_labels:
            found["class_gap"] = class_gap(groups, self.labels, k) if self.told else math.nan
            if seen is not None:
                found["right_label"] = float((seen == self.labels).mean())
        told = self.told and counts.sum()
        for group, name in enumerate(self.instruments.reference.group_names):
            found[f"share/{name}"] = float(counts[group] / counts.sum()) if told else math.nan
        return found

    def _fid(self, features):
        enough = min(len(features), len(self.all_real)) > features.shape[1]
        return frechet_distance(self.all_real, features) if enough else math.nan

    def forget_old_end(self, rows):
        """Removes from a log what was measured only because the run ended there before it was made longer."""
        for row in rows:
            if int(row["epoch"]) % self.every:
                row.update({name: "" for name in row if name.removeprefix(RAW).startswith(COLUMNS)})

    def _images(self, generator):
        parts = []
        for start in range(0, len(self.labels), BATCH):
            rows = slice(start, start + BATCH)
            told = {"label": self.labels[rows], "group": self.groups[rows]}
            inputs = inputs_of(generator, self.latents[rows], **told)
            parts.append(np.asarray(generator(inputs, training=False)))
        return np.concatenate(parts)

    def _real_features(self, group):
        return self._some_features(np.flatnonzero(self.instruments.reference.groups == group), REAL)

    def _some_features(self, rows, n):
        data = self.instruments.reference
        chosen = np.random.default_rng(0).permutation(rows)[:n]
        return outputs_of_pixels(self.instruments.extractor.model, data.pixels[chosen])["features"]


def class_gap(groups, labels, k):
    """Mean over the classes of the largest minus the smallest share within each, of the images that are clear.

    Args:
        groups: integers, shape `(N,)`, group of each image, -1 undecided.
        labels: integers, shape `(N,)`, class each was made for.
        k: number of groups.

    Returns:
        float in [0, 1]; NaN where no image is clear.

    Examples:
        >>> class_gap(np.array([0, 0, 1, 1, -1, 1]), np.array([0, 0, 1, 1, 1, 0]), 2)
        0.6666666666666667
    """
    clear = groups >= 0
    counts = np.array(
        [np.bincount(groups[clear & (labels == label)], minlength=k) for label in np.unique(labels)]
    )
    counts = counts[counts.sum(axis=1) > 0]
    shares = counts / counts.sum(axis=1, keepdims=True)
    return float(np.mean(shares.max(axis=1) - shares.min(axis=1))) if len(counts) else math.nan
