"""Evaluating a run once more, an exported generator, or images that any program generated."""

import json
from pathlib import Path

import yaml

from repfair_keras.data.generated import is_generated, load_generated
from repfair_keras.errors import InputError
from repfair_keras.experiments.config import Config, config_from_dict
from repfair_keras.experiments.reporting import Sample, draw_sample, evaluate, evaluate_run
from repfair_keras.experiments.run import load_data, stored_run
from repfair_keras.experiments.rundir import RunDir
from repfair_keras.experiments.settings import Settings
from repfair_keras.experiments.standard import load_standard
from repfair_keras.export import Sampler


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
        return _evaluate_images(path, settings, out, verbose)
    settings.check(f"the model {path}")
    return _evaluate_export(path, settings, out, verbose)


def _evaluate_run(path, settings, out, verbose):
    run, config = stored_run(path)
    run.check_finished()
    config = settings.applied_to(config)
    seconds = json.loads(run.report.read_text("utf-8"))["timings"]["train"] if run.report.is_file() else 0.0
    standard, data = load_standard(config), load_data(config)
    choice = (settings.n, settings.seed, settings.name)
    if out is None:
        return run, evaluate_run(run, config, standard, data, seconds, *choice, verbose)
    elsewhere = _new_folder(out)
    sample = draw_sample(run.generator, config, data.n_classes, *choice)
    return elsewhere, evaluate(elsewhere, sample, config, standard, data, seconds, verbose)


def _evaluate_export(folder, settings, out, verbose):
    metadata = Sampler(folder).metadata
    if not metadata:
        raise InputError(
            f"{folder} holds no repfair.json that says which data and groups to compare with. Draw images "
            "from it, and evaluate those: a folder, or an .npz with an array `images`."
        )
    config = settings.applied_to(config_from_dict(yaml.safe_load(metadata["config"])))
    standard, data = load_standard(config), load_data(config)
    elsewhere = _new_folder(out or _beside(folder))
    sample = draw_sample(folder, config, data.n_classes, settings.n, settings.seed, settings.name)
    return elsewhere, evaluate(elsewhere, sample, config, standard, data, verbose=verbose)


def _evaluate_images(path, settings, out, verbose):
    if settings.dataset is None:
        raise InputError(
            f"{path} holds images: name the real data to compare them with, as in repfair_keras.train: "
            "--dataset mnist, or --dataset folder --data_dir my_images --grouping background."
        )
    config = settings.applied_to(Config())
    standard = load_standard(config)
    images, labels = load_generated(path, standard.reference)
    n = settings.n or len(images)
    if n > len(images):
        raise InputError(f"n is {n}, but {path} holds {len(images)} images: expected no more.")
    name = settings.name or path.stem
    origin = {"name": name, "method": name, "dataset": config.dataset, "seed": settings.seed}
    sample = Sample(
        images[:n], None if labels is None else labels[:n], {**origin, "sample_seed": settings.seed}
    )
    elsewhere = _new_folder(out or _beside(path))
    return elsewhere, evaluate(elsewhere, sample, config, standard, verbose=verbose)


def _beside(path):
    path = path.resolve()
    return path.with_name(f"{path.stem}-evaluation")


def _new_folder(path):
    run = RunDir(path)
    run.create()
    return run
