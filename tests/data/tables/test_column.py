"""Columns to codes and back; what cannot be numbered is refused by name and row."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.column import Column
from repfair_keras.data.tables.fit_column import even_edges, fit_column


def series(*values, dtype=None):
    return pd.Series(values, name="x", dtype=dtype)


def back(column, data, uniforms=0.5):
    codes = column.encode(data, "table")
    return column.decode(codes, np.full(len(data), uniforms))


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (series("b", "a", "b"), series("a").dtype),
        (series(True, False, True), bool),
        (series(1, 5, 3), "int64"),
        (series(0.5, 1.25, 7.0), "float64"),
        (series(3.0, 1.0), "int64"),
    ],
)
def test_few_values_come_back_as_they_were(data, dtype):
    decoded = back(fit_column(data), data)
    assert decoded.tolist() == data.tolist()
    assert decoded.dtype == dtype


def test_text_loses_the_spaces_around_it():
    assert fit_column(series(" a", "b ")).values == ("a", "b")


@settings(deadline=None)  # how long it takes is no matter of this test
@given(st.lists(st.integers(-1000, 1000), min_size=30, max_size=80).filter(lambda x: len(set(x)) > 1))
def test_a_decoded_number_has_the_code_that_it_was_decoded_from(values):
    data = series(*values)
    column = fit_column(data)
    codes = column.encode(data, "table")
    for uniform in (0.0, 0.3, 0.999):
        decoded = column.decode(codes, np.full(len(codes), uniform))
        assert decoded.dtype == "int64"
        assert decoded.between(min(values), max(values)).all()
        assert (column.encode(decoded, "table") == codes).all()


def test_bins_hold_equally_many_and_a_frequent_value_has_its_own():
    rng = np.random.default_rng(0)
    numbers = np.concatenate([np.zeros(900), rng.uniform(1, 2, 700)])
    column = fit_column(series(*numbers), n_bins=8)
    counts = np.bincount(column.encode(series(*numbers), "table"))
    assert column.size == 8
    assert counts[0] == 900
    assert counts[1:].min() >= 99
    assert counts[1:].max() <= 101


def test_decoded_numbers_are_distributed_as_the_training_values():
    rng = np.random.default_rng(0)
    numbers = np.round(rng.gamma(2.0, 10.0, 5000), 2)
    column = fit_column(series(*numbers))
    decoded = column.decode(column.encode(series(*numbers), "table"), rng.random(5000))
    at = np.linspace(0.02, 0.98, 25)
    np.testing.assert_allclose(np.quantile(decoded, at), np.quantile(numbers, at), rtol=0.06, atol=0.2)
    assert column.decimals == 2
    assert (decoded == decoded.round(2)).all()


def test_edges_of_few_values_are_the_values():
    assert even_edges(np.array([3.0, 1.0, 2.0, 2.0]), 8).tolist() == [2.0, 3.0]


def test_given_edges_without_values_are_left_out():
    column = fit_column(series(0.0, 1.0, 9.0, 9.5), edges=[2.0, 4.0, 6.0])
    assert column.edges == (6.0,)
    assert column.encode(series(1.0, 3.0, 7.0), "table").tolist() == [0, 0, 1]


def test_missing_values_are_refused_by_row_or_kept_as_a_category():
    data = series(1.0, None, 2.0)
    with pytest.raises(InputError, match=r"'x' has no value in row 2 .* --missing category"):
        fit_column(data)
    column = fit_column(data, missing="category")
    assert column.names == ("1", "2", "missing")
    decoded = back(column, data)
    assert decoded.tolist()[::2] == [1, 2]
    assert decoded.isna().tolist() == [False, True, False]
    text = fit_column(series("a", None, "b"), missing="category")
    decoded = back(text, series("b", None, "a"))
    assert decoded.tolist()[::2] == ["b", "a"]
    assert decoded.isna().tolist() == [False, True, False]


def test_missing_in_new_rows_only():
    with pytest.raises(InputError, match=r"no value in row 1"):
        fit_column(series("a", "b")).encode(series(None, "a"), "table")


def test_unseen_category_is_named_with_its_row():
    with pytest.raises(InputError, match=r"new.csv: column 'x' is 'c' in row 2 .* Known: a, b"):
        fit_column(series("a", "b")).encode(series("a", "c"), "new.csv")


@pytest.mark.parametrize("data", [series("a", "a"), series(1, 1), series(None, None), series(None, 1.0)])
def test_constant_column_is_refused(data):
    with pytest.raises(InputError, match=r"column 'x' is .* in every row.*: expected at least two values"):
        fit_column(data, missing="category")


def test_text_where_numbers_are_expected_is_named_with_its_row():
    with pytest.raises(InputError, match=r"'x' is 'old' in row 2 .* expected a number"):
        fit_column(series("3", "old", "5"), kind="numeric")
    column = fit_column(series("3", "4.5", "5"), kind="numeric")
    with pytest.raises(InputError, match=r"'x' is 'old' in row 1"):
        column.encode(series("old", "3"), "table")


def test_infinite_numbers_are_refused():
    with pytest.raises(InputError, match="infinite in row 2"):
        fit_column(series(1.0, np.inf, 2.0, 3.5))
    with pytest.raises(InputError, match="infinite in row 2"):
        fit_column(series(1.0, 2.0)).encode(series(1.0, np.inf), "table")


@pytest.mark.parametrize("data", [series("a", "b", None), series(0.5, 1.0, 7.25), series(True, False)])
def test_stored_and_read_again(data):
    column = fit_column(data, missing="category")
    assert Column.from_dict(json.loads(json.dumps(column.to_dict()))) == column


def test_new_values_of_another_type_are_no_known_ones():
    numbers = fit_column(series(1, 2, 3), kind="categorical")
    assert numbers.encode(series(2.0, 3.0), "table").tolist() == [1, 2]
    for wrong in (2.7, "x"):
        with pytest.raises(InputError, match=r"in row 2 .* training did not have"):
            numbers.encode(series(1, wrong), "table")
    flags = fit_column(series(True, False))
    assert flags.encode(series("True", "False", True), "table").tolist() == [1, 0, 1]
    with pytest.raises(InputError, match="'no' in row 1"):
        flags.encode(series("no"), "table")


def test_small_numbers_keep_their_digits():
    data = series(1.5e-7, 3.25e-7, 9e-8)
    assert back(fit_column(data), data).tolist() == pytest.approx(data.tolist(), rel=1e-5)


def test_text_of_whole_numbers_comes_back_as_whole_numbers():
    data = series("3", "4", "3")
    assert back(fit_column(data, kind="numeric"), data).tolist() == [3, 4, 3]
    assert back(fit_column(data, kind="numeric"), data).dtype == "int64"


def test_infinity_is_a_value_that_whole_numbers_do_not_have():
    numbers = fit_column(series(1, 2, 3), kind="categorical")
    for wrong in (np.inf, -np.inf, "1e999"):
        with pytest.raises(InputError, match=r"inf|1e999.* in row 2 .* training did not have"):
            numbers.encode(series(1, wrong), "table")
