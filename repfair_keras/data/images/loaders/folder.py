"""The user's own images: a folder with a `metadata.csv`, as Hugging Face's ImageFolder reads it."""

from pathlib import Path, PurePath

import numpy as np

from repfair_keras.core.csv_cells import of_frame, unguarded
from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import InputProblems, Problem, Problems
from repfair_keras.data.columns import check_complete, encode
from repfair_keras.data.images.checks import check_shape, existing_path
from repfair_keras.data.images.dataset import RawImages
from repfair_keras.data.images.pixel_cache import PixelCache

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
        InputError: lists the files and rows that are wrong, up to five of each kind.
    """
    root = existing_path(data_dir, "folder", f"a folder with {METADATA} and images")
    table, problems = _read_table(root / METADATA), Problems(root / METADATA)
    for column in [name for name in ("file_name", "label") if name in table]:
        with problems.collect():
            check_complete(table[column], column, root / METADATA)
    names = table.pop("file_name").tolist()
    readable = _check_files(root, names, problems)
    with problems.collect():
        pixels = read_images(root, readable)
    problems.raise_if_any()
    labels, class_names = (None, ())
    if "label" in table:
        labels, class_names = encode(table.pop("label"), "label", root / METADATA)
    return RawImages(
        name="folder",
        source=f"{len(pixels):,} images of the folder {root.resolve().name!r}.",
        pixels=pixels,
        labels=labels,
        class_names=class_names,
        attributes=table,
        default_grouping=next(iter(table)) if len(table) == 1 else None,
    )


def file_names(root):
    """Returns the names of the images of a folder, below it, in the order of `load`."""
    return _read_table(Path(root) / METADATA)["file_name"].tolist()


def _read_table(path):
    """Returns the columns of the CSV as text arrays by name."""
    import pandas as pd

    if not path.is_file():
        raise InputError(f"{path} is missing: expected a CSV with a column file_name and a row per image.")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError, MemoryError) as error:
        raise InputError(f"{path} is not a readable CSV: {error}.") from error
    if not isinstance(frame.index, pd.RangeIndex):  # pandas took the surplus first column for an index
        raise InputError(f"{path} has rows with more values than columns. Quote values with commas in them.")
    if "file_name" not in frame:
        raise InputError(
            f"{path} has no column 'file_name'; found: {', '.join(map(str, frame))}. Rename or add it."
        )
    if frame.empty:
        raise InputError(f"{path} has no rows: expected one per image.")
    frame = of_frame(unguarded, frame)
    return {str(column): frame[column].to_numpy(dtype=str) for column in frame}


def _check_files(root, names, problems):
    """Returns the files that can be read; notes rows whose file is outside the folder, missing, or an earlier row's."""
    row_of, below = {}, root.resolve()
    for row, name in enumerate(names, start=1):
        path = PurePath(name)
        if path.is_absolute() or ".." in path.parts:
            what, cure = f"{name!r} is outside the folder", f"Expected a path below {root}."
            problems.add(f"row {row}: {what}", cure, kind="rows with a file outside the folder")
        elif path in row_of:
            what = f"row {row}: {name!r} is the file of row {row_of[path]} too"
            problems.add(what, "Leave out one of them.", kind="rows with the file of another")
        elif name.strip() and not _is_file(root / path):
            what = f"row {row}: no file {str(root / path)!r}"
            problems.add(what, "Add it or leave out the row.", kind="rows without their file")
        elif name.strip() and not (root / path).resolve().is_relative_to(below):
            what = f"row {row}: {name!r} is a link to {str((root / path).resolve())!r}, outside the folder"
            problems.add(what, "Copy the file there.", kind="rows with a link that leaves the folder")
        elif name.strip():
            row_of[path] = row
    return [name for name in names if PurePath(name) in row_of]


def _is_file(path):
    try:
        return path.is_file()
    except OSError:  # a name that is too long, say
        return False


def read_images(root, names):
    """Reads images of one size.

    Args:
        root: folder.
        names: paths below it.

    Returns:
        uint8, shape `(N, size, size, channels)`: an array, or a `PixelFile` if they are many.

    Raises:
        InputError: lists the files that cannot be read, or are of another size than the first that can.
    """
    source = "images" if root == Path() else root
    problems, first, pixels = Problems(source), None, np.empty(0, np.uint8)
    with PixelCache(root, names) as cache:
        for i, name in enumerate(cache.missing()):
            with problems.collect():
                image = _decode(root, name)
                if first is None:
                    _check_shape(image.shape, name, source)
                    first, pixels = name, cache.room_for((len(names), *image.shape))
                if image.shape != pixels.shape[1:]:
                    what = f"{name} is {_size(image.shape)}, but {first} is {_size(pixels.shape[1:])}"
                    cure = "All images must have one size and number of channels."
                    raise InputProblems(source, [Problem(what, cure, kind="files of another size")])
                pixels[i] = image
        problems.raise_if_any()
        return cache.kept(pixels)


def _check_shape(shape, name, source):
    """Refuses what `check_shape` does, as a problem that a great many files may have."""
    try:
        check_shape(shape, name)
    except InputError as error:
        what, kind = str(error).removesuffix("."), "files of a shape that is not taken"
        raise InputProblems(source, [Problem(what, kind=kind)]) from error


def _decode(root, name):
    """Returns an image as uint8, shape `(height, width, channels)`."""
    from PIL import Image, ImageOps

    try:
        with Image.open(root / name, formats=("PNG", "JPEG")) as image:
            frames = getattr(image, "n_frames", 1)
            mode = "RGBA" if "transparency" in image.info else image.mode
            readable = mode in MODES and frames == 1
            upright = ImageOps.exif_transpose(image) if readable else None  # as every viewer shows it
            pixels = np.asarray(upright.convert(MODES[mode])) if readable else None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        what, cure = f"{name} cannot be read as PNG or JPEG: {error}", "Replace it or leave out its row."
        raise InputProblems(root, [Problem(what, cure, kind="files that cannot be read")]) from error
    if pixels is None:
        what = f"{name} is of mode {mode}, expected 8-bit grey (L) or RGB without transparency"
        if frames > 1:
            what = f"{name} has {frames} frames, expected one image"
        raise InputProblems(root, [Problem(what, "Convert it.", kind="files of another mode")])
    return pixels.reshape(*pixels.shape[:2], -1)


def _size(shape):
    return "x".join(str(length) for length in shape)
