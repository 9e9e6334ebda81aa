"""What a sweep does when things go wrong: with workers in this process, and runs that train nothing."""

import errno
import threading
import time

import locket
import pytest
from distributed import LocalCluster

from repfair_keras.core.errors import InputError
from repfair_keras.runs.config import configure
from repfair_keras.runs.numbers import NUMBERS
from repfair_keras.sweeps import run_sweep as sweeping
from repfair_keras.sweeps import task
from repfair_keras.sweeps.records import load_records, write_record

SEEDS = (0, 1, 2)
BEHAVIOUR = {}  # what runs and instruments do in a test; functions in a module travel to workers by name


def fake_run(task):
    return BEHAVIOUR["run"](task)


def fake_instruments(values, folder):
    return BEHAVIOUR["instruments"](values, folder)


@pytest.fixture(scope="module")
def configs(image_folder):
    base = configure(dataset="folder", data_dir=str(image_folder), filters=4)
    return [base.replace(seed=seed) for seed in SEEDS]


@pytest.fixture
def address():
    """Address of a scheduler with one worker in this process, which sees what tests replace."""
    with LocalCluster(1, threads_per_worker=1, processes=False, dashboard_address=":0") as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def calls(monkeypatch):
    """Seeds in the order in which their runs were made; what runs do is replaced."""
    made = []

    def make_run(task):
        made.append(task.config["seed"])
        return record_of(task), b"png"

    monkeypatch.setattr(sweeping, "make_run", fake_run)
    monkeypatch.setattr(sweeping, "make_instruments", fake_instruments)
    BEHAVIOUR.update(run=make_run, instruments=lambda values, folder: None)
    return made


def record_of(task):
    data = {"fingerprint": "data", "source": "digits", "groups": ["a", "b"]}
    told = {"format": 1, "numbers": NUMBERS, "version": "0", "commit": None, "data": data, "report": {}}
    return {**told, "log": [{"step": 1}], "id": task.id, "config": task.config}


def seeds_recorded(out):
    return [record["config"]["seed"] for record in load_records(out / "records").found]


def test_runs_are_made_in_order_and_once(configs, address, calls, tmp_path):
    outcome = sweeping.sweep(configs, tmp_path, scheduler=address, verbose=0)
    assert calls == [0, 1, 2]
    assert outcome.made == outcome.done
    assert seeds_recorded(tmp_path) == [0, 1, 2]
    again = sweeping.sweep(configs, tmp_path, scheduler=address, verbose=0)
    assert calls == [0, 1, 2]
    assert (again.made, sorted(again.done)) == ([], sorted(outcome.done))


def test_a_record_that_is_gone_or_half_there_is_made_again(configs, address, calls, tmp_path, capsys):
    outcome = sweeping.sweep(configs, tmp_path, scheduler=address, verbose=0)
    half = tmp_path / "records" / f"{outcome.done[1]}.json"
    half.write_text(half.read_text()[:40])
    (tmp_path / "records" / f"{outcome.done[2]}.json").unlink()
    again = sweeping.sweep(configs, tmp_path, scheduler=address, verbose=0)
    assert sorted(again.made) == sorted(outcome.done[1:])
    assert calls == [0, 1, 2, 1, 2]
    assert f"{half} is damaged" in capsys.readouterr().out


def test_a_run_that_fails_is_tried_again_and_then_reported(
    configs, address, calls, monkeypatch, tmp_path, capsys
):
    def fails(task):
        calls.append(task.config["seed"])
        if (task.config["seed"] == 0 and calls.count(0) == 1) or task.config["seed"] == 1:
            raise RuntimeError("no luck\nin many lines")
        return record_of(task), b"png"

    BEHAVIOUR["run"] = fails
    outcome = sweeping.sweep(configs, tmp_path, scheduler=address, retries=2)
    assert sorted(calls) == [0, 0, 1, 1, 1, 2]
    assert seeds_recorded(tmp_path) == [0, 2]
    ((name, config, error),) = outcome.failed
    assert config.training.seed == 1
    assert error == "RuntimeError: no luck"
    assert "in many lines" in (tmp_path / "failures" / f"{name}.txt").read_text()
    assert "failed: folder, repfair, seed 1" in capsys.readouterr().err
    assert f"({name}): RuntimeError: no luck" in sweeping.report_of(outcome, 1)


def test_instruments_that_fail_fail_their_runs(configs, address, calls, monkeypatch, tmp_path):
    def fails(values, folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    BEHAVIOUR["instruments"] = fails
    outcome = sweeping.sweep(configs, tmp_path, scheduler=address, verbose=0)
    assert calls == []
    assert len(outcome.failed) == 3
    assert "instruments could not be made: OSError" in outcome.failed[0].error


def test_a_full_disk_is_reported_and_the_sweep_goes_on(configs, address, calls, monkeypatch, tmp_path):
    def full(folder, record, picture):
        if record["config"]["seed"] == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(folder, record, picture)

    write = sweeping.write_record
    monkeypatch.setattr(sweeping, "write_record", full)
    outcome = sweeping.sweep(configs, tmp_path, scheduler=address, verbose=0)
    assert seeds_recorded(tmp_path) == [0, 2]
    assert "No space left on device" in outcome.failed[0].error


def test_a_worker_with_other_code_is_found_out(configs, address, calls, monkeypatch, tmp_path):
    BEHAVIOUR["run"] = lambda task: ({**record_of(task), "id": "0" * 16}, b"")
    outcome = sweeping.sweep(configs, tmp_path, scheduler=address, verbose=0)
    assert "install the same version" in outcome.failed[0].error
    assert seeds_recorded(tmp_path) == []


@pytest.mark.slow
def test_a_cluster_that_goes_away_is_a_clear_message(configs, calls, monkeypatch, tmp_path):
    cluster = LocalCluster(1, threads_per_worker=1, processes=False, dashboard_address=":0")
    begun = threading.Event()

    def second_hangs(task):
        if task.config["seed"] == 1:
            begun.set()
            time.sleep(3)
        return record_of(task), b"png"

    BEHAVIOUR["run"] = second_hangs

    def close():
        begun.wait(60)
        time.sleep(0.5)  # the first run's record is written meanwhile
        cluster.close()

    closing = threading.Thread(target=close)
    closing.start()
    with pytest.raises(ConnectionError, match="the same command goes on"):
        sweeping.sweep(configs, tmp_path, scheduler=cluster.scheduler_address, verbose=0)
    closing.join()
    assert seeds_recorded(tmp_path) == [0]


def test_bad_data_ends_before_anything_is_made(configs, tmp_path):
    bad = configs[0].replace(share=1.5)
    with pytest.raises(InputError, match=r"share 1.5 is out of range"):
        sweeping.sweep([configs[1], bad], tmp_path / "out", verbose=0)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("name", "value"), [("workers", 0), ("workers", -1), ("retries", -1)])
def test_numbers_that_cannot_be_are_refused(configs, tmp_path, name, value):
    with pytest.raises(InputError, match=f"{name} is {value}"):
        sweeping.sweep(configs, tmp_path, verbose=0, **{name: value})


def test_instruments_of_ones_own_are_refused(configs, tmp_path):
    with pytest.raises(InputError, match="a sweep makes its own"):
        sweeping.sweep([configs[0].replace(instruments="/mine")], tmp_path, verbose=0)


def test_workers_that_would_make_several_runs_at_once_are_refused(configs, calls, tmp_path):
    cluster = LocalCluster(1, threads_per_worker=2, processes=False, dashboard_address=":0")
    with cluster, pytest.raises(InputError, match="has 2 threads: expected 1"):
        sweeping.sweep(configs, tmp_path, scheduler=cluster.scheduler_address, verbose=0)
    assert calls == []


def test_two_processes_do_not_make_the_same_run(tmp_path):
    with task.alone(tmp_path / "run"):
        lock = locket.lock_file(str(tmp_path / "run.lock"), timeout=0)
        with pytest.raises(locket.LockError):
            lock.acquire()
    with lock, pytest.raises(InputError, match="another process works in"), task.alone(tmp_path / "run"):
        pass


def test_a_worker_that_does_not_see_the_folder_says_so(configs, tmp_path):
    run = task.Task("0" * 16, task.as_values(configs[0]), str(tmp_path / "run"), "/not/there", "")
    with pytest.raises(InputError, match="all machines of the cluster see"):
        task.make_run(run)


def test_a_sweep_of_trees_and_of_latents_knows_what_each_takes():
    both = [configure(dataset="diabetes", method=name, batch_size=64) for name in ("cart", "fair_vae")]
    alone = [name for config in both for name in sweeping.plan([config], verbose=0)]
    assert list(sweeping.plan(both, verbose=0)) == alone


@pytest.mark.parametrize("figures", [True, False])
def test_a_run_that_is_fitted_in_one_go_has_a_record(figures, tmp_path):
    config = configure(dataset="diabetes", method="cart", figures=figures, n=60)
    (name,) = sweeping.plan([config], verbose=0)
    (tmp_path / "instruments").mkdir()
    folders = str(tmp_path / "run"), str(tmp_path / "instruments")
    record, picture = task.make_run(task.Task(name, task.as_values(config), *folders, "here"))
    assert record["id"] == name and record["log"] == [] and record["report"]["n"] == 60
    assert picture[:8] == b"\x89PNG\r\n\x1a\n" if figures else picture is None
    write_record(tmp_path, record, picture)
    assert [found["id"] for found in load_records(tmp_path).found] == [name]
