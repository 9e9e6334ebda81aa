"""The lock of a folder: one process at a time, released by whoever is killed."""

import subprocess
import sys
import time

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.core.locks import NAME, claimed, locked

HOLD = """
import sys, time
from repfair_keras.core.locks import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_another_process_is_refused_and_told_which(holder, tmp_path):
    with (
        pytest.raises(InputError, match=rf"is in use by process {holder.pid} on .* since 20.*: wait"),
        locked(tmp_path),
    ):
        pass


def test_a_killed_process_releases_it(holder, tmp_path):
    holder.kill()
    holder.wait()
    assert (tmp_path / NAME).exists()
    with locked(tmp_path):
        pass
    assert not (tmp_path / NAME).exists()


def test_it_is_released_after_an_error_and_not_shared_in_a_process(tmp_path):
    with pytest.raises(KeyError), locked(tmp_path):
        raise KeyError
    with locked(tmp_path), pytest.raises(InputError, match="is in use by process"), locked(tmp_path):
        pass


def test_many_in_a_row_exclude_each_other(tmp_path):
    """Each adds one to a number that it reads, waits, and writes: without the lock some would be lost."""
    (tmp_path / "n").write_text("0")
    script = """
import sys, time, pathlib
from repfair_keras.core.errors import InputError
from repfair_keras.core.locks import locked
folder, done = pathlib.Path(sys.argv[1]), 0
while done < 20:
    try:
        with locked(folder):
            n = int((folder / "n").read_text())
            time.sleep(0.001)
            (folder / "n").write_text(str(n + 1))
            done += 1
    except InputError:
        time.sleep(0.0005)
"""
    processes = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(3)]
    start = time.monotonic()
    assert [process.wait(60) for process in processes] == [0, 0, 0], time.monotonic() - start
    assert (tmp_path / "n").read_text() == "60"


def test_the_name_of_a_folder_that_is_not_there_is_held(tmp_path):
    path = tmp_path / "a" / "b"
    with claimed(path):
        assert not path.parent.exists()
        with pytest.raises(InputError, match="b is in use by process"), claimed(path):
            pass
        with claimed(tmp_path / "a" / "c"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / NAME).mkdir()  # as root may write everywhere
    with pytest.raises(InputError, match=r"cannot be written \(Is a directory\)"), locked(tmp_path):
        pass
