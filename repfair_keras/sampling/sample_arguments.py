"""What may be asked of a sampler, checked: number, seed, labels, counts and shares."""

from numbers import Integral

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.export.saved_model import METADATA
from repfair_keras.export.table_sampler import ENDPOINTS
from repfair_keras.sampling.group_requests import (
    expected_form,
    groups_and_labels,
    requests_from_counts,
    requests_from_shares,
)

DEFAULT_IMAGES, DEFAULT_ROWS = 64, 1000


def check_numbers(n: int | None, seed: int):
    """Raises `InputError` for a number of samples that is no integer of at least 1, or a seed outside [0, 2^31)."""
    if n is not None and not (isinstance(n, Integral) and n >= 1):
        raise InputError(f"n is {n!r}: expected an integer of at least 1.")
    if not (isinstance(seed, Integral) and 0 <= seed < 2**31):
        raise InputError(f"seed is {seed!r}: expected an integer in [0, 2^31).")


def repeated_labels(labels, sampler, n: int):
    """Returns `n` labels, the given ones repeated; `None` for none.

    Raises:
        InputError: if the generator takes no labels, or one is not a class.
    """
    if not labels:
        return None
    if not sampler.takes_labels:
        raise InputError("labels are given, but this generator was trained without classes. Leave them out.")
    n_classes = len(sampler.class_names) or max(labels) + 1
    wrong = [label for label in labels if not 0 <= label < n_classes]
    if wrong:
        raise InputError(f"label {wrong[0]} is no class: expected integers from 0 to {n_classes - 1}.")
    return np.resize(labels, n)


def image_requests(sampler, n, labels, counts, shares, instruments):
    """Returns the `GroupRequest`s; `None` if groups are left to the generator."""
    if counts is None and shares is None:
        if instruments is not None:
            raise InputError(
                "instruments tell the groups that --counts or --shares ask for: leave them out without these."
            )
        return None
    _check_one_way(n, counts, shares)
    if labels:
        raise InputError(
            "counts and shares say how many images of which class there are: leave --labels out, and name a "
            "class with its group, as white/3."
        )
    if not sampler.group_names:
        raise InputError(
            f"{sampler.folder} holds no {METADATA} that names its groups. Export the generator again."
        )
    if counts is not None:
        return requests_from_counts(counts, sampler.group_names, sampler.class_names)
    return requests_from_shares(shares, n or DEFAULT_IMAGES, sampler.group_names, sampler.class_names)


def row_groups(sampler, n, counts, shares):
    """Returns the group of each row, or the name of the shares that an endpoint draws them with."""
    if counts is not None:
        _check_one_way(n, counts, shares)
        requests = requests_from_counts(counts, sampler.group_names)
        return groups_and_labels(requests, 0)[0]
    shares = sampler.usual_shares if shares is None else shares
    if isinstance(shares, str) and shares in ENDPOINTS:
        return shares
    elif isinstance(shares, str) and "=" not in shares:
        words, form = ", ".join(map(repr, ENDPOINTS)), expected_form("shares", sampler.group_names)
        raise InputError(f"shares is {shares!r}: expected one of {words}; or {form}.")
    else:
        requests = requests_from_shares(shares, n or DEFAULT_ROWS, sampler.group_names)
    return groups_and_labels(requests, 0)[0]


def _check_one_way(n, counts, shares):
    if counts is not None and shares is not None:
        raise InputError(f"shares is {shares!r}, but counts say how many there are: leave one out.")
    if counts is not None and n is not None:
        raise InputError(f"n is {n}, but counts say how many there are: leave --n out, or name --shares.")
