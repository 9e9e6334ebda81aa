"""Writes samples as files that are there as a whole or not at all."""

import hashlib
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from repfair_keras.core.csv_cells import guarded, of_frame
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import filling, make_folder, replacing, write_json
from repfair_keras.data.images.loaders.folder import METADATA as IMAGE_LIST
from repfair_keras.export.saved_model import training_setting
from repfair_keras.figures.image_grid import save_grid
from repfair_keras.registry import names
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.sampling.sample import ImageSample, RowSample

FORMATS = ("png", "npz")
GRID, MANIFEST, ARRAYS, ROWS = "grid.png", "manifest.json", "samples.npz", "samples.csv"
IMAGES = "images"  # folder of the PNG files, apart from the grid
SHOWN = 400  # images in the grid at most


def write_images(sample: ImageSample, out: str | Path, format: str = "png") -> list[Path]:
    """Writes images, `grid.png`, on which some are shown, and `manifest.json`.

    Args:
        sample: `ImageSample`.
        out: folder that is new or empty.
        format: `"png"`: a file for each image in `images/`, and `metadata.csv` with the columns `file_name`,
            where they are known `label` (its name) and the group (named after the grouping of training, or
            `group`); the data set `folder` and `evaluate` read it. `"npz"`: `samples.npz` with `images`
            (uint8) and, where they are known, `labels`, `groups` and `members` (int32).

    Returns:
        The paths, without those of the single images.

    Raises:
        InputError: for another format, or a folder that is not empty or cannot be written.

    Examples:
        >>> import tempfile
        >>> from repfair_keras.sampling.sample import sample_images
        >>> sample = sample_images("saved_models/repfair_mnist", n=3)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [path.name for path in write_images(sample, folder + "/digits")]
        ['grid.png', 'metadata.csv', 'manifest.json']
    """
    check_format(format)
    check_new_folder(out)
    pixels = sample.pixels
    with appearing(out) as folder:
        save_grid(sample.images[_shown(len(pixels))], folder / GRID)
        written = (_write_png if format == "png" else _write_npz)(sample, pixels, folder)
        sha256 = hashlib.sha256(pixels.tobytes()).hexdigest()
        write_json(folder / MANIFEST, {**sample.manifest, "format": format, "sha256": sha256})
    return [Path(out) / name for name in (GRID, written, MANIFEST)]


def write_rows(sample: RowSample, out: str | Path) -> list[Path]:
    """Writes `samples.csv`, a table like the original, and `manifest.json`.

    Args:
        sample: `RowSample`.
        out: folder that is new or empty.

    Returns:
        The two paths.

    Raises:
        InputError: if the folder is not empty or cannot be written.
    """
    check_new_folder(out)
    text = of_frame(guarded, sample.frame).to_csv(index=False, lineterminator="\n").encode()
    with appearing(out) as folder:
        (folder / ROWS).write_bytes(text)
        manifest = {**sample.manifest, "sha256": hashlib.sha256(text).hexdigest()}
        write_json(folder / MANIFEST, manifest)
    return [Path(out) / name for name in (ROWS, MANIFEST)]


def check_format(format: str):
    """Raises `InputError` for a format that there is not."""
    if format not in FORMATS:
        raise InputError(f"format is {format!r}: expected {' or '.join(FORMATS)}.")


def check_new_folder(out: str | Path):
    """Raises `InputError` if the folder holds anything, or could not be made: before the work, not after."""
    RunDir(out).check_new()
    path = Path(out).absolute()
    make_folder(next(parent for parent in (path, *path.parents) if parent.exists()))


def appearing(out: str | Path) -> AbstractContextManager[Path]:
    """Returns a context with a folder to write to; what is in it appears in `out`, new or empty, if all went well."""
    return filling(out, MANIFEST) if Path(out).exists() else _new(out)


@contextmanager
def _new(out):
    with replacing(out) as folder:
        folder.mkdir()
        yield folder


def _write_png(sample, pixels, folder):
    """Writes a file for each image and the list of them; returns its name."""
    (folder / IMAGES).mkdir()
    digits = max(5, len(str(len(pixels) - 1)))
    columns = {"file_name": [f"{IMAGES}/{i:0{digits}}.png" for i in range(len(pixels))]}
    for name, image in zip(columns["file_name"], pixels, strict=True):
        Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image).save(folder / name)
    trained = sample.manifest["trained"]
    if sample.labels is not None:
        columns["label"] = _named(sample.labels, trained.get("class_names"))
    if sample.groups is not None:
        columns[_group_column(trained)] = _named(sample.groups, trained.get("groups"))
    of_frame(guarded, pd.DataFrame(columns)).to_csv(folder / IMAGE_LIST, index=False)
    return IMAGE_LIST


def _write_npz(sample, pixels, folder):
    given = {name: getattr(sample, name) for name in ("labels", "groups", "members")}
    arrays = {name: values for name, values in given.items() if values is not None}
    np.savez_compressed(folder / ARRAYS, images=pixels, **arrays)
    return ARRAYS


def _named(indices, known):
    """Names of classes or groups; their numbers where the export does not say them."""
    return [known[i] for i in indices] if known else indices


def _group_column(trained):
    """The column that training was grouped by; `group` where it was a change of images, or none is named."""
    grouping = trained.get("grouping") or training_setting(trained, "grouping")  # early exports: as typed
    taken = ("file_name", "label", *names("grouping"))  # the loader takes these for something else
    return "group" if grouping is None or grouping in taken else grouping


def _shown(n):
    """Which of n images the grid shows: all, or some of every part."""
    return np.linspace(0, n - 1, min(n, SHOWN)).astype(int)
