"""Classifiers trained on one table and tested on another: where the answer is known."""

import sys

import numpy as np
import pandas as pd
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.tables import utility
from repfair_keras.metrics.tables.utility import _gradient_boosting, _places

KINDS = {
    **dict.fromkeys(("years", "noise"), "numeric"),
    **dict.fromkeys(("sex", "city", "hired"), "categorical"),
    "born": "date",
}


def people(n, seed, effect=0.0):
    """Hired by years and, by `effect`, by sex; some values are missing."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], n),
            "years": rng.normal(size=n),
            "noise": rng.normal(size=n),
            "city": rng.choice(["x", "y", "z"], n),
            "born": pd.to_datetime("1990-01-01") + pd.to_timedelta(rng.integers(0, 9999, n), unit="D"),
        }
    )
    good = table["years"] + effect * (table["sex"] == "m") + 0.3 * rng.normal(size=n) > effect / 2
    table["hired"] = np.where(good, "yes", "no")
    for column in ("noise", "city", "born"):
        table.loc[rng.random(n) < 0.1, column] = None
    return table.set_index(np.zeros(n, int))  # rows are not told by their index


def found(train, test, **options):
    return utility(train, test, "hired", "yes", "sex", KINDS, **options)


def test_fair_and_unfair_targets_are_learnt():
    fair, unfair = (found(people(1500, 0, effect), people(1500, 1, effect)) for effect in (0.0, 1.5))
    assert min(each["auroc"][0] for each in (fair, unfair)) > 0.93
    assert fair["demographic_parity_ratio"][0] > 0.9
    assert unfair["demographic_parity_ratio"][2] < 0.5
    assert fair["equalized_odds_difference"][0] < 0.1
    for name in ("auroc", "accuracy", "demographic_parity_ratio", "equalized_odds_ratio"):
        value, low, high = fair[name]
        assert 0 <= low <= value <= high <= 1
        assert high - low < 0.5
    group = fair["groups"]["f"]
    test = people(1500, 1)
    assert group["n"] == (test["sex"] == "f").sum()
    assert group["positive"] == pytest.approx((test["hired"][test["sex"] == "f"] == "yes").mean())


def test_targets_at_random_teach_nothing():
    train = people(1000, 0).assign(hired=np.random.default_rng(9).choice(["yes", "no"], 1000))
    low, high = found(train, people(1500, 1))["auroc"][1:]
    assert low < 0.56
    assert high > 0.44


def test_dates_are_a_feature():
    tables = [
        table.assign(hired=np.where(table["born"] < "2003-01-01", "yes", "no"))
        for table in (people(800, 0), people(800, 1))
    ]
    assert found(*tables)["accuracy"][0] > 0.97


def test_one_target_alone():
    nothing = found(people(100, 0).assign(hired="yes"), people(300, 1))
    assert nothing["auroc"] == [0.5, 0.5, 0.5]
    assert nothing["demographic_parity_ratio"] == [1, 1, 1]
    assert nothing["groups"]["m"]["predicted"] == 1


def test_rows_without_a_target_or_a_group():
    train, test = people(400, 0), people(300, 1).reset_index(drop=True)
    test.loc[:19, "hired"] = None
    test.loc[20:59, "sex"] = None
    result = found(train, test)
    assert result["n_test"] == 280
    assert result["groups"]["missing"]["n"] == 40
    both = utility(train, test, "hired", "yes", ["sex", "city"], KINDS)
    assert "f / x" in both["groups"]
    assert sum(group["n"] for group in both["groups"].values()) == 280


def test_a_category_that_was_not_learnt_is_missing():
    assert _places(pd.Series(["b", "c", None, "a"]), ["a", "b"]).tolist() == [1, -1, -1, 0]
    new = people(300, 1).assign(city="elsewhere")
    assert found(people(400, 0), new)["auroc"][0] > 0.9


@pytest.mark.parametrize("n", [255, 256])
def test_columns_of_many_categories(n):
    """Up to 255 are categories to the trees, more are numbers: scikit-learn refuses more categories."""
    rng = np.random.default_rng(0)
    odd = rng.permutation(np.arange(n) % 2 == 0)
    codes = {"city": np.tile(np.arange(n), 20)}
    targets = odd[codes["city"]]
    scores = _gradient_boosting(codes, targets, codes, {"city": list(range(n))}, 0)
    assert np.mean((scores > 0.5) == targets) > 0.95


def test_catboost():
    pytest.importorskip("catboost", reason="catboost is not installed")
    result = found(people(300, 0), people(300, 1), classifier="catboost")
    assert result["auroc"][0] > 0.93
    assert result["n_train"] == 300


def test_catboost_that_is_not_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "catboost", None)
    with pytest.raises(InputError, match=r"repfair-keras\[tables\]\", or take 'gradient_boosting'"):
        found(people(100, 0), people(100, 1), classifier="catboost")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"classifier": "svm"}, "classifier is 'svm'"),
        ({"target": "fired"}, "target is 'fired'"),
        ({"positive": "maybe"}, "0 of 100 test rows have 'maybe'"),
        ({"sensitive": "age"}, "sensitive is 'age'"),
        ({"sensitive": []}, "sensitive is"),
    ],
)
def test_what_does_not_fit(change, message):
    arguments = {"target": "hired", "positive": "yes", "sensitive": "sex", "kinds": KINDS} | change
    with pytest.raises(InputError, match=message):
        utility(people(100, 0), people(100, 1), **arguments)
