"""The user's own images: one `.npz` file."""

import zipfile
import zlib

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import check_complete, encode
from repfair_keras.data.images.checks import check_pixels, existing_path
from repfair_keras.data.images.dataset import RawImages
from repfair_keras.data.images.pixels import float_images_to_uint8
from repfair_keras.data.images.stored import ROWS, room_in_memory

EXPECTED = "an .npz file with an array `images`, as np.savez writes it"


def load(data_dir=None, room_for=room_in_memory):
    """Loads a file written by `np.savez` or `np.savez_compressed`.

    Args:
        data_dir: path of the file. Arrays: `images`, shape `(N, size, size[, channels])`, uint8, or float
            as `float_images_to_uint8` takes it; `labels`, optional, shape `(N,)`, integers or
            text; every other array of shape `(N,)` is an attribute, a candidate for groups.
        room_for: function from a shape to what has room for such images, as `data.images.stored.room_for`.

    Returns:
        `RawImages`. If there is exactly one attribute, it is the default grouping.

    Raises:
        InputError: names the array, and the row where it is one, that is wrong.
    """
    path = existing_path(data_dir, "npz", EXPECTED)
    arrays = _read_arrays(path, room_for)
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


def _read_arrays(path, room_for):
    if not zipfile.is_zipfile(path):
        raise InputError(f"{path} is not {EXPECTED}.")
    arrays = {}
    with np.load(path, allow_pickle=False) as file:
        for name in file.files:
            try:
                streamed = _streamed(path, room_for) if name == "images" else None
                arrays[name] = _decoded(file[name]) if streamed is None else streamed
            except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
                raise InputError(
                    f"{path}: array {name!r} cannot be read: {error}. Expected numbers or text of one type; "
                    "object arrays are refused, since reading them can run code."
                ) from error
    return arrays


def _streamed(path, room_for):
    """The images, read some at a time into a file, where there is not room for them in memory; else `None`."""
    with zipfile.ZipFile(path) as archive, archive.open("images.npy") as file:
        version = np.lib.format.read_magic(file)
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }
        if version not in read_header:
            return None
        shape, by_columns, dtype = read_header[version](file)
        if dtype != np.uint8 or by_columns or len(shape) not in (3, 4):
            return None
        room = room_for(shape if len(shape) == 4 else (*shape, 1))
        if isinstance(room, np.ndarray):
            return None
        check_pixels(room, path)
        size = int(np.prod(room.shape[1:]))
        for start in range(0, len(room), ROWS):
            n = min(ROWS, len(room) - start)
            part = file.read(n * size)
            if len(part) != n * size:
                raise EOFError(f"it ends after {start + len(part) // size} of {len(room)} images")
            room[start] = np.frombuffer(part, np.uint8)
        return room


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
