"""The user's own images: one `.npz` file."""

import zipfile
import zlib

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import check_complete, encode
from repfair_keras.data.images.checks import check_pixels, existing_path
from repfair_keras.data.images.dataset import RawImages
from repfair_keras.data.images.pixels import float_images_to_uint8
from repfair_keras.data.images.stored import ROWS, PixelFile, fits_in_memory

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
    arrays = _read_arrays(path)
    if "images" not in arrays:
        raise InputError(
            f"{path} has no array 'images'; found: {', '.join(arrays) or 'none'}. Rename or add it."
        )
    pixels = arrays.pop("images")
    pixels = _to_uint8(pixels, path) if isinstance(pixels, np.ndarray) else pixels
    labels, class_names = (
        _labels(arrays.pop("labels"), len(pixels), path) if "labels" in arrays else (None, ())
    )
    attributes = {name: values for name, values in arrays.items() if values.shape == (len(pixels),)}
    return RawImages(
        name="npz",
        source=f"{len(pixels):,} images of the file {path.name!r}.",
        pixels=pixels,
        labels=labels,
        class_names=class_names,
        attributes=attributes,
        default_grouping=next(iter(attributes)) if len(attributes) == 1 else None,
    )


def _read_arrays(path):
    if not zipfile.is_zipfile(path):
        raise InputError(f"{path} is not {EXPECTED}.")
    arrays = {}
    with np.load(path, allow_pickle=False) as file:
        for name in file.files:
            try:
                streamed = _streamed(path) if name == "images" else None
                arrays[name] = _decoded(file[name]) if streamed is None else streamed
            except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
                raise InputError(
                    f"{path}: array {name!r} cannot be read: {error}. Expected numbers or text of one type; "
                    "object arrays are refused, since reading them can run code."
                ) from error
    return arrays


def _streamed(path):
    """Images that are too many for memory: where they lie in the file, or, compressed, in one of their own.

    Returns:
        `PixelFile`; `None` where they fit in memory, or are no bytes.
    """
    with zipfile.ZipFile(path) as archive, archive.open("images.npy") as file:
        shape, by_columns, dtype = _header(file)
        shape = (*shape, 1) if len(shape) == 3 else shape
        if dtype != np.uint8 or by_columns or len(shape) != 4 or fits_in_memory(shape):
            return None
        member, header = archive.getinfo("images.npy"), file.tell()
        if member.compress_type == zipfile.ZIP_STORED and member.file_size - header == np.prod(shape):
            pixels = PixelFile(shape, path.open("rb"), _place(path, member) + header)
            check_pixels(pixels, path)
            return pixels
        pixels = PixelFile(shape)
        check_pixels(pixels, path)
        size = int(np.prod(shape[1:]))
        for start in range(0, len(pixels), ROWS):
            part = file.read(min(ROWS, len(pixels) - start) * size)
            if len(part) != min(ROWS, len(pixels) - start) * size:
                raise EOFError(f"it ends after {start + len(part) // size} of {len(pixels)} images")
            pixels[start] = np.frombuffer(part, np.uint8)
        return pixels


def _header(file):
    """Shape, order and type of the array that an .npy file holds."""
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    return np.lib.format.read_array_header_2_0(file)


def _place(path, member):
    """Byte at which the content of a member of a zip file begins."""
    with path.open("rb") as file:
        file.seek(member.header_offset + 26)  # of its local header, which has names and extras of its own
        lengths = np.frombuffer(file.read(4), "<u2")
    return member.header_offset + 30 + int(lengths.sum())


def _decoded(values):
    return np.char.decode(values, "utf-8") if values.dtype.kind == "S" else values


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
    return encode(values)
