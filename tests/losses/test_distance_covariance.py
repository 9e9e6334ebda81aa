"""V^2(Z, S) against its definition, an integral, and against its formula, transcribed."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate, stats

from repfair_keras.losses.distance_covariance import distance_covariance


def codes(n=40, size=3, k=3, seed=0):
    rng = np.random.default_rng(seed)
    groups = np.concatenate([np.arange(k), rng.integers(0, k, n - k)])
    return rng.normal(size=(n, size)) + groups[:, None], rng.normal(size=(n, size)) - 1.0, groups


def measured(mean, log_variance, groups, unbiased=False):
    arrays = tf.constant(mean, tf.float32), tf.constant(log_variance, tf.float32)
    return float(distance_covariance(*arrays, tf.constant(groups, tf.int32), unbiased))


def transcribed(mean, log_variance, groups):
    """The formula as it is printed: a kernel for each pair of sets, in double precision."""
    variance = np.exp(log_variance)

    def mean_kernel(a, b):  # I(A, B)
        total = variance[a][:, None] + variance[b][None]
        squares = (mean[a][:, None] - mean[b][None]) ** 2 / total
        return np.mean(np.exp(-0.5 * np.sum(np.log(2 * np.pi * total) + squares, axis=2)))

    every = np.ones(len(groups), bool)
    value = 0.0
    for s in np.unique(groups):
        own = groups == s
        value += own.mean() ** 2 * (mean_kernel(every, every) + mean_kernel(own, own))
        value -= own.mean() ** 2 * 2 * mean_kernel(own, every)
    return value


@pytest.mark.parametrize(("size", "k"), [(1, 2), (3, 3), (8, 2)])
def test_equals_the_formula(size, k):
    drawn = codes(size=size, k=k)
    assert measured(*drawn) == pytest.approx(transcribed(*drawn), rel=1e-5)


def test_equals_the_integral_of_the_squared_difference_of_densities():
    mean, log_variance, groups = np.array([[-1.0], [0.5], [2.0]]), np.array([[0.0], [-1.0], [0.5]]), [0, 1, 1]
    deviations = np.exp(0.5 * log_variance[:, 0])

    def squared(z):
        each = stats.norm.pdf(z, mean[:, 0], deviations)
        joint = np.array([each[0], each[1] + each[2]]) / 3  # p(z, s)
        return np.sum((joint - each.mean() * np.array([1 / 3, 2 / 3])) ** 2)

    expected, _ = integrate.quad(squared, -12, 12)
    assert measured(mean, log_variance, groups) == pytest.approx(expected, rel=1e-3)


def test_zero_for_groups_with_the_same_codes_and_positive_otherwise():
    mean, log_variance, _ = codes(n=20, k=2)
    twice = np.tile(mean, (2, 1)), np.tile(log_variance, (2, 1))
    apart = measured(*twice, np.arange(40) % 2)
    assert abs(measured(*twice, np.arange(40) // 20)) < 1e-3 * apart
    assert apart > 0


def test_a_single_group_has_no_covariance():
    mean, log_variance, _ = codes()
    assert abs(measured(mean, log_variance, np.zeros(40))) < 1e-9


def test_gradient_is_that_of_finite_differences():
    mean, log_variance, groups = codes(n=12, size=2, k=2)
    variables = [tf.constant(each, tf.float32) for each in (mean, log_variance)]
    with tf.GradientTape() as tape:
        tape.watch(variables)
        value = 3.0 * distance_covariance(*variables, tf.constant(groups, tf.int32))
    step = 1e-5
    for number, gradient in enumerate(tape.gradient(value, variables)):
        for place in np.ndindex(mean.shape):
            ends = []
            for sign in (1, -1):
                moved = [mean.copy(), log_variance.copy()]
                moved[number][place] += sign * step
                ends.append(transcribed(*moved, groups))
            slope = 3.0 * (ends[0] - ends[1]) / (2 * step)
            assert float(gradient[place]) == pytest.approx(slope, rel=2e-3, abs=1e-6)


def test_the_u_statistic_pairs_no_code_with_itself():
    """Two codes at 0 and one at 2 in the first group, one at 0 in the second; all variances 1/2, so N(.; 0, 1)."""
    mean = np.array([[0.0], [0.0], [2.0], [0.0]])
    at_0, at_2 = stats.norm.pdf([0.0, 2.0])
    own = {
        0: (at_0 + 2 * at_2) / 3,
        1: 0.0,
    }  # of different codes: one pair at 0, two at 2; none in the second group
    across = (2 * at_0 + at_2) / 3
    p = {0: 0.75, 1: 0.25}
    every = sum(p[s] ** 2 * own[s] for s in p) + 2 * p[0] * p[1] * across
    expected = sum(p[s] ** 2 * (every + own[s] - 2 * (p[s] * own[s] + p[1 - s] * across)) for s in p)
    found = measured(mean, np.full((4, 1), np.log(0.5)), [0, 0, 0, 1], unbiased=True)
    assert found == pytest.approx(expected, rel=1e-5)


def test_the_mean_of_the_u_statistic_does_not_depend_on_the_batch():
    """Codes that tell nothing of the group: the V-statistic falls with the batch, the U-statistic is 0 on average."""
    rng = np.random.default_rng(0)
    values = {}
    for n in (16, 64):
        drawn = [(rng.normal(size=(n, 1)), np.full((n, 1), -1.0), np.arange(n) % 2) for _ in range(400)]
        for unbiased in (True, False):
            values[n, unbiased] = [measured(*each, unbiased) for each in drawn]
    for n in (16, 64):
        error = np.std(values[n, True]) / 20
        assert abs(np.mean(values[n, True])) < 4 * error
        assert np.mean(values[n, False]) > 4 * error
    assert np.mean(values[16, False]) > 3 * np.mean(values[64, False])


def test_the_u_statistic_of_groups_apart_is_that_of_the_v_statistic_in_large_batches():
    mean, log_variance, groups = codes(n=1000, size=2, k=2)
    both = [measured(mean, log_variance, groups, unbiased) for unbiased in (True, False)]
    assert 0.8 * both[1] < both[0] < both[1]
