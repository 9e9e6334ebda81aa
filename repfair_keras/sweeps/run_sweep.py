"""Sweeps: many runs on this machine's cores, or on any cluster of dask.distributed."""

import contextlib
import dataclasses
import json
import sys
import time
import traceback
from concurrent.futures import CancelledError
from pathlib import Path
from typing import NamedTuple

from repfair_keras.core import interrupts as ctrl_c
from repfair_keras.core.errors import InputError, TrainingStopped
from repfair_keras.core.files import make_folder, write_text
from repfair_keras.runs.config import Config
from repfair_keras.runs.schedule import check_steps_per_execution
from repfair_keras.sweeps.cluster import cores, local, remote, scheduling
from repfair_keras.sweeps.identity import record_id
from repfair_keras.sweeps.records import NUMBERS, describe, load_records, write_record
from repfair_keras.sweeps.result import run_folder_name, write_result
from repfair_keras.sweeps.task import BusyError, Task, as_values, make_instruments, make_run

POLL = 0.2  # seconds between two looks at the runs
BUSY = 5.0  # seconds until a run that another process makes is looked at again


class Failure(NamedTuple):
    """A run that failed each time: its identity, settings and the last error."""

    id: str
    config: Config
    error: str


class Outcome(NamedTuple):
    """What a sweep has come to.

    Args:
        done: identities of the runs that have a record, old and new.
        made: those among them that were made now.
        failed: list of `Failure`.
    """

    done: list[str]
    made: list[str]
    failed: list[Failure]


def plan(configs, verbose=1):
    """Checks every run against its data, and names it.

    Args:
        configs: resolved configurations.
        verbose: 0: say nothing.

    Returns:
        dict of identity to `(Config, fingerprint)`; runs that are the same are one.

    Raises:
        InputError: if the data or a setting does not fit, before anything is trained.
    """
    planned, fingerprints, datasets = {}, {}, {}  # each kind of data is loaded once
    for config in configs:
        _check_no_instruments(config)
        reference_key, dataset_key = _data_of(config, of_run=False), _data_of(config, of_run=True)
        if reference_key not in fingerprints:
            if verbose:
                print(f"Checking {config.data.dataset}", file=sys.stderr)
            fingerprints[reference_key] = config.modality.reference(config).dataset.fingerprint
        if dataset_key not in datasets:
            datasets[dataset_key] = config.modality.load(config)
        check_steps_per_execution(config.training, len(datasets[dataset_key]))
        config.check_data(datasets[dataset_key])
        fingerprint = fingerprints[reference_key]
        planned.setdefault(record_id(config, fingerprint, NUMBERS), (config, fingerprint))
    return planned


def _check_no_instruments(config):
    if getattr(config.evaluation, "instruments", None) is not None:
        raise InputError(
            f"instruments is {config.evaluation.instruments}, but a sweep makes its own, one set for each data "
            "set: leave it out."
        )


def _data_of(config, of_run):
    """What the data of a run, or what its samples are compared with, depends on, but for the seed."""
    data = {**dataclasses.asdict(config.data)}
    if "encoding" in data:
        data["encoding"] = data["encoding"] or config.method.encoding
    if not of_run:
        data |= {"share": None, "strength": None}
        data |= {name: getattr(config.evaluation, name, None) for name in ("cross", "target")}
    return json.dumps(data, sort_keys=True)


def sweep(configs, out, records=None, workers=None, scheduler=None, retries=1, command="", verbose=1):
    """Makes the runs that have no record yet.

    Args:
        configs: resolved configurations.
        out: folder of the runs and their instruments; on a cluster, one that all its machines see.
        records: folder of records; `None`: `<out>/records`.
        workers: processes on this machine; `None`: one per core.
        scheduler: address of a dask scheduler to use instead.
        retries: how often a run that fails is tried again.
        command: what the user typed, for the records.
        verbose: 0: no progress bar.

    Returns:
        `Outcome`.

    Raises:
        InputError: if an input does not fit, there is no scheduler, or the extra `[sweeps]` is not installed.
        TrainingStopped: after Ctrl-C; finished runs have their records.
        ConnectionError: if the cluster goes away; likewise.
    """
    if workers is not None and workers < 1:
        raise InputError(f"workers is {workers}: expected at least 1.")
    if retries < 0:
        raise InputError(f"retries is {retries}: expected 0 or more.")
    scheduling()  # said before data are looked at
    out = Path(out).expanduser().absolute()
    records = Path(records).expanduser().absolute() if records else out / "records"
    runs = plan(configs, verbose)
    make_folder(out)
    make_folder(records)
    known = load_records(records)
    say_of_records(known, records)
    have = {record["id"] for record in known.found}
    todo = {name: run for name, run in runs.items() if name not in have}
    done = [name for name in runs if name in have]
    if not todo:
        return Outcome(done, [], [])
    where = remote(scheduler) if scheduler else local(min(workers or cores(), len(todo)))
    with where as client:
        try:
            with ctrl_c.noted() as check:
                made, failed = _work(client, todo, out, records, retries, command, len(done), verbose, check)
        except KeyboardInterrupt as stop:
            client.cancel(list(client.futures))
            raise TrainingStopped(
                f"Finished runs are recorded in {records}; the same command goes on."
            ) from stop
    return Outcome(done + made, made, failed)


def _work(client, todo, out, records, retries, command, n_done, verbose, check):
    """Runs on the client's workers; returns the identities made, and the failures.

    `check` is called while it waits, and raises what ends it.
    """
    from tqdm import tqdm

    made, failed = [], []
    failures = out / "failures"
    with tqdm(total=n_done + len(todo), initial=n_done, unit="run", disable=not verbose, smoothing=0) as bar:

        def count(name, error):
            if error is None:
                made.append(name)
                (failures / f"{name}.txt").unlink(missing_ok=True)  # of an earlier call
            else:
                failed.append(Failure(name, todo[name][0], error))
                bar.set_postfix(failed=len(failed))
                bar.write(f"failed: {describe(todo[name][0])}: {error}", file=sys.stderr)
            bar.update()

        broken = _make_instruments(client, todo, out, retries, records, failures, check)
        for name in [name for name, (_, fingerprint) in todo.items() if fingerprint in broken]:
            count(name, f"its instruments could not be made: {broken[todo[name][1]]}")
        places = {name: number for number, name in enumerate(todo)}

        def submit(name):
            config, fingerprint = todo[name]
            folders = str(_run_folder(out, name, config)), str(_instruments(out, fingerprint))
            task = Task(name, as_values(config), *folders, command)
            # Without dependencies they wait at the scheduler, and start in the order of the grid.
            return client.submit(make_run, task, retries=retries, priority=-places[name], pure=False)

        sound = [name for name, (_, fingerprint) in todo.items() if fingerprint not in broken]
        for future, name in _completed(submit, sound, check):
            result, error = _result_of(future, name, records, failures)
            count(name, error if error is not None else _record(result, name, records))
    return made, failed


def _completed(submit, names, check):
    """Yields `(future, name)` of tasks, each as soon as it has come to an end.

    What another process works on, as a second sweep in the same folder, is tried again later, when others have had
    their turn: then its result is there.
    """
    left, later = {submit(name): name for name in names}, {}
    while left or later:
        for name in [name for name, at in later.items() if at <= time.monotonic()]:
            del later[name]
            left[submit(name)] = name
        ended = [future for future in left if future.done()]
        for future in ended:
            check()
            name = left.pop(future)
            if future.status == "error" and isinstance(future.exception(), BusyError):
                later[name] = time.monotonic() + BUSY
            else:
                yield future, name
        if not ended:
            check()
            time.sleep(POLL)


def _make_instruments(client, todo, out, retries, records, failures, check):
    """Makes the instruments of every data set; returns a dict of fingerprint to error where they fail."""
    configs = {fingerprint: config for config, fingerprint in todo.values()}

    def submit(fingerprint):
        arguments = as_values(configs[fingerprint]), str(_instruments(out, fingerprint))
        return client.submit(make_instruments, *arguments, retries=retries, pure=False)

    errors = {}
    for future, fingerprint in _completed(submit, configs, check):
        _, error = _result_of(future, f"instruments-{fingerprint}", records, failures)
        if error is not None:
            errors[fingerprint] = error
    return errors


def _run_folder(out, name, config):
    """The folder of a run: the one that was begun, whatever it is called, or a new one with a readable name."""
    begun = [path for path in (out / "runs").glob(f"*{name}") if path.is_dir()]
    return begun[0] if begun else out / "runs" / run_folder_name(describe(config), name)


def _instruments(out, fingerprint):
    return out / "instruments" / f"{NUMBERS}-{fingerprint}"


def _result_of(future, name, records, failures):
    """Waits for a task; returns its result, or what went wrong in one line, all of it kept in a file."""
    try:
        return future.result(), None
    except CancelledError as gone:
        raise ConnectionError(
            f"the cluster went away. Finished runs are recorded in {records}; the same command goes on."
        ) from gone
    except Exception as error:  # whatever a run may raise ends that run alone
        with contextlib.suppress(OSError):  # a full disk is what is being told
            write_text(failures / f"{name}.txt", "".join(traceback.format_exception(error)))
        return None, f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:300]}"


def _record(result, name, records):
    """Records a run that has ended well; returns what went wrong with that, `None` if nothing did."""
    record, picture = result
    if record["id"] != name:
        return "the worker's code or data differ from this machine's: install the same version there."
    try:
        write_record(records, record, picture)
    except (OSError, ValueError) as error:  # a full disk, say; or numbers that are no numbers
        return f"its record could not be written ({error}); the run itself is kept"
    return None


def say_of_records(known, folder, others="kept, not used"):
    """Prints which records are left alone, and why; `others`: what becomes of those of another version."""
    if known.others:
        print(f"{len(known.others)} records in {folder} are of another version of the numbers: {others}.")
    for path in known.damaged:
        print(f"{path} is damaged or half-written: ignored, its run is done again.")


def preview(configs, records):
    """Prints the runs of a sweep, and which of them are recorded."""
    have = {record["id"] for record in load_records(records).found}
    runs = plan(configs)
    for name, (config, _) in runs.items():
        print(name, "recorded" if name in have else "to do   ", describe(config))
    print(f"{len(runs)} runs, {len(have & set(runs))} of them recorded")


def report_of(outcome, seconds):
    """Returns a few lines that say what a sweep has come to."""
    lines = [f"{len(outcome.done)} runs are recorded, {len(outcome.made)} of them now, in {seconds:.0f} s."]
    for failure in outcome.failed:
        lines.append(f"failed: {describe(failure.config)} ({failure.id}): {failure.error}")
    return "\n".join(lines)


def end(outcome, out, records):
    """Writes what the runs of a sweep come to, and returns it as text.

    Args:
        outcome: `Outcome`.
        out: folder of the sweep; the result is written to `result` in it.
        records: folder of records.
    """
    wanted = set(outcome.done)
    runs = [record for record in load_records(records).found if record["id"] in wanted]
    if len(runs) < 2:
        return ""
    results = write_result(runs, Path(out) / "result")
    return "\n\n".join(f"{text}\n\nwritten to {folder}" for folder, text in results)


def timed(function, *arguments, **keywords):
    """Returns what a function returns, and the seconds it took."""
    started = time.monotonic()
    return function(*arguments, **keywords), time.monotonic() - started
