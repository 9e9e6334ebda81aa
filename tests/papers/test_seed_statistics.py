"""Statistics over seeds, worked out by hand."""

import pytest

from repfair_keras.papers.seed_statistics import averaged, binomial_interval


def test_runs_of_one_seed_are_averaged():
    rows = [{"method": "gan", "seed": seed, "x": x} for seed, x in ((1, 0.4), (0, 0.1), (0, 0.3), (1, None))]
    assert averaged(rows, ["x"]) == [
        {"method": "gan", "seed": 0, "x": pytest.approx(0.2)},
        {"method": "gan", "seed": 1, "x": 0.4},
    ]


def test_exact_interval_worked_out_by_hand():
    # Six of six: the lower end p solves p^6 = 0.025; five of five: p^5 = 0.025, below one half.
    assert binomial_interval(6, 6) == pytest.approx((0.025 ** (1 / 6), 1))
    assert binomial_interval(5, 5)[0] < 0.5 < binomial_interval(6, 6)[0]
    assert binomial_interval(0, 3) == pytest.approx((0, 1 - 0.025 ** (1 / 3)))
