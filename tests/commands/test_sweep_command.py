"""`python -m repfair_keras.sweep` as a user calls it: killed, stopped, and called again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import yaml

from repfair_keras.commands import sweep
from repfair_keras.commands.command_line import call
from repfair_keras.data.images.reference import load_reference
from repfair_keras.runs.config import configure
from repfair_keras.sweeps import cluster
from repfair_keras.sweeps.records import NUMBERS, load_records, matching

TINY = {
    "filters": 4,
    "latent_size": 8,
    "batch_size": 8,
    "n": 150,
    "probe": 60,
    "steps": 150,
    "figures": False,
}
PATIENCE = 240  # seconds, on a busy machine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def words(image_folder, folder_instruments, tmp_path_factory):
    """Words of a sweep of four runs on own images, whose instruments are there; one run cannot end well."""
    folder = tmp_path_factory.mktemp("sweep")
    fingerprint = load_reference("folder", image_folder)[0].fingerprint
    shutil.copytree(folder_instruments, folder / "out" / "instruments" / f"{NUMBERS}-{fingerprint}")
    content = {
        "base": {"dataset": "folder", **TINY},
        "grid": [
            {"method": ["gan", "repfair"], "seed": [0]},
            {"d_learning_rate": [1e30], "method": ["gan"]},
            {"method": ["repfair"], "seed": [1]},
        ],
    }
    (folder / "mine.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    places = ["--out", str(folder / "out"), "--data_dir", str(image_folder), "--workers", "2"]
    return [str(folder / "mine.yaml"), *places]


def start(words):
    """A sweep in a session of its own: a signal to its group reaches its workers too, as Ctrl-C does."""
    return subprocess.Popen(
        [sys.executable, "-m", "repfair_keras.sweep", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )


def wait_for(found, process):
    """Waits until `found()` is true; fails if the process ends before."""
    until = time.monotonic() + PATIENCE
    while not (value := found()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.2)
    return value


def busiest(process):
    """The process, among the sweep's workers, that has used most of the CPU: it trains."""
    workers = psutil.Process(process.pid).children(recursive=True)
    return max(workers, key=lambda each: sum(each.cpu_times()[:2]))


@pytest.fixture(scope="module")
def story(words):
    """A worker is killed, the sweep is stopped, and called again: what was seen on the way."""
    out = Path(words[2])
    process = start(words)
    wait_for(lambda: list(out.glob("runs/*/log.csv")), process)
    busiest(process).kill()
    wait_for(lambda: load_records(out / "records").found, process)
    children = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)
    _, alive = psutil.wait_procs(children, timeout=20)
    early = {record["id"]: record["finished"] for record in load_records(out / "records").found}
    again = start(words)
    output, _ = again.communicate(timeout=2 * PATIENCE)
    return {
        "code": process.returncode,
        "errors": errors,
        "left": [each for each in alive if each.status() != psutil.STATUS_ZOMBIE],
        "early": early,
        "last_code": again.returncode,
        "last_output": output,
    }


def test_ctrl_c_ends_all_workers_and_keeps_the_records(story):
    assert story["code"] == 130, story["errors"][-3000:]
    assert "the same command goes on" in story["errors"]
    assert "Traceback" not in story["errors"]
    assert story["left"] == []
    assert 1 <= len(story["early"]) < 3


def test_the_same_command_makes_the_rest_and_reports_what_failed(story, words):
    found = {record["id"]: record for record in load_records(f"{words[2]}/records").found}
    assert len(found) == 3
    assert {name: found[name]["finished"] for name in story["early"]} == story["early"], "none was made twice"
    assert story["last_code"] == 1
    assert "3 runs are recorded" in story["last_output"]
    assert "failed: folder, gan, seed 0" in story["last_output"]
    assert "TrainingDivergedError" in story["last_output"]
    (failure,) = Path(words[2], "failures").iterdir()
    assert "Traceback" in failure.read_text()


def test_a_run_that_was_killed_equals_one_that_was_not(story, words, tmp_path):
    """The first run, whose worker was killed, against `train` in a process with as many threads, one."""
    (record,) = matching(load_records(f"{words[2]}/records").found, method="gan")
    (instruments,) = (path for path in Path(words[2], "instruments").iterdir() if path.is_dir())
    config = configure(**{**record["config"], "data_dir": words[4], "instruments": str(instruments)})
    (tmp_path / "config.yaml").write_text(config.to_yaml())
    command = [sys.executable, "-m", "repfair_keras.train", "--config", "config.yaml", "--out", "run"]
    environment = {**os.environ, **cluster.ENVIRONMENT}
    subprocess.run([*command, "--verbose", "0"], cwd=tmp_path, env=environment, check=True)
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    for name in ("proportions", "undecided", "by_class", "label_agreement", "quality"):
        assert record["report"][name] == report[name], name
    assert [row["step"] for row in record["log"]] == list(range(15, TINY["steps"] + 1, 15))


def test_records_tell_where_they_come_from(story, words):
    for record in load_records(f"{words[2]}/records").found:
        text = json.dumps({key: value for key, value in record.items() if key != "picture"})
        assert words[2] not in text, "no path of this machine"
        assert record["command"].startswith("python -m repfair_keras.sweep")
        assert record["picture"].read_bytes().startswith(b"\x89PNG")
        assert record["data"]["groups"] == ["black", "white"]
        assert record["data"]["n"] == 120


def test_nothing_is_left_to_do(story, words, capsys):
    sweep_words = [*words]
    found = load_records(f"{words[2]}/records").found
    assert len(found) == 3
    call(sweep.main, [*sweep_words, "--dry_run"])
    *printed, last = capsys.readouterr().out.splitlines()
    assert len(printed) == 4
    assert {line.split()[0] for line in printed if "recorded" in line} == {record["id"] for record in found}
    assert last == "4 runs, 3 of them recorded"


def test_no_scheduler_is_a_clear_error(words, capsys, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(SystemExit) as stopped:
        call(sweep.main, [*words, "--scheduler", "tcp://127.0.0.1:9"])
    assert stopped.value.code == 2
    assert "no dask scheduler at tcp://127.0.0.1:9" in capsys.readouterr().err


def test_two_sweeps_in_one_folder_share_the_work_and_both_end_with_the_whole_count(words, tmp_path):
    grid = [{"method": ["gan", "repfair"], "seed": [0, 1]}]
    (tmp_path / "shared.yaml").write_text(
        yaml.safe_dump({"base": {"dataset": "folder", **TINY}, "grid": grid})
    )
    shutil.copytree(Path(words[2]) / "instruments", tmp_path / "out" / "instruments")
    places = ["--out", str(tmp_path / "out"), *words[3:5], "--workers", "1"]
    both = [start([str(tmp_path / "shared.yaml"), *places]) for _ in range(2)]
    ended = [process.communicate(timeout=PATIENCE) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert all("4 runs are recorded" in printed for printed, _ in ended)
    runs = [path for path in (tmp_path / "out" / "runs").iterdir() if path.is_dir()]
    assert len(runs) == len(load_records(tmp_path / "out" / "records").found) == 4
