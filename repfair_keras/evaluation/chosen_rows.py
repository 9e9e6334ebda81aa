"""Which of the samples of somebody else's generator are measured, and where a report says they come from."""

import numpy as np

from repfair_keras.core.errors import InputError


def chosen_rows(total, n, seed, source, called):
    """Returns the sorted indices of `n` samples, drawn at random.

    Args:
        total: how many there are.
        n: how many are measured; `None`: all.
        seed: seed of the choice.
        source, called: where they lie and what they are, for the message.

    Raises:
        InputError: if there are fewer than n.
    """
    if (n or 0) > total:
        raise InputError(f"n is {n}, but {source} holds {total} {called}: expected no more.")
    return np.sort(np.random.default_rng(seed).permutation(total)[: n or total])


def origin_of(name, dataset, seed):
    """Returns what a report says of the origin of such samples, whose method and seed are not known."""
    return {"name": name, "method": name, "dataset": dataset.name, "seed": None, "sample_seed": seed}
