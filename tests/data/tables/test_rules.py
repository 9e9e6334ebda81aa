"""Rules between columns: found where they are, kept in every row, and none where there are none."""

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.find_rules import find_rules
from repfair_keras.data.tables.rules import AtMost, FunctionOf, SumOf
from repfair_keras.data.tables.schema import Schema
from repfair_keras.methods.tabular.trees import Trees

N = 1500
PLANTED = {
    "years is a function of school",
    "total = first + second",
    "start <= end",
    "low <= middle",
    "middle <= high",
}


def planted(gaps, n=N):
    """A table in which rules hold; with gaps, values are missing in all columns of them, independently."""
    rng = np.random.default_rng(1)
    schools = {"none": 0, "primary": 4, "middle ": 9, "high": 12, "college": 12, "university": 17}
    school = rng.choice(list(schools), n)
    start = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 2000, n), unit="D")
    end = start + pd.to_timedelta(rng.integers(0, 300, n), unit="D")
    low = rng.integers(0, 100, n)
    middle = low + rng.integers(0, 30, n)
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], n),
            "school": school,
            "years": [schools[name] for name in school],
            "first": np.round(rng.gamma(2, 50, n), 2),
            "second": np.round(rng.gamma(2, 20, n), 2),
            "low": low,
            "middle": middle,
            "high": np.where(rng.random(n) < 0.1, 9999, middle + rng.integers(0, 30, n)),
            "start": start.strftime("%Y-%m-%d"),
            "end": end.strftime("%d.%m.%Y"),
            "rich": rng.choice(["no", "yes"], n),
        }
    )
    frame.insert(4, "total", (frame["first"] + frame["second"]).round(2))
    if gaps:
        for name in ("school", "years", "total", "first", "low", "middle", "high", "start", "end"):
            frame.loc[rng.random(n) < 0.1, name] = None
    return frame


def made_of(data, how, n=3000):
    """Rows as trees make them, or as independent random codes give them."""
    rng = np.random.default_rng(2)
    if how == "random codes":
        return data.schema.decode(
            np.stack([rng.integers(0, size, n) for size in data.schema.sizes], axis=1), 0
        )
    trees = Trees(data, data.schema.told, 5, 0)
    trees.fit()
    told = data.codes[rng.integers(0, len(data), n)][:, list(data.schema.told)]
    return data.schema.decode(trees.generator().rows(told, 3).numpy(), 0)


@pytest.fixture(scope="module", params=[False, True], ids=["whole", "gaps"])
def data(request):
    return rf.TableDataset.from_frame(planted(request.param), "sex", "rich", encoding="faithful")


def test_planted_rules_are_found(data):
    assert set(map(str, data.schema.rules)) == PLANTED
    assert Schema.from_json(data.schema.to_json()) == data.schema


def test_rows_come_back(data):
    back, rows = data.schema.decode(data.codes, 0), data.train_frame
    assert back.dtypes.astype(str).to_dict() == rows.dtypes.astype(str).to_dict()
    for name in back:
        np.testing.assert_array_equal(back[name].isna(), rows[name].isna(), err_msg=name)
    assert (back["years"].fillna(-1) == rows["years"].fillna(-1)).all()
    assert set(back["end"].dropna()) <= set(rows["end"].dropna()), "a day that was never seen"
    assert set(back["high"].dropna()) <= set(rows["high"].dropna())
    assert (back["high"] == 9999).sum() == (rows["high"] == 9999).sum(), "a sentinel is lost"


@pytest.mark.parametrize("how", ["trees", "random codes"])
def test_rules_are_kept_in_every_row(data, how):
    frame = made_of(data, how)
    for rule in data.schema.rules:
        assert not rule.broken(frame).any(), str(rule)
    both = frame[["low", "middle", "high"]].dropna().to_numpy(float)
    assert len(both) and (np.diff(both) >= 0).all()
    days = pd.to_datetime(frame["start"]), pd.to_datetime(frame["end"], format="%d.%m.%Y")
    assert (days[0] <= days[1]).sum() == (days[0].notna() & days[1].notna()).sum() > 1000
    sums = (frame["total"] - frame["first"] - frame["second"]).abs().dropna()
    assert len(sums) and sums.max() < 0.006
    assert frame["years"].isna().any() == data.train_frame["years"].isna().any()
    if how == "trees":
        assert (frame["high"] == 9999).mean() == pytest.approx(
            (data.train_frame["high"] == 9999).mean(), abs=0.03
        )


@pytest.mark.parametrize("gaps", [False, True])
def test_copies_of_a_column_whose_values_seldom_repeat_stay_copies(gaps):
    frame = planted(gaps)
    frame = frame.assign(
        again=frame["second"], since=frame["start"], near=frame["second"] + (frame.index == 5)
    )
    frame["whole"] = np.arange(len(frame)) * 7 % 4001 / 8
    frame["twin"] = frame["whole"]
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    copies = {"again": "second", "since": "start", "twin": "whole"}
    found = set(map(str, data.schema.rules))
    assert {f"{name} is a function of {giver}" for name, giver in copies.items()} <= found
    assert not [rule for rule in found if "near" in rule]
    for how in ("trees", "random codes"):
        made = made_of(data, how)
        for name, giver in copies.items():
            pd.testing.assert_series_equal(made[name], made[giver], check_names=False)


def test_broken_rows_are_seen():
    frame = pd.DataFrame({"a": [1, 2, None], "b": [2, 1, 1], "t": [3, 4, 5], "k": ["x", "y", None]})
    assert AtMost("a", "b").broken(frame).tolist() == [False, True, False]
    assert SumOf("t", ("a", "b")).broken(frame).tolist() == [False, True, False]
    assert FunctionOf("b", "k", (("x", 2), ("y", 3))).broken(frame).tolist() == [False, True, False]


def random_table(seed):
    """Columns that have nothing to do with each other: spikes, rare values, few rows and many."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice([100, 300, 2000]))
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), unit="D")
    frame = pd.DataFrame(
        {
            "small": rng.integers(0, 6, n),
            "large": np.where(rng.random(n) < 0.01, 3, rng.integers(5, 500, n)),
            "rare": np.where(rng.random(n) < 0.02, rng.integers(1, 9, n), 0),
            "rarer": np.where(rng.random(n) < 0.02, rng.integers(1, 9, n), 0),
            "amount": np.round(rng.gamma(1, 100, n), 2),
            "billions": np.round(rng.gamma(1, 1e9, n)),
            "day": days.strftime("%Y-%m-%d"),
            "later": (days[rng.permutation(n)] + pd.Timedelta(days=850)).strftime("%Y-%m-%d"),
            "zipf": np.minimum(rng.zipf(1.6, n), n // 5).astype(str),
            "mark": np.where(rng.random(n) < 1 / n, "x", "y"),
            "letter": rng.choice(list("abcdefgh"), n),
        }
    )
    frame.loc[rng.random(n) < 0.1, "small"] = None
    return frame


@pytest.mark.parametrize("seed", range(20))
def test_independent_columns_have_no_rules(seed):
    frame = random_table(seed)
    frame = frame.loc[:, frame.nunique() > 1]
    kinds = dict.fromkeys(frame, "categorical") | {
        **dict.fromkeys(("small", "large", "rare", "rarer", "amount", "billions"), "numeric"),
        **dict.fromkeys(("day", "later"), "date"),
    }
    dates = dict.fromkeys(("day", "later"), "%Y-%m-%d")
    assert list(map(str, find_rules(frame, kinds, dates, ()))) == []


def test_a_function_of_rare_values_may_be_chance():
    lucky = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        giver = np.concatenate([np.arange(15), rng.integers(100, 105, 185)])  # fifteen values of one row
        mark = np.where(np.arange(200) == rng.integers(0, 200), "x", "y")
        frame = pd.DataFrame({"giver": giver.astype(str), "mark": mark})
        lucky += (frame.groupby("giver")["mark"].nunique() == 1).all()
        assert find_rules(frame, dict.fromkeys(frame, "categorical"), {}, ()) == []
    assert lucky > 1


def test_an_order_of_few_rows_may_be_chance():
    kinds = dict.fromkeys(("low", "high"), "numeric")
    lucky = 0
    for seed in range(200):
        low, high = np.random.default_rng(seed).normal(size=(2, 100))
        frame = pd.DataFrame({"low": low, "high": high + 2.77})  # one row in forty is the other way round
        lucky += (frame["low"] <= frame["high"]).all()
        assert find_rules(frame, kinds, {}, ()) == []
    assert lucky > 3


def declared(frame, rules, **options):
    return rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", rules=rules, **options)


def few(n=80):
    """Fewer rows than rules are looked for in."""
    return planted(False, n)


def test_declared_rules_are_kept():
    data = declared(few(), "low<=middle; middle <= high; total = first + second; years of school")
    assert {str(rule) for rule in data.schema.rules} == PLANTED - {"start <= end"}
    frame = made_of(data, "random codes")
    assert not any(rule.broken(frame).any() for rule in data.schema.rules)
    assert declared(few(), None).schema.rules == () and declared(planted(False), "none").schema.rules == ()
    assert len(declared(planted(False), "start <= end").schema.rules) == len(PLANTED), (
        "what is declared is found twice"
    )


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("high <= low", "'high <= low' does not hold: [0-9]+ of 80 rows break it, such as .*rows? [0-9]"),
        ("total = first + low", "does not hold"),
        ("school of years", "does not hold"),
        ("low <= hihg", "no column 'hihg'. Columns: sex, school"),
        ("years of schol; a = b + low", "2 problems.*schol.*'a', 'b'"),
        ("school <= low", "'school' holds no numbers or dates"),
        ("start <= low", "'start' is date, 'low' numeric"),
        ("low is small", "expected 'a <= b', 'total = a \\+ b' or 'b of a'"),
        ("rich of school", "would make column 'rich', which is a group, the target"),
        ("low <= high; middle <= high", "given by another"),
        ("low <= low", "names a column twice"),
        ("same of copy; copy of same", "rules go in a circle"),
        ("band of total; total = first + second", "'total' is made by another rule"),
    ],
)
def test_rules_that_cannot_be_are_refused(rules, message):
    frame = few().assign(band=lambda rows: rows["total"] > 100)
    frame["copy"] = frame["same"] = frame["school"]
    with pytest.raises(InputError, match=f"(?s){message}"):
        declared(frame, rules)


def test_a_function_keeps_its_types():
    frame = planted(False)
    frame["years"] = frame["years"].astype("int16")
    frame["school"] = pd.Categorical(frame["school"])
    frame["kind"] = pd.Categorical(frame["years"] // 6)
    data = declared(frame, None)
    back = data.schema.decode(data.codes, 0)
    assert {"years is a function of school", "kind is a function of school"} <= set(
        map(str, data.schema.rules)
    )
    assert back.dtypes.astype(str).to_dict() == frame.dtypes.astype(str).to_dict()
    assert (back["years"] == data.train_frame["years"]).all()
