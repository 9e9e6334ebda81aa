"""Fairness of classifiers: by hand, against fairlearn, and where the answer is known."""

import numpy as np
import pytest
from fairlearn import metrics

from repfair_keras.metrics.downstream import (
    PROXY_AGREEMENT,
    Rows,
    auroc,
    baseline,
    cells,
    downstream,
    from_counts,
    intervals,
    proxy_of,
    proxy_test,
    trained_on,
    trivial,
    without_the_group,
)

# Eight rows, four of each group. Predictions: group 0 has 1 of 4, group 1 has 3 of 4.
GROUPS = np.array([0, 0, 0, 0, 1, 1, 1, 1])
TARGETS = np.array([1, 1, 0, 0, 1, 1, 0, 0], bool)
IF_0 = np.array([1, 0, 0, 0, 1, 0, 0, 0], bool)  # predicted if the group is set to 0: 2 of 8
IF_1 = np.array([1, 1, 0, 0, 1, 1, 1, 0], bool)  # set to 1: 5 of 8


def measured(groups=GROUPS, targets=TARGETS, under=(IF_0, IF_1), k=2):
    return from_counts(cells(groups, targets, under, k))


def rows(n, effect, seed, k=2):
    """Features that do not know of the group, and a target that does by `effect`."""
    rng = np.random.default_rng(seed)
    features, groups = rng.normal(size=(n, 2)), rng.integers(0, k, n)
    return Rows(features, groups, features[:, 0] + effect * (groups - 0.5) + 0.3 * rng.normal(size=n) > 0)


def test_eight_rows_by_hand():
    found = measured()
    # right: rows 0, 2, 3 of group 0; rows 4, 5, 7 of group 1
    assert found["accuracy"] == 6 / 8
    assert found["demographic_parity"] == pytest.approx(3 / 4 - 1 / 4)
    assert found["disparate_impact"] == pytest.approx(1 / 3)
    assert found["equal_opportunity"] == pytest.approx(1 - 1 / 2)
    assert found["equalised_odds"] == pytest.approx(0.5)
    assert found["ftu"] == pytest.approx(5 / 8 - 2 / 8)


@pytest.mark.parametrize("k", [2, 3])
def test_equals_fairlearn(k):
    rng = np.random.default_rng(k)
    groups, targets = rng.integers(0, k, 300), rng.random(300) < 0.4
    under = rng.random((k, 300)) < np.linspace(0.2, 0.7, k)[:, None]
    predicted = under[groups, np.arange(300)]
    found = measured(groups, targets, under, k)
    arguments = {"y_true": targets, "y_pred": predicted, "sensitive_features": groups}
    assert found["demographic_parity"] == pytest.approx(metrics.demographic_parity_difference(**arguments))
    assert found["disparate_impact"] == pytest.approx(metrics.demographic_parity_ratio(**arguments))
    assert found["equalised_odds"] == pytest.approx(metrics.equalized_odds_difference(**arguments))
    assert found["equalised_odds_ratio"] == pytest.approx(metrics.equalized_odds_ratio(**arguments))
    assert found["equal_opportunity"] == pytest.approx(metrics.equal_opportunity_difference(**arguments))
    assert found["positive_rate"] == pytest.approx(predicted.mean())


def test_a_classifier_that_ignores_the_group_has_no_ftu_at_all():
    predicted = np.random.default_rng(0).random(50) < 0.5
    test = Rows(np.zeros((50, 1)), np.arange(50) % 3, predicted)
    assert intervals(test, np.stack([predicted] * 3), 3)["ftu"] == [0.0, 0.0, 0.0]


def test_a_target_that_depends_on_the_group_is_found_and_one_that_does_not_is_not():
    unfair, fair = (downstream(rows(4000, effect, 0), rows(2000, effect, 1), 2) for effect in (1.0, 0.0))
    assert unfair["demographic_parity"][0] > 0.3
    assert unfair["ftu"][0] > 0.3
    assert fair["demographic_parity"][0] < 0.06
    assert fair["ftu"][0] < 0.05
    assert min(each["accuracy"][0] for each in (fair, unfair)) > 0.85
    assert min(each["auroc"][0] for each in (fair, unfair)) > 0.95


def test_a_blind_classifier_does_not_see_the_group():
    """So a target that depends on it does not make it unfair, where the features do not tell it."""
    train, test = rows(2000, 2.0, 1), rows(4000, 2.0, 2)
    sees, blind = downstream(train, test, 2), downstream(train, test, 2, blind=True)
    assert sees["demographic_parity"][0] > 0.4
    assert sees["ftu"][0] > 0.4
    assert blind["demographic_parity"][0] < 0.05
    assert blind["ftu"] == [0, 0, 0]
    assert blind["accuracy"][0] < sees["accuracy"][0]


def test_intervals_hold_what_other_rows_give():
    train = rows(3000, 0.5, 0)
    low, high = downstream(train, rows(1000, 0.5, 1), 2)["demographic_parity"][1:]
    many = downstream(train, rows(50_000, 0.5, 2), 2)["demographic_parity"][0]
    assert low < many < high
    assert high - low < 0.15


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("classifier", ["random_forest", "gradient_boosting"])
def test_trees_with_several_groups(k, classifier):
    found = downstream(rows(600, 0.5, 0, k), rows(400, 0.5, 1, k), k, classifier, n_bootstrap=50)
    assert found["accuracy"][0] > 0.75
    again = downstream(rows(600, 0.5, 0, k), rows(400, 0.5, 1, k), k, classifier, n_bootstrap=50)
    assert found == again


def test_real_rows_to_compare_with_are_as_many_as_synthetic_ones_in_equal_groups():
    real, synthetic = rows(900, 0.5, 0), rows(100, 0.5, 1)
    sides = trained_on(real, synthetic, 2)
    assert list(sides) == ["real", "real_equal", "synthetic", "augmented"]
    assert np.bincount(sides["real_equal"].groups).tolist() == [50, 50]
    known = {tuple(row) for row in real.features}
    assert {tuple(row) for row in sides["real_equal"].features} <= known
    rare = Rows(real.features, (np.arange(900) < 20).astype(int), real.targets)
    assert np.bincount(trained_on(rare, synthetic, 2)["real_equal"].groups).tolist() == [20, 20]
    assert len(sides["augmented"].targets) == 1000


def test_a_classifier_that_predicts_nobody_positive_is_told():
    test = rows(1000, 0.5, 1)
    test = test._replace(targets=np.arange(1000) % 4 == 0)
    tested = baseline(test.targets)
    assert tested == {"n": 1000, "positive": 0.25, "majority": 0.75}
    nobody = rows(300, 0, 0)._replace(targets=np.zeros(300, bool))
    (told,) = trivial({"logistic_regression": {"real_equal": downstream(nobody, test, 2)}}, tested)
    assert told.startswith(
        "The logistic regression trained on real, equal data predicts 0.0 % of test cases positive, where 25.0 % are"
    )
    useful = rows(1000, 0.5, 2)
    assert not list(
        trivial({"lr": {"real": downstream(useful, rows(500, 0.5, 3), 2)}}, baseline(useful.targets))
    )
    everybody = rows(300, 0, 0)._replace(targets=np.ones(300, bool))
    assert "predicts 100.0 %" in next(trivial({"lr": {"real": downstream(everybody, test, 2)}}, tested))


def test_one_target_alone_makes_a_constant_classifier():
    train = rows(100, 0, 0)._replace(targets=np.ones(100, bool))
    test = rows(100, 0, 1)
    found = downstream(train, test, 2)
    assert found["accuracy"][0] == pytest.approx(test.targets.mean())
    assert found["demographic_parity"][0] == 0
    assert proxy_test(train, test, 2) == 0


def test_a_group_without_rows_has_no_rates():
    found = intervals(Rows(np.zeros((8, 1)), np.zeros(8, int), TARGETS), (IF_0, IF_1), 2)
    assert found["demographic_parity"] is None
    assert found["ftu"] is not None


def test_proxy_is_the_group_in_most_rows_and_is_used_where_the_group_counts():
    groups = np.arange(20_000) % 3
    proxy = proxy_of(groups, 3, np.random.default_rng(0))
    assert (proxy == groups).mean() == pytest.approx(PROXY_AGREEMENT, abs=0.01)
    assert set(proxy) == {0, 1, 2}
    uses, ignores = (proxy_test(rows(4000, effect, 0), rows(2000, effect, 1), 2) for effect in (1.0, 0.0))
    assert uses > 0.3
    assert ignores < 0.08


def test_auroc_needs_both_targets():
    assert auroc(np.ones(4, bool), np.arange(4)) is None
    assert auroc(np.array([0, 0, 1, 1], bool), np.arange(4))[0] == 1.0


def test_rows_joined():
    first, second = rows(3, 0, 0), rows(4, 0, 1)
    both = first.joined(second)
    assert len(both.targets) == len(both.features) == 7
    assert both.groups.tolist() == [*first.groups, *second.groups]


def test_auroc_is_that_of_scikit_learn_with_ties_and_in_every_resample():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    targets, scores = rng.random(60) < 0.3, rng.integers(0, 9, 60) / 8
    value, low, high = auroc(targets, scores, seed=4, n_bootstrap=50)
    again, resampled = np.random.default_rng(4), []
    for _ in range(50):
        rows = again.integers(60, size=60)
        resampled.append(roc_auc_score(targets[rows], scores[rows]))
    expected = [roc_auc_score(targets, scores), *np.quantile(resampled, [0.025, 0.975])]
    np.testing.assert_allclose([value, low, high], expected, rtol=1e-12)


def test_without_the_column_of_the_group():
    """A target that the group moves: blind classifiers cannot use it, nor can those of shuffled groups."""
    real, synthetic, test = (rows(3000, 4.0, seed) for seed in (0, 1, 2))
    seen = downstream(synthetic, test, 2)
    found = without_the_group(real, synthetic, test, 2)
    assert set(found) == {"real_equal", "synthetic", "shuffled"}
    assert seen["ftu"][0] > 0.5 and seen["demographic_parity"][0] > 0.5
    for side in found:
        assert found[side]["ftu"][0] < 0.1 and found[side]["demographic_parity"][0] < 0.1
    assert found["synthetic"]["ftu"][0] == found["real_equal"]["ftu"][0] == 0
    assert found["synthetic"] == downstream(synthetic, test, 2, blind=True)


def test_a_rate_that_is_0_in_every_group_has_no_ratio_and_the_other_decides():
    assert measured(under=(TARGETS, TARGETS))["equalised_odds_ratio"] == 1, "always right"
    assert measured(under=(~TARGETS, ~TARGETS))["equalised_odds_ratio"] == 1
    few = np.array([1, 0, 0, 0, 1, 1, 0, 0], bool)  # true positive rates 1/2 and 1, no false positive
    expected = metrics.equalized_odds_ratio(TARGETS, few, sensitive_features=GROUPS)
    assert measured(under=(few, few))["equalised_odds_ratio"] == pytest.approx(expected) == pytest.approx(0.5)
    assert np.isnan(measured(under=np.zeros((2, 8), bool))["equalised_odds_ratio"]), "nobody is positive"
    assert np.isnan(measured(targets=np.ones(8, bool))["equalised_odds_ratio"]), "no negative target"
