"""How many images, or rows, of each group are wanted: `--counts white=500,black=500`, or shares."""

import math
import re
import shlex
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.shares import SUM_TOLERANCE, allot


class GroupRequest(NamedTuple):
    """Images of one group that are wanted.

    Args:
        name: as a user types it: the group, or group and class, `"white/3"`.
        group: index of the group.
        label: index of the class; `None`: any. A generator that is told classes is asked for all in turn.
        n: number of images, at least 1.
    """

    name: str
    group: int
    label: int | None
    n: int


def requests_from_counts(counts: str | dict, group_names, class_names=()) -> list[GroupRequest]:
    """Reads how many images of each group are wanted.

    Args:
        counts: `"GROUP=N"` or `"GROUP/CLASS=N"`, several with commas between them; or a dict of the same
            names to numbers.
        group_names: known groups.
        class_names: known classes; empty where there are none.

    Returns:
        list of `GroupRequest`, without those of no image.

    Raises:
        InputError: for a group or class that is not known or comes twice, a number that is no integer of at
            least 0, or no image at all.

    Examples:
        >>> requests_from_counts({"white": 2, "black/3": 1}, ["black", "white"], "0123")[1]
        GroupRequest(name='black/3', group=0, label=3, n=1)
    """
    pairs = _pairs("counts", counts, group_names, class_names)
    numbers = {name: _whole(name, value) for name, value in pairs}
    requests = _requests(numbers, group_names, class_names)
    if not requests:
        raise InputError(
            f"counts: {counts!r} asks for nothing: expected {expected_form('counts', group_names)}."
        )
    return requests


def requests_from_shares(shares: str | dict, n: int, group_names, class_names=()) -> list[GroupRequest]:
    """Turns wanted shares into whole numbers with the sum n; the largest remainders round up.

    Args:
        shares: as the counts of `requests_from_counts`, but with a share in [0, 1] for each name, as `0.7` or
            `1/3`; their sum is 1. What is not named has none.
        n: number of images.
        group_names, class_names: as in `requests_from_counts`.

    Returns:
        list of `GroupRequest`, without those of no image.

    Raises:
        InputError: for a group or class that is not known or comes twice, a share that is no number in
            [0, 1], or shares whose sum is not 1.

    Examples:
        >>> [request.n for request in requests_from_shares("f=0.7,m=0.3", 9, ["f", "m"])]
        [6, 3]
    """
    pairs = _pairs("shares", shares, group_names, class_names)
    values = [_share(name, value) for name, value in pairs]
    if abs(sum(values) - 1) > SUM_TOLERANCE:
        raise InputError(
            f"shares: {shares!r} has the sum {float(sum(values)):.6g}, expected 1: "
            f"expected {expected_form('shares', group_names)}."
        )
    numbers = allot(n, np.array(values) / sum(values)).tolist()
    return _requests({name: k for (name, _), k in zip(pairs, numbers, strict=True)}, group_names, class_names)


def shares_by_name(text: str) -> dict[str, float]:
    """Reads shares, whatever the groups are.

    Args:
        text: `"GROUP=SHARE"`, several with commas between them.

    Raises:
        InputError: for a group that comes twice, or a share that is no number in [0, 1].

    Examples:
        >>> shares_by_name("f=0.7, m=3/10")
        {'f': 0.7, 'm': 0.3}
    """
    pairs = _split("shares", text, ("female", "male"))
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise InputError(f"shares: {text!r} names a group twice: name each once.")
    return {name: _share(name, value) for name, value in pairs}


def groups_and_labels(requests: list[GroupRequest], n_classes: int):
    """Returns `(groups, labels)` of what is wanted: int32, shape `(n,)`; labels 0 without classes."""
    counts = [request.n for request in requests]
    groups = np.repeat([request.group for request in requests], counts).astype(np.int32)
    return groups, np.concatenate([_labels(request, n_classes) for request in requests])


def _labels(request, n_classes):
    if request.label is not None:
        return np.full(request.n, request.label, np.int32)
    return np.arange(request.n, dtype=np.int32) % np.int32(max(n_classes, 1))


def _pairs(what, given, group_names, class_names):
    """Returns a list of `(name, value)`; every name is known and comes once."""
    if isinstance(given, dict):
        pairs = [(str(name), value) for name, value in given.items()]
    else:
        pairs = _split(what, given, group_names)
    seen = set()
    for name, _ in pairs:
        _indices(what, name, group_names, class_names)
        if name in seen:
            raise InputError(f"{what}: {name!r} comes twice: name each group, or group and class, once.")
        seen.add(name)
    if not pairs:
        raise InputError(f"{what}: no group is named: expected {expected_form(what, group_names)}.")
    return pairs


def _split(what, text, group_names):
    if not isinstance(text, str):
        raise InputError(f"{what} is {text!r}: expected text or a dict, {expected_form(what, group_names)}.")
    pairs = []
    for part in text.split(","):
        name, equals, value = part.rpartition("=")
        if not equals:
            raise InputError(
                f"{what}: {part.strip()!r} has no `=`: expected {expected_form(what, group_names)}."
            )
        pairs.append((name.strip(), value.strip()))
    return pairs


def expected_form(what, group_names):
    """Says what `--counts` or `--shares` may be, with the groups that there are."""
    value = "50" if what == "counts" else f"1/{max(len(group_names), 1)}"
    example = ",".join(f"{group}={value}" for group in group_names)
    return f"a number for each group, as --{what} {shlex.quote(example)}"


def _requests(numbers, group_names, class_names):
    """Returns the `GroupRequest` of each name with a number above 0."""
    return [
        GroupRequest(name, *_indices("counts", name, group_names, class_names), n)
        for name, n in numbers.items()
        if n
    ]


def _indices(what, name, group_names, class_names):
    """Returns `(group, label)` of a name; a group whose own name has a slash in it is found too."""
    groups, classes = list(group_names), list(class_names)
    if name in groups:
        return groups.index(name), None
    group, slash, label = name.rpartition("/")
    if not slash or group not in groups:
        raise InputError(f"{what}: unknown group {group or name!r}. Known: {', '.join(groups)}.")
    if label not in classes:
        known = f"Known: {', '.join(classes)}" if classes else "This generator knows no classes"
        raise InputError(f"{what}: unknown class {label!r}. {known}.")
    return groups.index(group), classes.index(label)


def _whole(name, value):
    if not re.fullmatch(r"\d+", str(value)):
        raise InputError(f"counts: {name!r} is {str(value)!r}: expected an integer of at least 0.")
    return int(value)


def _share(name, value):
    try:
        share = float(Fraction(value) if isinstance(value, str) else value)
    except (ValueError, TypeError, ZeroDivisionError):
        share = math.nan
    if not 0 <= share <= 1:
        raise InputError(f"shares: {name!r} is {value!r}: expected a number in [0, 1], as 0.3 or 1/3.")
    return share
