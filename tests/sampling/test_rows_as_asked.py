"""Rows as they are asked for: shares, independence, conditions; what cannot be is refused in bounded time."""

import re

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.joint import Joint
from repfair_keras.methods.tabular.trees import Trees
from repfair_keras.sampling import rows_as_asked
from repfair_keras.sampling.rows_as_asked import joint_where, rows_where, wanted_joint
from repfair_keras.sampling.where import fulfilled, read_conditions

N = 1200


class Sampler:
    """A generator that lies in memory."""

    def __init__(self, data, told, **options):
        trees = Trees(data, told, 5, 0, **options)
        trees.fit()
        self.schema, self.joint, self.generator = data.schema, Joint.of(data, told), trees.generator()
        self.calls = 0

    def told_ids(self, told, seed):
        self.calls += 1
        return self.generator.rows(told, seed).numpy()


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    sex, race = rng.choice(["f", "m"], N, p=[0.3, 0.7]), rng.choice(["black", "white"], N)
    school = rng.choice(["none", "high", "college"], N)
    low = rng.integers(0, 50, N)
    frame = pd.DataFrame(
        {
            "id": np.arange(N),
            "sex": sex,
            "race": race,
            "age": np.where(rng.random(N) < 0.1, np.nan, rng.integers(18, 90, N)),
            "born on": (pd.Timestamp("1990-01-01") + pd.to_timedelta(rng.integers(0, 900, N), unit="D")),
            "left": (pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 90, N), unit="D")).strftime(
                "%d.%m.%Y"
            ),
            "music": rng.choice(["rock and roll", "jazz", None], N),
            "school": school,
            "years": pd.Series(school).map({"none": 0, "high": 12, "college": 16}),
            "low": low,
            "high": low + rng.integers(0, 9, N),
            "flag": rng.random(N) < 0.5,
        }
    )
    chance = 0.2 + 0.4 * (sex == "m") + 0.2 * (race == "white")
    frame["rich"] = np.where(rng.random(N) < chance, "yes", "no")
    return rf.TableDataset.from_frame(frame, "sex,race", "rich", encoding="faithful", categorical=["flag"])


@pytest.fixture(scope="module")
def sampler(data):
    return Sampler(data, data.schema.told)


def ask(sampler, n=400, seed=0, where=None, exact=True, **asked):
    joint = wanted_joint(sampler.joint, sampler.schema, **asked)
    return rows_where(sampler, joint, n, seed, where, exact)


@pytest.mark.parametrize(
    "where",
    [
        "age > 60",
        "age <= 30.5 and sex == f",
        "sex=f and race != white and rich == 'yes'",
        "born on < 1991-06-01",
        "left >= 15.02.2020 and left < 01.03.2020",
        "music == 'rock and roll' AND flag == True",
        "music != jazz",
        "music == missing and age == missing",
        "years >= 12 and school != college",
        "high > 40 and low < 45",
        "age == missing",
    ],
)
def test_rows_fulfil_conditions(sampler, where):
    rows = ask(sampler, 300, where=where)
    frame = rows.frame
    assert len(frame) == len(rows.ids) == 300 and list(frame.columns) == sampler.schema.all_names
    assert fulfilled(frame, read_conditions(where, sampler.schema)).all()
    assert frame["id"].tolist() == list(range(N, N + 300))
    assert not any(rule.broken(frame).any() for rule in sampler.schema.rules)
    assert len(rows.changes) == len(read_conditions(where, sampler.schema))
    np.testing.assert_array_equal(ask(sampler, 300, where=where).ids, rows.ids)


def test_conditions_mean_what_they_say(sampler):
    frame = ask(sampler, where="age > 60 and born on <= 1991-01-01").frame
    assert (frame["age"] > 60).all(), "a missing age is not above 60"
    assert frame["born on"].max() <= pd.Timestamp("1991-01-01")
    frame = ask(sampler, where="left >= 15.02.2020").frame
    assert pd.to_datetime(frame["left"], format="%d.%m.%Y").min() >= pd.Timestamp("2020-02-15")
    assert set(ask(sampler, where="music != jazz").frame["music"]) == {"rock and roll"}, (
        "missing is not other"
    )
    assert ask(sampler, where="music == missing").frame["music"].isna().all()
    assert set(ask(sampler, where="years > 0").frame["school"]) == {"high", "college"}


def test_what_is_told_is_restricted_and_not_rejected(sampler):
    rows = ask(sampler, 400, where="sex == f and rich == yes")
    assert rows.made == 400 and set(rows.frame["sex"]) == {"f"} and set(rows.frame["rich"]) == {"yes"}
    assert ask(sampler, 400, where="age > 60").made > 400


def test_types_do_not_hang_on_how_many_batches_there_are(sampler, monkeypatch):
    monkeypatch.setattr(rows_as_asked, "AT_ONCE", 50)
    frame = ask(sampler, 2500, where="age != 30").frame
    assert frame.dtypes.equals(ask(sampler, 100).frame.dtypes)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("age", "where: 'age': expected COLUMN OPERATOR VALUE"),
        ("age ~ 3", "expected COLUMN OPERATOR VALUE"),
        ("age > 3 and", "where"),
        ("agee > 3", "no column 'agee'. Columns: id, sex"),
        ("age > old", "'age' is compared with 'old': expected a number"),
        ("age > nan", "expected a number"),
        ("left > 2020-01-01", "expected a date as %d.%m.%Y"),
        ("born on > soon", "expected a date as 2024-01-31"),
        ("sex > f", "'sex' holds categories, which have no order: expected == or !=, not >"),
        ("sex == x", "'sex' is never 'x': expected one of f, m"),
        ("sex == f or age > 3", "'sex' is never 'f or age > 3'"),
        ("school == nursery", "'school' is never 'nursery'"),
        ("flag == true", "'flag' is never 'true': expected one of False, True"),
        ("id > 3", "'id' tells rows apart and is numbered anew"),
        ("sex == f and sex == m", "no row may have sex == m"),
    ],
)
def test_conditions_that_cannot_be_read(sampler, where, message):
    with pytest.raises(InputError, match=re.escape(message)):
        ask(sampler, where=where)


@pytest.mark.parametrize("n", [1, 1_000_000])
def test_impossible_conditions_end(sampler, n):
    before = sampler.calls
    with pytest.raises(
        InputError, match=f"0 of [0-9,]+ rows fulfil age > 1000, and {n:,} are wanted: ask for"
    ):
        ask(sampler, n, where="age > 1000", exact=False)
    assert sampler.calls - before < 10


def shares(frame, *columns):
    return frame.value_counts(list(columns), normalize=True).sort_index()


def test_shares_of_groups_and_target_hold_together(sampler):
    wanted = np.array([0.1, 0.2, 0.3, 0.4])
    rows = ask(sampler, 1000, shares=wanted, target={"yes": 0.5, "no": 0.5})
    assert shares(rows.frame, "sex", "race").tolist() == pytest.approx(wanted.tolist(), abs=1e-9)
    assert shares(rows.frame, "rich").tolist() == [0.5, 0.5]
    assert len(rows.changes) == 2 and rows.changes[1] == "shares of rich: no 50 %, yes 50 %"
    for target in ("uniform", "yes=1/2,no=0.5"):
        np.testing.assert_array_equal(ask(sampler, 1000, shares=wanted, target=target).ids, rows.ids)


def test_groups_are_as_many_as_were_counted(sampler):
    for counts in ([3, 3, 3, 3], [1, 0, 5, 1], [7, 11, 13, 17]):
        rows = ask(sampler, sum(counts), shares=np.array(counts) / sum(counts))
        found = np.bincount(sampler.schema.groups_of(rows.ids), minlength=4)
        assert found.tolist() == counts


def test_rich_tells_nothing_of_independent_groups(sampler):
    rows = ask(sampler, 4000, independent="sex, race")
    parts = [shares(rows.frame[rows.frame["rich"] == value], "sex", "race") for value in ("no", "yes")]
    np.testing.assert_allclose(*parts, atol=2e-3)  # rounded to whole rows
    as_now = ask(sampler, 4000).frame
    gap = [as_now[as_now["sex"] == sex]["rich"].eq("yes").mean() for sex in "fm"]
    assert gap[1] - gap[0] > 0.3
    both = ask(sampler, 4000, independent=["sex"], target="uniform").frame
    assert both[both["sex"] == "f"]["rich"].eq("yes").mean() == pytest.approx(0.5, abs=2e-3)
    equal = np.full(4, 0.25)
    assert len(ask(sampler, 40, independent="sex,race", shares=equal, target="uniform").changes) == 3


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"target": {"yes": 0.5, "maybe": 0.5}}, "'rich' is never 'maybe': expected shares of no, yes"),
        ({"target": {"yes": 0.5}}, "has the sum 0.5, expected 1"),
        ({"target": {"yes": 1.5, "no": -0.5}}, "'yes' is 1.5: expected a number in [0, 1]"),
        ({"target": {"yes": float("nan"), "no": 1}}, "expected a number in [0, 1]"),
        ({"target": {"yes": "half", "no": 0.5}}, "'yes' is 'half': expected a number"),
        ({"target": "equal"}, "target_shares is 'equal': expected 'uniform', or a share of each value"),
        ({"target": 0.5}, "--target-shares no=1/2,yes=1/2"),
        ({"independent": "sexx"}, "independent: no column 'sexx'. Columns: id, sex"),
        ({"independent": "age"}, "'age' is no column that this generator is told: expected sex, race, rich"),
        ({"independent": "sex", "shares": np.array([0.4, 0.1, 0.1, 0.4])}, "contradict"),
    ],
)
def test_what_cannot_be_asked(sampler, asked, message):
    with pytest.raises(InputError, match=re.escape(message)):
        wanted_joint(sampler.joint, sampler.schema, **asked)


def test_a_generator_that_is_not_told_the_target(data):
    groups = Joint.of(data, data.schema.sensitive_places)
    for asked in ({"target": "uniform"}, {"independent": "sex"}):
        with pytest.raises(InputError, match="this generator makes 'rich' itself: leave it out, or train"):
            wanted_joint(groups, data.schema, **asked)
    with pytest.raises(InputError, match="makes the columns of the groups itself"):
        wanted_joint(Joint.of(data, ()), data.schema, shares="uniform")


@pytest.mark.parametrize("where", ["rich == yes", "age > 75", "rich == no and age > 75 and music != jazz"])
def test_numbers_of_groups_hold_among_rows_that_fulfil_conditions(sampler, where):
    for counts in ([100, 200, 300, 400], [0, 17, 1, 0]):
        rows = ask(sampler, sum(counts), where=where, shares=np.array(counts) / sum(counts))
        assert np.bincount(sampler.schema.groups_of(rows.ids), minlength=4).tolist() == counts
        assert fulfilled(rows.frame, read_conditions(where, sampler.schema)).all()
        np.testing.assert_array_equal(rows.ids[:, 1:3], sampler.schema.encode(rows.frame)[:, 1:3])
        assert rows.frame["id"].tolist() == list(range(N, N + sum(counts)))


def test_what_is_asked_of_the_target_holds_among_rows_that_fulfil_conditions(sampler):
    frame = ask(sampler, 800, where="age > 75", target={"yes": 0.25, "no": 0.75}).frame
    assert shares(frame, "rich").tolist() == [0.75, 0.25]
    rows = ask(sampler, 4000, where="age > 75", independent="sex,race").frame
    parts = [shares(rows[rows["rich"] == value], "sex", "race") for value in ("no", "yes")]
    np.testing.assert_allclose(*parts, atol=2e-3)
    both = ask(sampler, 1000, where="age > 75", shares=np.full(4, 0.25), target="uniform").frame
    assert shares(both, "rich").tolist() == [0.5, 0.5] and shares(both, "sex", "race").tolist() == [0.25] * 4


@pytest.mark.parametrize(
    ("where", "asked", "message"),
    [
        ("sex == f", {"shares": np.full(4, 0.25)}, "no row with sex = m and race = black may have sex == f"),
        ("sex == f", {"shares": "uniform"}, "no row with sex = m and race = black may have sex == f"),
        ("rich == yes", {"target": {"yes": 0.25, "no": 0.75}}, "no row with rich = no may have rich == yes"),
    ],
)
def test_conditions_do_not_leave_out_what_is_asked_for(sampler, where, asked, message):
    with pytest.raises(InputError, match=re.escape(message)):
        ask(sampler, where=where, **asked)


def test_conditions_may_leave_out_what_is_not_asked_for(sampler):
    assert set(ask(sampler, where="sex == f", shares=np.array([0.5, 0.5, 0, 0])).frame["sex"]) == {"f"}
    assert set(ask(sampler, where="sex == f", independent="sex").frame["sex"]) == {"f"}


def test_what_is_independent_among_rows_that_fulfil_conditions_is_as_frequent_as_in_such_rows():
    """Not as in the whole table, in which fewer are rich, and fewer are men."""
    rng = np.random.default_rng(0)
    sex = rng.choice(["f", "m"], N)
    rich = np.where(rng.random(N) < 0.1 + 0.2 * (sex == "m"), "yes", "no")
    hours = rng.integers(10, 50, N) + 20 * (rich == "yes")
    frame = pd.DataFrame({"sex": sex, "hours": hours, "rich": rich})
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    sampler = Sampler(data, data.schema.told)
    whole, some = (ask(sampler, 4000, where=where).frame for where in (None, "hours > 45"))
    usual, made = joint_where(sampler, sampler.joint, "hours > 45", 0)
    asked = wanted_joint(usual, sampler.schema, independent="sex")
    rows = rows_where(sampler, asked, 4000, 0, "hours > 45", True).frame
    for name in ("sex", "rich"):
        assert abs(shares(whole, name) - shares(some, name)).max() > 0.05, "else nothing is tested"
        np.testing.assert_allclose(shares(rows, name), shares(some, name), atol=0.03)
    parts = [shares(rows[rows["rich"] == value], "sex") for value in ("no", "yes")]
    np.testing.assert_allclose(*parts, atol=2e-3)
    assert made and joint_where(sampler, sampler.joint, "sex == f", 0) == (sampler.joint, 0)
    with pytest.raises(InputError, match=r"0 of 100,000 rows fulfil hours > 1000"):
        joint_where(sampler, sampler.joint, "hours > 1000", 0)


def test_rows_of_a_rare_group_are_not_the_last(sampler):
    groups = sampler.schema.groups_of(ask(sampler, 1000, where="age > 75", shares=np.full(4, 0.25)).ids)
    first = np.bincount(groups[:400], minlength=4)
    assert (np.abs(first - 100) < 40).all()


def test_equal_chances_are_those_of_the_rows_that_are_kept(sampler):
    rows = ask(sampler, 4000, where="age > 75", shares="uniform", exact=False)
    found = np.bincount(sampler.schema.groups_of(rows.ids), minlength=4)
    assert (np.abs(found - 1000) < 4 * np.sqrt(4000 * 0.25 * 0.75)).all() and len(set(found.tolist())) > 1


def test_a_group_that_fulfils_no_condition_is_given_up_in_bounded_time(sampler):
    before = sampler.calls
    with pytest.raises(
        InputError, match=r"0 of [0-9,]+ rows with sex = . and race = \w+ fulfil age > 1000, and 250 are"
    ):
        ask(sampler, 1000, where="age > 1000", shares=np.full(4, 0.25))
    assert sampler.calls - before < 30
