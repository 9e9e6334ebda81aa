"""What a worker of a sweep does: one run, or the instruments that runs on the same data share."""

import contextlib
import dataclasses
import gc
import json
import os
import shutil
import warnings
from pathlib import Path
from typing import NamedTuple

from repfair_keras.experiments.config import config_from_dict

THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


class Task(NamedTuple):
    """A run to be made. It travels to another process, so it holds plain values.

    Args:
        id: identity of the run, see `records.record_id`.
        config: its configuration, a dict.
        folder: folder of the run.
        instruments: folder of the instruments of its data.
        command: what the user typed, for the record.
    """

    id: str
    config: dict
    folder: str
    instruments: str
    command: str


def limit_threads(n):
    """Gives TensorFlow `n` threads, unless this process has used it already, and a GPU's memory in pieces."""
    for name in THREADS:
        os.environ[name] = str(n)
    os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    with contextlib.suppress(RuntimeError):  # it has been used: as many threads as it started with
        tf.config.threading.set_intra_op_parallelism_threads(n)
        tf.config.threading.set_inter_op_parallelism_threads(n)


def make_instruments(values, folder):
    """Makes the instruments that a sweep's runs on the same data share.

    Args:
        values: configuration of one of the runs, a dict.
        folder: folder for them; what is in it is used.
    """
    from repfair_keras.experiments.standard import load_standard

    _prepare()
    load_standard(config_from_dict(values).resolve()).instruments(Path(folder))


def make_run(task):
    """Trains, or goes on with, one run and returns its record and the path of its picture.

    Args:
        task: `Task`.

    Returns:
        `(record, bytes)`: the record, and its picture as PNG: files may lie on another machine.
    """
    from repfair_keras.experiments.records import make_record, picture_of
    from repfair_keras.experiments.run import load_data, resume, stored_run, train
    from repfair_keras.experiments.standard import load_standard

    _prepare()
    folder = Path(task.folder)
    config = config_from_dict({**task.config, "instruments": task.instruments}).resolve()
    if not (folder / "config.yaml").is_file():
        shutil.rmtree(folder, ignore_errors=True)  # killed before it began
        run, report = train(config, folder, verbose=0)
    elif (folder / "report.json").is_file():  # done, but its record was lost
        run, _ = stored_run(folder)
        report = json.loads(run.report.read_text("utf-8"))
    else:
        run, report = resume(folder, data_dir=config.data_dir, verbose=0)
    data, standard = load_data(config), load_standard(config)
    record = make_record(run, config, standard, data, report, task.command)
    return record, picture_of(run, config, data).read_bytes()


def _prepare():
    import keras
    from distributed import get_worker

    with contextlib.suppress(ValueError):  # no worker: called directly
        limit_threads(get_worker().state.nthreads)
    warnings.simplefilter("ignore")  # what is worth knowing stands in the report
    keras.utils.clear_session()
    gc.collect()


def as_values(config):
    """Returns a configuration as a dict of plain values."""
    return dataclasses.asdict(config)
