"""Tables over two indices, and the association in them."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation import association, cross_table

calm = partial(settings, deadline=None)  # a busy machine is no failure
indices = arrays(np.int64, 30, elements=st.integers(-1, 2))


def test_pairs_are_counted_and_undecided_ones_left_out():
    rows, columns = np.array([0, 0, 1, -1, 1, 1, -1]), np.array([2, 2, 0, 1, -1, 0, -1])
    table = cross_table(rows, columns, 2, 3)
    assert table.dtype == np.int64
    assert table.tolist() == [[0, 0, 2], [2, 0, 0]]
    assert cross_table([-1, 0], [1, -1], 2, 2).tolist() == [[0, 0], [0, 0]]
    assert cross_table(np.array([20], np.uint8), np.array([20], np.uint8), 21, 21)[20, 20] == 1  # no overflow


@calm()
@given(indices, indices, st.permutations(range(3)))
def test_permuting_the_groups_permutes_rows(rows, columns, order):
    renamed = np.append(order, -1)[rows]
    table, permuted = cross_table(rows, columns, 3, 3), cross_table(renamed, columns, 3, 3)
    np.testing.assert_array_equal(permuted[order], table)
    np.testing.assert_array_equal(cross_table(columns, rows, 3, 3), table.T)
    assert table.sum() == np.sum((rows >= 0) & (columns >= 0))
    assert association(permuted) == (
        None if association(table) is None else pytest.approx(association(table))
    )


def test_association_worked_out_by_hand():
    assert association([[30, 20], [60, 40]]) == pytest.approx(0, abs=1e-9)
    assert association(np.diag([5, 8, 2])) == pytest.approx(1)
    # chi-square of [[30, 10], [20, 40]] is n (ad - bc)^2 over the product of the margins.
    assert association([[30, 10], [20, 40]]) == pytest.approx((1000**2 / (40 * 60 * 50 * 50)) ** 0.5)


def test_association_agrees_with_the_chi_square_of_scipy():
    table = np.random.default_rng(0).integers(1, 50, (3, 4))
    chi_square = stats.chi2_contingency(table, correction=False).statistic
    assert association(table) == pytest.approx((chi_square / table.sum() / 2) ** 0.5)


@pytest.mark.parametrize(
    "counts", [[[0, 0], [3, 4]], [[0, 3], [0, 4]], [[3, 4]], [[3], [4]], [[0, 0], [0, 0]]]
)
def test_association_without_a_value_is_none(counts):
    assert association(counts) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cross_table([], [], 2, 2), "row indices .* one index per image"),
        (lambda: cross_table([0, 2], [0, 0], 2, 2), "row index 2 is out of range, expected 0 to 1"),
        (lambda: cross_table([0, 0], [0, 3], 2, 3), "column index 3 is out of range, expected 0 to 2"),
        (lambda: cross_table([0, -2], [0, 0], 2, 2), "row index -2 is out of range"),
        (lambda: cross_table([0, 1], [0], 2, 2), "2 rows but 1 columns"),
        (lambda: cross_table([0.0, 1.0], [0, 1], 2, 2), "row indices .* expected integers"),
        (lambda: cross_table([0, 1], [[0, 1]], 2, 2), "column indices have shape"),
        (lambda: association([3, 4]), "expected a table"),
        (lambda: association([[3, -1], [1, 1]]), ">= 0"),
        (lambda: association([[3, np.nan], [1, 1]]), ">= 0"),
        (lambda: association([[0.3, 0.2], [0.1, 0.4]]), "give images, not shares"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
