"""Decoded images of a folder, kept in a file if they are too many for memory, so that they are decoded once."""

import hashlib
import json
import math
import os
import tempfile
from pathlib import Path

from repfair_keras.data.images.stored import PixelFile, fits_in_memory, room_in_memory

DESCRIBED_IN = ".json"
DECODED_AS = "upright"  # another word where decoding changes, so that what was kept before is not taken
FEWEST = 1000  # files; fewer are never too many for memory


def cache_folder():
    """Folder of what can be made again, `repfair_keras` in that of the system, `$XDG_CACHE_HOME` or `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "repfair_keras" / "pixels"


class PixelCache:
    """The decoded images of files; with `with`, which removes what is half-written.

    Args:
        root: folder.
        names: paths of the files below it, in the order that is wanted.
    """

    def __init__(self, root, names):
        self.root, self.names, self._temporary = Path(root), list(names), None
        self._found, self._progress = None, None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._progress is not None:
            self._progress.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def missing(self):
        """Yields the names of the files to be decoded: all, or none where they are kept already."""
        if len(self.names) >= FEWEST and self._load():
            return
        for name in self.names:
            if self._progress is not None:
                self._progress.update()
            yield name

    def room_for(self, shape):
        """Returns room for the images, which `kept` keeps if it is a file."""
        if fits_in_memory(shape):
            return room_in_memory(shape)
        from tqdm import tqdm

        cache_folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="half-", dir=cache_folder())
        self._temporary = Path(name)
        self._progress = tqdm(total=len(self.names), desc=f"Decoding {self.root} (once)", unit="image")
        return PixelFile(shape, os.fdopen(handle, "r+b"))

    def kept(self, pixels):
        """Returns the images: those that were kept, or these, which are kept now."""
        if self._found is not None:
            return self._found
        if self._temporary is not None:
            path = cache_folder() / self._key()
            os.fsync(pixels._file.fileno())
            path.with_suffix(DESCRIBED_IN).write_text(json.dumps(pixels.shape), encoding="utf-8")
            self._temporary.replace(path)
            self._temporary = None
        return pixels

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
