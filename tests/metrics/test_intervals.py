"""Intervals over seeds against values worked out by hand, and their coverage."""

import numpy as np
import pytest
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.intervals import mean_interval, paired_difference


def test_interval_worked_out_by_hand():
    # Mean 2, standard error 1 / sqrt(3); t of 2 degrees of freedom at 97.5 % is 4.302653.
    found = mean_interval([1, 2, None, 3, float("nan")])
    assert found == pytest.approx((2, 2 - 4.302653 / np.sqrt(3), 2 + 4.302653 / np.sqrt(3), 3), rel=1e-6)


def test_interval_agrees_with_scipy():
    values = np.random.default_rng(0).normal(size=7)
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    assert mean_interval(values, 0.9)[1:3] == pytest.approx((low, high))


def test_an_interval_is_cut_to_the_range_of_the_values():
    assert mean_interval([0.0, 0.5, 1.0], low=0, high=1)[:3] == (0.5, 0, 1)
    low, high = mean_interval([0.0, 0.5, 1.0], low=-1)[1:3]
    half = 4.302653 / np.sqrt(12)
    assert (low, high) == pytest.approx((0.5 - half, 0.5 + half), rel=1e-6)


def test_one_value_has_no_interval_and_none_no_mean():
    assert mean_interval([5.0]) == (5.0, None, None, 1)
    assert mean_interval([None]) == (None, None, None, 0)


def test_intervals_cover_the_mean_as_often_as_they_say():
    draws = np.random.default_rng(0).normal(3, 2, size=(2000, 4))
    covered = [low <= 3 <= high for _, low, high, _ in map(mean_interval, draws)]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def test_pairs_are_the_seeds_that_both_have():
    first, second = {0: 1.0, 1: 2.0, 2: None, 3: 9.0}, {0: 2.0, 1: 5.0, 2: 7.0, 4: 1.0}
    assert paired_difference(first, second) == mean_interval([1.0, 3.0])


def test_pairing_takes_out_what_the_seeds_share():
    rng = np.random.default_rng(0)
    seeds = rng.normal(0, 10, 6)
    first = dict(enumerate(seeds))
    second = dict(enumerate(seeds + 1 + rng.normal(0, 0.1, 6)))
    mean, low, high, _ = paired_difference(first, second)
    assert 0.5 < low < 1 < mean + 0.2 < high + 0.4
    assert high - low < 1
    unpaired = mean_interval(second.values())
    assert unpaired.high - unpaired.low > 5


@pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
def test_a_bad_level_is_named(level):
    with pytest.raises(InputError, match=f"level is {level}"):
        mean_interval([1, 2], level)
