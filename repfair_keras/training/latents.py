"""The codes of a run: measured once, when its encoder is at hand, and read again by every report."""

import numpy as np

from repfair_keras.core.files import replacing, write_json
from repfair_keras.evaluation.latent_report import measure_codes, project


def measure_run_codes(run, config, trained):
    """Measures a trained run's codes, and keeps numbers and points of the picture: no export has the encoder.

    Args:
        run: `RunDir`.
        config: resolved `Config`.
        trained: `Trained`; nothing is done without codes.
    """
    if trained.codes is None:
        return
    sample = trained.codes(config.n, config.seed)
    with replacing(run.code_points) as temporary:
        np.savez_compressed(temporary, **project(sample, config.seed))
    write_json(run.codes, measure_codes(sample, config.seed))


def read_projected(run):
    """Returns the points of the picture, see `evaluation.latent_report.project`; `None` without codes."""
    if not run.code_points.is_file():
        return None
    with np.load(run.code_points, allow_pickle=False) as points:
        return dict(points)
