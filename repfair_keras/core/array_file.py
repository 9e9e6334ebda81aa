"""Reading `.npz` files that somebody else may have written: what they claim is checked before any of it is read."""

import math
import zipfile
import zlib
from typing import NamedTuple

import numpy as np
import psutil

from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import regular_file
from repfair_keras.core.settings import shortened

MOST_ARRAYS = 10_000
ENCRYPTED = 0x1  # flag of a zip member
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
READ_ERRORS = (  # of zipfile, zlib and NumPy on damaged files
    *(ValueError, TypeError, LookupError, SyntaxError, RuntimeError, NotImplementedError, MemoryError),
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error),
)


class Header(NamedTuple):
    """What a file says of one of its arrays.

    Args:
        shape: its shape.
        by_columns: whether it is stored column by column.
        dtype: its type.
        start: bytes before the first value.
        member: `zipfile.ZipInfo`.
    """

    shape: tuple[int, ...]
    by_columns: bool
    dtype: np.dtype
    start: int
    member: zipfile.ZipInfo

    @property
    def nbytes(self):
        """Bytes of the array in memory."""
        return math.prod(self.shape) * self.dtype.itemsize


class ArrayFile:
    """Arrays of an `.npz` file, each read when it is asked for; with `with`, which closes it.

    Refused are other files than regular ones, members that are no arrays, encrypted ones, names that stand there
    twice, objects, which could run code, headers that claim other sizes than there are, and, when they are read,
    arrays that do not fit in the memory that is free.

    Args:
        path: the file.
        expected: what should be there, for messages.

    Raises:
        InputError: names the file, the array and what is wrong.

    Examples:
        >>> import tempfile
        >>> path = tempfile.mkdtemp() + "/mine.npz"
        >>> np.savez(path, groups=np.array(["a", "b"]))
        >>> with ArrayFile(path) as file:
        ...     file.headers["groups"].shape, file["groups"].tolist()
        ((2,), ['a', 'b'])
    """

    def __init__(self, path, expected="an .npz file, as np.savez writes it"):
        self.path, self.expected = regular_file(path, expected), expected
        try:
            self._zip = zipfile.ZipFile(self.path)
        except READ_ERRORS as error:
            raise InputError(f"{path} is not {expected} ({_reason(error)}).") from error
        try:
            self.headers = self._headers()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._zip.close()

    def __getitem__(self, name):
        """Returns an array."""
        header = self.headers[name]
        free = psutil.virtual_memory().available
        if header.nbytes > free:
            raise InputError(
                f"{self.path}: array {name!r} takes {header.nbytes / 1e9:,.1f} GB of memory, but "
                f"{free / 1e9:,.1f} GB are free. Give a part of it."
            )
        try:
            with self.open(name) as file:
                return np.lib.format.read_array(file, allow_pickle=False)
        except READ_ERRORS as error:
            raise self._refusal(name, f"cannot be read: {_reason(error)}") from error

    def open(self, name):
        """Returns an array's part of the file, to be read from the start of its header."""
        return self._zip.open(self.headers[name].member)

    def _headers(self):
        members = self._zip.infolist()
        if len(members) > MOST_ARRAYS:
            raise InputError(
                f"{self.path} has {len(members):,} members, expected at most {MOST_ARRAYS:,} arrays."
            )
        headers = {}
        for member in members:
            name = member.filename.removesuffix(".npy")
            if name == member.filename:
                raise self._refusal(member.filename, f"is no array, expected {self.expected}")
            if name in headers:
                raise self._refusal(name, "stands there twice: leave out one of them")
            if member.flag_bits & ENCRYPTED:
                raise self._refusal(name, "is encrypted: store it without a password")
            if member.compress_type not in METHODS:
                raise self._refusal(name, "is compressed in a way that np.savez_compressed does not use")
            headers[name] = self._header(name, member)
        return headers

    def _header(self, name, member):
        try:
            with self._zip.open(member) as file:
                version = np.lib.format.read_magic(file)
                read = (
                    np.lib.format.read_array_header_1_0
                    if version == (1, 0)
                    else np.lib.format.read_array_header_2_0
                )
                shape, by_columns, dtype = read(file)
                header = Header(shape, by_columns, dtype, file.tell(), member)
        except READ_ERRORS as error:
            raise self._refusal(name, f"cannot be read: {_reason(error)}") from error
        if dtype.hasobject or dtype.kind not in "biufUS":
            raise self._refusal(
                name,
                f"is of type {dtype}, expected numbers or text of one type; object arrays are refused, since reading "
                "them can run code",
            )
        there = member.file_size - header.start
        if min(shape, default=0) < 0 or header.nbytes != there:
            raise self._refusal(
                name,
                f"claims a shape of {shape} in {dtype}, {header.nbytes:,} bytes, but there are {there:,}",
            )
        return header

    def _refusal(self, name, what):
        return InputError(f"{self.path}: array {name!r} {what}.")


def _reason(error):
    """What an error says; of damaged files some hold a part."""
    return shortened(str(error) or type(error).__name__, 160)
