"""Measuring samples that lie in memory; instruments are made once for the same real data."""

import shutil
import tempfile
from pathlib import Path

from repfair_keras.core.garbage import leaving_nothing
from repfair_keras.registry import lookup, modality_name
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.training.evaluate_again import (
    Evaluated,
    check_elsewhere,
    evaluation_config,
    new_folder,
    split_sample_settings,
)

_INSTRUMENTS = {}  # fingerprint of real data to the folder of its instruments, for as long as the process lives


@leaving_nothing()
def evaluate_in_memory(samples, labels, values, raw, out=None, verbose=0):
    """Measures arrays of images or a DataFrame of rows.

    Args:
        samples: images, shape `(N, height, width[, channels])`, or a DataFrame.
        labels: as in `repfair_keras.evaluate`.
        values: settings of the data, of the evaluation, and of `SampleSettings`.
        raw: the real data, where they lie in memory.
        out: new folder for the report; `None`: none is written.
        verbose: as in `repfair_keras.evaluate`.

    Returns:
        `ImageReport` or `TableReport`.
    """
    from repfair_keras.evaluation.report import read_report_file

    chosen, given = split_sample_settings(
        {name: value for name, value in values.items() if value is not None}
    )
    config = evaluation_config(given, lookup("modality", modality_name(given["dataset"])))
    check_elsewhere(chosen, config)
    plan = Evaluated(config, config.modality.reference(config, raw))
    which = chosen.n, chosen.seed or 0, chosen.name or "samples", chosen.elsewhere
    sample = config.modality.take_samples(samples, labels, plan.reference, *which)
    with tempfile.TemporaryDirectory(prefix="repfair-") as temporary:
        folder = RunDir(Path(temporary) / "evaluation") if out is None else new_folder(out)
        folder.path.mkdir(parents=True, exist_ok=True)
        key = plan.reference.dataset.fingerprint, *_made_with(config.evaluation, chosen)
        own = getattr(config.evaluation, "instruments", None) is None  # else they are of this call alone
        plan = _with_known_instruments(plan, key) if own else plan
        config.modality.evaluate(folder, sample, plan, 0.0, verbose)
        if own:
            _keep_instruments(key, folder)
        return read_report_file(folder.report)


def _with_known_instruments(plan, key):
    known = _INSTRUMENTS.get(key)
    if known is None:
        return plan
    return Evaluated(plan.config.replace(instruments=known.name), plan.reference)


def _keep_instruments(key, folder):
    if folder.instruments.is_dir() and key not in _INSTRUMENTS:
        kept = tempfile.TemporaryDirectory(prefix="repfair-instruments-")
        shutil.copytree(folder.instruments, Path(kept.name) / "instruments")
        _INSTRUMENTS[key] = kept


def _made_with(evaluation, chosen):
    """What decides which instruments are trained: for how long, and whether a classifier is."""
    elsewhere = chosen.predictions is not None or getattr(evaluation, "classifier", None) is not None
    return getattr(evaluation, "instrument_steps", None), elsewhere
