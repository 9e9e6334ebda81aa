import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from repfair_keras.core.files import HOST, clear_up, replacing, write_json


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "report.json"
    write_json(path, {"n": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"n": float("nan")})
    with pytest.raises(OSError, match="full"), replacing(path) as temporary:
        temporary.write_text("half")
        raise OSError("disk full")
    assert json.loads(path.read_text()) == {"n": 1}
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_replaced_whole(tmp_path):
    folder = tmp_path / "generator"
    for name in ("first", "second"):
        with replacing(folder) as temporary:
            temporary.mkdir()
            (temporary / name).touch()
    assert [path.name for path in folder.iterdir()] == ["second"]
    assert list(tmp_path.iterdir()) == [folder]


def scratch_folders(folder):
    return [path.name for path in folder.glob(".tmp.*")]


def test_a_block_that_writes_nothing_leaves_the_old_folder(tmp_path):
    folder = tmp_path / "generator"
    folder.mkdir()
    (folder / "weights").touch()
    with pytest.raises(FileNotFoundError), replacing(folder):
        pass
    assert [path.name for path in folder.iterdir()] == ["weights"]


@pytest.mark.parametrize("is_folder", [False, True])
def test_all_is_on_the_disk_before_it_gets_its_name_and_the_name_after(tmp_path, monkeypatch, is_folder):
    """The order of system calls: contents, then the rename, then the folder that holds the name."""
    path, calls = tmp_path / "report.json", []
    fsync, replace = os.fsync, Path.replace
    names = {}

    def record_sync(descriptor):
        calls.append(("fsync", names.get(os.fstat(descriptor).st_ino, "?")))
        fsync(descriptor)

    def record_replace(self, target):
        calls.append(("replace", target.name))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", record_sync)
    monkeypatch.setattr(Path, "replace", record_replace)
    names[tmp_path.stat().st_ino] = "parent"
    with replacing(path) as temporary:
        file = temporary
        if is_folder:
            (temporary / "variables").mkdir(parents=True)
            file = temporary / "variables" / "data"
            names[temporary.stat().st_ino] = "folder"
        file.write_text("{}")
        names[file.stat().st_ino] = "file"
    syncs = [name for call, name in calls if call == "fsync"]
    assert calls[-2:] == [("replace", "report.json"), ("fsync", "parent")]
    assert set(syncs[:-1]) == ({"folder", "?", "file"} if is_folder else {"file"})


def test_no_pattern_matches_what_is_being_written_and_two_writers_do_not_meet(tmp_path):
    path = tmp_path / "report.json"
    with replacing(path) as one, replacing(path) as other:
        one.write_text("one")
        other.write_text("other")
        assert one.name == other.name == "report.json"
        assert [str(temporary.relative_to(tmp_path))[0] for temporary in (one, other)] == [".", "."]
        assert list(tmp_path.glob("*.json")) == []
    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_leftovers_of_killed_processes_of_this_machine_alone_are_removed(tmp_path):
    write = (
        "import os, sys, time; from repfair_keras.core.files import replacing\n"
        f"with replacing({str(tmp_path / 'a.txt')!r}) as path:\n"
        "    path.write_text('half'); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", write], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        (left,) = scratch_folders(tmp_path)
        write_json(tmp_path / "b.json", {})
        assert scratch_folders(tmp_path) == [left], "its writer lives"
        process.kill()
    for other in (f".tmp.elsewhere.{process.pid}.01234567.abc", ".tmp.user"):
        (tmp_path / other).mkdir()
    before = left.replace(f".{process.pid}.", f".{os.getpid()}.")  # of an earlier process of this number
    (tmp_path / before).mkdir()
    with replacing(tmp_path / "c.txt") as path:
        path.touch()
        write_json(tmp_path / "b.json", {})
        assert path.exists(), "this process writes it"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f".tmp.elsewhere.{process.pid}.01234567.abc",
        ".tmp.user",
        "b.json",
        "c.txt",
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
@pytest.mark.parametrize("way", ["replacing", "filling"])
def test_killed_at_any_file_operation_nothing_is_lost_or_mixed(way, tmp_path):
    script = Path(__file__).with_name("kill_everywhere.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, way], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stdout
    assert int(lines[0].split()[0]) > 20


def test_a_folder_that_was_moved_away_and_what_was_whole_get_to_their_places(tmp_path):
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True
    )
    left = tmp_path / f".tmp.{HOST}.{int(gone.stdout)}.01234567.abc"
    for name in ("old.generator/weights", "whole/report", "half/figures"):
        (left / name).parent.mkdir(parents=True, exist_ok=True)
        (left / name).touch()
    clear_up(tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        *("generator", "generator/weights", "report")
    ]
