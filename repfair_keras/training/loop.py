"""The one training loop: a method's phases, one after the other, each from its last checkpoint."""

import itertools
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import keras

from repfair_keras.core.files import write_json
from repfair_keras.core.global_seeds import seeded_globals
from repfair_keras.core.progress import advance, shown
from repfair_keras.core.reading import read_json
from repfair_keras.methods.phase import phase_seed
from repfair_keras.networks.seeded import seeds
from repfair_keras.runs.origin import check_same_origin, origin_of
from repfair_keras.runs.schedule import steps_per_epoch, steps_per_execution, total_steps
from repfair_keras.training.callbacks import LogTable, SaveCheckpoint, StopAt
from repfair_keras.training.checkpoint import Checkpoint
from repfair_keras.training.probes import on_target


class Trained(NamedTuple):
    """What training has come to.

    Args:
        generator: `keras.Model` to export.
        steps: iterations of all phases.
        seconds: seconds of training.
        codes: as in the last `Phase`.
        raw: as in the last `Phase`; `None` if what is exported is not its generator.
    """

    generator: keras.Model | None
    steps: int
    seconds: float
    codes: Callable | None
    raw: keras.Model | None = None


def fit_all(config, run, data, instruments, target, verbose, callbacks=()):
    """Trains all phases of a method, or goes on with them.

    Args:
        config: resolved `Config`.
        run: `RunDir`.
        data: `ImageDataset`.
        instruments: `Instruments` to look at generators with; `None`: they are not looked at.
        target: shares asked for, one per group; `None`: uniform.
        verbose: 0 silent, 1 progress bar, 2 one line per epoch.
        callbacks: further Keras callbacks, called in every phase.

    Returns:
        `Trained`.
    """
    phases = config.phases(data)
    trained, look = Trained(None, 0, 0.0, None), None
    for number in itertools.count():
        # So a phase starts alike whether those before it were trained now or restored.
        seed = phase_seed(config.training.seed, number)
        with seeded_globals(seed):  # for layers of users' own methods
            try:
                with seeds(seed):
                    phase = phases.send(look)
            except StopIteration as end:
                return trained if end.value is None else trained._replace(generator=end.value, raw=None)
            if phase.fitted is not None:
                seconds = fit_at_once(phase, run, origin_of(config, data))
                trained = Trained(
                    phase.fitted.generator(), trained.steps + 1, trained.seconds + seconds, None
                )
                continue
            checkpoint = fit(phase, config, run, data, instruments, verbose, callbacks)
        steps, seconds = trained.steps + checkpoint.step, trained.seconds + checkpoint.seconds
        trained = Trained(phase.generator, steps, seconds, phase.codes, phase.raw)
        if instruments is not None:
            look = partial(on_target, instruments, config, data, target)


def fit_at_once(phase, run, origin):
    """Fits what is not fitted by steps, or reads it where that was done; returns the seconds that fitting took."""
    run.checkpoints.mkdir(exist_ok=True)
    path, started = run.checkpoints / f"{phase.name}.npz", time.monotonic()
    beside = path.with_suffix(".json")
    if path.is_file():
        seconds = 0.0
        if beside.is_file():  # not of earlier versions
            about = read_json(beside)
            check_same_origin(about.get("origin"), origin, path)
            seconds = about.get("seconds", 0.0)
        phase.fitted.load(path)
        return seconds
    phase.fitted.fit(lambda: advance("training"))
    seconds = time.monotonic() - started
    # Before the trees: where they are, all is there.
    write_json(beside, {"origin": origin.told, "seconds": seconds})
    phase.fitted.save(path)
    return seconds


def fit(phase, config, run, data, instruments, verbose, callbacks):
    """Trains one phase from its last checkpoint to the end; returns the checkpoint."""
    run.checkpoints.mkdir(exist_ok=True)
    path = run.checkpoints / f"{phase.name}.npz"
    checkpoint = Checkpoint(path, phase.model, origin_of(config, data))
    total = phase.steps or total_steps(config.training, len(data))
    checkpoint.restore(total)
    per_epoch = steps_per_epoch(config.training, len(data), total)
    if checkpoint.step >= total:
        return checkpoint
    phase.model.steps_per_execution = steps_per_execution(config.training, per_epoch, total - checkpoint.step)
    stop_at = StopAt(checkpoint.step, total, phase.model.steps_per_execution)
    phase.model.fit(
        phase.batches(start=checkpoint.step),
        initial_epoch=checkpoint.epoch,
        epochs=checkpoint.epoch - (checkpoint.step - total) // per_epoch,  # rounds the rest up
        steps_per_epoch=per_epoch,
        shuffle=False,
        verbose=0 if shown() else verbose,
        callbacks=_callbacks(phase, config, run, data, instruments, checkpoint, stop_at, callbacks),
    )
    return checkpoint


def _callbacks(phase, config, run, data, instruments, checkpoint, stop_at, own):
    place = run.of_phase(phase.folder)
    place.path.mkdir(parents=True, exist_ok=True)
    table = LogTable(place.log, checkpoint.epoch, stop_at)
    board = keras.callbacks.TensorBoard(place.tensorboard, write_graph=False)
    save = SaveCheckpoint(checkpoint, stop_at)
    of_modality = config.modality.callbacks(phase, config, place, data, instruments, stop_at, table.rows)
    logged, looks, drawn = of_modality
    # `stop_at` comes before what would stumble over images that are NaN, `save` when all else is written.
    return [*logged, stop_at, *looks, *own, table, board, *drawn, save]
