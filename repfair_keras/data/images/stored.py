"""Images that are kept as bytes, in memory or in a file, and become floats some at a time."""

import math
import os
import shutil
import tempfile

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.pixels import to_float

IN_MEMORY = 2**28  # bytes of pixels that are kept in memory; more lie in a file
ROWS = 200  # images that are floats at one time: networks need ten times as much for each


class PixelFile:
    """An array of uint8 images in a file: rows are read when they are asked for, by any number of threads.

    Args:
        shape: `(N, height, width, channels)`.
        file: open binary file; `None`: a new one without a name, which is gone when nothing refers to it.
        offset: byte at which the first image begins.
    """

    dtype, ndim = np.dtype(np.uint8), 4

    def __init__(self, shape, file=None, offset=0):
        self.shape = tuple(shape)
        self._size = math.prod(self.shape[1:])
        self._file = tempfile.TemporaryFile(prefix="repfair-pixels-") if file is None else file  # noqa: SIM115
        self._offset = offset

    def __len__(self):
        return self.shape[0]

    def __setitem__(self, rows, images):
        """Writes images, uint8, to a row, or to a slice of them."""
        start = rows.start or 0 if isinstance(rows, slice) else rows
        part, place = memoryview(np.ascontiguousarray(images, dtype=np.uint8).tobytes()), start * self._size
        while part:  # a disk that fills up takes a part, and raises at the next
            done = os.pwrite(self._file.fileno(), part, self._offset + place)
            part, place = part[done:], place + done

    def __getitem__(self, key):
        """Returns rows, uint8: `key` is a slice, or indices in any order."""
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            return self._read(start, max(stop - start, 0))[::step]
        found = [self._read(int(row), 1) for row in np.arange(len(self))[key]]
        return np.concatenate(found) if found else np.empty((0, *self.shape[1:]), np.uint8)

    def _read(self, start, n):
        pixels = np.empty(n * self._size, np.uint8)
        part, place = memoryview(pixels), self._offset + start * self._size
        while part:  # one call reads 2 GB at most
            done = os.preadv(self._file.fileno(), [part], place)
            if not done:
                raise OSError(
                    f"the file of images ends before image {start + n - 1}: it was changed meanwhile."
                )
            part, place = part[done:], place + done
        return pixels.reshape(n, *self.shape[1:])


class PixelRows:
    """Some rows of many images, which are not copied.

    Args:
        pixels: uint8 array, or `PixelFile`, shape `(N, height, width, channels)`.
        rows: those of them that are meant, in this order, int64, shape `(n,)`.
    """

    dtype, ndim = np.dtype(np.uint8), 4

    def __init__(self, pixels, rows):
        self.pixels, self.rows = pixels, rows
        self.shape = (len(rows), *pixels.shape[1:])

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, key):
        """Returns rows, uint8: `key` is a slice, or indices in any order."""
        return self.pixels[self.rows[key]]


def room_in_memory(shape):
    """Returns an array of uint8 for images, of undefined values."""
    return np.empty(shape, np.uint8)


def room_for(shape):
    """The same where it is small; else a `PixelFile`."""
    return room_in_memory(shape) if fits_in_memory(shape) else PixelFile(shape)


def fits_in_memory(shape):
    """Whether images of a shape, `(N, height, width, channels)`, are kept in memory."""
    return math.prod(shape) <= IN_MEMORY


def is_in_memory(pixels):
    """Whether images may be copied, or become a tensor: an array that is not too large."""
    return isinstance(pixels, np.ndarray) and fits_in_memory(pixels.shape)


def check_room(size, source):
    """Raises `InputError` if a file of so many bytes does not fit where temporary files lie."""
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if size > free:
        raise InputError(
            f"{source} has {size / 1e9:,.1f} GB of images, but {folder} has room for {free / 1e9:,.1f} GB. Free space "
            "there, name another folder (TMPDIR), or give a part of them."
        )


def collected(parts):
    """Returns images that come in parts: an array where they are few, else a `PixelFile` that grows as they come.

    Args:
        parts: iterable of uint8 arrays, shape `(n, height, width, channels)` of one size, at least one of them.
    """
    kept, file, n = [], None, 0
    for part in parts:
        kept.append(part)
        n += len(part)
        if file is None and not fits_in_memory((n, *part.shape[1:])):
            file = tempfile.TemporaryFile(prefix="repfair-pixels-")  # noqa: SIM115
        if file is not None:
            for each in kept:
                file.write(np.ascontiguousarray(each).tobytes())
            kept = []
    if file is None:
        return np.concatenate(kept)
    file.flush()
    return PixelFile((n, *part.shape[1:]), file)


def chosen(pixels, rows):
    """Returns rows, an array of indices, of images: a copy of few, of many what refers to them."""
    if is_in_memory(pixels):
        return pixels[rows]
    if isinstance(pixels, PixelRows):
        return PixelRows(pixels.pixels, pixels.rows[rows])
    everything = len(rows) == len(pixels) and (rows == np.arange(len(pixels))).all()
    return pixels if everything else PixelRows(pixels, np.asarray(rows))


class StoredImages:
    """Generated images as bytes; what is taken out of them is float32 in [-1, 1].

    Args:
        pixels: uint8 array, or `PixelFile`, shape `(N, height, width, channels)`.
        rows: those of them that are meant, in this order; `None`: all.

    Examples:
        >>> images = StoredImages(np.array([0, 255], np.uint8).reshape(2, 1, 1, 1))
        >>> len(images), images[1:].ravel().tolist()
        (2, [1.0])
    """

    dtype, ndim = np.dtype(np.float32), 4

    def __init__(self, pixels, rows=None):
        self.pixels, self.rows = pixels, rows
        self.shape = (len(pixels) if rows is None else len(rows), *pixels.shape[1:])

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, key):
        return to_float(self.pixels[key if self.rows is None else self.rows[key]])

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self[:], dtype=dtype)

    def chosen(self, rows):
        """Returns those of some rows."""
        return StoredImages(self.pixels, np.arange(len(self))[rows] if self.rows is None else self.rows[rows])


def parts_of(images, n=ROWS):
    """Yields images, an array or `StoredImages`, as arrays of at most n."""
    for start in range(0, len(images), n):
        yield images[start : start + n]
