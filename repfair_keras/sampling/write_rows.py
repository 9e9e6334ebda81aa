"""Drawing rows from an exported generator of a table."""

import hashlib
from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing, write_json
from repfair_keras.export.tables import SCHEMA, TableSampler
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.sampling.parse_counts import groups_and_labels, parse_counts

DEFAULT_N = 1000


def is_table_export(folder):
    """Whether a folder holds an exported generator of rows."""
    return (Path(folder) / SCHEMA).is_file()


def write_rows(folder, n, seed, out, counts=None, shares="uniform"):
    """Writes `samples.csv`, a table like the original, and `manifest.json`.

    Args:
        folder: folder of a SavedModel of a table.
        n: number of rows, at least 1; `None`: 1,000.
        seed: seed of the noise.
        out: folder that is new or empty.
        counts: exact numbers per group in the place of `n`, as `Male=500,Female=500`.
        shares: of the groups, as in `TableSampler.codes`.

    Returns:
        The two paths.

    Raises:
        InputError: if an argument does not fit.
    """
    sampler = TableSampler(folder)
    groups = sampler.schema.column(sampler.schema.sensitive).names
    asked = shares
    if counts is not None:
        if shares != "uniform":
            raise InputError(f"shares is {shares!r}, but counts say how many there are: leave one out.")
        asked, _ = groups_and_labels(parse_counts(counts, groups), 0)
        n = len(asked)
    RunDir(out).check_new()
    codes = sampler.codes(n or DEFAULT_N, seed, asked)
    frame = sampler.schema.decode(codes, seed)
    RunDir(out).create()
    paths = [Path(out) / "samples.csv", Path(out) / "manifest.json"]
    with replacing(paths[0]) as temporary:
        frame.to_csv(temporary, index=False)
    drawn = np.bincount(codes[:, sampler.schema.place(sampler.schema.sensitive)], minlength=len(groups))
    manifest = {
        "model": Path(folder).name,
        "n": len(frame),
        "seed": seed,
        "groups": dict(zip(groups, drawn.tolist(), strict=True)),
        "sha256": hashlib.sha256(paths[0].read_bytes()).hexdigest(),
        "trained": sampler.metadata,
    }
    write_json(paths[1], manifest)
    return paths
