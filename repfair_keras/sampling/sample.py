"""Samples of an exported generator in memory, images or rows: groups as it makes them, or as asked."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import to_pixels
from repfair_keras.export.image_sampler import GeneratedImages, ImageSampler
from repfair_keras.export.open_sampler import open_sampler
from repfair_keras.export.table_sampler import TableSampler
from repfair_keras.sampling.group_decision import load_group_decider
from repfair_keras.sampling.rejection import generate_by_rejection
from repfair_keras.sampling.rows_as_asked import AskedRows, joint_where, rows_where, wanted_joint
from repfair_keras.sampling.sample_arguments import (
    DEFAULT_IMAGES,
    DEFAULT_ROWS,
    check_numbers,
    image_requests,
    repeated_labels,
    row_groups,
)
from repfair_keras.sampling.told_groups import generate_told


@dataclass(frozen=True, eq=False, repr=False)
class ImageSample:
    """Generated images.

    Args:
        images: float32 in [-1, 1], shape `(n, height, width, channels)`.
        labels: int32, shape `(n,)`, class that each was made for; `None` without classes.
        groups: int32, shape `(n,)`, group that each was made for, or accepted as; `None` if it is not known.
        members: int32, shape `(n,)`, generator of each image; `None` where there is one.
        manifest: dict, JSON's types alone: model, n, seed, counts of labels and groups, how groups were
            reached, and `trained`, what the export says of its training.
    """

    images: np.ndarray
    labels: np.ndarray | None
    groups: np.ndarray | None
    members: np.ndarray | None
    manifest: dict

    @property
    def pixels(self) -> np.ndarray:
        """The images as uint8, 0 to 255."""
        return to_pixels(self.images)

    def __repr__(self):
        size = "x".join(map(str, self.images.shape[1:]))
        return f"ImageSample({len(self.images):,} images of {size}, seed {self.manifest['seed']})"


@dataclass(frozen=True, eq=False, repr=False)
class RowSample:
    """Generated rows.

    Args:
        frame: `pandas.DataFrame` with the columns, their order and their types in the table of training.
        manifest: dict, JSON's types alone: model, n, seed, rows per group, and `trained`, what the export
            says of its training.
    """

    frame: pd.DataFrame
    manifest: dict

    def __repr__(self):
        return f"RowSample({len(self.frame):,} rows of {len(self.frame.columns)} columns, seed {self.manifest['seed']})"


def sample_images(
    folder_or_sampler: str | Path | ImageSampler,
    n: int | None = None,
    seed: int = 0,
    labels: list[int] | None = None,
    counts: str | dict | None = None,
    shares: str | dict | None = None,
    instruments: str | Path | None = None,
    verbose: int = 0,
) -> ImageSample:
    """Samples images from an exported generator.

    Args:
        folder_or_sampler: folder of a SavedModel, or of a run; or an `ImageSampler`.
        n: number of images, at least 1; `None`: 64.
        seed: seed of the noise, in [0, 2^31).
        labels: classes, repeated until there are `n`; `None`: uniform where there are classes.
        counts: exact numbers per group, or group and class, in the place of `n` and `labels`:
            `{"white": 500, "black/3": 20}`, or `"white=500,black/3=20"`.
        shares: shares with the sum 1 instead, of `n` images: `{"white": 0.7, "black": 0.3}`, or text.
        instruments: folder of the run, or of its instruments, whose classifier tells groups; `None`: the
            model's own.
        verbose: 1 says on standard error how long rejection will take, and how far it is; 0 is silent.

    Returns:
        `ImageSample`; with counts or shares, images in the order of the groups that are named.

    Raises:
        InputError: if an argument does not fit the generator, or a group practically never appears.

    Examples:
        >>> sample = sample_images("saved_models/repfair_mnist", n=3, seed=0, labels=[7])
        >>> sample.pixels.shape, sample.pixels.dtype, sample.labels.tolist()
        ((3, 28, 28, 1), dtype('uint8'), [7, 7, 7])
    """
    check_numbers(n, seed)
    sampler = _opened(folder_or_sampler, ImageSampler, "rows of a table", "sample_rows")
    requests = image_requests(sampler, n, labels, counts, shares, instruments)
    if requests is None:
        n = n or DEFAULT_IMAGES
        generated, report = sampler.generate(n, seed, repeated_labels(labels, sampler, n)), None
    else:
        generated, report = _generate(sampler, requests, seed, instruments, verbose)
    return ImageSample(*generated, _image_manifest(sampler, generated, seed, report))


def sample_rows(
    folder_or_sampler: str | Path | TableSampler,
    n: int | None = None,
    seed: int = 0,
    counts: str | dict | None = None,
    shares: str | dict | None = None,
    target_shares: str | dict | None = None,
    independent: str | list[str] | None = None,
    where: str | None = None,
) -> RowSample:
    """Samples rows from an exported generator of a table.

    Args:
        folder_or_sampler: folder of a SavedModel of a table, or of a run; or a `TableSampler`.
        n: number of rows, at least 1; `None`: 1,000.
        seed: seed of the noise, in [0, 2^31).
        counts: exact numbers per group in the place of `n`: `{"Male": 500, "Female": 500}`, or text,
            `"Male=500,Female=500"`.
        shares: of the groups. `"uniform"`: drawn with equal chances; `"marginal"`: as often as in the rows of
            training; `{"Male": 0.3, "Female": 0.7}`, or text: exactly these. `None`: as in the data; latents: uniform.
        target_shares: of the values of the target: `"uniform"`, or shares as of the groups, with the sum 1; `None`: as
            in the data, of each group.
        independent: columns of groups, `"sex,race"`, that shall tell nothing of the target, nor of each other. Like
            `target_shares`, of generators that are told the target: `cart`, `tab_ddpm`.
        where: conditions on the rows, `"age > 60 and sex == Female"`; not of generators of latents.

    Returns:
        `RowSample`; with counts or given shares, rows of latents are in the order of the groups that are named. What is
        otherwise than in the data stands in `manifest["changes"]`.

    Raises:
        InputError: if an argument does not fit, or conditions leave out rows that counts or shares ask for.
    """
    check_numbers(n, seed)
    sampler = _opened(folder_or_sampler, TableSampler, "images", "sample_images")
    asked = {"target_shares": target_shares, "independent": independent, "where": where}
    groups = row_groups(sampler, n, counts, shares)
    n = (n or DEFAULT_ROWS) if isinstance(groups, str) else len(groups)
    if sampler.joint is None:
        for name, value in asked.items():
            if value is not None:
                raise InputError(
                    f"{name} is {value!r}, but this generator of latents is told the group alone: leave it out, or "
                    "train a method that is told more, as cart."
                )
        ids = sampler.category_ids(n, seed, groups)
        rows = AskedRows(sampler.schema.decode(ids, seed), ids, (), n)
    else:
        exact = not isinstance(groups, str) or independent is not None or target_shares is not None
        if not isinstance(groups, str):
            groups = np.bincount(groups, minlength=len(sampler.group_names)) / n
        wanted, tried = (sampler.schema, groups, target_shares, independent), 0
        joint = wanted_joint(sampler.joint, *wanted)
        if independent and where:  # among rows that fulfil conditions, with the shares of such rows
            usual, tried = joint_where(sampler, sampler.joint, where, seed)
            joint = wanted_joint(usual, *wanted)
        rows = rows_where(sampler, joint, n, seed, where, exact)
        rows = rows._replace(made=rows.made + tried)
    sizes = np.bincount(sampler.schema.groups_of(rows.ids), minlength=len(sampler.group_names)).tolist()
    manifest = {
        "model": sampler.folder.name,
        "n": n,
        "seed": seed,
        "groups": dict(zip(sampler.group_names, sizes, strict=True)),
        **({"changes": list(rows.changes), "rows_made": rows.made} if sampler.joint is not None else {}),
        "trained": sampler.metadata,
    }
    return RowSample(rows.frame, manifest)


def _opened(folder_or_sampler, kind, other, function):
    """Returns the sampler; `InputError` if it is not of the kind that is wanted."""
    sampler = folder_or_sampler
    if isinstance(sampler, str | Path):
        sampler = open_sampler(sampler)
        if not isinstance(sampler, kind):
            raise InputError(f"{sampler.folder} generates {other}: call {function}.")
    return sampler


def _generate(sampler, requests, seed, instruments, verbose):
    """Returns `(GeneratedImages, report)` with exact numbers per group."""
    decider = load_group_decider(sampler, instruments)
    if sampler.takes_groups:
        return generate_told(sampler, requests, seed, decider)
    if decider is None:
        raise InputError(
            "this generator is not told groups, so a classifier has to see them, and there is none beside "
            f"{sampler.folder}: name the folder of a run on the same data with --instruments."
        )
    return generate_by_rejection(sampler, requests, seed, decider, sys.stderr if verbose else None)


def _image_manifest(sampler, generated: GeneratedImages, seed, report):
    known = {name: getattr(generated, name) for name in ("labels", "groups", "members")}
    return {
        "model": sampler.folder.name,
        "n": len(generated.images),
        "seed": seed,
        "image_shape": list(generated.images.shape[1:]),
        **{key: None if values is None else np.bincount(values).tolist() for key, values in known.items()},
        "counts": report,
        "trained": sampler.metadata,
    }
