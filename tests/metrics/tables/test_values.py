"""Values that no real row has, and sentinels: found where they are, and not in ordinary columns."""

import numpy as np
import pandas as pd
import pytest

from repfair_keras.metrics.tables import sentinels, sentinels_leaked, values_never_seen

DAYS = pd.Series(pd.to_datetime("2000-01-01") + pd.to_timedelta(np.arange(400), unit="D"))


def of_column(values, kind="numeric"):
    return sentinels(pd.DataFrame({"c": values}), {"c": kind}).get("c", [])


def found_in(values, kind="numeric"):
    return {each["value"]: each["kind"] for each in of_column(values, kind)}


def test_values_never_seen_by_hand():
    real = pd.DataFrame({"c": ["a", "b", "b", None], "n": [0, 1, 5, 5], "x": [1.0, 2, 3, 4]})
    synthetic = pd.DataFrame(
        {"c": ["a", "z", "y", "z", None], "n": [0, 3, 5, 9, None], "x": [1, 2, 3, 4, None]}
    )
    kinds = {"c": "categorical", "n": "numeric", "x": "numeric"}
    found = values_never_seen(real, synthetic, kinds)
    keys = ("n", "unseen", "share", "examples", "outside", "missing")
    assert [found["c"][key] for key in keys] == [4, 3, 0.75, ["z", "y"], None, 0]
    assert [found["n"][key] for key in keys] == [4, 2, 0.5, [3, 9], 0.25, 1]
    assert found["x"]["unseen"] == 0


def test_columns_of_many_numbers_have_a_range_alone():
    rng = np.random.default_rng(0)
    real = pd.DataFrame({"x": rng.random(101), "day": DAYS[:101]})
    synthetic = pd.DataFrame({"x": [0.5, 2, -1, 0.5], "day": DAYS[[0, 5, 200, 300]].to_numpy()})
    found = values_never_seen(real, synthetic, {"x": "numeric", "day": "date"})
    assert found["x"]["outside"] == found["day"]["outside"] == 0.5
    assert found["x"]["unseen"] is None
    few = values_never_seen(real[:100], synthetic, {"day": "date"})["day"]
    assert (few["unseen"], few["examples"]) == (2, [pd.Timestamp("2000-07-19"), pd.Timestamp("2000-10-27")])


def test_columns_without_a_value():
    real = pd.DataFrame({"x": [1.0, 2], "c": pd.Categorical(["a", "b"])})
    synthetic = pd.DataFrame({"x": [np.nan, np.nan], "c": pd.Categorical(["a", None], ["a", "b", "never"])})
    kinds = {"x": "numeric", "c": "categorical"}
    found = values_never_seen(real, synthetic, kinds)
    assert (found["x"]["n"], found["x"]["outside"], found["x"]["share"], found["x"]["missing"]) == (
        0,
        None,
        None,
        2,
    )
    assert (found["c"]["unseen"], found["c"]["examples"], found["c"]["missing"]) == (0, [], 1)
    assert values_never_seen(synthetic, real, kinds)["x"]["unseen"] == 2


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([*range(50), *[9999] * 8], {9999: "isolated"}),
        ([*range(50), *[-999] * 8, *[9999] * 8], {-999: "isolated", 9999: "isolated"}),
        ([*range(50), *[-999] * 8, *[-99] * 8, *[9999] * 8], dict.fromkeys((-999, -99, 9999), "isolated")),
        ([*range(30), *[97] * 6, *[98] * 6, *[99] * 6], {97: "isolated", 98: "isolated", 99: "isolated"}),
        ([1, 2, 3, 4, 5] * 30 + [99] * 20, {99: "isolated"}),
        ([0] * 900 + list(range(100, 300)), {0: "spike"}),
        ([-1] * 900 + list(range(1, 300)), {-1: "spike"}),
        ([0] * 900 + list(range(100, 300)) + [99999] * 8, {0: "spike", 99999: "isolated"}),
        ([*range(50), 9999], {}),  # an outlier
        ([0] * 9000 + [1] * 600 + [2] * 40 + list(range(3, 30)), {}),  # falls by 15 from one to the next
        ([*range(50), *range(100, 150)], {}),  # two ranges
        ([1, 2, 3, 4, 5] * 30 + [50] * 20, {}),  # a dose
        ([1, 2, 3, 4, 5] * 30 + [9] * 20, {}),  # not beyond the range of the others
        ([np.nan] * 9, {}),
        ([5] * 9, {}),
        ([0] * 95 + [1] * 5, {}),
        ([np.inf, *range(30)], {}),
    ],
)
def test_sentinels_by_hand(values, expected):
    assert found_in(values) == expected


def test_a_sentinel_is_told_with_its_range():
    (found,) = of_column([*range(50), *[9999] * 8, None])
    assert found == {"value": 9999, "kind": "isolated", "n": 8, "share": 8 / 58, "low": 0, "high": 49}


def test_dates_that_stand_for_none():
    dates = pd.concat([DAYS, pd.Series(pd.to_datetime(["1900-01-01"] * 9))], ignore_index=True)
    assert found_in(dates, "date") == {pd.Timestamp("1900-01-01"): "isolated"}
    assert found_in(DAYS, "date") == {}


@pytest.mark.parametrize("n", [50, 300, 3000])
def test_ordinary_columns_have_none(n):
    wrong = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        ordinary = {
            "poisson": rng.poisson(rng.choice([1, 20]), n),
            "geometric": rng.geometric(rng.choice([0.05, 0.5, 0.9]), n),
            "overdispersed": rng.negative_binomial(0.5, 0.05, n),
            "zipf": rng.zipf(rng.choice([1.3, 2, 4]), n),
            "rounded": np.round(rng.lognormal(3, 1.5, n)),
            "thousands": np.round(rng.lognormal(10, 1, n), -3),
            "heavy": np.round(rng.standard_cauchy(n) * 3),
            "pareto": np.round(rng.pareto(0.8, n) * 10),
            "waiting": np.round(rng.exponential(5, n), 1),
            "heaped": np.round(rng.normal(40, 10, n), -int(rng.random() < 0.5)),
            "stars": rng.choice([1, 2, 3, 4, 5], n, p=[0.02, 0.02, 0.06, 0.1, 0.8]),
            "doses": rng.choice([0, 1, 10, 100, 1000], n),
            "binary": rng.random(n) < 0.01,
            "years": rng.integers(1990, 2024, n),
            "numbers": np.arange(n),
            "normal": rng.normal(size=n),
        }
        table = pd.DataFrame(ordinary).astype(float)
        wrong += [
            (column, seed, each) for column, each in sentinels(table, dict.fromkeys(table, "numeric")).items()
        ]
    assert wrong == []


def test_leaks_by_hand():
    real = pd.DataFrame({"years": [*range(50), *[-99] * 5, *[9999] * 5], "age": range(60)})
    synthetic = pd.DataFrame({"years": [-99, -98, -1, 0, 49, 60, 5000, 9998, 9999, 9999], "age": range(10)})
    found = sentinels_leaked(real, synthetic, {"years": "numeric", "age": "numeric"})
    assert list(found) == ["years"]
    below, above = found["years"]
    assert (below["between"], below["n"], below["sentinels"]) == ([-99, 0], 2, [-99])
    assert (above["between"], above["n"], above["share"]) == ([49, 9999], 3, 0.3)
    assert above["at_sentinel"] == 0.2
    assert above["at_sentinel_real"] == pytest.approx(5 / 60)
    synthetic.loc[0, "years"] = -150
    two = pd.concat([real, pd.DataFrame({"years": [-999] * 6})])
    below, _ = sentinels_leaked(two, synthetic, {"years": "numeric"})["years"]
    assert (below["sentinels"], below["between"], below["n"]) == ([-999, -99], [-99, 0], 2)
    assert all(gap["n"] == 0 for gap in sentinels_leaked(real, real, {"years": "numeric"})["years"])


def test_leaks_of_dates_and_of_no_rows():
    never = pd.concat(
        [DAYS.astype("datetime64[s]"), pd.Series(np.array(["9999-12-31"] * 9, "datetime64[s]"))]
    )
    real = pd.DataFrame({"day": never})
    synthetic = pd.DataFrame({"day": np.array(["2000-01-05", "5000-01-01", "NaT"], "datetime64[s]")})
    (gap,) = sentinels_leaked(real, synthetic, {"day": "date"})["day"]
    assert (gap["n"], gap["share"], str(gap["between"][1])[:10]) == (1, 0.5, "9999-12-31")
    (gap,) = sentinels_leaked(real, synthetic[2:], {"day": "date"})["day"]
    assert (gap["n"], gap["share"], gap["at_sentinel"]) == (0, None, None)


def test_capital_gains_of_adult(shared_data):
    from repfair_keras.data.tables.loaders import adult

    table = adult.load(shared_data / "adult").train
    kinds = {c: "categorical" if table[c].dtype == object else "numeric" for c in table}
    found = sentinels(table, kinds)
    shown = {column: [(each["value"], each["kind"]) for each in part] for column, part in found.items()}
    assert shown == {
        "capital-gain": [(0, "spike"), (99999, "isolated")],
        "capital-loss": [(0, "spike")],
    }
