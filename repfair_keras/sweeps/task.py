"""What a worker of a sweep does: one run, or the instruments that runs on the same data share."""

import json
import shutil
import threading
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.core.garbage import collect_and_freeze, collect_seldom
from repfair_keras.core.quiet_tensorflow import quiet_tensorflow
from repfair_keras.runs.config import config_from_dict
from repfair_keras.runs.run_folder import RunDir

ONE_AT_A_TIME = threading.Lock()  # models and seeds belong to the process


class BusyError(InputError):
    """Another process works in a folder; what it makes there will be found when it has ended."""


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


def make_instruments(values, folder):
    """Makes the instruments that a sweep's runs on the same data share.

    Args:
        values: configuration of one of the runs, a dict.
        folder: folder for them; what is in it is used.
    """
    with alone(folder):
        config = config_from_dict(values)
        evaluation = config.replace(instruments=None).evaluation
        config.modality.instruments(config.modality.reference(config), Path(folder), evaluation)


def make_run(task):
    """Trains, or goes on with, one run and returns its record and its picture.

    Args:
        task: `Task`.

    Returns:
        `(record, bytes)`: the record, and its picture as PNG, `None` where there is none: files may lie on another
        machine.

    Raises:
        BusyError: if another process makes the run.
        InputError: if this machine does not see the sweep's folder.
    """
    from repfair_keras.sweeps.records import make_record
    from repfair_keras.training.run import prepare, resume, train

    folder = Path(task.folder)
    if not Path(task.instruments).is_dir():
        raise InputError(
            f"{task.instruments} is not there on this worker's machine: --out has to be a folder that all "
            "machines of the cluster see."
        )
    with alone(folder):
        config = config_from_dict(task.config)
        if hasattr(config.evaluation, "instruments"):
            config = config.replace(instruments=task.instruments)
        if not (folder / "config.yaml").is_file():
            shutil.rmtree(folder, ignore_errors=True)  # killed before it began
            run, _ = train(config, folder, verbose=0)
        elif (folder / "report.json").is_file():  # done, but its record was lost
            run = RunDir(folder)
        else:
            instruments = getattr(config.evaluation, "instruments", None)
            where = {"data_dir": config.data.data_dir, "instruments": instruments}
            run, _ = resume(folder, **where, verbose=0)
        report = json.loads(run.report.read_text("utf-8"))
        plan = prepare(config)
        record = make_record(run, plan, report, task.command)
        picture = config.modality.picture(run, config, plan.dataset)
        return record, None if picture is None else picture.read_bytes()


@contextmanager
def alone(folder):
    """Lets no other process or thread work in a folder, nor another run in this process; frees its memory.

    Raises:
        BusyError: if another process works there.
    """
    quiet_tensorflow()  # in a worker, this is where it is imported
    collect_seldom()
    import keras
    import locket

    Path(folder).parent.mkdir(parents=True, exist_ok=True)
    lock = Path(folder).with_name(f"{Path(folder).name}.lock")
    with ONE_AT_A_TIME:
        try:
            held = locket.lock_file(str(lock), timeout=0)
            held.acquire()
        except locket.LockError as error:
            raise BusyError(
                f"another process works in {folder}: wait for it, or end it, and call the same command again."
            ) from error
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what is worth knowing stands in the report
                keras.utils.clear_session()
                collect_and_freeze()
                yield
        finally:
            held.release()


def as_values(config):
    """Returns a configuration as a dict of plain values."""
    return config.flat()
