"""How the networks for reports are trained: split, batches and steps, all from one seed."""

import keras
import numpy as np

from repfair_keras.core.memory import keep_memory
from repfair_keras.core.progress import advance, finish, shown
from repfair_keras.data.images.dataset import to_float
from repfair_keras.evaluation.images import budget
from repfair_keras.evaluation.images.augmentations import shifted


def stratified_split(targets, strata, train_share, seed):
    """Splits indices at random, in proportion within each target and, as far as it goes, each stratum.

    Args:
        targets: integers, shape `(N,)`, each occurring at least twice.
        strata: integers, shape `(N,)`, or `None`.
        train_share: share of each target in the first part, in (0, 1); both parts get at least one.
        seed: integer.

    Returns:
        train, test: int64 indices, sorted, disjoint, together `0 ... N - 1`.
    """
    rng = np.random.default_rng(seed)
    strata = np.zeros(len(targets), dtype=int) if strata is None else strata
    test = []
    for target in np.unique(targets):
        rows = rng.permutation(np.flatnonzero(targets == target))
        rows = rows[np.argsort(strata[rows], kind="stable")]
        n_test = np.clip(round((1 - train_share) * len(rows)), 1, len(rows) - 1)
        # Rows at equal distances, so each stratum gives its share, and none is too small to split.
        test.append(rows[((np.arange(n_test) + 0.5) * len(rows) / n_test).astype(int)])
    test = np.sort(np.concatenate(test))
    return np.setdiff1d(np.arange(len(targets)), test), test


def fit(model, pixels, targets, rows, epochs, seed, change=None, verbose=0, limit=None):
    """Trains `model` on images in random order with Adam, the rate falling to 0 along a cosine.

    Args:
        model: `keras.Model`, images to logits, or to a dict of them.
        pixels: uint8, shape `(N, height, width, channels)`; floats are made of a batch at a time.
        targets: integers, shape `(N,)`, or a dict of them, one for each output.
        rows: indices to train on.
        epochs: passes over them, within `budget.MIN_STEPS` and `MAX_STEPS` batches.
        seed: integer that fixes order and shifts of the batches.
        change: `None`, or a function `(images, targets, rng)` that changes each batch.
        verbose: 0 silent, 1 progress bar, 2 one line.
        limit: batches at most, below the bounds too; `None`: none.
    """
    size = min(budget.BATCH, len(rows))
    steps = budget.number_of_steps(epochs, len(rows), limit)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
        loss=dict.fromkeys(model.output, loss) if isinstance(model.output, dict) else loss,
    )
    batches = _batches(pixels, targets, rows, size, change, np.random.default_rng(seed))
    stage = f"{model.name} for the report"

    def after_batch(batch, logs):
        keep_memory()
        advance(stage, total=steps)

    tell = keras.callbacks.LambdaCallback(on_train_batch_end=after_batch)
    verbose = 0 if shown() else verbose
    model.fit(batches, steps_per_epoch=steps, epochs=1, shuffle=False, verbose=verbose, callbacks=[tell])
    finish(stage)


def _batches(pixels, targets, rows, size, change, rng):
    while True:
        order = rng.permutation(rows)
        for i in range(0, len(order) - size + 1, size):
            batch = order[i : i + size]
            images = shifted(to_float(pixels[batch]), rng)
            chosen = images, keras.tree.map_structure(lambda t, b=batch: t[b], targets)
            yield chosen if change is None else change(*chosen, rng)
