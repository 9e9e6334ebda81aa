"""Writing files so that none is ever half there, on one machine or on many that share a folder."""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from repfair_keras.core.errors import InputError
from repfair_keras.core.storage import named

HOST = socket.gethostname()
PROCESS = secrets.token_hex(4)  # tells this process from an earlier one of the same number
OLD, WHOLE = (
    "old.",
    "whole",
)  # in a scratch: a folder that another takes the place of; what only has to be moved
SCRATCH = re.compile(r"\.tmp\.(?P<host>.+)\.(?P<pid>\d+)\.(?P<process>[0-9a-f]{8})\.\w+")


def make_folder(path: str | os.PathLike) -> None:
    """Makes a folder and its parents, and sees that it can be written.

    Raises:
        InputError: if it cannot.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}). Name a folder that you may write to."
        ) from error


@contextlib.contextmanager
def replacing(path: str | os.PathLike) -> Iterator[Path]:
    """Yields a temporary path; renames it to `path` when the block ends without an error.

    A reader sees the file, or folder, whole or not at all, even after a power cut: what was written is on
    the disk before it gets its name. The temporary path has the name of `path` and lies in a hidden folder
    beside it, so that patterns such as `*.json` do not match it. What killed processes of this machine have
    left there is removed first, and a folder of which they had moved the old one away is put back.

    Args:
        path: file or folder to write; one that exists is replaced, a folder as a whole.

    Examples:
        >>> path = Path(tempfile.mkdtemp()) / "notes.txt"
        >>> with replacing(path) as temporary:
        ...     _ = temporary.write_text("done")
        >>> path.read_text()
        'done'
    """
    path = Path(path)
    try:
        with scratch(path.parent) as folder:
            temporary = folder / path.name
            yield temporary
            _to_disk(temporary)
            _put(temporary, path)
            _sync_names(path.parent)
    except OSError as error:
        raise named(error, path) from error.__cause__


@contextlib.contextmanager
def scratch(folder: str | os.PathLike) -> Iterator[Path]:
    """Yields a hidden folder in `folder`, which is made, for what is not whole yet; it goes with the block."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    clear_up(folder)
    own = f".tmp.{HOST}.{os.getpid()}.{PROCESS}."
    with tempfile.TemporaryDirectory(prefix=own, dir=folder, ignore_cleanup_errors=True) as path:
        yield Path(path)


@contextlib.contextmanager
def filling(folder: str | os.PathLike, last: str, begin: Callable = lambda: None) -> Iterator[Path]:
    """Yields a folder to write to; all in it moves to `folder` when the block ends without an error.

    The folder itself stays: it may be a mount, or where the user is. A process that is killed while it moves leaves
    the rest to the next that writes there.

    Args:
        folder: where things go; what has the same name there is replaced.
        last: what is moved last: where it is, all is.
        begin: called when all is on the disk, before the first is moved.
    """
    folder = Path(folder)
    try:
        with scratch(folder) as place:
            written = place / "half"
            written.mkdir()
            yield written
            _to_disk(written)
            begin()
            _move_in(written.rename(place / WHOLE), folder, last)
            _sync_names(folder)
    except OSError as error:
        raise named(error, folder) from error.__cause__


def _move_in(whole, folder, last=None):
    """Moves what is in a folder to another; folders of the same names there go to the first."""
    for path in sorted(whole.iterdir(), key=lambda path: (path.name == last, path.name)):
        if not path.name.startswith(OLD):
            _put(path, folder / path.name)


def _put(temporary, path):
    """Gives a file or folder in a scratch its name; a folder of that name goes to the scratch."""
    if path.is_dir():
        path.rename(temporary.with_name(f"{OLD}{path.name}"))  # killed here: `clear_up` puts it back
    temporary.replace(path)


def write_text(path: str | os.PathLike, text: str) -> None:
    """Writes a text file at once, in UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: str | os.PathLike, value: object) -> None:
    """Writes strict JSON (no NaN) at once."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def clear_up(folder: Path) -> None:
    """Removes what processes of this machine that are no more have left half-written in a folder.

    What they had whole gets to its place, and a folder that they had moved away for another gets back.
    """
    for path in folder.glob(".tmp.*"):
        name = SCRATCH.fullmatch(path.name)
        if name and name["host"] == HOST and _has_ended(int(name["pid"]), name["process"]):
            if (path / WHOLE).is_dir():
                _move_in(path / WHOLE, folder)
            for old in path.glob(f"{OLD}*"):
                if not (before := folder / old.name.removeprefix(OLD)).exists():
                    old.rename(before)
            shutil.rmtree(path, ignore_errors=True)


def _has_ended(pid, process):
    """Whether a process of this machine has; where this one has its number, as in a restarted container."""
    return process != PROCESS if pid == os.getpid() else not psutil.pid_exists(pid)


def _to_disk(path):
    """Waits until a file, or a folder with all in it, is on the disk."""
    for folder, _, names in os.walk(path):
        for name in names:
            _sync(Path(folder, name))
        _sync_names(folder)
    if not path.is_dir():
        _sync(path)


def _sync(path):
    """Waits until a file is on the disk."""
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_names(folder):
    """Waits until a folder's list of names is on the disk, where the file system can say so."""
    with contextlib.suppress(OSError):  # Windows opens no folders, some network drives do not wait for them
        _sync(folder)
