"""Measuring samples that lie in memory; instruments are made once for the same real data."""

import tempfile
from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.registry import IMAGES, TABLES, modality_name
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.training.evaluate_again import (
    Evaluated,
    evaluation_config,
    new_folder,
    split_sample_settings,
)

_INSTRUMENTS = {}  # fingerprint of real data to the folder of its instruments, for as long as the process lives


def evaluate_in_memory(samples, labels, values, raw, out=None, verbose=0):
    """Measures arrays of images or a DataFrame of rows.

    Args:
        samples: images, shape `(N, height, width[, channels])`, or a DataFrame.
        labels: as in `repfair_keras.evaluate`.
        values: settings of the data and of the evaluation, and `n`, `seed` and `name`.
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
    config = evaluation_config(given, modality_name(given["dataset"]))
    plan = Evaluated(config, config.modality.reference(config, raw))
    read = {IMAGES: _image_sample, TABLES: _row_sample}[config.modality.name]
    sample = read(samples, labels, plan.reference, chosen)
    with tempfile.TemporaryDirectory(prefix="repfair-") as temporary:
        folder = RunDir(Path(temporary) / "evaluation") if out is None else new_folder(out)
        folder.path.mkdir(parents=True, exist_ok=True)
        plan = _with_known_instruments(plan, folder)
        config.modality.evaluate(folder, sample, plan, 0.0, verbose)
        _keep_instruments(plan, folder)
        return read_report_file(folder.report)


def _with_known_instruments(plan, folder):
    known = _INSTRUMENTS.get(_key(plan))
    if known is None or plan.config.modality.name != IMAGES or plan.config.evaluation.instruments is not None:
        return plan
    return Evaluated(plan.config.replace(instruments=known.name), plan.reference)


def _keep_instruments(plan, folder):
    import shutil

    if plan.config.modality.name == IMAGES and _key(plan) not in _INSTRUMENTS:
        kept = tempfile.TemporaryDirectory(prefix="repfair-instruments-")
        shutil.copytree(folder.instruments, Path(kept.name) / "instruments")
        _INSTRUMENTS[_key(plan)] = kept


def _key(plan):
    return plan.reference.dataset.fingerprint, getattr(plan.config.evaluation, "instrument_steps", None)


def _image_sample(images, labels, reference, chosen):
    from repfair_keras.data.images.generated import generated_images
    from repfair_keras.modalities.image_evaluation import Sample

    floats, codes = generated_images(images, labels, reference.dataset, "samples")
    rows = _some_of(len(floats), chosen)
    return Sample(floats[rows], None if codes is None else codes[rows], _origin(reference, chosen))


def _row_sample(frame, labels, reference, chosen):
    from repfair_keras.modalities.table_evaluation import RowSample, check_n

    if not hasattr(frame, "columns"):
        raise InputError(
            f"samples are {type(frame).__name__}: expected a DataFrame with the table's columns."
        )
    check_n(chosen.n or len(frame))
    ids = reference.dataset.schema.encode(frame, "samples")[_some_of(len(frame), chosen)]
    return RowSample(ids, ids, {**_origin(reference, chosen), "grouping": reference.dataset.grouping})


def _some_of(n, chosen):
    if (chosen.n or 0) > n:
        raise InputError(f"n is {chosen.n}, but there are {n} samples: expected no more.")
    return np.sort(np.random.default_rng(chosen.seed or 0).permutation(n)[: chosen.n or n])


def _origin(reference, chosen):
    name = chosen.name or "samples"
    origin = {"name": name, "method": name, "dataset": reference.dataset.name, "seed": None}
    return {**origin, "sample_seed": chosen.seed or 0}
