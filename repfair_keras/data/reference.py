"""The real images that generated ones are compared with: the same for every run on a data set."""

import dataclasses

import numpy as np

from repfair_keras.data.grouping import group
from repfair_keras.data.load import check_classes, load_images
from repfair_keras.data.shares import largest_subset
from repfair_keras.errors import InputError


def load_reference(name, data_dir=None, grouping=None, use_labels=None, cross=None):
    """Loads a data set as reference: groups as equal as they come, and classes wherever there are any.

    It depends on no seed and no share of a run, so that all runs are measured with the same instruments.

    Args:
        name, data_dir, grouping: as in `load`.
        use_labels: `False` leaves the classes out, for data whose classes are too rare for a classifier.
        cross: a second grouping; `None` without.

    Returns:
        reference: `GroupedData`.
        cross: `GroupedData`, the same images by the second grouping; `None` without.

    Raises:
        InputError: as `load` does; if `cross` is the grouping itself.
    """
    images = load_images(name, data_dir, use_labels, any_labels=True)
    reference = group(images, grouping)
    check_classes(reference)
    if cross is None:
        return reference, None
    if cross == reference.grouping:
        raise InputError(f"cross is {cross!r}, the grouping itself: name another attribute.")
    return reference, group(dataclasses.replace(images, pixels=reference.pixels), cross)


def balanced_order(groups, shares, strata=None, strata_shares=None, seed=0):
    """Orders rows so that every first part of them has given shares of the groups, as nearly as can be.

    Rows of a group that is left over are left out, so the shares hold to the end. Within a group the strata
    (classes) have given shares too, as long as their images last.

    Args:
        groups: integers, shape `(N,)`, 0 to k - 1.
        shares: shape `(k,)`, each above 0, sum 1.
        strata: integers from 0, shape `(N,)`; `None`: in random order.
        strata_shares: one number >= 0 per stratum; a stratum with 0 comes last.
        seed: seed of the order within a group (and stratum).

    Returns:
        Distinct indices, int64, shape `(n,)`, `n <= N`.
    """
    rng = np.random.default_rng(seed)
    kept = largest_subset(np.bincount(groups, minlength=len(shares)), shares)
    rows, places = [], []
    for index, share in enumerate(shares):
        members = rng.permutation(np.flatnonzero(groups == index))
        if strata is not None:
            members = members[_spread(strata[members], strata_shares)]
        rows.append(members[: kept[index]])
        places.append((np.arange(kept[index]) + 0.5) / share)
    return np.concatenate(rows)[np.argsort(np.concatenate(places), kind="stable")]


def in_turn(strata):
    """Indices of rows in the order first of each stratum, second of each, and so on."""
    return _spread(strata, np.ones(strata.max(initial=0) + 1))


def _spread(strata, shares):
    place = np.empty(len(strata))
    for stratum in np.unique(strata):
        mine = strata == stratum
        turns = np.arange(np.count_nonzero(mine)) + 0.5
        place[mine] = turns / shares[stratum] if shares[stratum] > 0 else np.inf
    return np.lexsort((strata, place))
