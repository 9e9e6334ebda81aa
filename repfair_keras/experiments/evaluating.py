"""Reporting once more on a run, or on an exported generator wherever it lies."""

import dataclasses
import json
from pathlib import Path

import yaml

from repfair_keras.errors import InputError
from repfair_keras.experiments.config import config_from_dict
from repfair_keras.experiments.reporting import evaluate, evaluate_run, evaluation_folder
from repfair_keras.experiments.run import load_data, stored_run
from repfair_keras.experiments.rundir import RunDir
from repfair_keras.export import Sampler


def evaluate_again(model, n=None, seed=None, data_dir=None, out=None):
    """Evaluates a run or an export.

    Args:
        model: folder of a run, or of an exported generator.
        n: number of samples; `None`: as when it was trained.
        seed: seed of the samples; `None`: as when it was trained.
        data_dir: where the data is, if not where it was.
        out: folder for the report; `None`: the run's own, where an earlier report is kept beside it, or
            a new folder beside the export.

    Returns:
        `(RunDir, report)`: where it was written, and the report.

    Raises:
        InputError: if the folder is neither, the run is not finished, or an argument does not fit.
    """
    if n is not None and n < 1:
        raise InputError(f"n is {n}: expected an integer of at least 1.")
    if seed is not None and not 0 <= seed < 2**31:
        raise InputError(f"seed is {seed}: expected an integer in [0, 2^31).")
    run = RunDir(model)
    if not run.config.is_file():
        return _evaluate_export(Path(model), n, seed, data_dir, out)
    run, config = stored_run(model)
    run.check_finished()
    seconds = json.loads(run.report.read_text("utf-8"))["timings"]["train"] if run.report.is_file() else 0.0
    data = load_data(_moved(config, data_dir))
    if out is not None:
        elsewhere = evaluation_folder(out, model)
        return elsewhere, evaluate(elsewhere, run.generator, config, data, seconds, n, seed)
    return run, evaluate_run(config, run, data, seconds, n, seed)


def _evaluate_export(folder, n, seed, data_dir, out):
    metadata = Sampler(folder).metadata
    if not metadata:
        raise InputError(
            f"{folder} holds no repfair.json that says which data and groups to compare with; export the "
            "generator with this package."
        )
    config = config_from_dict(yaml.safe_load(metadata["config"])).resolve()
    data = load_data(_moved(config, data_dir))
    elsewhere = evaluation_folder(out, folder)
    return elsewhere, evaluate(elsewhere, folder, config, data, 0.0, n, seed)


def _moved(config, data_dir):
    return config if data_dir is None else dataclasses.replace(config, data_dir=data_dir)
