"""The user's own images: one `.npz` file."""

import zipfile
import zlib

import numpy as np

from repfair_keras.core.array_file import ArrayFile
from repfair_keras.core.errors import InputError
from repfair_keras.core.settings import shortened
from repfair_keras.data.columns import check_complete, encode
from repfair_keras.data.images.checks import check_pixels, existing_path
from repfair_keras.data.images.dataset import RawImages
from repfair_keras.data.images.pixels import float_images_to_uint8
from repfair_keras.data.images.stored import ROWS, PixelFile, check_room, fits_in_memory

EXPECTED = "an .npz file with an array `images`, as np.savez writes it"


def load(data_dir=None):
    """Loads a file written by `np.savez` or `np.savez_compressed`.

    Args:
        data_dir: path of the file. Arrays: `images`, shape `(N, size, size[, channels])`, uint8, or float
            as `float_images_to_uint8` takes it; `labels`, optional, shape `(N,)`, integers or
            text; every other array of shape `(N,)` is an attribute, a candidate for groups.

    Returns:
        `RawImages`. If there is exactly one attribute, it is the default grouping.

    Raises:
        InputError: names the array, and the row where it is one, that is wrong.
    """
    path = existing_path(data_dir, "npz", EXPECTED)
    with ArrayFile(path, EXPECTED) as file:
        if "images" not in file.headers:
            found = ", ".join(file.headers) or "none"
            raise InputError(f"{path} has no array 'images'; found: {shortened(found)}. Rename or add it.")
        n = (file.headers["images"].shape or (0,))[0]
        columns = {name: _decoded(file[name], name, path) for name in _columns(file, n)}
        pixels = _pixels(file, path)
    labels, class_names = (None, ())
    if "labels" in columns:
        labels, class_names = _labels(columns.pop("labels"), n, path)
    return RawImages(
        name="npz",
        source=f"{len(pixels):,} images of the file {path.name!r}.",
        pixels=pixels,
        labels=labels,
        class_names=class_names,
        attributes=columns,
        default_grouping=next(iter(columns)) if len(columns) == 1 else None,
    )


def _columns(file, n):
    """Names of the arrays that are read beside the images: the labels, and those with a value for each image."""
    shapes = {name: header.shape for name, header in file.headers.items() if name != "images"}
    return [name for name, shape in shapes.items() if name == "labels" or shape == (n,)]


def _pixels(file, path):
    """Images as bytes: an array, or, where they are too many for memory, a `PixelFile`."""
    try:
        streamed = _streamed(file)
    except (
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:  # a disk that fills up meanwhile is told as that
        raise InputError(f"{path}: array 'images' cannot be read: {error}.") from error
    return _to_uint8(file["images"], path) if streamed is None else streamed


def _streamed(file):
    """Images that are too many for memory: where they lie in the file, or, compressed, in one of their own.

    Returns:
        `PixelFile`; `None` where they fit in memory, or are no bytes.
    """
    path, (shape, by_columns, dtype, start, member) = file.path, file.headers["images"]
    shape = (*shape, 1) if len(shape) == 3 else shape
    if dtype != np.uint8 or by_columns or len(shape) != 4 or fits_in_memory(shape):
        return None
    if member.compress_type == zipfile.ZIP_STORED:
        pixels = PixelFile(shape, path.open("rb"), _place(path, member) + start)
        check_pixels(pixels, path)
        return pixels
    check_room(file.headers["images"].nbytes, path)
    pixels = PixelFile(shape)
    check_pixels(pixels, path)
    size = int(np.prod(shape[1:]))
    with file.open("images") as stream:
        stream.read(start)
        for first in range(0, len(pixels), ROWS):
            part = stream.read(min(ROWS, len(pixels) - first) * size)
            if len(part) != min(ROWS, len(pixels) - first) * size:
                raise EOFError(f"it ends after {first + len(part) // size} of {len(pixels)} images")
            pixels[first] = np.frombuffer(part, np.uint8)
    return pixels


def _place(path, member):
    """Byte at which the content of a member of a zip file begins."""
    with path.open("rb") as file:
        file.seek(member.header_offset + 26)  # of its local header, which has names and extras of its own
        lengths = np.frombuffer(file.read(4), "<u2")
    return member.header_offset + 30 + int(lengths.sum())


def _decoded(values, name, path):
    if values.dtype.kind != "S":
        return values
    try:
        return np.char.decode(values, "utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: array {name!r} is no text in UTF-8: {error}.") from error


def _to_uint8(images, path):
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.dtype.kind == "f":
        images = float_images_to_uint8(images, path)
    check_pixels(images, path)
    return images


def _labels(values, n, path):
    if values.shape != (n,):
        raise InputError(f"{path}: labels has shape {values.shape}, expected one for each of the {n} images.")
    check_complete(values, "labels", path)
    if values.dtype.kind not in "iuUS":
        raise InputError(f"{path}: labels are of type {values.dtype}, expected integers or text.")
    return encode(values, "labels", path)
