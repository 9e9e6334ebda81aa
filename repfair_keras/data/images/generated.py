"""Images that any program generated: an `.npz` file, or a folder of PNG or JPEG files."""

from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import encode, name_rows
from repfair_keras.data.images.checks import check_pixels, check_visible
from repfair_keras.data.images.from_python import to_pixels
from repfair_keras.data.images.loaders import folder, npz
from repfair_keras.data.images.stored import StoredImages, parts_of, room_for

SAMPLES = "samples.npz"  # what `repfair_keras.sample` writes beside its grid
ENDINGS = (".png", ".jpg", ".jpeg")


def is_generated(path):
    """Whether a path is an `.npz` file, or a folder with one of `repfair_keras.sample`, or images in it."""
    path = Path(path)
    if path.is_file():
        return path.suffix == ".npz"
    return any((path / name).is_file() for name in (SAMPLES, folder.METADATA)) or bool(image_files(path))


def image_files(path):
    """Names of the images at any depth of a folder, sorted; what is hidden is left out."""
    found = (file.relative_to(path) for file in Path(path).rglob("*") if file.suffix.lower() in ENDINGS)
    return sorted(str(file) for file in found if not any(part.startswith((".", "__")) for part in file.parts))


def load_generated(path, reference):
    """Loads generated images to be compared with real ones.

    Args:
        path: `.npz` with `images` and, optional, `labels`, as `data.npz` reads it; or a folder of images,
            with a `metadata.csv` of `file_name` and `label` as `data.folder` reads it, or without.
        reference: `ImageDataset` they are compared with.

    Returns:
        images: `StoredImages`, shape `(N, height, width, channels)` of the reference. Grey images stored with three
            equal channels become grey again.
        labels: int32, shape `(N,)`, indices of the reference's classes; `None` if there are none. Stored as
            names of the classes; if not all are names, then as indices.

    Raises:
        InputError: if they cannot be read, or are of another size, or a label is no class of the reference.
    """
    path = Path(path)
    if (path / SAMPLES).is_file():
        path = path / SAMPLES
    if path.is_file():
        found = npz.load(path)
    elif (path / folder.METADATA).is_file():
        found = folder.load(path)
    else:
        pixels = folder.read_images(path, image_files(path))
        found = folder.RawImages("generated", f"{len(pixels):,} images", pixels)
    fitting = _fitting(found.pixels, found.labels, found.class_names, reference, path)
    check_visible(found.pixels, path)
    return fitting


def generated_names(path):
    """Returns the names of the images that `load_generated` loads, in that order; `None` where they have none."""
    path = Path(path)
    if path.is_file() or (path / SAMPLES).is_file():
        return None
    return folder.file_names(path) if (path / folder.METADATA).is_file() else image_files(path)


def generated_images(images, labels, reference, source):
    """Returns generated images in memory, and their labels, as `load_generated` does those of a file.

    Args:
        images: see `data.images.from_python.to_pixels`.
        labels: names of classes or their indices, shape `(N,)`; `None` without.
        reference: `ImageDataset` they are compared with.
        source: what they are, for messages.
    """
    pixels = to_pixels(images, source)
    codes, names = (None, ()) if labels is None else encode(np.asarray(labels), "labels", source)
    if codes is not None and len(codes) != len(pixels):
        raise InputError(f"{source}: {len(codes)} labels, but {len(pixels)} images: expected one for each.")
    return _fitting(pixels, codes, names, reference, source)


def _fitting(pixels, codes, names, reference, source):
    """Images and labels in the shape, and the classes, of the reference."""
    pixels = _with_channels(pixels, reference.image_shape[-1], source)
    check_pixels(pixels, source)
    if pixels.shape[1:] != reference.image_shape:
        raise InputError(
            f"{source} has images of shape {pixels.shape[1:]}, but those of {reference.name!r} are "
            f"{reference.image_shape}: resize them as the generator's training images were."
        )
    labels = None
    if codes is not None and reference.labels is not None:
        labels = _as_classes(codes, names, reference.class_names, source)
    return StoredImages(pixels), labels


def _with_channels(pixels, channels, path):
    if (channels, pixels.shape[-1]) not in ((3, 1), (1, 3)):
        return pixels
    changed, coloured, start = room_for((*pixels.shape[:-1], channels)), [], 0
    for part in parts_of(pixels):
        rows, start = slice(start, start + len(part)), start + len(part)
        coloured.append((part != part[..., :1]).any(axis=(1, 2, 3)))
        changed[rows] = np.repeat(part, 3, axis=-1) if channels == 3 else part[..., :1]
    if np.concatenate(coloured).any():
        raise InputError(
            f"{path} has colours in {name_rows(np.concatenate(coloured))}, but the real images are grey: convert them."
        )
    return changed


def _as_classes(labels, names, classes, path):
    """Codes of the reference for labels given as its names, or as its indices."""
    by_name, by_index = (
        {str(key): i for i, key in enumerate(keys)} for keys in (classes, range(len(classes)))
    )
    codes = by_name if set(names) <= set(by_name) else by_index
    unknown = [name for name in names if name not in codes]
    if unknown:
        wrong = next((name for name in unknown if name not in by_name), unknown[0])
        raise InputError(
            f"{path}: label {wrong!r} is no class of the real images. Known: {', '.join(classes)}; or their "
            f"indices, 0 to {len(classes) - 1}."
        )
    return np.array([codes[name] for name in names], np.int32)[labels]
