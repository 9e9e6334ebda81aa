"""The real images that generated ones are compared with: the same for every run on a data set."""

import dataclasses

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.grouping import group, untied
from repfair_keras.data.images.load import check_classes, load_images
from repfair_keras.data.images.stored import IN_MEMORY, chosen, is_in_memory
from repfair_keras.data.shares import largest_subset
from repfair_keras.registry import names


def load_reference(name, data_dir=None, grouping=None, use_labels=None, cross=None, raw=None):
    """Loads a data set as reference: groups as equal as they come, and classes wherever there are any.

    Groups that are tied to classes are not here: a classifier should know them by what makes them.

    It depends on no seed and no share of a run, so that all runs are measured with the same instruments.

    Args:
        name, data_dir, grouping: as in `load`.
        use_labels: `False` leaves the classes out, for data whose classes are too rare for a classifier.
        cross: a column of a second attribute; `None` without.
        raw: as in `load`.

    Returns:
        reference: `ImageDataset`.
        cross: `ImageDataset`, the same images by the second attribute; `None` without.

    Raises:
        InputError: as `load` does; if `cross` is the grouping itself.
    """
    images = some(load_images(name, data_dir, use_labels, any_labels=True, raw=raw))
    reference = group(images, untied(images, grouping))
    check_classes(reference)
    if cross is None:
        return reference, None
    if cross == reference.grouping:
        raise InputError(f"cross is {cross!r}, the grouping itself: name another attribute.")
    if cross in names("grouping"):
        raise InputError(
            f"cross is {cross!r}, which changes images: expected a column of {name!r} that describes them as "
            f"they are. Known: {', '.join(images.attributes) or 'none'}."
        )
    return reference, group(dataclasses.replace(images, pixels=reference.pixels), cross)


def some(images):
    """Returns `RawImages` of which, if they are too many for memory, as many as would fit are there, at random.

    Generated images are compared with these; a generator is trained on all. They stay in their file.
    """
    if is_in_memory(images.pixels):
        return images
    n = IN_MEMORY // int(np.prod(images.pixels.shape[1:]))
    rows = np.sort(np.random.default_rng(0).permutation(len(images.pixels))[:n])
    return dataclasses.replace(
        images,
        source=f"{images.source.rstrip('.')}; {n:,} of them, at random, to compare with.",
        pixels=chosen(images.pixels, rows),
        labels=None if images.labels is None else images.labels[rows],
        attributes={name: values[rows] for name, values in images.attributes.items()},
    )


def balanced_order(groups, shares, strata=None, strata_shares=None, seed=0, to_the_end=True):
    """Orders rows so that every first part of them has given shares of the groups, as nearly as can be.

    Rows of a group that is left over are left out, so the shares hold to the end. Within a group the strata
    (classes) have given shares too.

    Args:
        groups: integers, shape `(N,)`, 0 to k - 1.
        shares: shape `(k,)`, each above 0, sum 1.
        strata: integers from 0, shape `(N,)`; `None`: in random order.
        strata_shares: one number >= 0 per stratum; those with 0 are left out.
        seed: seed of the order within a group (and stratum).
        to_the_end: whether the shares of the strata hold to the end too, which may leave few rows where one
            is rare; otherwise as long as its images last.

    Returns:
        Distinct indices, int64, shape `(n,)`, `n <= N`.
    """
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(groups))
    if strata is not None:
        rows = rows[strata_shares[strata[rows]] > 0]
    members = [rows[groups[rows] == group] for group in range(len(shares))]
    if strata is not None:
        members = [_spread(mine, strata, strata_shares, to_the_end) for mine in members]
    kept = largest_subset([len(mine) for mine in members], shares)
    places = [(np.arange(n) + 0.5) / share for n, share in zip(kept, shares, strict=True)]
    rows = np.concatenate([mine[:n] for mine, n in zip(members, kept, strict=True)])
    return rows[np.argsort(np.concatenate(places), kind="stable")]


def halves(rows, *strata):
    """Cuts rows into two halves of the same make-up: in each combination of strata they differ by 1 at most.

    Args:
        rows: indices, an even number of them.
        strata: integer arrays that the indices point into.

    Returns:
        first, second: indices, half as many each.
    """
    rows = rows[np.lexsort([stratum[rows] for stratum in strata])] if strata else rows
    return rows[0::2], rows[1::2]


def in_turn(strata):
    """Indices of rows in the order first of each stratum, second of each, and so on."""
    return _spread(np.arange(len(strata)), strata, np.ones(strata.max(initial=0) + 1), to_the_end=False)


def _spread(rows, strata, shares, to_the_end):
    """Orders rows so that every first part of them has these shares of the strata."""
    mine = strata[rows]
    place = np.empty(len(rows))
    for stratum in np.unique(mine):
        place[mine == stratum] = (np.arange(np.count_nonzero(mine == stratum)) + 0.5) / shares[stratum]
    order = rows[np.lexsort((mine, place))]
    if to_the_end and len(rows):
        wanted = shares > 0
        sizes = np.bincount(mine, minlength=len(shares))[wanted]
        order = order[: largest_subset(sizes, shares[wanted] / shares.sum()).sum()]
    return order
