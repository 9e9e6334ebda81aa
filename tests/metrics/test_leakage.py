"""What classifiers can tell of the group from codes."""

import numpy as np
import pytest

from repfair_keras.metrics.leakage import PREDICTORS, leakage


def codes(n, seed, k=2, linear=0.0, radial=0.0):
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, k, n)
    z = rng.normal(size=(n, 4)) * (1 + radial * groups[:, None])
    z[:, 0] += linear * groups
    return z, groups


def found(**options):
    train, test = codes(3000, 0, **options), codes(2000, 1, **options)
    return leakage(*train, *test)


@pytest.mark.parametrize("k", [2, 3])
def test_nothing_to_be_told(k):
    result = found(k=k)
    for name in PREDICTORS:
        assert result[name]["auroc"] == pytest.approx(0.5, abs=0.04)
        assert result[name]["accuracy"] <= result["majority"] + 0.04


@pytest.mark.parametrize("k", [2, 3])
def test_shifted_codes_are_told_by_both(k):
    result = found(k=k, linear=2.0)
    assert min(result[name]["auroc"] for name in PREDICTORS) > 0.75


def test_a_difference_in_spread_is_told_by_trees_alone():
    result = found(radial=1.5)
    assert result["boosted_trees"]["auroc"] > 0.8
    assert result["logistic_regression"]["auroc"] < 0.6


def test_a_group_without_test_rows_is_left_out_of_the_mean():
    train, (z, groups) = codes(3000, 0, k=3, linear=2.0), codes(2000, 1, k=3, linear=2.0)
    few = groups != 2
    result = leakage(*train, z[few], groups[few])
    assert all(0.7 < result[name]["auroc"] <= 1 for name in PREDICTORS)
    alone = leakage(*train, z[groups == 1], groups[groups == 1])
    assert [alone[name]["auroc"] for name in PREDICTORS] == [None, None] and alone["majority"] == 1
