"""A run: configuration, data, training, export, report."""

import dataclasses
import importlib.metadata
import json
import platform
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import yaml

from repfair_keras import __version__
from repfair_keras.core.errors import InputError, TrainingStopped
from repfair_keras.core.files import write_json, write_text
from repfair_keras.data.images.load import load
from repfair_keras.data.tables.load import check_no_instruments, check_no_table, load_table
from repfair_keras.evaluation.images.evaluator import evaluate_run
from repfair_keras.evaluation.reference import load_standard
from repfair_keras.evaluation.tables import evaluator as tables
from repfair_keras.export.image_run import export_run
from repfair_keras.methods.phase import may_grow
from repfair_keras.registry import is_table, lookup
from repfair_keras.runs.config import config_from_dict
from repfair_keras.runs.method_fields import check_method, check_method_fields
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.runs.schedule import check_steps_per_execution, total_steps
from repfair_keras.training.callbacks import read_log
from repfair_keras.training.clipping import warn_about_clipping
from repfair_keras.training.latents import measure_run_codes
from repfair_keras.training.loop import fit_all

PACKAGES = (
    "keras",
    "tensorflow",
    "tensorflow-datasets",
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "matplotlib",
    "mlxtend",
)


def train(config, out=None, verbose=1):
    """Trains, exports and evaluates in a new folder.

    Args:
        config: `Config`; it is resolved and checked first.
        out: folder of the run; `None` makes one below `runs/`, named by date and time.
        verbose: 0 silent, 1 progress bar, 2 one line per epoch.

    Returns:
        `(RunDir, report)`.

    Raises:
        InputError: before any training, if an input does not fit.
    """
    config = config.resolve()
    check_method_fields(config)
    run = RunDir(out or default_folder(config))
    run.check_new()
    check_no_instruments(config, config.instruments)
    data = load_data(config)
    if is_table(config.dataset) and verbose:
        print(*data.schema.describe(), sep="\n")  # types may have been inferred: a look at them
    check_method(config, data)
    check_steps_per_execution(config, len(data))
    standard = load_standard(config)
    run.create()
    write_json(run.versions, {**versions(), "data": data.fingerprint})
    write_text(run.config, config.to_yaml())  # the last: where it is, a run has begun
    return _run(config, run, data, standard, verbose)


def resume(path, steps=None, epochs=None, data_dir=None, instruments=None, verbose=1):
    """Goes on with a run that was stopped; the result equals that of an uninterrupted one.

    Args:
        path: folder of the run.
        steps: new total of iterations, to train longer; `None` keeps the run's own.
        epochs: new total of epochs, likewise.
        data_dir: where the data is now, if it has moved.
        instruments: where the instruments are now, likewise.
        verbose: as in `train`.

    Returns:
        `(RunDir, report)`.

    Raises:
        InputError: if the folder is not that of a run, or the data is not what it was.
    """
    run, config = stored_run(path)
    places = {"data_dir": data_dir, "instruments": instruments}
    check_no_instruments(config, instruments)
    moved = {name: place for name, place in places.items() if place is not None}
    config = dataclasses.replace(config, **moved).resolve()
    data = load_data(config)
    check_same_data(run, data)
    if steps is not None or epochs is not None:
        config = dataclasses.replace(config, steps=steps, epochs=epochs).resolve()
        check_longer(run, config, len(data))
        write_text(run.config, config.to_yaml())
    return _run(config, run, data, load_standard(config), verbose)


def check_same_data(run, data):
    """Raises `InputError` if a run was begun on other data; nothing of a run that does not say on which."""
    stored = json.loads(run.versions.read_text("utf-8")).get("data") if run.versions.is_file() else None
    if stored not in (None, data.fingerprint):
        raise InputError(
            f"{data.source.rstrip('.')}: not what the run in {run.path} was begun on; values, their order or "
            "the choice of rows are others. Name the data as it was (--data_dir), or train on this one."
        )


def check_longer(run, config, n_images):
    """Raises `InputError` if a run is already longer than its new length, or its method cannot go on."""
    if not may_grow(lookup("method", config.method)):
        raise InputError(
            f"a run of {config.method} cannot be made longer: its later generators were trained against the "
            "earlier ones as they are. Start a new run with the length that you want."
        )
    rows = read_log(run.log) if run.log.is_file() else []
    done, total = int(rows[-1]["step"]) if rows else 0, total_steps(config, n_images)
    if total < done:
        raise InputError(f"the run in {run.path} has {done} steps, but {total} are asked for: expected more.")


def stored_run(path):
    """Returns `(RunDir, Config)` of a folder that `train` made."""
    run = RunDir(path)
    run.check_is_run()
    try:
        return run, config_from_dict(yaml.safe_load(run.config.read_text("utf-8"))).resolve()
    except (yaml.YAMLError, TypeError) as error:
        raise InputError(f"{run.config} is damaged: {error}. Restore it as the run wrote it.") from error


def load_data(config):
    """Returns the `ImageDataset`, or `TableDataset`, that a configuration names."""
    if is_table(config.dataset):
        return load_table(config)
    check_no_table(config)
    return load(
        config.dataset,
        config.data_dir,
        config.grouping,
        config.share,
        config.seed,
        config.use_labels,
        config.strength,
    )


def _run(config, run, data, standard, verbose):
    try:
        instruments = None
        if is_table(config.dataset):
            trained = fit_all(config, run, data, None, None, verbose)
            return run, tables.finish_run(run, config, standard.reference, data, trained)
        if config.probe:
            instruments = standard.instruments(run.instruments, config.instruments, verbose)
        trained = fit_all(config, run, data, instruments, standard.target, verbose)
        warn_about_clipping(run, data.group_names, config)
        export_run(trained.generator, config, run, data, trained.steps)
        measure_run_codes(run, config, trained)
        return run, evaluate_run(run, config, standard, data, trained.seconds, verbose=verbose)
    except KeyboardInterrupt as stop:
        raise TrainingStopped(f"Go on with: python -m repfair_keras.train --resume {run.path}") from stop


def default_folder(config):
    """`runs/<time>_<dataset>_<method>_seed<seed>`."""
    now = datetime.now().strftime("%Y%m%d-%H%M%S")
    return Path("runs") / f"{now}_{config.dataset}_{config.method}_seed{config.seed}"


def versions():
    """Returns what a result depends on besides its configuration."""
    return {
        "repfair_keras": __version__,
        "commit": commit(),
        "command": sys.argv,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


def commit():
    """Returns the commit of the checkout this package is imported from, `+` if it was changed, or null."""
    git = ["git", "-C", str(Path(__file__).parent)]
    try:
        subprocess.run([*git, "ls-files", "--error-unmatch", __file__], capture_output=True, check=True)
        name = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        changes = subprocess.run(
            [*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return name.stdout.strip() + ("+" if changes.stdout.strip() else "")
