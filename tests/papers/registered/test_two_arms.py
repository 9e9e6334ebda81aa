"""Tests of two arms against SciPy's own tables, textbook examples and counting by hand."""

import itertools

import numpy as np
import pytest
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.papers.registered import two_arms
from repfair_keras.papers.registered.two_arms import fisher, holm, mann_whitney, median_interval, tost


def lots(k, n):
    return [True] * k + [False] * (n - k)


@pytest.mark.parametrize(("k", "p"), [((0, 3), 0.1818), ((0, 4), 0.0606), ((0, 2), 0.4545)])
def test_fisher_of_six_runs_in_each_arm(k, p):
    """The numbers of an audit of earlier pages: none of six against three, four and two of six."""
    assert fisher(lots(k[0], 6), lots(k[1], 6)).p == pytest.approx(p, abs=5e-5)


def test_fisher_counts_tables_that_are_no_likelier():
    """Tea: 3 of 4 cups right with 4 of 8 of each kind; p = 34/70, by hand (Fisher, The Design of Experiments)."""
    assert fisher(lots(3, 4), lots(1, 4)).p == pytest.approx(34 / 70)


def test_the_interval_of_a_difference_of_shares_is_newcombes():
    """His example: 56 of 70 against 48 of 80, 0.2 (0.0524 to 0.3339)."""
    compared = fisher(lots(56, 70), lots(48, 80))
    assert compared.difference == pytest.approx(0.2)
    assert (compared.low, compared.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_ranks_without_ties_are_counted_exactly():
    first, second = [1.1, 2.2, 5.0, 7.5], [0.3, 0.9, 2.0]
    u = sum(a > b for a, b in itertools.product(first, second))
    values = first + second
    every = [
        sum(values[i] > values[j] for i in chosen for j in set(range(7)) - set(chosen))
        for chosen in itertools.combinations(range(7), 4)
    ]
    p = np.mean(np.abs(np.array(every) - 6) >= abs(u - 6))
    assert mann_whitney(first, second).p == pytest.approx(p)


def test_ranks_with_ties_are_permuted():
    first, second = [1.0, 1.0, 1.0, 0.2, 1.0, 0.5], [0.1, 0.1, 0.2, 0.1, 0.3, 0.1]
    values = np.array(first + second)
    ranks = stats.rankdata(values)
    every = np.array([ranks[list(chosen)].sum() for chosen in itertools.combinations(range(12), 6)])
    p = np.mean(np.abs(every - every.mean()) >= abs(ranks[:6].sum() - every.mean()) - 1e-9)
    assert mann_whitney(first, second).p == pytest.approx(p, abs=0.003)


def test_the_shift_is_the_median_of_all_differences():
    compared = mann_whitney([5.0, 6.0, 9.0], [1.0, 2.0])
    assert compared.difference == np.median([4, 3, 5, 4, 8, 7])
    assert compared.low <= compared.difference <= compared.high
    same = mann_whitney([5.0, 6.0, 9.0], [1.0, 2.0])
    assert same == compared, "the same seed, the same interval"


def test_equivalence_is_two_one_sided_t_tests():
    rng = np.random.default_rng(0)
    first, second = rng.normal(0.85, 0.02, 10), rng.normal(0.86, 0.03, 14)
    compared = tost(first, second, 0.05)
    error = np.sqrt(first.var(ddof=1) / 10 + second.var(ddof=1) / 14)
    parts = (first.var(ddof=1) / 10, second.var(ddof=1) / 14)
    df = sum(parts) ** 2 / (parts[0] ** 2 / 9 + parts[1] ** 2 / 13)
    nearer = 0.05 - abs(first.mean() - second.mean())
    assert compared.p == pytest.approx(stats.t.sf(nearer / error, df))
    assert compared.high - compared.difference == pytest.approx(stats.t.ppf(0.975, df) * error)


def test_equivalence_is_not_shown_by_few_or_far_runs():
    assert tost([0.8, 0.95], [0.7, 0.99], 0.05).p > 0.05
    assert tost([0.80, 0.81, 0.82], [0.90, 0.91, 0.92], 0.05).p > 0.5
    assert tost([0.5, 0.5], [0.5, 0.5], 0.05).p == 0 and tost([0.5, 0.5], [0.6, 0.6], 0.05).p == 1


def test_holm_steps_down():
    """Holm's p values by hand: 4 x .005, 3 x .011, 2 x .02, and what would be less than the one before is as large."""
    assert holm([0.011, 0.02, 0.7, 0.005]) == pytest.approx([0.033, 0.04, 0.7, 0.02])
    assert holm([0.04, 0.03, 0.02]) == pytest.approx([0.06, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_an_interval_of_a_median_holds_it(monkeypatch):
    monkeypatch.setattr(two_arms, "RESAMPLES", 500)
    rng, held = np.random.default_rng(0), 0
    for _ in range(200):
        low, high = median_interval(rng.exponential(size=25))
        held += low <= np.log(2) <= high
    assert held / 200 > 0.9


@pytest.mark.parametrize("test", [fisher, mann_whitney, lambda a, b: tost(a, b, 0.1)])
def test_an_empty_arm_is_refused(test):
    with pytest.raises(InputError, match="arms of 0 and 3 runs"):
        test([], [True, False, True])


def test_a_margin_of_nothing_is_refused():
    with pytest.raises(InputError, match="margin is 0: expected a number above 0"):
        tost([1.0, 2.0], [1.0, 2.0], 0)


def test_the_sign_of_ranks_is_known_where_the_median_difference_is_0():
    compared = mann_whitney([0.0] * 18 + [1.0] * 12, [0.0] * 30)
    assert compared.difference == 0 and compared.p < 0.01 and compared.sign == 1
    assert mann_whitney([0.0] * 30, [0.0] * 18 + [1.0] * 12).sign == -1
    assert mann_whitney([0.0, 1.0], [0.0, 1.0]).sign == 0
