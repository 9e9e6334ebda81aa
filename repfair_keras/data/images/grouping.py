"""Gives every image a group: by changing it (`invert`, `shade`, `colour`), or by a column of the user's."""

import difflib
import itertools

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import check_complete, encode
from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.data.images.stored import chosen
from repfair_keras.data.intersections import AND, SEPARATOR, combined, parts
from repfair_keras.data.shares import allot, allot_by_class, largest_subset, parse_shares
from repfair_keras.registry import lookup, names

MIN_GROUP_SIZE = 10
MOST_GROUPS = 12  # each has a colour in every figure, a row in every table, and its own batches in turn
SHOWN_VALUES = 8
STRENGTH = 0.9  # of the tie between class and group, where nothing else is said


def group(images, grouping=None, share=None, seed=0, strength=None):
    """Groups images.

    Args:
        images: `RawImages`.
        grouping: name of a transform or of a column, or of several columns with commas between them, whose
            intersections are the groups; `None`: the data set's default.
        share: share of the second of two groups, or one share per group. `None`: equal shares for a
            transform, the data as they are for a column. A column's groups are brought to given shares by
            leaving images out, as few as possible.
        seed: seed of the choice of images.
        strength: of a grouping that ties groups to classes: see `Transform.class_shares`; `None`: 0.9.

    Returns:
        `ImageDataset`, in the order of `images`.

    Raises:
        InputError: for an unknown grouping, a bad share or strength, missing values, too many groups, or one
            that is too small.
    """
    grouping = _check_name(images, images.default_grouping if grouping is None else grouping)
    rng = np.random.default_rng(seed)
    _check_strength(grouping, strength)
    if grouping in names("grouping"):
        data = _by_transform(images, lookup("grouping", grouping), share, strength, rng)
    else:
        data = _by_column(images, grouping, share, rng)
    _check_sizes(data)
    return data


def untied(images, grouping):
    """Returns the grouping that makes the same groups as this one, independent of the class.

    Args:
        images: `RawImages`.
        grouping: as in `group`.
    """
    name = images.default_grouping if grouping is None else grouping
    return lookup("grouping", name).untied if is_tied(images, grouping) else name


def is_tied(images, grouping):
    """Whether a grouping of `RawImages`, named as in `group`, ties groups to classes."""
    name = images.default_grouping if grouping is None else grouping
    return name in names("grouping") and lookup("grouping", name).tied


def _by_transform(images, transform, share, strength, rng):
    _check_channels(images, transform)
    source = images.source
    if transform.tied:
        strength = STRENGTH if strength is None else strength
        groups = _assign_tied(images, transform, share, strength, rng)
        source = f"{source.rstrip('.')}; groups tied to classes with strength {strength:g}."
    else:
        shares = parse_shares(share, transform.group_names)
        if shares is None:
            shares = np.full(len(transform.group_names), 1 / len(transform.group_names))
        groups = _assign(_strata(images), shares, rng)
    return ImageDataset(
        name=images.name,
        source=source,
        pixels=transform.apply(images.pixels, groups),
        groups=groups,
        group_names=transform.group_names,
        grouping=transform.name,
        labels=images.labels,
        class_names=images.class_names,
        rules=transform.rules,
    )


def _by_column(images, column, share, rng):
    values = _values_of(images, column)
    groups, group_names = encode(values, column, images.source.rstrip("."))
    if len(group_names) == 1:
        raise InputError(
            f"column {column!r} has one value only, {group_names[0]!r}: groups need at least two."
        )
    _check_number_of_groups(images, column, groups, group_names)
    shares = parse_shares(share, group_names)
    kept = np.arange(len(groups)) if shares is None else subset(groups, _strata(images), shares, rng)
    return ImageDataset(
        name=images.name,
        source=images.source,
        pixels=chosen(images.pixels, kept),
        groups=groups[kept],
        group_names=group_names,
        grouping=column,
        labels=None if images.labels is None else images.labels[kept],
        class_names=images.class_names,
    )


def _values_of(images, grouping):
    """The values of a column, or the combined ones of several."""
    columns = [grouping] if grouping in images.attributes else _columns(grouping)
    for column in columns:
        check_complete(images.attributes[column], column, f"data set {images.name!r}")
    if len(columns) == 1:
        return images.attributes[columns[0]]
    return combined({column: images.attributes[column] for column in columns})


def _columns(grouping):
    return [part.strip() for part in str(grouping).split(SEPARATOR)]


def _check_number_of_groups(images, column, groups, group_names):
    if len(group_names) <= MOST_GROUPS:
        return
    sizes = np.bincount(groups)
    pairs = zip(group_names, sizes, strict=True)
    counts = [f"{name!r} ({size} image{'s' if size > 1 else ''})" for name, size in pairs]
    usable = [name for name in images.attributes if 2 <= len(_values(images, name)) <= MOST_GROUPS]
    others = f", or take another column: --grouping {' or '.join(usable)}" if usable else ""
    if column not in images.attributes:
        raise InputError(
            f"grouping {column!r} has {len(group_names)} intersections: {', '.join(counts[:SHOWN_VALUES])} and "
            f"{len(group_names) - SHOWN_VALUES} more. Expected at most {MOST_GROUPS} groups: name fewer columns, or "
            "merge values in new ones."
        )
    raise InputError(
        f"column {column!r} of {images.name!r} has {len(group_names)} values: "
        f"{', '.join(counts[:SHOWN_VALUES])} and {len(group_names) - SHOWN_VALUES} more. Expected at most "
        f"{MOST_GROUPS} groups. Merge values in a new column, such as "
        f"{_merged(images.attributes[column], column, group_names, sizes)}{others}."
    )


def _merged(values, column, names, sizes):
    """NumPy's expression that merges the values of a column: numbers in four parts, rare words in one."""
    try:
        edges = np.unique(np.quantile(values.astype(float), [0.25, 0.5, 0.75])).tolist()
        return f"np.digitize({column}.astype(float), {edges})"
    except ValueError:
        frequent = [names[i] for i in np.argsort(-sizes, kind="stable")[:3]]
        return f"np.where(np.isin({column}, {frequent}), {column}, 'other')"


def _values(images, column):
    return np.unique(images.attributes[column].astype(str))


def _strata(images):
    return np.zeros(len(images.pixels), np.int32) if images.labels is None else images.labels


def _assign(strata, shares, rng):
    """Random groups, shape `(N,)`, with exact shares in each stratum."""
    groups = np.empty(len(strata), np.int32)
    for stratum, counts in enumerate(allot_by_class(np.bincount(strata), shares)):
        groups[strata == stratum] = rng.permutation(np.repeat(np.arange(len(shares)), counts))
    return groups


def _assign_tied(images, transform, share, strength, rng):
    """Random groups, shape `(N,)`, with the shares in each class that the strength makes."""
    if images.labels is None:
        raise InputError(
            f"grouping {transform.name!r} ties groups to classes, but {images.name!r} has none: add them, or "
            f"take grouping {transform.untied!r}."
        )
    if share is not None:
        raise InputError(
            f"share is {share}, but grouping {transform.name!r} has the shares that its strength makes: "
            f"leave share out, or take grouping {transform.untied!r}."
        )
    groups = np.empty(len(images.labels), np.int32)
    for label, shares in enumerate(transform.class_shares(len(images.class_names), strength)):
        members = np.flatnonzero(images.labels == label)
        counts = allot(len(members), shares)
        groups[members] = rng.permutation(np.repeat(np.arange(len(shares)), counts))
    return groups


def subset(groups, strata, shares, rng):
    """Chooses rows, as many as can be, so that groups have given shares.

    Args:
        groups: int, shape `(N,)`.
        strata: int, shape `(N,)`: within a group, they keep their shares.
        shares: shape `(n_groups,)`, sum 1.
        rng: `numpy.random.Generator` of the choice.

    Returns:
        Sorted indices.
    """
    kept = []
    sizes_of_groups = np.bincount(groups, minlength=len(shares))
    for group_index, count in enumerate(largest_subset(sizes_of_groups, shares)):
        members = groups == group_index
        sizes = np.bincount(strata[members])
        for stratum, n in enumerate(allot(count, sizes / sizes.sum())):
            kept.append(rng.choice(np.flatnonzero(members & (strata == stratum)), n, replace=False))
    return np.sort(np.concatenate(kept))


def _check_name(images, grouping):
    columns = ", ".join(images.attributes) or "none"
    known = f"Known: {', '.join(names('grouping'))}; columns of {images.name!r}: {columns}."
    if grouping is None:
        raise InputError(
            f"data set {images.name!r} has no default grouping: name one with --grouping. {known}"
        )
    if grouping in names("grouping") and grouping in images.attributes:
        raise InputError(
            f"grouping {grouping!r} is a transform and a column of {images.name!r}: rename the column."
        )
    choices = (*names("grouping"), *images.attributes)
    several = _columns(grouping)
    if len(several) > 1 and grouping not in choices and len(set(several)) == len(several):
        wrong = [column for column in several if column not in images.attributes]
        if not wrong:
            return SEPARATOR.join(several)
        grouping = wrong[0]
    if grouping not in choices:
        close = difflib.get_close_matches(str(grouping), choices, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise InputError(f"unknown grouping {grouping!r}.{hint} {known}")
    return grouping


def _check_strength(grouping, strength):
    if strength is None:
        return
    tied = [name for name in names("grouping") if lookup("grouping", name).tied]
    if grouping not in tied:
        raise InputError(
            f"strength is {strength}, but grouping {grouping!r} does not tie groups to classes: leave it "
            f"out, or take grouping {' or '.join(tied)}."
        )
    if not 0 <= strength <= 1:
        raise InputError(f"strength is {strength}: expected a number in [0, 1].")


def _check_channels(images, transform):
    channels = images.pixels.shape[-1]
    if transform.channels is not None and channels != 1:
        raise InputError(
            f"grouping {transform.name!r} colours grey images, but those of {images.name!r} have {channels} "
            "channels: convert them to grey, or name another grouping."
        )


def _check_sizes(data):
    sizes = dict(
        zip(data.group_names, np.bincount(data.groups, minlength=data.n_groups).tolist(), strict=True)
    )
    attributes = parts(data.grouping, data.group_names)
    if attributes is not None:  # an intersection without any image is no group, but too small all the same
        every = itertools.product(*(values for values, _ in attributes.values()))
        sizes = {name: sizes.get(name, 0) for name in map(AND.join, every)}
    small = {name: size for name, size in sizes.items() if size < MIN_GROUP_SIZE}
    if len(small) == 1:
        ((name, size),) = small.items()
        what = f"group {name!r} of grouping {data.grouping!r} has {size} images"
    elif small:
        counts = ", ".join(f"{name!r} ({size})" for name, size in small.items())
        what = f"groups of grouping {data.grouping!r} have too few images: {counts}"
    if small:
        raise InputError(
            f"{what}, expected at least {MIN_GROUP_SIZE}. Add images, raise its share, or merge groups."
        )
