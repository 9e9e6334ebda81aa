"""Power against simulated runs."""

import numpy as np
import pytest
from scipy import stats

from repfair_keras.papers.registered import two_arms
from repfair_keras.papers.registered.power import _rank_p, fisher_power, rank_power, tost_power


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    monkeypatch.setattr(two_arms, "RESAMPLES", 20)  # of intervals, which are not looked at


def share_below(draw, test, n=400):
    return np.mean([test(*draw()).p <= 0.05 for _ in range(n)])


def test_of_exact_tests():
    rng = np.random.default_rng(0)
    found = share_below(lambda: (rng.random(12) < 0.6, rng.random(30) < 0.05), two_arms.fisher, 1000)
    assert fisher_power((12, 30), (0.6, 0.05)) == pytest.approx(found, abs=0.03)


def test_of_six_ten_and_twelve_runs():
    """None lost against one half."""
    assert [round(fisher_power((n, n), (0.0, 0.5)), 2) for n in (6, 10, 12)] == [0.11, 0.62, 0.81]


def test_of_ranks():
    rng = np.random.default_rng(0)
    found = share_below(lambda: (rng.normal(0.9539, 1, 20), rng.normal(0, 1, 20)), two_arms.mann_whitney)
    assert rank_power((20, 20), 0.75) == pytest.approx(
        found, abs=0.06
    )  # P(first > second) = Phi(.9539 / sqrt 2)


@pytest.mark.parametrize("n", [(2, 2), (3, 5), (6, 4)])
def test_p_values_of_ranks_are_those_of_scipy(n):
    rng, found = np.random.default_rng(0), {}
    for _ in range(300):
        first, second = (rng.normal(size=size) for size in n)
        above = int((first[:, None] > second).sum())
        found[above] = stats.mannwhitneyu(first, second, method="exact").pvalue
    assert found == pytest.approx({above: _rank_p(*n)[above] for above in found})


def test_two_runs_of_each_can_show_nothing():
    assert rank_power((2, 2), 0.999) == 0.0 and rank_power((6, 6), 0.999) > 0.9


def test_of_equivalence():
    rng = np.random.default_rng(0)
    found = share_below(
        lambda: (rng.normal(0, 0.05, 15), rng.normal(0, 0.05, 20)), lambda a, b: two_arms.tost(a, b, 0.05)
    )
    assert tost_power(0.05 * np.sqrt(1 / 15 + 1 / 20), 0.05) == pytest.approx(found, abs=0.05)
    assert tost_power(0.3, 0.05) == 0
