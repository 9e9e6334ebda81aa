"""Averages over a part of training, by hand."""

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.over_training import early_mean, late_mean, values_between

ROWS = [
    {"step": 10.0, "share/a": 0.9},
    {"step": 20.0, "share/a": 0.7, "undecided": 0.5},
    {"step": 30.0},
    {"step": 40.0, "share/a": 0.2, "undecided": None},
    {"step": 50.0, "share/a": 0.4, "undecided": float("nan")},
    {"step": 60.0, "share/a": 0.0},
]


def test_late_rows_are_those_after_half_of_the_steps():
    # The second half of 60 steps begins after step 30: 0.2, 0.4 and 0.0, which counts.
    assert late_mean(ROWS, "share/a") == pytest.approx(0.2)
    assert late_mean(ROWS, "share/a", since=0.7) == pytest.approx(0.2)  # 0.4 and 0.0
    assert late_mean(ROWS, "share/a", since=0) == pytest.approx(2.2 / 5)


def test_a_row_at_the_border_is_early():
    rows = [{"step": 1.0, "x": 1.0}, {"step": 2.0, "x": 3.0}, {"step": 4.0, "x": 9.0}]
    assert (early_mean(rows, "x"), late_mean(rows, "x")) == (2, 9)
    assert early_mean(rows, "x", until=0.25) == 1


def test_what_was_not_measured_late_has_no_mean():
    assert late_mean(ROWS, "undecided") is None
    assert early_mean(ROWS, "undecided") == 0.5
    assert late_mean(ROWS, "never") is None
    assert late_mean([], "share/a") is None


def test_values_keep_their_order_and_parts_do_not_overlap():
    parts = [values_between(ROWS, "share/a", *ends) for ends in ((0, 0.5), (0.5, 0.75), (0.75, 1))]
    assert parts == [[0.9, 0.7], [0.2], [0.4, 0.0]]


@pytest.mark.parametrize("ends", [(1, 1), (-0.1, 1), (0.5, 0.5), (0, 50), (float("nan"), 1)])
def test_a_bad_part_is_named(ends):
    with pytest.raises(InputError, match="part of training is"):
        values_between(ROWS, "share/a", *ends)


def test_a_bad_beginning_is_named():
    with pytest.raises(InputError, match="50 to 1"):
        late_mean(ROWS, "share/a", since=50)
