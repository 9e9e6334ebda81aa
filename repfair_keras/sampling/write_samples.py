"""Samples of an exported generator as files."""

import hashlib
from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing, write_json
from repfair_keras.data.images.dataset import to_pixels
from repfair_keras.export.images import METADATA, Sampler
from repfair_keras.figures.image_grid import save_grid
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.sampling.exact_counts import draw_asked, draw_by_rejection
from repfair_keras.sampling.group_judge import load_judge
from repfair_keras.sampling.parse_counts import parse_counts
from repfair_keras.sampling.write_rows import is_table_export, write_rows

GRID = 400  # images shown at most
DEFAULT_N = 64


def exported_folder(path):
    """Returns the SavedModel's folder of a run or of an export."""
    run = RunDir(path)
    if not run.config.is_file():
        return Path(path)
    run.check_finished()
    return run.generator


def write_samples(model, n, seed, labels, out, counts=None, instruments=None, shares="uniform"):
    """Writes `grid.png`, `samples.npz` (`images` uint8, `labels`, `groups`) and `manifest.json`.

    Of a generator of a table, `samples.csv` and `manifest.json`, see `tables.sampling.write_rows`.

    Args:
        model: folder of a SavedModel, or of a run.
        n: number of images, at least 1; `None`: 64.
        seed: seed of the noise, in [0, 2^31).
        labels: classes, repeated until there are `n`; `None`: uniform where there are classes.
        out: folder that is new or empty.
        counts: exact numbers per group in the place of `n` and `labels`, see `counts.parse_counts`.
        instruments: folder of the run, or of its instruments, whose classifier tells groups; `None`: the
            model's own.
        shares: `"uniform"`, or `"marginal"`: a table's groups as often as in the rows that were trained on.

    Returns:
        The paths.

    Raises:
        InputError: if an argument does not fit.
    """
    if n is not None and n < 1:
        raise InputError(f"n is {n}: expected an integer of at least 1.")
    if not 0 <= seed < 2**31:
        raise InputError(f"seed is {seed}: expected an integer in [0, 2^31).")
    if counts is not None and (n is not None or labels):
        raise InputError("counts say how many images of which class there are: leave --n and --labels out.")
    if instruments is not None and counts is None:
        raise InputError("instruments tell the groups that --counts asks for: leave them out without it.")
    folder = exported_folder(model)
    if is_table_export(folder):
        for name, value in {"labels": labels, "instruments": instruments}.items():
            if value:
                raise InputError(f"{name} are given, but {folder} generates a table: leave them out.")
        return write_rows(folder, n, seed, out, counts, shares)
    if shares != "uniform":
        raise InputError(f"shares is {shares!r}, but {folder} generates images: name --counts instead.")
    sampler = Sampler(folder)
    RunDir(out).check_new()  # before the work; the folder is made when there is something to write
    if counts is None:
        n = n or DEFAULT_N
        drawn, how = sampler.draw(n, seed, check_labels(labels, sampler, n)), None
    else:
        drawn, how = _counted(sampler, folder, counts, seed, instruments)
    RunDir(out).create()
    return _write(Path(out), drawn, seed, how, folder.name, sampler.metadata)


def _counted(sampler, folder, text, seed, instruments):
    """Returns `Counted`."""
    if "groups" not in sampler.metadata:
        raise InputError(f"{folder} holds no {METADATA} that names its groups. Export the generator again.")
    wanted = parse_counts(text, sampler.metadata["groups"], sampler.metadata["class_names"])
    judge = load_judge(instruments, folder, sampler.metadata)
    if sampler.takes_groups:
        return draw_asked(sampler, wanted, seed, judge)
    if judge is None:
        raise InputError(
            "this generator is not told groups, so a classifier has to see them, and there is none beside "
            f"{folder}: name the folder of a run on the same data with --instruments."
        )
    return draw_by_rejection(sampler, wanted, seed, judge)


def _write(out, drawn, seed, how, name, metadata):
    """Writes what was drawn; returns the paths."""
    pixels = to_pixels(drawn.images)
    paths = [out / name for name in ("grid.png", "samples.npz", "manifest.json")]
    save_grid(drawn.images[_shown(len(pixels))], paths[0])
    given = {name: getattr(drawn, name) for name in ("labels", "groups", "members")}
    with replacing(paths[1]) as temporary:
        arrays = {key: values for key, values in given.items() if values is not None}
        np.savez_compressed(temporary, images=pixels, **arrays)
    manifest = {
        "model": name,
        "n": len(pixels),
        "seed": seed,
        "image_shape": list(pixels.shape[1:]),
        **{key: None if values is None else np.bincount(values).tolist() for key, values in given.items()},
        "counts": how,
        "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
        "trained": metadata,
    }
    write_json(paths[2], manifest)
    return paths


def _shown(n):
    """Which of n images the grid shows: all, or some of every part."""
    return np.linspace(0, n - 1, min(n, GRID)).astype(int)


def check_labels(labels, sampler, n):
    """Returns `n` labels, the given ones repeated; `None` for none.

    Raises:
        InputError: if the generator takes no labels, or one is not a class.
    """
    if not labels:
        return None
    if not sampler.conditional:
        raise InputError("labels are given, but this generator was trained without classes. Leave them out.")
    n_classes = len(sampler.metadata.get("class_names", ())) or max(labels) + 1
    wrong = [label for label in labels if not 0 <= label < n_classes]
    if wrong:
        raise InputError(f"label {wrong[0]} is no class: expected integers from 0 to {n_classes - 1}.")
    return np.resize(labels, n)
