"""Shares corrected for the classifier's error, and the coverage of their intervals."""

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation import (
    ILL_CONDITIONED,
    bootstrap_interval,
    condition_number,
    corrected_proportions,
    expected_proportions,
    fairness_discrepancy,
    share_intervals,
    target_test,
)

calm = partial(settings, deadline=None)  # a busy machine is no failure
TWO = np.array([[0.9471627, 1 - 0.9471627], [1 - 0.9829295, 0.9829295]])


def rates(*accuracies):
    """Rates of a classifier with these accuracies, whose errors go to the other groups alike."""
    k = len(accuracies)
    rows = np.array([np.full(k, (1 - accuracy) / (k - 1)) for accuracy in accuracies])
    np.fill_diagonal(rows, accuracies)
    return rows


@st.composite
def shares_and_confusions(draw):
    """Shares (some 0) of k groups and the counts of a classifier that is mostly right."""
    k = draw(st.integers(2, 5))
    counts = draw(arrays(np.int64, k, elements=st.integers(0, 1000)).filter(lambda a: a.sum() > 0))
    errors = draw(arrays(np.int64, (k, k), elements=st.integers(0, 100)))
    confusion = errors + np.diag(draw(arrays(np.int64, k, elements=st.integers(300, 1000))))
    return counts / counts.sum(), confusion


@pytest.mark.parametrize(("p", "seen"), [(0.5, 0.4821), (0.6, 0.5751), (0.9, 0.8542)])
def test_published_accuracies_take_shares_there_and_back(p, seen):
    expected = expected_proportions([p, 1 - p], TWO)
    assert expected == pytest.approx([seen, 1 - seen], abs=5e-5)
    np.testing.assert_allclose(corrected_proportions(expected, TWO), [p, 1 - p], rtol=1e-12)


def test_a_balanced_generator_looks_unfair_to_this_classifier():
    assert fairness_discrepancy(expected_proportions([0.5, 0.5], TWO)) == pytest.approx(0.0253, abs=5e-5)


def test_two_groups_are_corrected_by_rogan_and_gladen():
    a0, a1 = 0.9, 0.8
    confusion = [[450, 50], [40, 160]]  # rows of unlike sums are rates of their own
    for seen in (0.0, 0.1, 0.3, 0.5, 0.85, 0.95, 1.0):
        p0 = np.clip((seen - (1 - a1)) / (a0 + a1 - 1), 0, 1)
        np.testing.assert_allclose(
            corrected_proportions([seen, 1 - seen], confusion), [p0, 1 - p0], atol=1e-12
        )


@pytest.mark.parametrize("counts", [[120, 60, 20], [140, 60, 0]])  # within reach of the rates, and out of it
def test_counts_and_shares_of_one_sample_are_corrected_alike(counts):
    a = corrected_proportions(counts, rates(0.9, 0.8, 0.95))
    b = corrected_proportions(np.array(counts) / 200, rates(0.9, 0.8, 0.95) * 1000)
    np.testing.assert_allclose(a, b, rtol=1e-12)


def test_a_perfect_classifier_is_believed():
    np.testing.assert_array_equal(corrected_proportions([5, 0, 15], np.eye(3)), [0.25, 0, 0.75])
    assert condition_number(np.eye(3) * 70) == pytest.approx(1)


def test_the_condition_number_flags_a_classifier_near_guessing():
    # Symmetric rates [[a, 1 - a], [1 - a, a]] have the eigenvalues 1 and 2 a - 1.
    assert condition_number(rates(0.8, 0.8)) == pytest.approx(1 / 0.6)
    assert condition_number(rates(0.54, 0.54)) > ILL_CONDITIONED > condition_number(rates(0.56, 0.56))
    assert condition_number([[7, 3], [70, 30]]) == np.inf


@calm()
@given(shares_and_confusions())
def test_the_correction_inverts_what_the_classifier_does(pair):
    p, confusion = pair
    assume(condition_number(confusion) < 1e3)
    seen = expected_proportions(p, confusion)
    assert seen.sum() == pytest.approx(1)
    np.testing.assert_allclose(corrected_proportions(seen, confusion), p, atol=1e-9)


@calm()
@given(shares_and_confusions(), st.randoms(use_true_random=False))
def test_permuting_the_groups_permutes_corrected_shares(pair, random):
    seen, confusion = pair  # as seen, these can be out of the reach of any shares
    order = np.array(random.sample(range(len(seen)), len(seen)))
    assume(condition_number(confusion) < 1e3)
    corrected = corrected_proportions(seen, confusion)
    permuted = corrected_proportions(seen[order], confusion[np.ix_(order, order)])
    np.testing.assert_allclose(permuted, corrected[order], atol=1e-9)
    assert corrected.min() >= 0
    assert corrected.sum() == pytest.approx(1)


@pytest.mark.parametrize("k", [2, 3, 4, 6])
def test_shares_out_of_reach_agree_with_a_general_optimiser(k):
    rng = np.random.default_rng(k)
    outside = 0
    for _ in range(12):
        matrix = 0.6 * np.eye(k) + 0.4 * rng.dirichlet(np.ones(k), size=k)
        seen = rng.dirichlet(np.full(k, 0.4))
        outside += np.linalg.solve(matrix.T, seen).min() < 0
        found = optimize.minimize(
            lambda p, matrix=matrix, seen=seen: 1e3 * ((matrix.T @ p - seen) ** 2).sum(),
            np.full(k, 1 / k),
            method="SLSQP",
            bounds=[(0, 1)] * k,
            constraints={"type": "eq", "fun": lambda p: p.sum() - 1},
            options={"ftol": 1e-14, "maxiter": 500},
        )
        np.testing.assert_allclose(corrected_proportions(seen, matrix), found.x, rtol=1e-3, atol=1e-5)
    assert outside >= 6  # else this would test the solution of linear equations


def coverage(p, accuracies, n, n_validation, interval, n_generators=300):
    """Share of simulated generators, each with a new validation, whose interval holds the true shares."""
    rng, true_rates = np.random.default_rng(0), rates(*accuracies)
    covered = np.zeros(len(p))
    for seed in range(n_generators):
        counts = rng.multinomial(n, true_rates.T @ p)
        confusion = np.array([rng.multinomial(n_validation, row) for row in true_rates])
        low, high = interval(counts, confusion, seed).T
        covered += (low <= p) & (p <= high)
    return covered / n_generators


def joint(counts, confusion, seed):
    return bootstrap_interval(counts, confusion, seed=seed)


def sample_noise_alone(counts, confusion, seed):
    """The exact interval of the shares seen, its ends corrected by a matrix taken for exact (k = 2)."""
    low, high = share_intervals(counts)[0]
    ends = [corrected_proportions([end, 1 - end], confusion)[0] for end in (low, high)]
    return np.array([ends, [1 - ends[1], 1 - ends[0]]])


@pytest.mark.parametrize(
    ("p", "accuracies", "n_validation"),
    [
        ([0.5, 0.5], (0.947, 0.983), 1000),
        ([0.5, 0.5], (0.947, 0.983), 100),
        ([0.9, 0.1], (0.947, 0.983), 1000),
        ([1 / 3] * 3, (0.9, 0.95, 0.97), 1000),
    ],
)
def test_intervals_cover_the_true_shares(p, accuracies, n_validation):
    covered = coverage(np.array(p), accuracies, 2000, n_validation, joint)
    assert np.all((covered >= 0.92) & (covered <= 0.99)), covered


@pytest.mark.slow
def test_an_interval_of_the_sample_alone_covers_less_than_it_says():
    covered = coverage(np.array([0.5, 0.5]), (0.947, 0.983), 2000, 100, sample_noise_alone)
    assert np.all(covered < 0.86), covered


def test_intervals_of_a_collapsed_generator_hold_the_collapse():
    intervals = bootstrap_interval([2000, 0], np.array([[947, 53], [17, 983]]))
    assert intervals[0, 1] == 1
    assert intervals[1, 0] == 0
    assert intervals[0, 0] > 0.95


def test_intervals_hold_the_corrected_share_even_where_no_draw_reaches_it():
    # Dirichlet draws lie inside (0, 1), half of them away from its ends.
    intervals = bootstrap_interval([50, 0], 20_000 * np.eye(2, dtype=int), level=0.5)
    assert (intervals[0, 1], intervals[1, 0]) == (1, 0)


def test_zero_cells_keep_the_width_that_their_number_of_images_leaves_open():
    few, many = (bootstrap_interval([500, 500], n * np.eye(2, dtype=int))[0] for n in (20, 20_000))
    assert np.ptp(few) > 1.2 * np.ptp(many)  # no error among 20 images is no proof of none
    # Nothing was seen of the second group in 50 images: its share can be about Jeffreys' 0.0492.
    empty = bootstrap_interval([50, 0], 20_000 * np.eye(2, dtype=int), n_resamples=20_000)[1]
    assert empty == pytest.approx([0, 0.0492], abs=0.004)


def test_more_images_of_either_kind_make_the_interval_narrower():
    confusion = np.array([[90, 10], [5, 95]])
    widths = [
        np.ptp(bootstrap_interval(counts, scale * confusion)[0])
        for counts, scale in (([50, 50], 1), ([5000, 5000], 1), ([5000, 5000], 100))
    ]
    assert widths[0] > 1.3 * widths[1] > 1.3 * 1.3 * widths[2]


def test_a_wider_level_gives_a_wider_interval_around_the_corrected_share():
    confusion = np.array([[90, 7, 3], [5, 90, 5], [2, 8, 90]])
    wide, narrow = (bootstrap_interval([300, 500, 200], confusion, level=level) for level in (0.99, 0.5))
    corrected = corrected_proportions([300, 500, 200], confusion)
    ends = np.stack([wide[:, 0], narrow[:, 0], corrected, narrow[:, 1], wide[:, 1]])
    assert np.all(np.diff(ends, axis=0) > 0)


def test_a_classifier_that_may_be_guessing_leaves_everything_open():
    # 11 and 9 of 20: many resamples are singular or take the groups for one another.
    intervals = bootstrap_interval([700, 300], [[11, 9], [9, 11]], n_resamples=4000)
    np.testing.assert_allclose(intervals, [[0, 1], [0, 1]], atol=1e-12)


def test_singular_resamples_are_survived(monkeypatch):
    from repfair_keras.metrics.representation import correction

    def without_noise(counts, n_resamples, rng):  # rows alike: no classifier at all
        rows = np.ones_like(counts) if counts.ndim == 2 else counts
        return np.broadcast_to(rows / rows.sum(axis=-1, keepdims=True), (n_resamples, *counts.shape))

    monkeypatch.setattr(correction, "_dirichlet", without_noise)
    intervals = bootstrap_interval([30, 50, 20], [[9, 1, 0], [0, 9, 1], [1, 0, 9]])
    assert np.all((intervals >= 0) & (intervals <= 1))


def test_the_seed_decides_the_draws():
    call = partial(bootstrap_interval, [300, 700], [[90, 10], [5, 95]])
    np.testing.assert_array_equal(call(seed=1), call(seed=1))
    assert np.any(call(seed=1) != call(seed=2))


@calm(max_examples=15)
@given(st.permutations(range(3)))
def test_permuting_the_groups_permutes_intervals(order):
    counts, confusion = np.array([300, 500, 200]), np.array([[90, 7, 3], [5, 90, 5], [2, 18, 80]])
    intervals = bootstrap_interval(counts, confusion, n_resamples=4000)
    permuted = bootstrap_interval(counts[order], confusion[np.ix_(order, order)], n_resamples=4000)
    np.testing.assert_allclose(permuted, intervals[order], atol=0.015)  # noise of the draws


GOOD = np.array([[9, 1], [1, 9]])


def target_test_of_equal_shares(counts, confusion):
    return target_test(counts, confusion, None)


@pytest.mark.parametrize("function", [corrected_proportions, bootstrap_interval, target_test_of_equal_shares])
@pytest.mark.parametrize(
    ("counts", "confusion", "message"),
    [
        ([], GOOD, "at least one image"),
        ([0, 0], GOOD, "at least one image"),
        ([3, -1], GOOD, ">= 0"),
        ([3, np.nan], GOOD, ">= 0"),
        ([3, np.inf], GOOD, ">= 0"),
        ([[3, 1]], GOOD, "shape"),
        ([3, "one"], GOOD, "no array of numbers"),
        ([3, 1, 2], GOOD, "one row and one column per group"),
        ([3, 1], [[5, 5], [5, 5]], "singular.*train it longer"),
        ([3, 1, 2], [[9, 1, 0], [0, 5, 5], [0, 5, 5]], "singular"),
        ([3, 1, 2], [[9, 1, 0], [2, 8, 0], [4, 6, 0]], "singular"),  # a group that is never predicted
        ([3, 1], [[9, 1], [0, 0]], "row 1 .* no decided images.*add real images"),
        ([3, 1], [[9, -1], [1, 9]], "numbers >= 0"),
        ([3, 1], [[9, np.nan], [1, 9]], "numbers >= 0"),
        ([3, 1], [9, 1], r"expected \(k, k\)"),
        ([3, 1], [[9, 1, 0, 0], [1, 9, 0, 0]], r"expected \(k, k\)"),
        ([3, 1], [[9, 1], [1]], "no array of numbers"),
    ],
)
def test_bad_counts_and_matrices_are_named(function, counts, confusion, message):
    with pytest.raises(InputError, match=message):
        function(counts, confusion)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bootstrap_interval([0.6, 0.4], GOOD), "give images, not shares"),
        (lambda: bootstrap_interval([6, 4], rates(0.9, 0.8)), "give images, not shares"),
        (lambda: bootstrap_interval([6, 4], GOOD, level=95), "level 95"),
        (lambda: bootstrap_interval([6, 4], GOOD, level=np.nan), "level nan"),
        (lambda: bootstrap_interval([6, 4], GOOD, n_resamples=0), "at least 1"),
        (lambda: target_test([0.6, 0.4], GOOD, None), "give images, not shares"),
        (lambda: target_test([6, 4], rates(0.9, 0.8), None), "give images, not shares"),
        (lambda: target_test([6, 4], GOOD, [0.5, 0.6]), "sum to 1"),
        (
            lambda: target_test([6, 4], GOOD, None, n_resamples=0),
            "n_resamples is 0, expected at least 2: give 1999",
        ),
        (lambda: target_test([6, 4], GOOD, None, n_resamples=1), "at least 2"),  # a covariance needs two
        (lambda: expected_proportions([0.6, 0.6], GOOD), "sum to 1"),
        (lambda: expected_proportions([0.2, 0.3, 0.5], GOOD), "one row and one column per group"),
        (lambda: condition_number([[9, 1], [0, 0]]), "no decided images"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_a_column_of_undecided_images_gives_rarely_decided_groups_their_share_back():
    confusion = np.array([[70, 10, 20], [5, 35, 60]])
    # Of shares .25, .75 decided, seen as 0: .25 * .7 + .75 * .05 = .2125, as 1: .25 * .1 + .75 * .35 = .2875.
    seen = np.array([0.2125, 0.2875]) / 0.5
    np.testing.assert_allclose(expected_proportions([0.25, 0.75], confusion), seen)
    np.testing.assert_allclose(corrected_proportions(seen, confusion), [0.25, 0.75])
    np.testing.assert_allclose(corrected_proportions([3, 1], np.eye(2, 3)), [0.75, 0.25])
    (low, high), _ = bootstrap_interval([425, 575], confusion)
    assert 0.05 < low < 0.25 < high < 0.5


def test_a_column_of_undecided_images_is_taken_into_account_by_the_test_of_the_target():
    confusion = np.array([[700, 100, 200], [50, 350, 600]])  # the second group is decided half as often
    seen = expected_proportions([0.5, 0.5], confusion)
    assert seen[0] == pytest.approx(0.625)
    assert target_test([625, 375], confusion, None).p_value > 0.9
    assert target_test([500, 500], confusion, None).p_value < 0.01


def test_a_group_that_is_never_decided_cannot_be_corrected():
    with pytest.raises(InputError, match=r"row 1 .* has no decided images"):
        corrected_proportions([1, 2], [[9, 1, 0], [0, 0, 10]])
