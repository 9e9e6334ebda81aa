"""Is a synthetic table like the real one, column by column and pair by pair, and does it copy real rows?"""

import itertools

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.fidelity import precision_recall_density_coverage

MAX_ROWS = 5000  # for what compares all pairs of rows
BLOCK = 512


def column_similarity(real, synthetic, sizes):
    """One minus the total variation distance of each column: 1 for equal shares, 0 for no value in common.

    Args:
        real, synthetic: int codes, shape `(N, n_columns)` and `(M, n_columns)`.
        sizes: number of codes of each column.

    Returns:
        Float, shape `(n_columns,)`.
    """
    _check(real, synthetic, sizes)
    return np.array([_similarity(real[:, i], synthetic[:, i], size) for i, size in enumerate(sizes)])


def pair_similarity(real, synthetic, sizes):
    """The same for each pair of columns, of their joint values.

    Args:
        real, synthetic, sizes: as in `column_similarity`.

    Returns:
        Float, shape `(n_columns, n_columns)`, symmetric; 1 on the diagonal.
    """
    _check(real, synthetic, sizes)
    found = np.eye(len(sizes))
    for i, j in itertools.combinations(range(len(sizes)), 2):
        pairs = (codes[:, i] * sizes[j] + codes[:, j] for codes in (real, synthetic))
        found[i, j] = found[j, i] = _similarity(*pairs, sizes[i] * sizes[j])
    return found


def neighbours(real, synthetic, sizes, k=5, seed=0):
    """Precision, recall, density and coverage of rows, on indicators of all values.

    Args:
        real, synthetic, sizes: as in `column_similarity`; at most 5,000 rows of each are drawn.
        k: neighbours.
        seed: seed of that choice, and of noise so small that it only parts rows that are equal.

    Returns:
        As `quality.precision_recall_density_coverage`.
    """
    rng = np.random.default_rng(seed)
    sides = []
    for codes in (real, synthetic):
        rows = one_hot(codes[rng.permutation(len(codes))[:MAX_ROWS]], sizes)
        sides.append(rows + 1e-3 * rng.standard_normal(rows.shape))
    return precision_recall_density_coverage(*sides, k=k)


def closest_records(training, held_out, synthetic, sizes, seed=0):
    """Distance to the closest training record, for synthetic rows and for real ones that were held out.

    The distance of two rows is the number of columns in which their codes differ.

    Args:
        training, held_out, synthetic: int codes, shapes `(N, n_columns)` and so on.
        sizes: number of codes of each column.
        seed: seed of the choice of at most 5,000 rows of each.

    Returns:
        dict: `distance`, `distance_held_out`: means; `copies`, `copies_held_out`: shares of rows that equal
        a training row; `closer_to_training`: share of synthetic rows that are closer to a training row than
        to a held-out one, of as many of each, ties half: 0.5 is as good as it gets, 1 is copying.
    """
    rng = np.random.default_rng(seed)
    n = min(len(training), len(held_out), MAX_ROWS)
    drawn = [rows[rng.permutation(len(rows))[:MAX_ROWS]] for rows in (held_out, synthetic)]
    to_training = [closest(rows, training, sizes) for rows in drawn]
    ends = [closest(drawn[1], rows[rng.permutation(len(rows))[:n]], sizes) for rows in (training, held_out)]
    return {
        "distance": float(to_training[1].mean()),
        "distance_held_out": float(to_training[0].mean()),
        "copies": float((to_training[1] == 0).mean()),
        "copies_held_out": float((to_training[0] == 0).mean()),
        "closer_to_training": float(np.mean((ends[0] < ends[1]) + 0.5 * (ends[0] == ends[1]))),
    }


def closest(rows, others, sizes):
    """Fewest columns in which each row differs from any of the others, int, shape `(N,)`."""
    others = one_hot(others, sizes).T
    found = []
    for start in range(0, len(rows), BLOCK):
        equal = one_hot(rows[start : start + BLOCK], sizes) @ others  # columns in which two rows agree
        found.append(len(sizes) - np.rint(equal.max(axis=1)).astype(int))
    return np.concatenate(found)


def one_hot(codes, sizes):
    """Indicators of all values of all columns, float32, shape `(N, sum of sizes)`."""
    return np.concatenate(
        [np.eye(size, dtype=np.float32)[codes[:, i]] for i, size in enumerate(sizes)], axis=1
    )


def _similarity(real, synthetic, size):
    shares = [np.bincount(codes, minlength=size) / len(codes) for codes in (real, synthetic)]
    return 1.0 - 0.5 * np.abs(shares[0] - shares[1]).sum()


def _check(real, synthetic, sizes):
    for side, codes in (("real", real), ("synthetic", synthetic)):
        if codes.ndim != 2 or codes.shape[1] != len(sizes) or len(codes) == 0:
            raise InputError(
                f"{side} rows have shape {codes.shape}: expected (N, {len(sizes)}), N >= 1, a code a column."
            )
        if codes.min() < 0 or (codes >= np.asarray(sizes)).any():
            raise InputError(f"{side} rows have codes out of range: expected 0 to size - 1 of each column.")
