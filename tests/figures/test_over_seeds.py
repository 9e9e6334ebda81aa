"""Runs brought together for a figure: their order, common steps, marks and axes."""

import pytest

from repfair_keras.figures.over_seeds import at_common_steps, by_method, marks, spans_decades


def test_methods_are_sorted_and_unknown_ones_come_last():
    assert list(by_method(["mine", "repfair", "gan"], str)) == ["gan", "repfair", "mine"]


def test_a_mean_is_taken_only_where_every_run_has_a_value():
    steps, values = at_common_steps([{1: 1.0, 2: 2.0, 3: 3.0}, {}, {2: 4.0, 3: 5.0, 4: 6.0}])
    assert (steps, values) == ([2, 3], [[2, 4], [3, 5]])
    assert at_common_steps([{}]) == at_common_steps([{1: 1.0}, {}]) == ([], []), "of one run there is no mean"


def test_few_points_are_marked():
    assert marks([0] * 25)["marker"] == "o" and marks([0] * 26) == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], False), ([1, 19], False), ([1, 21], True), ([0, 21], False), ([-1, 5], False)],
)
def test_a_logarithmic_axis_needs_positive_values_and_decades(values, expected):
    assert spans_decades(values) is expected
