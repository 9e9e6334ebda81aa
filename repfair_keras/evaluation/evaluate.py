"""Evaluating a run once more, an exported generator, or images that any program generated."""

import dataclasses
from pathlib import Path

import numpy as np
import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import make_folder
from repfair_keras.data.images.generated import is_generated, load_generated
from repfair_keras.data.tables.load import check_no_instruments
from repfair_keras.evaluation.images.evaluator import Sample, draw_sample, evaluate, evaluate_run
from repfair_keras.evaluation.reference import load_standard
from repfair_keras.evaluation.tables.evaluator import evaluate_run as evaluate_table_run
from repfair_keras.export.open_sampler import is_table_export
from repfair_keras.export.saved_model import METADATA, read_metadata
from repfair_keras.registry import is_table
from repfair_keras.runs.config import Config, config_from_dict
from repfair_keras.runs.evaluation_settings import Settings
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.training.run import check_same_data, load_data, stored_run


def evaluate_again(model, settings=None, out=None, verbose=0):
    """Evaluates a run, an export, or generated images.

    Args:
        model: folder of a run, or of an exported generator; or an `.npz` file or a folder of images.
        settings: `Settings`; `None`: the run's own.
        out: new folder for the report; `None`: the run's own, where an earlier report is kept, or
            `<model>-evaluation`.
        verbose: 0 silent, 1 progress bars, 2 a line each.

    Returns:
        `(RunDir, report)`: where it was written, and the report.

    Raises:
        InputError: if the model is none of these, the run is not finished, or a setting does not fit.
    """
    settings, path = settings or Settings(), Path(model)
    if RunDir(path).config.is_file():
        settings.check(f"the run {path}")
        return _evaluate_run(path, settings, out, verbose)
    if not (path / "saved_model.pb").is_file() and is_generated(path):
        settings.check()
        return _evaluate_images(path, settings, _new_folder(out or _beside(path)), verbose)
    if not (path / "saved_model.pb").is_file():
        raise InputError(
            f"{path} is not a SavedModel (there is no saved_model.pb in it), and neither a run, nor a "
            "folder of PNG or JPEG images, nor an .npz of them: check the path."
        )
    settings.check(f"the model {path}")
    if is_table_export(path):
        raise InputError(f"{path} generates a table: name the folder of its run, which holds what it needs.")
    config = _stored_config(path, settings)
    choice = (settings.n, settings.seed, settings.name)
    return _evaluate_export(path, config, choice, _new_folder(out or _beside(path)), 0.0, verbose)


def _evaluate_run(path, settings, out, verbose):
    run, config = stored_run(path)
    run.check_finished()
    config = settings.applied_to(config)
    choice = (settings.n, settings.seed, settings.name)
    if is_table(config.dataset):
        if out is not None:
            raise InputError(f"out is {out}: a run on a table is evaluated in its own folder; leave it out.")
        check_no_instruments(config, settings.instruments)
        reference, data = load_standard(config).reference, load_data(config)
        check_same_data(run, data)
        return run, evaluate_table_run(run, config, reference, data, run.seconds(), *choice)
    if out is not None:
        if settings.instruments is None and run.instruments.is_dir():
            config = dataclasses.replace(config, instruments=str(run.instruments))
        return _evaluate_export(run.generator, config, choice, _new_folder(out), run.seconds(), verbose, run)
    if settings.instruments is None:
        config = dataclasses.replace(config, instruments=None)  # those in its own folder
    standard, data = load_standard(config), load_data(config)
    return run, evaluate_run(run, config, standard, data, run.seconds(), *choice, verbose)


def _evaluate_export(folder, config, choice, out, seconds, verbose, run=None):
    standard, data = load_standard(config), load_data(config)
    sample = draw_sample(folder, config, data, *choice)
    make_folder(out.path)
    return out, evaluate(out, sample, config, standard, data, seconds, verbose, run)


def _stored_config(folder, settings):
    """Returns the `Config` of an export's training, with the settings of the evaluation."""
    try:
        return settings.applied_to(config_from_dict(yaml.safe_load(read_metadata(folder)["config"])))
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise InputError(
            f"{folder} holds no {METADATA} that says which data and groups to compare with. Draw images "
            "from it, and evaluate those: a folder, or an .npz with an array `images`."
        ) from error


def _evaluate_images(path, settings, out, verbose):
    if settings.dataset is None:
        raise InputError(
            f"{path} holds images: name the real data to compare them with, as in repfair_keras.train: "
            "--dataset mnist, or --dataset folder --data_dir my_images --grouping background."
        )
    if is_table(settings.dataset):
        raise InputError(f"dataset is {settings.dataset!r}, a table, but {path} holds images: name images.")
    config = settings.applied_to(Config())
    standard = load_standard(config)
    images, labels = load_generated(path, standard.reference)
    n = settings.n or len(images)
    if n > len(images):
        raise InputError(f"n is {n}, but {path} holds {len(images)} images: expected no more.")
    rows = np.sort(np.random.default_rng(settings.seed or 0).permutation(len(images))[:n])
    name = settings.name or _name(path)
    origin = {"name": name, "method": name, "dataset": config.dataset, "seed": None}
    origin["sample_seed"] = settings.seed
    sample = Sample(images[rows], None if labels is None else labels[rows], origin)
    make_folder(out.path)
    return out, evaluate(out, sample, config, standard, verbose=verbose)


def _name(path):
    path = path.resolve()
    return path.stem if path.suffix == ".npz" else path.name


def _beside(path):
    path = path.resolve()
    return path.with_name(f"{_name(path)}-evaluation")


def _new_folder(path):
    """Returns the `RunDir` of a folder that may hold instruments alone, of an evaluation that was stopped."""
    run = RunDir(path)
    run.check_new(also=(run.instruments,))
    return run
