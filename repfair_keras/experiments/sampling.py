"""Samples of an exported generator as files."""

import hashlib
from pathlib import Path

import numpy as np

from repfair_keras.data.grouped import to_pixels
from repfair_keras.errors import InputError
from repfair_keras.experiments.rundir import RunDir
from repfair_keras.export import Sampler
from repfair_keras.figures.image_grid import save_grid
from repfair_keras.files import replacing, write_json

GRID = 400  # images shown at most


def exported_folder(path):
    """Returns the SavedModel's folder of a run or of an export."""
    run = RunDir(path)
    if not run.config.is_file():
        return Path(path)
    run.check_finished()
    return run.generator


def write_samples(model, n, seed, labels, out):
    """Draws images and writes `grid.png`, `samples.npz` (`images` uint8, `labels`) and `manifest.json`.

    Args:
        model: folder of a SavedModel, or of a run.
        n: number of images, at least 1.
        seed: seed of the noise, in [0, 2^31).
        labels: classes, repeated until there are `n`; `None`: uniform where there are classes.
        out: folder that is new or empty.

    Returns:
        The three paths.

    Raises:
        InputError: if an argument does not fit.
    """
    if n < 1:
        raise InputError(f"n is {n}: expected an integer of at least 1.")
    if not 0 <= seed < 2**31:
        raise InputError(f"seed is {seed}: expected an integer in [0, 2^31).")
    folder = exported_folder(model)
    sampler = Sampler(folder)
    labels = check_labels(labels, sampler, n)
    RunDir(out).create()
    images, labels = sampler.sample(n, seed, labels)
    pixels = to_pixels(images)
    paths = [Path(out) / name for name in ("grid.png", "samples.npz", "manifest.json")]
    save_grid(images[:GRID], paths[0])
    arrays = {"images": pixels} if labels is None else {"images": pixels, "labels": labels}
    with replacing(paths[1]) as temporary:
        np.savez_compressed(temporary, **arrays)
    manifest = {
        "model": folder.name,
        "n": n,
        "seed": seed,
        "image_shape": list(images.shape[1:]),
        "labels": None if labels is None else np.bincount(labels).tolist(),
        "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
        "trained": sampler.metadata,
    }
    write_json(paths[2], manifest)
    return paths


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
