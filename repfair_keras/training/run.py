"""A run: prepare, make instruments, fit, export, measure. Each stage can be called alone."""

import contextlib
import shlex
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from repfair_keras.core.errors import InputError, StorageError, TrainingStopped
from repfair_keras.core.files import write_json, write_text
from repfair_keras.core.garbage import leaving_nothing
from repfair_keras.core.locks import locked
from repfair_keras.core.progress import Progress, advance, finish
from repfair_keras.core.storage import MEND, storage_problem
from repfair_keras.data.in_memory import IN_MEMORY
from repfair_keras.runs.config import Config
from repfair_keras.runs.log import read_log
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.runs.schedule import check_steps_per_execution, total_steps
from repfair_keras.runs.stored import check_same_data, stored_run
from repfair_keras.runs.versions import versions
from repfair_keras.training.memory_estimate import check_memory

COMMAND = "python -m repfair_keras.train"
# Guesses until the first steps are timed; those of a step are of both presets on two idle cores.
SECONDS_OF_A_STEP, SECONDS_OF_A_PIXEL, SECONDS_OF_A_REPORT = 0.012, 2.5e-10, 20.0


class Plan(NamedTuple):
    """All that a run is made of before it begins: checked, loaded once, without TensorFlow.

    Args:
        config: `Config`.
        dataset: what is trained on, as the modality loads it.
        reference: what samples are compared with, as the modality loads it.
    """

    config: Config
    dataset: Any
    reference: Any


def prepare(config, raw=None, verbose=0):
    """Loads and checks the data of a run.

    Args:
        config: `Config`.
        raw: `RawImages` or `RawTable` in memory, in the place of what the configuration names; `None`: none.
        verbose: 0 silent, else it says what memory a training takes, where that is much.

    Returns:
        `Plan`.

    Raises:
        InputError: if the data do not fit the configuration, or a training does not fit in the memory.
    """
    dataset = config.modality.load(config, raw)
    config.check_data(dataset)
    told = check_memory(config, dataset)
    if told and verbose:
        print(told)
    check_steps_per_execution(config.training, len(dataset))
    return Plan(config, dataset, config.modality.reference(config, raw))


def train(config, out=None, verbose=1, raw=None, callbacks=()):
    """Trains, exports and evaluates in a new folder.

    Args:
        config: `Config`.
        out: folder of the run; `None` makes one below `runs/`, named by date and time.
        verbose: 0 silent, 1 progress, 2 one line per epoch.
        raw: see `prepare`.
        callbacks: Keras callbacks that are called in every phase of training, beside a run's own.

    Returns:
        `(RunDir, report)`.

    Raises:
        InputError: before any training, if an input does not fit.
    """
    run = RunDir(out or default_folder(config))
    run.check_new()
    plan = prepare(config, raw, verbose)
    if verbose:
        print(*config.modality.describe(plan.dataset), sep="\n")
    run.create()
    with locked(run.path):
        write_json(run.versions, {**versions(), "data": plan.dataset.fingerprint})
        write_text(run.config, config.to_yaml())  # the last: where it is, a run has begun
        return run, run_stages(plan, run, verbose, callbacks)


def resume(path, steps=None, epochs=None, data_dir=None, instruments=None, verbose=1, raw=None, callbacks=()):
    """Goes on with a run that was stopped; the result equals that of an uninterrupted one.

    Args:
        path: folder of the run.
        steps: new total of iterations, to train longer; `None` keeps the run's own.
        epochs: new total of epochs, likewise.
        data_dir: where the data is now, if it has moved.
        instruments: where the instruments are now, likewise.
        verbose, raw, callbacks: as in `train`.

    Returns:
        `(RunDir, report)`.

    Raises:
        InputError: if the folder is not that of a run, or the data is not what it was.
    """
    run, config = stored_run(path)
    places = {"data_dir": data_dir, "instruments": instruments}
    config = config.replace(**{name: place for name, place in places.items() if place is not None})
    longer = steps is not None or epochs is not None
    config = config.replace(steps=steps, epochs=epochs) if longer else config
    with locked(run.path):
        run.clear_up()
        plan = prepare(config, raw)
        check_same_data(run, plan.dataset)
        if longer:
            check_longer(run, config, len(plan.dataset))
            write_text(run.config, config.to_yaml())
        return run, run_stages(plan, run, verbose, callbacks)


def check_longer(run, config, n_rows):
    """Raises `InputError` if a run is already longer than its new length, or its method cannot go on."""
    if not config.method.may_grow:
        raise InputError(
            f"a run of {config.method.name} cannot be made longer: what it has trained depends on the whole, or is "
            "done. Start a new run with the length that you want."
        )
    rows = read_log(run.log) if run.log.is_file() else []
    done, total = int(rows[-1]["step"]) if rows else 0, total_steps(config.training, n_rows)
    if total < done:
        raise InputError(f"the run in {run.path} has {done} steps, but {total} are asked for: expected more.")


def run_stages(plan, run, verbose=1, callbacks=()):
    """Makes instruments, trains, exports and measures, or goes on where that was stopped.

    Args:
        plan: `Plan`.
        run: `RunDir` of a run that has begun.
        verbose, callbacks: as in `train`.

    Returns:
        The report.

    Raises:
        TrainingStopped: after Ctrl-C; the message says how to go on.
        StorageError: if a disk is full, or cannot be written; likewise.
    """
    shown = Progress(expected_stages(plan, run)) if verbose == 1 else contextlib.nullcontext()
    try:
        with shown, leaving_nothing():
            instruments = make_instruments(plan, run, verbose)
            trained = fit(plan, run, instruments, verbose, callbacks)
            finish("training")
            export(plan, run, trained)
            advance("report", 0)
            return measure(plan, run, trained.seconds, verbose=verbose, instruments=instruments)
    except KeyboardInterrupt as stop:
        raise TrainingStopped(f"Go on with: {_goes_on(plan, run)}") from stop
    except InputError:
        raise
    except Exception as error:
        problem = storage_problem(error)
        if problem is None:
            raise
        raise StorageError(f"{problem} {MEND}. Then go on with: {_goes_on(plan, run)}") from error


def _goes_on(plan, run):
    """The call, or the command, that goes on with a run."""
    if plan.config.data.dataset in IN_MEMORY:
        return f"rf.train(data, resume={str(run.path)!r})"
    return f"{COMMAND} --resume {shlex.quote(str(run.path))}"


def expected_stages(plan, run):
    """Returns what a run's progress line has to expect: name of a stage to its steps and a guess of its seconds."""
    config = plan.config
    total = total_steps(config.training, len(plan.dataset)) * getattr(config.settings, "n_generators", 1)
    total = round(
        total / getattr(config.settings, "fair_share", 1)
    )  # of which the configured ones are the last
    passes = len(plan.dataset) // config.training.batch_size
    encoder = getattr(config.settings, "vae_steps", None) or 0
    encoder += (
        getattr(config.settings, "vae_epochs", None) or getattr(config.settings, "encoder_epochs", 0)
    ) * passes
    instruments = config.modality.instrument_stages(plan.reference, config.evaluation, run.instruments)
    training = {"training": (total + encoder, seconds_of_a_step(plan) * (total + encoder))}
    return {**instruments, **training, "report": (1, SECONDS_OF_A_REPORT)}


def seconds_of_a_step(plan):
    """A guess of the seconds of a step: convolutions of a batch cost as pixels times filters squared."""
    height, width, *_ = getattr(plan.dataset, "image_shape", (0, 0))
    filters = getattr(plan.config.settings, "filters", None) or 0
    return (
        SECONDS_OF_A_STEP + SECONDS_OF_A_PIXEL * plan.config.training.batch_size * height * width * filters**2
    )


def make_instruments(plan, run, verbose=0):
    """Makes what generators are looked at with while they train; `None` if they are not."""
    evaluation = plan.config.evaluation
    if not getattr(evaluation, "probe", 0):
        return None
    return plan.config.modality.instruments(plan.reference, run.instruments, evaluation, verbose)


def fit(plan, run, instruments=None, verbose=0, callbacks=()):
    """Trains all phases of the method; returns `loop.Trained`."""
    from repfair_keras.training.clipping import clipping_warning
    from repfair_keras.training.loop import fit_all

    config, dataset = plan.config, plan.dataset
    trained = fit_all(config, run, dataset, instruments, plan.reference.target, verbose, callbacks)
    if warning := clipping_warning(run, dataset.group_names, config):
        warnings.warn(warning, stacklevel=2)
    return trained


def export(plan, run, trained):
    """Writes the trained generator, and what its latents tell, to the run's folder."""
    from repfair_keras.evaluation.run_latents import measure_run_codes

    plan.config.modality.export(trained.generator, plan.config, run, plan.dataset, trained.steps, trained.raw)
    measure_run_codes(run, plan.config, trained)


def measure(plan, run, seconds, sample=None, verbose=0, instruments=None):
    """Samples the exported generator and measures it; returns the report, which lies in the run's folder.

    Args:
        plan: `Plan`.
        run: `RunDir` with an exported generator.
        seconds: seconds of training.
        sample: `(n, seed, name)` in the place of the configuration's, each may be `None`; `None`: as configured.
        verbose: as in `train`.
        instruments: what `make_instruments` returned; `None`: they are loaded or made.
    """
    of_run = run, plan.config, plan.reference, plan.dataset
    return plan.config.modality.measure(*of_run, seconds, sample, verbose, instruments)


def default_folder(config):
    """`runs/<time>_<dataset>_<method>_seed<seed>`."""
    now = datetime.now().strftime("%Y%m%d-%H%M%S")
    return Path("runs") / f"{now}_{config.data.dataset}_{config.method.name}_seed{config.training.seed}"
