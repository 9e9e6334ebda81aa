"""Data sets of images that a Python process has: arrays, a DataFrame of files, a folder, a `tf.data.Dataset`."""

from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import encode
from repfair_keras.data.images.checks import CHANNELS
from repfair_keras.data.images.dataset import ImageDataset, RawImages
from repfair_keras.data.images.load import load
from repfair_keras.data.images.pixels import float_images_to_uint8
from repfair_keras.data.images.stored import PixelFile, PixelRows, collected
from repfair_keras.data.in_memory import ARRAYS


def from_arrays(
    images: Any,
    groups: Any = None,
    labels: Any = None,
    *,
    group_name: str = "group",
    grouping: str | None = None,
    attributes: dict | None = None,
    share: float | list[float] | None = None,
    seed: int = 0,
) -> ImageDataset:
    """Makes a data set of arrays in memory.

    Args:
        images: uint8, or floats in [0, 1] or [-1, 1], shape `(N, size, size[, channels])`, grey or RGB; channels last.
        groups: group of each image, text, integers or booleans, shape `(N,)`; `None`: `grouping` makes them.
        labels: class of each image, text or integers, shape `(N,)`; `None`: there are no classes.
        group_name: name of the attribute whose values the groups are, for reports.
        grouping: in the place of `groups`: `"invert"`, `"shade"`, `"colour"`, or one of `attributes`.
        attributes: further columns of values, for `cross`: name to an array of shape `(N,)`.
        share: share of the second of two groups, or one per group; images are left out. `None`: as they are.
        seed: seed of the choice of images.

    Returns:
        `ImageDataset`.

    Raises:
        InputError: if an array has another shape or type, a range is in doubt, or a value is missing.

    Examples:
        >>> import numpy as np
        >>> from repfair_keras.data.images.from_python import from_arrays
        >>> images = np.random.default_rng(0).random((40, 8, 8, 3))
        >>> from_arrays(images, groups=np.arange(40) % 2 == 0).group_names
        ('False', 'True')
    """
    raw = raw_images(images, groups, labels, group_name, attributes)
    if groups is None and grouping is None:
        raise InputError(
            "there are no groups: give one for each image, groups=..., or have them made, grouping='invert'."
        )
    settings = {"dataset": ARRAYS, "grouping": grouping or group_name, "share": share}
    dataset = load(ARRAYS, grouping=settings["grouping"], share=share, seed=seed, raw=raw)
    return dataset.made_with({name: value for name, value in settings.items() if value is not None}, raw)


def raw_images(images, groups=None, labels=None, group_name="group", attributes=None) -> RawImages:
    """Returns the `RawImages` of arrays; arguments as in `from_arrays`."""
    pixels = to_pixels(images, "images")
    n = len(pixels)
    columns = {name: _column(values, name, n) for name, values in (attributes or {}).items()}
    if groups is not None:
        columns = {group_name: _column(groups, "groups", n), **columns}
    codes, class_names = (
        (None, ()) if labels is None else encode(_column(labels, "labels", n), "labels", "images in memory")
    )
    return RawImages(
        name=ARRAYS,
        source=f"{n:,} images from memory.",
        pixels=pixels,
        labels=codes,
        class_names=class_names,
        attributes=columns,
        default_grouping=group_name if groups is not None else None,
    )


def to_pixels(images, source):
    """Returns images as uint8, shape `(N, height, width, channels)`; nothing of them is guessed.

    Raises:
        InputError: for another shape or type, channels that come first, or a range that is in doubt.
    """
    if isinstance(images, PixelFile | PixelRows):
        return images
    array = np.asarray(images)
    if array.ndim == 3 and array.shape[-1] not in CHANNELS:
        array = array[..., np.newaxis]
    if array.ndim == 4 and array.shape[-1] not in CHANNELS and array.shape[1] in CHANNELS:
        raise InputError(
            f"{source} have shape {array.shape}, channels first: expected (N, height, width, channels). This works: "
            "np.moveaxis(images, 1, -1)."
        )
    if array.ndim != 4 or len(array) == 0:
        raise InputError(
            f"{source} have shape {array.shape}: expected (N, size, size) or (N, size, size, channels), N >= 1."
        )
    if array.dtype.kind == "f":
        return float_images_to_uint8(array, source)
    if array.dtype != np.uint8:
        raise InputError(
            f"{source} are of type {array.dtype}: expected uint8, 0 to 255, or floats in [0, 1] or [-1, 1]. This "
            "works, if they run from 0 to 255: images.astype(np.uint8)."
        )
    return array


def from_frame(
    frame: Any,
    path_column: str,
    group_column: str,
    *,
    label_column: str | None = None,
    root: str | Path = ".",
    **options: Any,
) -> ImageDataset:
    """Makes a data set of image files that a table lists.

    Args:
        frame: `pandas.DataFrame`, a row for each image.
        path_column: column of the files' paths.
        group_column: column of the groups.
        label_column: column of the classes; `None`: there are none.
        root: folder that relative paths start from.
        options: `share` and `seed`, as in `from_arrays`. Further columns are attributes, for `cross`.

    Returns:
        `ImageDataset`.

    Raises:
        InputError: names every column, and the files, that do not fit.

    Examples:
        >>> import pandas as pd
        >>> from repfair_keras.data.images.from_python import from_frame
        >>> from_frame(pd.DataFrame({"file": ["a.png"]}), "file", "sex")
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: the frame has no column 'sex'. Columns: file.
    """
    from repfair_keras.data.images.loaders.folder import read_images

    wanted = [path_column, group_column, *([label_column] if label_column else [])]
    missing = [repr(name) for name in wanted if name not in frame.columns]
    if missing:
        known = ", ".join(map(str, frame.columns))
        raise InputError(f"the frame has no column {', '.join(missing)}. Columns: {known}.")
    paths = [Path(root) / str(path) for path in frame[path_column]]
    absent = [str(path) for path in paths if not path.is_file()]
    if absent:
        more = f" and {len(absent) - 5} more" if len(absent) > 5 else ""
        raise InputError(
            f"there are no files {', '.join(absent[:5])}{more}: check {path_column!r}, or give root=..."
        )
    pixels = read_images(Path(), paths)
    others = [name for name in frame.columns if name not in wanted]
    attributes = {str(name): frame[name].to_numpy() for name in others if frame[name].notna().all()}
    labels = None if label_column is None else frame[label_column].to_numpy()
    groups = frame[group_column].to_numpy()
    return from_arrays(pixels, groups, labels, group_name=group_column, attributes=attributes, **options)


def from_folder(folder: str | Path, group_column: str | None = None, **settings: Any) -> ImageDataset:
    """Makes a data set of a folder with images and a `metadata.csv`.

    Args:
        folder: see `data.images.loaders.folder.load`.
        group_column: column of the groups; `None`: the only one there is.
        settings: `share`, `use_labels`, `seed`.

    Returns:
        `ImageDataset`.

    Raises:
        InputError: names the file, or the rows, that do not fit.

    Examples:
        >>> from repfair_keras.data.images.from_python import from_folder
        >>> from_folder("nowhere")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: data_dir 'nowhere' does not exist. ...
    """
    dataset = load("folder", folder, group_column, **settings)
    made = {"dataset": "folder", "data_dir": str(folder), "grouping": group_column, **settings}
    made.pop("seed", None)
    return dataset.made_with({name: value for name, value in made.items() if value is not None}, None)


def from_tfdata(batches: Any, *, batched: bool = True, **options: Any) -> ImageDataset:
    """Makes a data set of a finite `tf.data.Dataset`, which is read once.

    Images that are bytes go to a file as they come if there are more than 256 MB of them; floats are held in memory.

    Args:
        batches: elements are dicts of `image` (or `images`), `group` (or `groups`) and, where there are classes,
            `label` (or `labels`); or tuples `(images, groups)` or `(images, groups, labels)`.
        batched: whether an element is a batch, not a single image.
        options: further arguments of `from_arrays`.

    Returns:
        `ImageDataset`.

    Raises:
        InputError: if the elements are others, or the data set never ends.

    Examples:
        >>> from repfair_keras.data.images.from_python import from_tfdata
        >>> from_tfdata.__name__
        'from_tfdata'
    """
    if int(batches.cardinality()) == -1:
        raise InputError("the tf.data.Dataset never ends: expected a finite one, as batches.take(100).")
    elements = map(_parts_of, batches.as_numpy_iterator())
    first = next(elements, None)
    if first is None:
        raise InputError("the tf.data.Dataset is empty: expected at least one image.")
    bytes_come, others = first[0].dtype == np.uint8, []

    def stream():
        for images, *rest in chain([first], elements):
            images, rest = (images, rest) if batched else (images[np.newaxis], [[value] for value in rest])
            others.append(rest)
            size = first[0].shape[1:] if batched else first[0].shape
            if images.shape[1:] != size:
                raise InputError(
                    f"the tf.data.Dataset has images of {images.shape[1:]} after some of {size}: expected one size. "
                    "Resize them."
                )
            yield to_pixels(images, "images") if bytes_come else images

    images = collected(stream()) if bytes_come else np.concatenate(list(stream()))
    columns = [np.concatenate([rest[i] for rest in others]) for i in range(len(others[0]))]
    columns = [np.char.decode(c.astype("S"), "utf-8") if c.dtype.kind in "OS" else c for c in columns]
    return from_arrays(images, *columns, **options)


def _parts_of(element):
    if isinstance(element, dict):
        names = ("image", "group", "label")
        found = [element.get(name, element.get(f"{name}s")) for name in names]
        element = tuple(found if found[2] is not None else found[:2])
    if not isinstance(element, tuple) or len(element) not in (2, 3) or any(part is None for part in element):
        raise InputError(
            "an element of the tf.data.Dataset has other parts than image, group and, optional, label: expected a dict "
            "with these keys, or a tuple in this order."
        )
    return element


def _column(values, name, n):
    array = np.asarray(values)
    if array.dtype.kind == "O" and array.ndim:  # a dict is one object
        missing = [i + 1 for i, value in enumerate(array) if value is None or value != value]
        if missing:
            raise InputError(
                f"{name} has no value in row {missing[0]} ({len(missing)} in all): fill in, or leave out."
            )
        array = array.astype(str)
    if array.shape != (n,):
        raise InputError(f"{name} has shape {array.shape}: expected one value for each of the {n} images.")
    return array
