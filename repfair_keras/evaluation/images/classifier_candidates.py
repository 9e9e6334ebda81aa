"""Candidates for the classifier of groups, how each is trained, and which one is kept."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from repfair_keras.core.memory import keep_memory
from repfair_keras.core.progress import advance, finish, shown
from repfair_keras.data.images.dataset import to_float
from repfair_keras.evaluation.images import budget
from repfair_keras.evaluation.images.augmentations import OPTIONAL, shifted
from repfair_keras.evaluation.images.calibration import calibrate
from repfair_keras.evaluation.images.network_outputs import outputs_of_pixels
from repfair_keras.networks.classifier import classifier
from repfair_keras.networks.residual_classifier import residual_classifier

GOOD = 0.98  # balanced accuracy on validation images with which no other candidate is tried
SAME = 0.02  # balanced accuracy that an augmentation may cost the first candidate, which never saw it
CHECKS, PATIENCE = 10, 4  # looks at the validation images; how many of them without gain end a training


@dataclass(frozen=True)
class Candidate:
    """A network, and how it is trained.

    Args:
        build: function `(image_shape, n_groups, name, seed)` to a `keras.Model`, images to logits.
        stage: name for the progress line.
        steps: function `(n, epochs, limit)` to the number of batches; 0: not to be tried.
        optimizer: function of the number of batches to a Keras optimizer.
        smoothing: of the labels, in [0, 1).
        shift: pixels by which images are moved, as a part of their longer side; at least 2 pixels.
    """

    build: Callable
    stage: str
    steps: Callable
    optimizer: Callable
    smoothing: float = 0.0
    shift: float = 0.0


def _adam(steps):
    return keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps))


def _adamw(steps):
    warm = max(steps // 20, 1)
    rate = keras.optimizers.schedules.CosineDecay(0.0, steps, warmup_target=4e-3, warmup_steps=warm)
    return keras.optimizers.AdamW(rate, weight_decay=0.02, clipnorm=1.0)


CANDIDATES = {
    "small": Candidate(classifier, "classifier for the report", budget.small_steps, _adam),
    "residual": Candidate(
        residual_classifier, "better classifier for the report", budget.residual_steps, _adamw, 0.1, 1 / 16
    ),
}


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained candidate.

    Args:
        name: of the candidate.
        model: `keras.Model`, images to logits.
        calibration: `Calibration` of the logits, fitted on the validation images.
        tried: dict of each candidate to its balanced accuracy on the validation images.
    """

    name: str
    model: keras.Model
    calibration: object
    tried: dict[str, float]


def best_candidate(
    data, train, validation, seed=0, epochs=budget.CLASSIFIER_EPOCHS, verbose=0, limit=None, allowed=None
):
    """Trains candidates, the fastest first, until one is good, and returns the best on validation images.

    In batches all groups are equal, whatever their shares in the data. A better candidate gets the
    augmentations that do not disturb the first one, which has not seen them: mirrored digits, for example,
    are of the same group where the background makes it, and shaded photographs are not where shade does.

    Args:
        data: `ImageDataset`.
        train, validation: indices of images to train on, and to choose by.
        seed: integer that fixes initial weights, batches and dropout.
        epochs: passes of the first candidate over the training images, within the bounds of `budget`.
        verbose: 0 silent, 1 progress bar, 2 one line.
        limit: batches at most; `None`: none.
        allowed: names of the candidates to try; `None`, or where the limit leaves none of them: all.

    Returns:
        `Trained`.
    """
    steps_of = {name: candidate.steps(len(train), epochs, limit) for name, candidate in CANDIDATES.items()}
    possible = [name for name, steps in steps_of.items() if steps]
    chosen = [name for name in possible if allowed is None or name in allowed] or possible
    best, tried, augmentations, least = None, {}, {}, np.inf
    for name in chosen:
        candidate, steps = CANDIDATES[name], steps_of[name]
        model = candidate.build(data.image_shape, data.n_groups, "classifier", seed=seed)
        _fit(model, candidate, data, train, validation, steps, augmentations.values(), seed, verbose)
        if "mirrored" in augmentations:
            model = both_ways(model)
        held_out = data.pixels[validation], data.groups[validation]
        calibration, loss = calibrate(outputs_of_pixels(model, held_out[0]), held_out[1])
        tried[name] = balanced_accuracy(model, calibration, *held_out)
        if loss < least:
            best, least = (name, model, calibration), loss
        if tried[name] >= GOOD:
            break
        if not augmentations:
            augmentations = _harmless(model, calibration, *held_out, seed)
    return Trained(*best, tried)


def both_ways(model):
    """Returns a model whose logits are the mean of those of an image and of its mirror image."""
    images = keras.Input(model.input_shape[1:], name="images")
    logits = (model(images) + model(keras.ops.flip(images, axis=2))) / 2
    return keras.Model(images, logits, name=model.name)


def balanced_accuracy(model, calibration, pixels, groups):
    """Mean over the groups of the share of its images that is told right, in [0, 1]."""
    found = calibration.chances(outputs_of_pixels(model, pixels)).argmax(axis=1)
    return float(np.mean(np.bincount(groups, weights=found == groups) / np.bincount(groups)))


def _harmless(model, calibration, pixels, groups, seed):
    """The augmentations that hardly change what a model sees that was trained without them."""
    rng, found = np.random.default_rng(seed), {}
    least = balanced_accuracy(model, calibration, pixels, groups) - SAME
    for name, change in OPTIONAL.items():
        changed = np.concatenate([change(to_float(part), rng) for part in np.array_split(pixels, 8)])
        chances = calibration.chances(np.asarray(model(changed, training=False))).argmax(axis=1)
        right = np.bincount(groups, weights=chances == groups) / np.bincount(groups)
        if right.mean() >= least:
            found[name] = change
    return found


def _fit(model, candidate, data, train, validation, steps, augmentations, seed, verbose):
    checks = min(CHECKS, max(steps // 30, 1))
    every = steps // checks
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=candidate.smoothing)
    model.compile(candidate.optimizer(every * checks), loss)
    reach = max(2, round(candidate.shift * max(data.image_shape[:2])))
    batches = _batches(data, train, reach, list(augmentations), np.random.default_rng(seed))

    def after_batch(batch, logs):
        keep_memory()
        advance(candidate.stage, total=every * checks)

    tell = keras.callbacks.LambdaCallback(on_train_batch_end=after_batch)
    keep = KeepBest(data.pixels[validation], data.groups[validation])
    verbose = 0 if shown() else verbose
    model.fit(
        batches, steps_per_epoch=every, epochs=checks, shuffle=False, verbose=verbose, callbacks=[tell, keep]
    )
    finish(candidate.stage)


class KeepBest(keras.callbacks.Callback):
    """Ends a training that gains nothing any more, and gives the model its best weights back.

    The best are those with the least log loss on validation images after calibration, groups counted equal.
    """

    def __init__(self, pixels, groups):
        super().__init__()
        self.pixels, self.groups = pixels, groups
        self.least, self.weights, self.waited = np.inf, None, 0

    def on_epoch_end(self, epoch, logs=None):
        _, loss = calibrate(outputs_of_pixels(self.model, self.pixels), self.groups)
        if loss < self.least:
            self.least, self.weights, self.waited = loss, self.model.get_weights(), 0
        else:
            self.waited += 1
            self.model.stop_training = self.waited >= PATIENCE

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)


def _batches(data, rows, reach, augmentations, rng):
    for batch in balanced_rows(data.groups, rows, min(budget.BATCH, len(rows)), rng):
        images = shifted(to_float(data.pixels[batch]), rng, reach)
        for change in augmentations:
            images = change(images, rng)
        yield images, np.eye(data.n_groups, dtype=np.float32)[data.groups[batch]]


def balanced_rows(groups, rows, size, rng):
    """Yields batches of indices without end in which the groups are equal; what is left over, changes hands.

    Args:
        groups: integers, shape `(N,)`.
        rows: indices to draw from; every group that they hold gets its part.
        size: indices in a batch; at least one of each group.
        rng: NumPy generator.
    """
    members = [rows[groups[rows] == group] for group in np.unique(groups[rows])]
    size, streams = max(size, len(members)), [_without_end(mine, rng) for mine in members]
    first = 0
    while True:
        parts = np.full(len(members), size // len(members))
        parts[(first + np.arange(size % len(members))) % len(members)] += 1
        first += size % len(members)
        yield np.array([next(stream) for n, stream in zip(parts, streams, strict=True) for _ in range(n)])


def _without_end(rows, rng):
    while True:
        yield from rng.permutation(rows)
