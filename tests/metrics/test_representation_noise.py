"""The noise of the sample: floor, exact intervals, test of balance and the epsilon of Definition 1."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation import (
    balance_test,
    epsilon,
    kl_divergence,
    noise_floor,
    share_intervals,
)

calm = partial(settings, deadline=None)  # a busy machine is no failure


@pytest.mark.parametrize(
    ("n", "k", "expected"), [(1000, 2, 0.0019), (10_000, 2, 0.00019), (1000, 10, 0.0084)]
)
def test_noise_floor_values(n, k, expected):
    assert noise_floor(n, k) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("k", [2, 5])
def test_balanced_samples_stay_below_the_noise_floor_as_often_as_it_says(k):
    counts = np.random.default_rng(0).multinomial(2000, [1 / k] * k, size=4000)
    below = np.mean([kl_divergence(row / 2000) < noise_floor(2000, k) for row in counts])
    assert below == pytest.approx(0.95, abs=0.015)


def test_intervals_worked_out_by_hand():
    # 0 of 10: the upper end solves (1 - p)^10 = 0.025; 10 of 10 mirrors it.
    end = 1 - 0.025**0.1
    np.testing.assert_allclose(share_intervals(np.array([0, 10])), [[0, end], [1 - end, 1]], rtol=1e-9)
    # 3 of 4 at 90 %: the ends solve P(X >= 3) = 0.05 and P(X <= 3) = 0.05.
    low, high = share_intervals(np.array([3, 1]), level=0.9)[0]
    assert stats.binom.sf(2, 4, low) == pytest.approx(0.05)
    assert stats.binom.cdf(3, 4, high) == pytest.approx(0.05)


@pytest.mark.slow
@calm(max_examples=30)
@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_intervals_cover_the_true_share(n, p):
    intervals = np.array([share_intervals(np.array([count, n - count]))[0] for count in range(n + 1)])
    covered = (intervals[:, 0] <= p) & (p <= intervals[:, 1])
    assert stats.binom.pmf(np.arange(n + 1), n, p)[covered].sum() >= 0.95 - 1e-9


@calm()
@given(arrays(np.int64, 4, elements=st.integers(0, 50)), st.permutations(range(4)))
def test_permuting_the_groups_permutes_intervals(counts, order):
    counts, order = counts + (counts.sum() == 0), np.array(order)
    np.testing.assert_array_equal(share_intervals(counts[order]), share_intervals(counts)[order])


@pytest.mark.parametrize(("counts", "target"), [([560, 440], None), ([95, 5], [0.9, 0.1]), ([0, 7], None)])
def test_two_groups_get_the_exact_binomial_test(counts, target):
    found = balance_test(counts, target)
    expected = stats.binomtest(counts[0], sum(counts), 0.5 if target is None else target[0])
    assert found.name == "exact binomial"
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    shares = [0.5, 0.5] if target is None else target
    assert found.statistic == pytest.approx(
        stats.chisquare(counts, np.multiply(shares, sum(counts))).statistic
    )


@pytest.mark.parametrize(
    ("counts", "target"), [([30, 50, 40], None), ([20, 30, 60, 90], [0.1, 0.2, 0.3, 0.4])]
)
def test_more_groups_get_the_chi_square_test(counts, target):
    found = balance_test(counts, target)
    shares = np.full(len(counts), 1 / len(counts)) if target is None else np.array(target)
    expected = stats.chisquare(counts, shares * sum(counts))
    assert found.name == "chi-square"
    assert (found.statistic, found.p_value) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-9)


def exact_p_value(counts, target):
    """Sum of the multinomial probabilities of all counts whose chi-square is as large."""
    n, expected = sum(counts), np.multiply(target, sum(counts))
    every = np.array([(i, j, n - i - j) for i in range(n + 1) for j in range(n + 1 - i)])
    statistics = ((every - expected) ** 2 / expected).sum(axis=1)
    as_far = statistics >= ((counts - expected) ** 2 / expected).sum() - 1e-9
    return stats.multinomial.pmf(every[as_far], n, target).sum()


@pytest.mark.parametrize(("counts", "target"), [([7, 2, 3], [1 / 3] * 3), ([10, 0, 2], [0.6, 0.3, 0.1])])
def test_few_images_get_a_simulated_test(counts, target):
    found = balance_test(counts, target)
    assert found.name == "Monte-Carlo chi-square"
    assert found.p_value == pytest.approx(exact_p_value(np.array(counts), target), abs=0.015)
    assert found == balance_test(counts, target, seed=0) != balance_test(counts, target, seed=1)


def test_the_most_and_least_likely_counts_of_few_images():
    assert balance_test([4, 4, 4]).p_value == 1
    assert balance_test([14, 0, 0]).p_value == 1 / 10_000  # no draw is as far: the least that it can say


@pytest.mark.parametrize("counts", [[9, 1], [8, 1, 1]])
def test_a_group_that_must_not_occur_and_does_has_no_probability(counts):
    found = balance_test(counts, target=[1, *[0] * (len(counts) - 1)])
    assert (found.p_value, found.statistic) == (0, np.inf)


def test_groups_that_neither_may_nor_do_occur_change_nothing():
    assert balance_test([60, 0, 40], target=[0.5, 0, 0.5]) == balance_test([60, 40])
    assert balance_test([60, 0], target=[1, 0]).p_value == 1


@calm()
@given(arrays(np.int64, 4, elements=st.integers(0, 90)), st.permutations(range(4)), st.booleans())
def test_permuting_the_groups_changes_no_test(counts, order, uniform):
    counts, order = counts + 1, np.array(order)
    target = np.full(4, 0.25) if uniform else np.array([0.1, 0.2, 0.3, 0.4])
    a, b = balance_test(counts, target), balance_test(counts[order], target[order])
    assert (a.name, a.statistic) == (b.name, pytest.approx(b.statistic))
    assert a.p_value == pytest.approx(b.p_value, abs=0.03 if a.name.startswith("Monte") else 1e-9)


@pytest.mark.parametrize("counts", [[50, 50], [40, 60, 50], [3, 1, 2]])
def test_a_balanced_generator_is_rejected_as_often_as_the_level_says(counts):
    k, n = len(counts), sum(counts)
    draws = np.random.default_rng(1).multinomial(n, [1 / k] * k, size=200)
    rejected = np.mean([balance_test(row).p_value < 0.05 for row in draws])
    assert rejected <= 0.09  # 0.05, and two and a half standard errors of 200 draws


def test_epsilon_of_one_sampling_is_the_distance_of_the_sample():
    predicted = np.repeat([0, 1], [600, 400])
    found = epsilon(predicted, 2, repeats=1)
    assert (found.distance, found.repeats, found.n) == ("kl", 1, 1000)
    assert found.epsilon == pytest.approx(kl_divergence([0.6, 0.4]))
    assert found.balanced_quantile == pytest.approx(noise_floor(1000, 2), rel=0.15)
    assert found.balanced_mean == pytest.approx(1 / 2000, rel=0.15)


def test_epsilon_is_the_largest_distance():
    # The one image of the second group is in one of four samplings: the others are collapsed.
    assert epsilon(np.repeat([0, 1], [39, 1]), 2, repeats=4).epsilon == pytest.approx(np.log(2))


@pytest.mark.parametrize("seed", range(8))
def test_samplings_hold_every_image_once(seed):
    found = epsilon(np.repeat([0, 1], [19, 1]), 2, target=[1, 0], repeats=2, seed=seed)
    assert (found.n, found.epsilon) == (10, np.inf)
    assert found.balanced_mean == found.balanced_quantile == 0  # on target the second group never occurs


def test_the_stated_bias_is_that_of_balanced_generators():
    rng = np.random.default_rng(0)
    runs = [epsilon(rng.integers(0, 3, 1000), 3, seed=seed) for seed in range(100)]
    values = [run.epsilon for run in runs]
    assert np.mean(values) == pytest.approx(runs[0].balanced_mean, rel=0.1)
    assert np.mean([run.epsilon <= run.balanced_quantile for run in runs]) == pytest.approx(0.95, abs=0.045)
    single = epsilon(rng.integers(0, 3, 100), 3, repeats=1)
    assert runs[0].balanced_mean > 2 * single.balanced_mean  # a maximum of ten is further off than one


def test_epsilon_shuffles_by_its_seed():
    predicted = np.random.default_rng(0).integers(0, 2, 1000)
    assert epsilon(predicted, 2, seed=3) == epsilon(predicted, 2, seed=3) != epsilon(predicted, 2, seed=4)
    # A sorted sample is no collapsed one.
    assert epsilon(np.sort(predicted), 2).epsilon < 0.1


@calm(max_examples=20)
@given(st.lists(st.integers(0, 2), min_size=30, max_size=90), st.permutations(range(3)))
def test_permuting_the_groups_changes_no_epsilon(predicted, order):
    predicted, order = np.array(predicted), np.array(order)
    a, b = epsilon(predicted, 3), epsilon(order[predicted], 3)
    assert (a.epsilon, a.balanced_mean) == pytest.approx((b.epsilon, b.balanced_mean))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: noise_floor(0, 2), "n >= 1"),
        (lambda: noise_floor(100, 1), "n_groups >= 2"),
        (lambda: noise_floor(100, 2, quantile=1), "quantile"),
        (lambda: share_intervals(np.array([0, 0])), "at least one image"),
        (lambda: share_intervals(np.array([3, -1])), ">= 0"),
        (lambda: share_intervals(np.array([3, 1]), level=95), "level 95"),
        (lambda: share_intervals([0.5, 0.5]), "whole numbers"),
        (lambda: share_intervals([[3, 1], [1, 3]]), "shape"),
        (lambda: balance_test([]), "at least one image"),
        (lambda: balance_test([0, 0]), "at least one image"),
        (lambda: balance_test([3, -1]), ">= 0"),
        (lambda: balance_test([3, np.nan]), ">= 0"),
        (lambda: balance_test([0.6, 0.4]), "give images, not shares"),
        (lambda: balance_test([6, 4], [0.2, 0.3, 0.5]), "one target per group"),
        (lambda: balance_test([6, 4], [0.2, 0.3]), "sum to 1"),
        (lambda: epsilon(np.zeros(19, int), 2), "draw 20 images or more"),
        (lambda: epsilon(np.zeros(19, int), 2, repeats=0), "at least 1 sampling"),
        (lambda: epsilon(np.array([], int), 2), "at least one image"),
        (lambda: epsilon(np.array([0, 1, 2] * 20), 2), "index 2 is out of range"),
        (lambda: epsilon(np.array([0, 1] * 20), 2, target=[1]), "one target per group"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
