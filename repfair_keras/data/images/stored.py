"""Images that are kept as bytes, in memory or in a temporary file, and become floats some at a time."""

import tempfile

import numpy as np

from repfair_keras.data.images.pixels import to_float

IN_MEMORY = 2**28  # bytes of pixels that are kept in memory; more lie in a temporary file
ROWS = 200  # images that are floats at one time: networks need ten times as much for each


class PixelFile:
    """An array of uint8 images in a temporary file: rows are read when they are asked for.

    Args:
        shape: `(N, height, width, channels)`.
    """

    dtype, ndim = np.dtype(np.uint8), 4

    def __init__(self, shape):
        self.shape = tuple(shape)
        self._size = int(np.prod(self.shape[1:]))
        self._file = tempfile.TemporaryFile(prefix="repfair-pixels-")  # noqa: SIM115 (it is as long there as the array)

    def __len__(self):
        return self.shape[0]

    def __setitem__(self, rows, images):
        """Writes images, uint8, to a row, or to a slice of them."""
        start = rows.start or 0 if isinstance(rows, slice) else rows
        self._file.seek(start * self._size)
        self._file.write(np.ascontiguousarray(images, dtype=np.uint8).tobytes())

    def __getitem__(self, key):
        """Returns rows, uint8: `key` is a slice, or indices in any order."""
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            return self._read(start, max(stop - start, 0))[::step]
        rows = np.asarray(key)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        found = [self._read(int(row), 1) for row in rows]
        return np.concatenate(found) if found else np.empty((0, *self.shape[1:]), np.uint8)

    def _read(self, start, n):
        self._file.seek(start * self._size)
        return np.frombuffer(self._file.read(n * self._size), np.uint8).reshape(n, *self.shape[1:])


def room_in_memory(shape):
    """Returns an array of uint8 for images, of undefined values."""
    return np.empty(shape, np.uint8)


def room_for(shape):
    """Returns the same for generated images: in memory if it is small, else a `PixelFile`."""
    return room_in_memory(shape) if np.prod(shape, dtype=np.int64) <= IN_MEMORY else PixelFile(shape)


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
