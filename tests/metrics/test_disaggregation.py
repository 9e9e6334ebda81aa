"""One metric by group: what compares the groups, and what it says where there is nothing to compare."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.disaggregation import Disaggregated, mean_by_group

calm = partial(settings, deadline=None)  # a busy machine is no failure
NAMES = ("a", "b", "c", "d")


def disaggregated(*by_group, higher_is_better=True):
    return Disaggregated(NAMES[: len(by_group)], 0.7, by_group, higher_is_better)


def test_groups_are_compared_with_one_another():
    found = disaggregated(0.8, 0.5, 1.0)
    assert found.difference == pytest.approx(0.5)
    assert found.ratio == pytest.approx(0.5)
    assert found.worst == "b"
    assert disaggregated(0.8, 0.5, 1.0, higher_is_better=False).worst == "c"


def test_a_group_that_could_not_be_measured_may_be_the_worst():
    found = disaggregated(None, 0.6, 0.3, None)
    assert (found.difference, found.ratio, found.worst) == (pytest.approx(0.3), pytest.approx(0.5), None)


def test_one_measured_group_has_nothing_to_be_compared_with():
    found = disaggregated(None, 0.6)
    assert (found.difference, found.ratio, found.worst) == (None, None, None)
    nothing = disaggregated(None, None)
    assert (nothing.difference, nothing.ratio, nothing.worst) == (None, None, None)


def test_a_ratio_needs_values_above_zero():
    assert disaggregated(-0.1, 0.3).ratio is None
    assert disaggregated(-0.1, 0.3).difference == pytest.approx(0.4)
    assert disaggregated(-0.3, -0.1).ratio is None
    assert disaggregated(0.0, 0.0).ratio is None
    assert disaggregated(0.0, 0.3).ratio == 0


def test_equal_groups():
    found = disaggregated(0.4, 0.4)
    assert (found.difference, found.ratio, found.worst) == (0, 1, "a")  # the first of equals


def test_the_report_of_a_metric():
    found = disaggregated(0.25, None, 0.5)
    assert found.to_dict() == {
        "overall": 0.7,
        "by_group": [0.25, None, 0.5],
        "difference": 0.25,
        "ratio": 0.5,
        "worst": None,
    }
    assert disaggregated(0.25, 0.5).to_dict()["worst"] == "a"
    assert found.to_dict(key="by_class")["by_class"] == [0.25, None, 0.5]
    assert "by_group" not in found.to_dict(key="by_class")


def test_means_worked_out_by_hand():
    right = np.array([True, True, False, True, False])
    found = mean_by_group(right, np.array([0, 0, 0, 2, -1]), ("a", "b", "c"))
    assert found.by_group == (pytest.approx(2 / 3), None, 1.0)
    assert found.overall == pytest.approx(3 / 5)  # the undecided image too
    assert (found.names, found.worst, found.higher_is_better) == (("a", "b", "c"), None, True)
    groups = np.array([0, 0, 0, 1, -1])
    assert mean_by_group(right, groups, NAMES[:2]).worst == NAMES[0]
    assert mean_by_group(right, groups, NAMES[:2], higher_is_better=False).worst == NAMES[1]


def test_the_mean_of_no_images_has_no_value():
    found = mean_by_group([], [], ["a", "b"])
    assert (found.overall, found.by_group, found.worst) == (None, (None, None), None)


def key(value):
    """Values must differ, or `worst` depends on the order; any number of groups may be unmeasured."""
    return object() if value is None else value


@calm()
@given(
    st.lists(st.one_of(st.none(), st.integers(-50, 50)), min_size=4, max_size=4, unique_by=key),
    st.permutations(range(4)),
    st.booleans(),
)
def test_permuting_the_groups_changes_no_comparison(values, order, higher_is_better):
    found = Disaggregated(NAMES, None, tuple(values), higher_is_better)
    permuted = Disaggregated(
        tuple(NAMES[i] for i in order), None, tuple(values[i] for i in order), higher_is_better
    )
    assert (permuted.difference, permuted.ratio, permuted.worst) == (
        found.difference,
        found.ratio,
        found.worst,
    )


@calm()
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1), st.permutations(range(4)))
def test_permuting_the_groups_permutes_means(pairs, order):
    groups, values = np.array(pairs).T
    names = ["", "", "", ""]
    for group, name in zip(order, NAMES, strict=True):
        names[group] = name
    found, permuted = (
        mean_by_group(values, groups, NAMES),
        mean_by_group(values, np.take(order, groups), names),
    )
    assert tuple(permuted.by_group[group] for group in order) == found.by_group
    assert permuted.overall == found.overall


def test_names_and_values_must_match():
    with pytest.raises(InputError, match="2 names but 3 values"):
        Disaggregated(("a", "b"), 0.5, (0.1, 0.2, 0.3), True)
