"""The user's own images: a folder with a `metadata.csv`, as Hugging Face's ImageFolder reads it."""

from pathlib import PurePath

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import check_complete, encode
from repfair_keras.data.images.checks import check_shape, existing_path
from repfair_keras.data.images.dataset import RawImages

METADATA = "metadata.csv"
MODES = {"1": "L", "L": "L", "P": "RGB", "RGB": "RGB"}  # Pillow's 8-bit grey and colour, to channels


def load(data_dir=None):
    """Loads the images that `metadata.csv` lists.

    Args:
        data_dir: folder with `metadata.csv` and images (PNG or JPEG, at any depth). Columns: `file_name`, the
            path below the folder; `label`, optional, the class; every other column is an attribute, a
            candidate for groups. All images have one square size, divisible by 4, and are grey or RGB.

    Returns:
        `RawImages`, in the order of the rows. If there is exactly one attribute, it is the default grouping.

    Raises:
        InputError: names the file or the row that is wrong.
    """
    root = existing_path(data_dir, "folder", f"a folder with {METADATA} and images")
    table = _read_table(root / METADATA)
    names = table.pop("file_name").tolist()
    labels, class_names = encode(table.pop("label")) if "label" in table else (None, ())
    _check_files(root, names)
    pixels = read_images(root, names)
    return RawImages(
        name="folder",
        source=f"{len(pixels):,} images of the folder {root.resolve().name!r}.",
        pixels=pixels,
        labels=labels,
        class_names=class_names,
        attributes=table,
        default_grouping=next(iter(table)) if len(table) == 1 else None,
    )


def _read_table(path):
    """Returns the columns of the CSV as text arrays by name."""
    import pandas as pd

    if not path.is_file():
        raise InputError(f"{path} is missing: expected a CSV with a column file_name and a row per image.")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is not a readable CSV: {error}.") from error
    if not isinstance(frame.index, pd.RangeIndex):  # pandas took the surplus first column for an index
        raise InputError(f"{path} has rows with more values than columns. Quote values with commas in them.")
    if "file_name" not in frame:
        raise InputError(
            f"{path} has no column 'file_name'; found: {', '.join(map(str, frame))}. Rename or add it."
        )
    if frame.empty:
        raise InputError(f"{path} has no rows: expected one per image.")
    table = {str(column): frame[column].to_numpy(dtype=str) for column in frame}
    for column in ("file_name", "label"):
        if column in table:
            check_complete(table[column], column, path)
    return table


def _check_files(root, names):
    """Refuses a row whose file is outside the folder, missing, or that of an earlier row."""
    row_of = {}
    for row, name in enumerate(names, start=1):
        path, where = PurePath(name), f"{root / METADATA}, row {row}"
        if path.is_absolute() or ".." in path.parts:
            raise InputError(f"{where}: {name!r} is outside the folder; expected a path below {root}.")
        if path in row_of:
            raise InputError(
                f"{where}: {name!r} is the file of row {row_of[path]} too. Leave out one of them."
            )
        if not (root / path).is_file():
            raise InputError(f"{where}: no file {str(root / path)!r}. Add it or leave out the row.")
        row_of[path] = row


def read_images(root, names):
    """Returns uint8 pixels, shape `(N, size, size, channels)`."""
    first = _decode(root / names[0])
    check_shape(first.shape, root / names[0])
    pixels = np.empty((len(names), *first.shape), np.uint8)
    for i, name in enumerate(names):
        image = _decode(root / name)
        if image.shape != first.shape:
            raise InputError(
                f"{root / name} is {_size(image)}, but {root / names[0]} is {_size(first)}: "
                "all images must have one size and number of channels."
            )
        pixels[i] = image
    return pixels


def _decode(path):
    """Returns an image as uint8, shape `(height, width, channels)`."""
    from PIL import Image

    try:
        with Image.open(path, formats=("PNG", "JPEG")) as image:
            mode = "RGBA" if "transparency" in image.info else image.mode
            pixels = np.asarray(image.convert(MODES[mode])) if mode in MODES else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(
            f"{path} cannot be read as PNG or JPEG: {error}. Replace it or leave out its row."
        ) from error
    if pixels is None:
        raise InputError(
            f"{path} is of mode {mode}, expected 8-bit grey (L) or RGB without transparency. Convert it."
        )
    return pixels.reshape(*pixels.shape[:2], -1)


def _size(image):
    return "x".join(str(length) for length in image.shape)
