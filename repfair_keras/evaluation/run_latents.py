"""The codes of a run: measured once, when its encoder is at hand, and read again by every report."""

import json

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing, write_json
from repfair_keras.evaluation.latent_report import measure_codes, project
from repfair_keras.evaluation.report_parts import Latents


def measure_run_codes(run, config, trained):
    """Measures a trained run's codes, and keeps numbers and points of the picture: no export has the encoder.

    Args:
        run: `RunDir`.
        config: resolved `Config`.
        trained: `Trained`; nothing is done without codes.
    """
    if trained.codes is None:
        return
    sample = trained.codes(config.evaluation.n, config.training.seed)
    with replacing(run.code_points) as temporary:
        np.savez_compressed(temporary, **project(sample, config.training.seed))
    write_json(run.codes, measure_codes(sample, config.training.seed))


def read_latents(run):
    """Returns the `Latents` that were measured when a run was trained; `None` for a run without latents.

    Args:
        run: `RunDir`.

    Raises:
        InputError: if the file is damaged.
    """
    if not run.codes.is_file():
        return None
    try:
        return Latents.from_dict(json.loads(run.codes.read_text("utf-8")))
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{run.codes} is damaged ({error}). Train the run again: no export has it."
        ) from error


def read_projected(run):
    """Returns the points of the picture, see `evaluation.latent_report.project`; `None` without codes."""
    if not run.code_points.is_file():
        return None
    with np.load(run.code_points, allow_pickle=False) as points:
        return dict(points)
