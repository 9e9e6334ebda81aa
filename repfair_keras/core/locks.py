"""One process at a time in a folder: a lock of the operating system, which a killed process releases."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import HOST

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

NAME = ".lock"


@contextlib.contextmanager
def locked(folder: str | os.PathLike) -> Iterator[None]:
    """Holds the lock of a folder that exists; another process, or another thread of this one, is refused.

    Args:
        folder: folder that is worked in.

    Raises:
        InputError: if somebody holds it, naming the process, its machine and since when; or if it cannot be written.

    Examples:
        >>> import tempfile
        >>> folder = tempfile.mkdtemp()
        >>> with locked(folder), locked(folder):  # doctest: +ELLIPSIS
        ...     pass
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: ... is in use by process ...
    """
    with _held(Path(folder, NAME), folder):
        yield


@contextlib.contextmanager
def claimed(path: str | os.PathLike) -> Iterator[None]:
    """Holds the name of a folder that is made when the work is done, so that nobody else makes it meanwhile.

    Args:
        path: folder that may not exist yet. The lock lies in the nearest folder above it that does.

    Raises:
        InputError: as `locked`.
    """
    absolute = Path(path).absolute()
    above = next(parent for parent in absolute.parents if parent.is_dir())
    name = "+".join(absolute.relative_to(above).parts)
    with _held(above / f".{name}{NAME}", path):
        yield


@contextlib.contextmanager
def _held(path, what):
    file = _taken(path, what)
    try:
        file.truncate(0)
        file.write(f"process {os.getpid()} on {HOST} since {time.strftime('%Y-%m-%d %H:%M:%S')}")
        file.flush()
        yield
    finally:
        path.unlink(missing_ok=True)  # while it is held, so that nobody holds a file without a name
        file.close()


def _taken(path, what):
    """Opens the lock's file and locks it."""
    while True:
        try:
            file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"{what} cannot be written ({error.strerror}). Name a folder that you may write to."
            ) from error
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except BlockingIOError:
            file.seek(0)
            holder = file.read() or "another process"
            file.close()
            raise InputError(
                f"{what} is in use by {holder}: wait until it has ended, or name another folder."
            ) from None
        except OSError:  # a file system without locks, or the file went meanwhile
            if path.exists():
                return file
        file.close()
