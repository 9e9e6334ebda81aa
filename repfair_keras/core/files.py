"""Writing files so that none is ever half there."""

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from repfair_keras.core.errors import InputError


def make_folder(path):
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


@contextmanager
def replacing(path):
    """Yields a temporary path beside `path`; renames it to `path` when the block ends without an error.

    Works for files and folders; a folder that is replaced is first moved aside, then removed.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    _remove(temporary)  # what a killed process of the same number has left
    try:
        yield temporary
        if path.is_dir():
            old = path.with_name(f".{path.name}.old.{os.getpid()}")
            _remove(old)
            path.rename(old)
            temporary.rename(path)
            shutil.rmtree(old)
        else:
            temporary.replace(path)
    finally:
        _remove(temporary)


def _remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_text(path, text):
    """Writes a text file at once."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path, value):
    """Writes strict JSON (no NaN) at once."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")
