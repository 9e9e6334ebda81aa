"""What a generator is told besides its noise: inputs named `label`, `group`, in this order."""

import numpy as np
import tensorflow as tf

CONDITIONS = ("label", "group")


def condition_names(network):
    """Names of a network's conditions: of its inputs after the first."""
    return tuple(tensor.name for tensor in network.inputs[1:])


def conditions_of(network, **values):
    """Returns those of the values that a network takes, in the order of its inputs."""
    return [values[name] for name in condition_names(network)]


def inputs_of(network, x, **values):
    """Returns a network's inputs: x, and those of the values that it takes, as tensors."""
    return [x, *map(tf.convert_to_tensor, conditions_of(network, **values))]


def in_turn(n, n_classes, n_groups, shares=None):
    """Labels and groups for n images: each class in turn, and after each round of classes the next group.

    Args:
        n: number of images.
        n_classes: number of classes; 0: all labels are 0.
        n_groups: number of groups.
        shares: share of each group, shape `(n_groups,)`; `None`: equal.

    Returns:
        `(labels, groups)`: int32, shape `(n,)` each.
    """
    turn = np.arange(n, dtype=np.int32)
    n_classes = np.int32(max(n_classes, 1))
    rounds = turn // n_classes
    if shares is None:
        return turn % n_classes, rounds % np.int32(max(n_groups, 1))
    # Multiples of the golden ratio, modulo 1, are spread evenly however many there are.
    places = rounds * ((np.sqrt(5) - 1) / 2) % 1
    groups = np.searchsorted(np.cumsum(shares)[:-1], places, side="right")
    return turn % n_classes, groups.astype(np.int32)
