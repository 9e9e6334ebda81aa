"""Decoded images of a folder, kept in a file if they are too many for memory, so that they are decoded once."""

import contextlib
import hashlib
import json
import math
import os
import time
from pathlib import Path

from repfair_keras.core.files import clear_up, filling
from repfair_keras.data.images.stored import PixelFile, fits_in_memory, room_in_memory

DESCRIBED_IN = ".json"
DECODED_AS = "upright"  # another word where decoding changes, so that what was kept before is not taken
FEWEST = 1000  # files; fewer are never too many for memory
HALF = "half-*"  # what earlier versions had half-written
DAY = 86_400  # seconds after which nobody writes there


def cache_folder():
    """Folder of what can be made again, `repfair_keras` in that of the system, `$XDG_CACHE_HOME` or `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "repfair_keras" / "pixels"


class PixelCache:
    """The decoded images of files; with `with`, which keeps them if it ends without an error, else removes them.

    Args:
        root: folder.
        names: paths of the files below it, in the order that is wanted.
    """

    def __init__(self, root, names):
        self.root, self.names = Path(root), list(names)
        self._found, self._progress, self._half = None, None, contextlib.ExitStack()

    def __enter__(self):
        if len(self.names) >= FEWEST:
            _remove_half_written(cache_folder())
        return self

    def __exit__(self, *error):
        if self._progress is not None:
            self._progress.close()
        self._half.__exit__(*error)

    def missing(self):
        """Yields the names of the files to be decoded: all, or none where they are kept already."""
        if len(self.names) >= FEWEST and self._load():
            return
        for name in self.names:
            if self._progress is not None:
                self._progress.update()
            yield name

    def room_for(self, shape):
        """Returns room for the images, which are kept if it is a file."""
        if fits_in_memory(shape):
            return room_in_memory(shape)
        from tqdm import tqdm

        key = self._key()
        described = Path(key).with_suffix(DESCRIBED_IN)
        half = self._half.enter_context(filling(cache_folder(), last=described.name))
        (half / described).write_text(json.dumps(shape), encoding="utf-8")
        self._progress = tqdm(total=len(self.names), desc=f"Decoding {self.root} (once)", unit="image")
        (half / key).touch(0o600)  # whose pictures they are, nobody else may see
        return PixelFile(shape, (half / key).open("r+b"))

    def kept(self, pixels):
        """Returns the images: those that were kept earlier, or these."""
        return pixels if self._found is None else self._found

    def _load(self):
        path = cache_folder() / self._key()
        if path.is_file() and path.with_suffix(DESCRIBED_IN).is_file():
            shape = tuple(json.loads(path.with_suffix(DESCRIBED_IN).read_text("utf-8")))
            whole = shape[:1] == (len(self.names),) and path.stat().st_size == math.prod(shape)
            self._found = PixelFile(shape, path.open("rb")) if whole else None
        return self._found is not None

    def _key(self):
        """A name that changes with any file: with its path, its size, and when it was changed."""
        digest = hashlib.sha256(f"{DECODED_AS} {self.root.resolve()}".encode())
        for name in self.names:
            state = (self.root / name).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:32]


def _remove_half_written(folder):
    """Removes what processes that were killed have left, which may be gigabytes."""
    clear_up(folder)
    for path in folder.glob(HALF):
        with contextlib.suppress(OSError):  # another process may remove it too
            if time.time() - path.stat().st_mtime > DAY:
                path.unlink()
