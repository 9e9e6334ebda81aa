"""Ratios and differences between groups: by hand, and against fairlearn."""

import numpy as np
import pytest
from fairlearn import metrics

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.tables import (
    demographic_parity_difference,
    demographic_parity_ratio,
    equalized_odds_difference,
    equalized_odds_ratio,
    parity,
)

# Of f, 1 of 4 is predicted positive, of m 3 of 4; true positive rates 1/2 and 1, false ones 0 and 1/2.
GROUPS = list("ffffmmmm")
TARGETS = [1, 1, 0, 0, 1, 1, 0, 0]
PREDICTED = [1, 0, 0, 0, 1, 1, 1, 0]


def simulated(seed, k=3, n=400):
    rng = np.random.default_rng(seed)
    groups = rng.choice(list("abcdef")[:k], n)
    targets = rng.random(n) < 0.4
    return rng.random(n) < 0.3 + 0.2 * targets + 0.1 * (groups == "a"), targets, groups


def test_by_hand():
    assert demographic_parity_ratio(PREDICTED, GROUPS) == pytest.approx(1 / 3)
    assert demographic_parity_difference(PREDICTED, GROUPS) == pytest.approx(1 / 2)
    assert equalized_odds_ratio(PREDICTED, TARGETS, GROUPS) == 0
    assert equalized_odds_difference(PREDICTED, TARGETS, GROUPS) == pytest.approx(1 / 2)
    assert parity(PREDICTED, TARGETS, GROUPS)["accuracy"][0] == pytest.approx(6 / 8)


@pytest.mark.parametrize(("seed", "k"), [(0, 2), (1, 3), (2, 5)])
def test_equals_fairlearn(seed, k):
    predicted, targets, groups = simulated(seed, k)
    arguments = {"y_true": targets, "y_pred": predicted, "sensitive_features": groups}
    found = parity(predicted, targets, groups)
    for name in ("demographic_parity_ratio", "demographic_parity_difference"):
        expected = getattr(metrics, name)(**arguments)
        assert found[name][0] == pytest.approx(expected)
        assert globals()[name](predicted, groups) == pytest.approx(expected)
    for name in ("equalized_odds_ratio", "equalized_odds_difference"):
        expected = getattr(metrics, name)(**arguments)
        assert found[name][0] == pytest.approx(expected)
        assert globals()[name](predicted, targets, groups) == pytest.approx(expected)


def test_no_false_positive_in_any_group_leaves_the_true_ones_as_in_fairlearn():
    predicted = [1, 0, 0, 0, 1, 1, 0, 0]
    expected = metrics.equalized_odds_ratio(TARGETS, predicted, sensitive_features=GROUPS)
    assert equalized_odds_ratio(predicted, TARGETS, GROUPS) == pytest.approx(expected) == pytest.approx(0.5)
    opposite = [1 - each for each in TARGETS]  # no true positive in any group, all false ones
    assert equalized_odds_ratio(opposite, TARGETS, GROUPS) == 1


def test_a_group_without_a_target_has_no_odds():
    targets = [1, 1, 0, 0, 1, 1, 1, 1]
    found = parity(PREDICTED, targets, GROUPS)
    assert found["equalized_odds_ratio"] is None
    assert found["equalized_odds_difference"] is None
    assert equalized_odds_ratio(PREDICTED, targets, GROUPS) is None
    assert found["demographic_parity_ratio"][0] == pytest.approx(1 / 3)


def test_nobody_predicted_positive():
    found = parity([0] * 8, TARGETS, GROUPS)
    assert found["demographic_parity_ratio"] is None
    assert found["equalized_odds_ratio"] is None
    assert found["demographic_parity_difference"] == [0, 0, 0]


def test_intervals_are_those_of_a_bootstrap_over_rows():
    predicted, targets, groups = simulated(3, n=2000)
    found = parity(predicted, targets, groups, seed=1)
    rng = np.random.default_rng(0)
    again = [
        demographic_parity_difference(predicted[rows], groups[rows])
        for rows in (rng.integers(2000, size=2000) for _ in range(400))
    ]
    assert found["demographic_parity_difference"][1:] == pytest.approx(
        np.quantile(again, [0.025, 0.975]), abs=0.012
    )


def test_intervals_cover_the_accuracy():
    hits = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        targets = rng.random(300) < 0.5
        predicted = targets ^ (rng.random(300) < 0.2)
        low, high = parity(predicted, targets, rng.choice(["a", "b"], 300), seed, 200)["accuracy"][1:]
        hits += low <= 0.8 <= high
    assert 180 <= hits <= 198


@pytest.mark.parametrize(
    ("predicted", "targets", "groups", "message"),
    [
        ([0.5], [1], ["a"], "predictions hold"),
        ([1], [2], ["a"], "targets hold"),
        ([1, 0], [1, 0], ["a"], "groups have 1 rows"),
        ([], [], [], "at least one"),
        ([1, 0], [1, 0], ["a", None], "1 rows have no group"),
    ],
)
def test_rows_that_do_not_fit(predicted, targets, groups, message):
    with pytest.raises(InputError, match=message):
        parity(predicted, targets, groups)
