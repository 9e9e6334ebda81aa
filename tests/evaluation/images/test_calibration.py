"""Probabilities and thresholds keep what they promise, on planted classifiers."""

import numpy as np
import pytest
from scipy.special import softmax

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.calibration import calibrate
from repfair_keras.evaluation.images.thresholds import allowed, thresholds
from repfair_keras.metrics.calibration import expected_calibration_error


def planted(n_by_group, seed=0, sharpness=2.0):
    """Logits whose softmax is the chance of each group where groups are equally frequent, and the groups."""
    rng, groups = np.random.default_rng(seed), np.repeat(np.arange(len(n_by_group)), n_by_group)
    evidence = rng.normal(0, 1, len(groups)) + sharpness * np.where(groups == 1, 0.5, -0.5)
    return np.stack([np.zeros(len(groups)), sharpness * evidence], axis=1), groups


def test_calibration_error_worked_out_by_hand():
    chances = np.array([[0.95, 0.05], [0.95, 0.05], [0.35, 0.65], [0.31, 0.69]])
    found = expected_calibration_error(chances, np.array([0, 1, 1, 1]))
    assert found == pytest.approx((abs(1 - 1.9) + abs(2 - 1.34)) / 4)
    assert expected_calibration_error([[1.0, 0.0]], [0]) == 0
    with pytest.raises(InputError, match=r"probabilities have shape \(0, 2\)"):
        expected_calibration_error(np.zeros((0, 2)), np.zeros(0, int))


@pytest.mark.parametrize("sizes", [(2000, 2000), (3800, 200)])
def test_a_network_too_sure_of_itself_and_of_the_frequent_group_is_calibrated(sizes):
    logits, groups = planted(sizes)
    found, loss = calibrate(3 * logits + np.array([2.0, 0.0]), groups)
    assert found.temperature == pytest.approx(3, rel=0.15)
    assert np.diff(found.bias)[0] == pytest.approx(2 / 3, abs=0.15)
    chances = found.chances(3 * logits + np.array([2.0, 0.0]))
    np.testing.assert_allclose(chances, softmax(logits, axis=1), atol=0.06)
    right = [np.mean(chances.argmax(axis=1)[groups == group] == group) for group in (0, 1)]
    assert abs(np.diff(right)[0]) < 0.08
    assert 0.2 < loss < 0.5


def test_few_images_do_not_make_a_network_perfect():
    found, _ = calibrate(np.array([[5.0, 0], [4, 0], [0, 5], [0, 3]]), np.array([0, 0, 1, 1]))
    assert found.temperature > 0.4
    assert found.chances([[0.0, 0.0]])[0] == pytest.approx([0.5, 0.5], abs=0.05)


@pytest.mark.parametrize("sizes", [(1000, 1000), (1400, 100), (500, 300, 200)])
def test_at_most_the_stated_share_of_each_group_is_undecided(sizes):
    rng, k, most = np.random.default_rng(1), len(sizes), []
    for _ in range(100):
        groups = np.repeat(np.arange(k), sizes)
        logits = rng.normal(0, 1, (len(groups), k)) + 2 * np.eye(k)[groups]
        found = thresholds(softmax(logits, axis=1), groups, 0.05, 1.0)
        fresh = np.repeat(np.arange(k), 4000)
        chances = softmax(rng.normal(0, 1, (len(fresh), k)) + 2 * np.eye(k)[fresh], axis=1)
        unclear = chances.max(axis=1) < found[chances.argmax(axis=1)]
        most.append(max(unclear[fresh == group].mean() for group in range(k)))
    assert np.mean(np.array(most) <= 0.05) >= 0.85  # of 100, where 0.9 or more are meant
    assert np.mean(most) > 0.01


def test_thresholds_are_never_above_the_confidence():
    logits, groups = planted((500, 500), sharpness=8.0)
    chances = softmax(logits, axis=1)
    assert np.all(thresholds(chances, groups, 0.05, 0.9) <= 0.9)
    np.testing.assert_array_equal(thresholds(chances, groups, 1.0, 0.9), [0.9, 0.9])
    np.testing.assert_array_equal(thresholds(chances, groups, 0.0, 0.9), [0, 0])
    np.testing.assert_array_equal(thresholds(chances, groups, 0.05, 0.0), [0, 0])


def test_permuting_groups_permutes_thresholds():
    rng = np.random.default_rng(0)
    groups = np.repeat([0, 1, 2], [300, 200, 100])
    chances = softmax(rng.normal(0, 1, (600, 3)) + 2 * np.eye(3)[groups], axis=1)
    found, order = thresholds(chances, groups, 0.05, 0.9), np.array([2, 0, 1])
    np.testing.assert_allclose(
        thresholds(chances[:, order], np.argsort(order)[groups], 0.05, 0.9), found[order]
    )


def test_images_that_may_be_undecided():
    assert [allowed(n, 0.05) for n in (5, 18, 19, 60, 1000)] == [-1, -1, 0, 0, 40]
    assert allowed(100, 1.0) == 100
    assert allowed(100, 0.0) == -1
