"""Groups that are intersections of several attributes: their names, and what these are made of."""

import numpy as np

from repfair_keras.core.errors import InputError

SEPARATOR = ","  # between attributes in a grouping, as in `sex,young`
AND = "&"  # between values in the name of a group, as in `female&old`


def combined(columns):
    """Returns one column out of several: text, shape `(N,)`, as `female&old`.

    Args:
        columns: dict of attribute to its values, shape `(N,)`.

    Raises:
        InputError: if an attribute has one value only, or a value holds `&`.

    Examples:
        >>> combined({"sex": ["f", "m"], "age": ["old", "young"]}).tolist()
        ['f&old', 'm&young']
    """
    texts = []
    for name, column in columns.items():
        text = np.asarray(column).astype(str)
        values = np.unique(text).tolist()
        if len(values) < 2:
            raise InputError(f"column {name!r} has one value only, {values[0]!r}: groups need at least two.")
        marked = [value for value in values if AND in value]
        if marked:
            raise InputError(
                f"column {name!r} has the value {marked[0]!r}: expected none with {AND!r}. Rename it."
            )
        texts.append(text)
    return np.array([AND.join(values) for values in zip(*texts, strict=True)])


def parts(grouping, group_names):
    """Returns what the groups of a grouping are intersections of; `None` if they are none.

    Args:
        grouping: name of the grouping.
        group_names: one name per group.

    Returns:
        dict of attribute to `(values, members)`: its values, and bool, shape `(len(values), k)`, which groups have
        each.

    Examples:
        >>> parts("sex,age", ["f&old", "f&young", "m&old"])["age"][0]
        ['old', 'young']
        >>> parts("sex", ["f", "m"]) is None
        True
    """
    attributes = str(grouping).split(SEPARATOR)
    split = [str(name).split(AND) for name in group_names]
    if len(attributes) < 2 or any(len(values) != len(attributes) for values in split):
        return None
    found = {}
    for place, attribute in enumerate(attributes):
        own = np.array([values[place] for values in split])
        values = sorted(set(own.tolist()))
        found[attribute.strip()] = values, np.array([own == value for value in values])
    return found
