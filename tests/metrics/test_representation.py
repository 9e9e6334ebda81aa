"""Shares and distances against values worked out elsewhere, and their properties."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.representation import (
    chebyshev_distance,
    fairness_discrepancy,
    gap,
    kl_divergence,
    l1_distance,
    proportions,
    total_variation,
)

calm = partial(settings, deadline=None)  # a busy machine is no failure
DISTANCES = (fairness_discrepancy, l1_distance, total_variation, kl_divergence, chebyshev_distance)


@st.composite
def shares(draw, k=None):
    """k shares, some of them 0, that sum to 1."""
    k = k or draw(st.integers(2, 6))
    counts = draw(arrays(np.int64, k, elements=st.integers(0, 1000)).filter(lambda a: a.sum() > 0))
    return counts / counts.sum()


@st.composite
def shares_and_targets(draw):
    p = draw(shares())
    counts = draw(arrays(np.int64, len(p), elements=st.integers(1, 1000)))
    return p, counts / counts.sum()


def test_groups_that_never_occur_keep_their_place():
    assert proportions(np.array([2, 2, 0, 2]), 5).tolist() == [0.25, 0, 0.75, 0, 0]


@pytest.mark.parametrize(
    ("measure", "p", "expected"),
    [
        (fairness_discrepancy, [1, 0], 0.70711),  # sqrt(1 - 1/2)
        (fairness_discrepancy, [0, 0, 1, 0], 0.86603),  # sqrt(1 - 1/4)
        (fairness_discrepancy, [0.6, 0.4], 0.14142),
        (fairness_discrepancy, [0.515, 0.485], 0.02121),
        (total_variation, [0.6, 0.4], 0.1),
        (total_variation, [0, 0, 1, 0], 0.75),  # 1 - 1/4
        (l1_distance, [0.6, 0.4], 0.2),
        (l1_distance, [0, 0, 1, 0], 1.5),  # 2 (1 - 1/4)
        (chebyshev_distance, [0.5, 0.1, 0.2, 0.2], 0.25),
        (chebyshev_distance, [0.3, 0.3, 0.3, 0.1], 0.15),  # a share below its target counts as one above
        (kl_divergence, [0.6, 0.4], 0.02014),
        (kl_divergence, [0.59, 0.41], 0.01629),  # the paper's gap of 18 %
        (kl_divergence, [0.515, 0.485], 0.00045),  # and of 3 %
        (kl_divergence, [1, 0, 0], 1.09861),  # ln 3
        (gap, [0.59, 0.41], 0.18),
        (gap, [0.5, 0, 0.2, 0.3], 0.5),
    ],
)
def test_known_values(measure, p, expected):
    assert measure(np.array(p)) == pytest.approx(expected, abs=5e-6)


def test_distances_to_a_target_worked_out_by_hand():
    p, target = np.array([0.6, 0.3, 0.1]), np.array([0.5, 0.25, 0.25])
    assert l1_distance(p, target) == pytest.approx(0.3)
    assert total_variation(p, target) == pytest.approx(0.15)
    assert chebyshev_distance(p, target) == pytest.approx(0.15)
    assert fairness_discrepancy(p, target) == pytest.approx(0.035**0.5)
    assert kl_divergence(p, target) == pytest.approx(0.9 * np.log(1.2) + 0.1 * np.log(0.4))


def test_a_group_that_must_not_occur_makes_kl_infinite():
    assert kl_divergence([0.9, 0.1], target=[1, 0]) == np.inf
    assert kl_divergence([1, 0], target=[1, 0]) == 0


@calm()
@given(shares_and_targets())
def test_distances_are_zero_only_at_the_target(pair):
    p, target = pair
    for distance in DISTANCES:
        assert distance(target, target) == pytest.approx(0, abs=1e-12)
        assert distance(p, target) >= 0
        if np.abs(p - target).max() > 1e-4:
            assert distance(p, target) > 1e-9


@calm()
@given(shares_and_targets(), st.randoms(use_true_random=False))
def test_permuting_the_groups_changes_no_distance(pair, random):
    p, target = pair
    order = np.array(random.sample(range(len(p)), len(p)))
    for distance in DISTANCES:
        assert distance(p[order], target[order]) == pytest.approx(distance(p, target), abs=1e-12)
        assert distance(p[order]) == pytest.approx(distance(p), abs=1e-12)
    assert gap(p[order]) == gap(p)


@calm()
@given(st.lists(st.integers(0, 4), min_size=1, max_size=50), st.permutations(range(5)))
def test_permuting_the_groups_permutes_shares(predicted, order):
    predicted, order = np.array(predicted), np.array(order)
    p, permuted = proportions(predicted, 5), proportions(order[predicted], 5)
    assert p.sum() == pytest.approx(1)
    np.testing.assert_array_equal(permuted[order], p)


@calm()
@given(shares(k=3))
def test_distances_to_uniform_stay_in_their_ranges(p):
    assert fairness_discrepancy(p) <= np.sqrt(1 - 1 / 3) + 1e-12
    assert l1_distance(p) == pytest.approx(2 * total_variation(p))
    assert total_variation(p) <= 1 - 1 / 3 + 1e-12
    assert chebyshev_distance(p) <= 1 - 1 / 3 + 1e-12
    assert kl_divergence(p) <= np.log(3) + 1e-12
    assert 0 <= gap(p) <= 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: proportions(np.array([], dtype=int), 2), "at least one image"),
        (lambda: proportions(np.array([0, 2]), 2), "index 2 is out of range, expected 0 to 1"),
        (lambda: proportions(np.array([0, -1]), 2), "index -1 is out of range"),
        (lambda: proportions(np.array([0.0, 1.0]), 2), "expected integers"),
        (lambda: kl_divergence([0.5, 0.6]), "sum to 1"),
        (lambda: gap([1.5, -0.5]), "numbers >= 0"),
        (lambda: total_variation([0.5, np.nan]), "sum to 1"),
        (lambda: fairness_discrepancy([[0.5, 0.5]]), "shape"),
        (lambda: fairness_discrepancy([0.5, 0.5], [0.2, 0.3, 0.5]), "one target per group"),
        (lambda: fairness_discrepancy([0.5, 0.5], [0.5, 0.6]), "target"),
        (lambda: l1_distance([0.5, "half"]), "no array of numbers"),
        (lambda: l1_distance([0.5, 0.5], [1]), "one target per group"),
        (lambda: chebyshev_distance([]), "shape"),
        (lambda: chebyshev_distance([np.inf, 0.5]), "sum to 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InputError, match=message):
        call()
