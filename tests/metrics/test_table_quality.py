"""Quality and privacy of tables: small ones by hand, and halves of a table against each other."""

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.tabular_similarity import (
    closest,
    closest_records,
    column_similarity,
    neighbours,
    pair_similarity,
)

SIZES = [2, 3]
REAL = np.array([[0, 0], [0, 1], [1, 2], [1, 2]])
OTHER = np.array([[0, 0], [0, 0], [0, 2], [1, 2]])


def drawn(n, seed, sizes=(4, 6, 3, 5)):
    """Rows whose columns depend on the first."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, sizes[0], n)
    rest = [(first * (i + 1) + (rng.random(n) < 0.3)) % size for i, size in enumerate(sizes[1:])]
    return np.stack([first, *rest], axis=1)


def test_columns_and_pairs_by_hand():
    # shares of column 0: 2/4 2/4 and 3/4 1/4; of column 1: 1 1 2 and 2 0 2 of 4
    assert column_similarity(REAL, OTHER, SIZES).tolist() == [0.75, 0.75]
    # pairs (0,0) (0,1) (0,2) (1,2): 1 1 0 2 and 2 0 1 1 of 4
    pairs = pair_similarity(REAL, OTHER, SIZES)
    assert pairs[0, 1] == pairs[1, 0] == 0.5
    assert pairs.diagonal().tolist() == [1, 1]


def test_independent_columns_are_right_alone_and_wrong_in_pairs():
    real = drawn(5000, 0)
    rng = np.random.default_rng(1)
    shuffled = np.stack([rng.permutation(column) for column in real.T], axis=1)
    sizes = [4, 6, 3, 5]
    assert column_similarity(real, shuffled, sizes).min() == 1.0
    assert pair_similarity(real, shuffled, sizes)[0, 1] < 0.6
    assert pair_similarity(real, drawn(5000, 2), sizes).min() > 0.95


def test_neighbours_of_halves_and_of_other_rows():
    sizes = [4, 6, 3, 5]
    halves = neighbours(drawn(400, 0), drawn(400, 1), sizes)
    assert min(halves[name] for name in ("precision", "recall", "coverage")) > 0.85
    rng = np.random.default_rng(0)
    wild = np.stack([rng.integers(0, size, 400) for size in sizes], axis=1)
    assert neighbours(drawn(400, 0), wild, sizes)["precision"] < 0.5


def test_closest_by_hand():
    assert closest(np.array([[0, 0], [1, 1], [1, 2]]), REAL[:2], SIZES).tolist() == [0, 1, 2]


def test_copies_are_told_from_new_rows():
    sizes = [50] * 6
    rng = np.random.default_rng(0)
    training, held_out, new = (rng.integers(0, 50, (500, 6)) for _ in range(3))
    fresh = closest_records(training, held_out, new, sizes)
    copied = closest_records(training, held_out, training[:300], sizes)
    assert fresh["copies"] == 0
    assert fresh["closer_to_training"] == pytest.approx(0.5, abs=0.06)
    assert fresh["distance"] == pytest.approx(fresh["distance_held_out"], abs=0.1)
    assert copied["copies"] == 1
    assert copied["distance"] == 0
    assert copied["closer_to_training"] == 1


@pytest.mark.parametrize("wrong", [np.zeros((0, 2), int), np.zeros((3, 1), int), np.full((3, 2), 2)])
def test_rows_that_do_not_fit(wrong):
    with pytest.raises(InputError, match="synthetic rows have"):
        column_similarity(REAL, wrong, SIZES)
