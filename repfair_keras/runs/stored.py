"""What a run's folder says of the run: its configuration, and the data it was begun on."""

import json

import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import read_text
from repfair_keras.core.yaml_text import load_yaml
from repfair_keras.runs.config import config_from_dict
from repfair_keras.runs.run_folder import RunDir


def stored_run(path):
    """Returns `(RunDir, Config)` of a folder that `train` made.

    Raises:
        InputError: if it is not the folder of a run, or its configuration is damaged.
    """
    run = RunDir(path)
    run.check_is_run()
    try:
        return run, config_from_dict(load_yaml(read_text(run.config)))
    except (yaml.YAMLError, TypeError) as error:
        raise InputError(f"{run.config} is damaged: {error}. Restore it as the run wrote it.") from error


def check_same_data(run, dataset):
    """Raises `InputError` if a run was begun on other data, or does not say on which."""
    try:
        stored = json.loads(run.versions.read_text("utf-8"))["data"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{run.versions} does not say which data the run was begun on ({type(error).__name__}). Put it back as the "
            "run wrote it, or start a new run with --config and the run's config.yaml."
        ) from error
    if stored != dataset.fingerprint:
        raise InputError(
            f"{dataset.source.rstrip('.')}: not what the run in {run.path} was begun on; values, their order or "
            "the choice of rows are others. Name the data as it was (--data_dir), or train on this one."
        )
