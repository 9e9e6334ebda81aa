"""`--counts white=500,black=500`: how many images of each group, and class, are asked for."""

import re
from typing import NamedTuple

import numpy as np

from repfair_keras.core.errors import InputError

EXAMPLE = "--counts white=500,black=500, or white/3=50 for one class"


class Wanted(NamedTuple):
    """Images of one group that are asked for.

    Args:
        group: index of the group.
        label: index of the class; `None`: any. A generator that is told groups is asked for all in turn.
        n: number of images.
    """

    group: int
    label: int | None
    n: int

    def name(self, metadata):
        """Returns the request as it is typed; `metadata` is that of the export."""
        group = metadata["groups"][self.group]
        return group if self.label is None else f"{group}/{metadata['class_names'][self.label]}"


def parse_counts(text, group_names, class_names=()):
    """Reads counts.

    Args:
        text: `GROUP=N` or `GROUP/CLASS=N`, several with commas between them.
        group_names: known groups.
        class_names: known classes; empty where there are none.

    Returns:
        list of `Wanted`, without those of no image.

    Raises:
        InputError: for a group or class that is not known or comes twice, a number that is no integer of at
            least 0, or no image at all.
    """
    wanted, seen = [], set()
    for part in text.split(","):
        name, equals, number = part.rpartition("=")
        name = name.strip()
        if not equals:
            raise InputError(f"counts: {part.strip()!r} has no `=`: expected {EXAMPLE}.")
        if name in seen:
            raise InputError(f"counts: {name!r} comes twice: name each group, or group and class, once.")
        seen.add(name)
        if not re.fullmatch(r"\d+", number.strip()):
            raise InputError(f"counts: {name!r} is {number.strip()!r}: expected an integer of at least 0.")
        wanted.append(Wanted(*_named(name, group_names, class_names), int(number)))
    found = [each for each in wanted if each.n]
    if not found:
        raise InputError(f"counts: {text!r} asks for no image: expected {EXAMPLE}.")
    return found


def groups_and_labels(wanted, n_classes):
    """Returns `(groups, labels)` of the images asked for: int32, shape `(n,)`; labels 0 without classes."""
    groups = np.repeat([each.group for each in wanted], [each.n for each in wanted]).astype(np.int32)
    labels = [_labels(each, n_classes) for each in wanted]
    return groups, np.concatenate(labels)


def _labels(wanted, n_classes):
    if wanted.label is not None:
        return np.full(wanted.n, wanted.label, np.int32)
    return np.arange(wanted.n, dtype=np.int32) % np.int32(max(n_classes, 1))


def _named(name, group_names, class_names):
    """Returns `(group, label)` of a name; a group whose own name has a slash in it is found too."""
    if name in group_names:
        return group_names.index(name), None
    group, slash, label = name.rpartition("/")
    if not slash or group not in group_names:
        raise InputError(f"counts: unknown group {group or name!r}. Known: {', '.join(group_names)}.")
    if label not in class_names:
        known = f"Known: {', '.join(class_names)}" if class_names else "This generator knows no classes"
        raise InputError(f"counts: unknown class {label!r}. {known}.")
    return group_names.index(group), class_names.index(label)
