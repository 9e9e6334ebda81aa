"""A table looked at: kinds, spikes, problems, proposals; Parquet is read as CSV is."""

import json
import shlex
import sys
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.data.tables.loaders import csv

N = 300


@pytest.fixture
def people():
    """A table that nothing is wrong with."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"person_id": rng.permutation(N) + 7, "sex": rng.choice(["f", "m"], N)})
    frame["age"] = rng.integers(18, 90, N)
    frame["years"] = np.where(np.arange(N) % 25 == 0, 9999, rng.integers(0, 40, N))
    frame["gain"] = np.where(np.arange(N) % 4 == 0, rng.integers(1, 500, N), 0)
    frame["part"], frame["rest"] = rng.integers(0, 50, N), rng.integers(0, 50, N)
    frame["total"] = frame["part"] + frame["rest"]
    frame["land"], frame["nothing"] = "DE", np.nan
    return frame.assign(rich=np.where(frame["age"] + rng.normal(0, 9, N) > 50, "yes", "no"))


def of(profile, name):
    return next(column for column in profile.columns if column.name == name)


def test_every_column_is_told(people):
    people.loc[::10, "age"] = np.nan
    profile = rf.inspect_table(people, "sex", "rich")
    uses = {column.name: column.use for column in profile.columns}
    assert uses == {
        **{"person_id": "renumbered", "sex": "the groups", "age": "modelled", "years": "modelled"},
        **{"gain": "modelled", "part": "modelled", "rest": "modelled", "total": "given by a rule"},
        **{"land": "left out", "nothing": "left out", "rich": "the target"},
    }
    assert profile.usable and profile.problems == () and profile.proposed == {}
    assert profile.rules == ("total = part + rest",)
    assert of(profile, "age").missing == pytest.approx(0.1)
    assert of(profile, "sex").different == 2
    assert of(profile, "land").why == "'DE' in every row" or "one value" in of(profile, "land").why
    assert "9999 in 4.0% of rows, far from all others" in of(profile, "years").remarks[0]
    assert of(profile, "gain").remarks == ("0 in 75.0% of rows",)
    assert of(profile, "part").remarks == ()


def test_it_is_text_a_frame_and_json(people):
    profile = rf.inspect_table(people.rename(columns={"part": "p\x1b[2J"}), "sex", "rich")
    text = str(profile)
    for words in (
        "300 rows from memory: 300 rows, 11 columns",
        "Worth a look",
        "total = ",
        "from_frame(frame",
    ):
        assert words in text
    assert "\x1b" not in text and "proposal" not in text
    assert list(profile.to_frame()["name"]) == [column.name for column in profile.columns]
    assert json.loads(json.dumps(profile.to_dict()))["columns"][1]["use"] == "the groups"
    assert "<table>" in profile._repr_html_()


@pytest.fixture
def hostile(people):
    """A table with everything that options mend."""
    days = (pd.Timestamp("2020-01-01") + pd.to_timedelta(people["age"], "D")).dt.strftime("%Y-%m-%d")
    days = days.where(~days.index.isin([7, 11]), "03.04.2021")
    words = people["age"].astype(object)
    words[[2, 8]] = "?"
    score = people["age"] / 7
    score[[3, 5]] = np.inf
    return people.assign(seen=days, weight=words, score=score)


def test_all_problems_come_at_once_with_options_that_mend_them(hostile):
    profile = rf.inspect_table(hostile, "sex", "rich")
    told = {problem.column: problem for problem in profile.problems}
    assert set(told) == {"seen", "weight", "score"}
    assert "rows 8, 12" in told["seen"].what and told["seen"].mend == "--categorical seen"
    assert "rows 3, 9" in told["weight"].what and told["weight"].mend
    assert "infinite in rows 4, 6" in told["score"].what and told["score"].mend == "--drop score"
    assert profile.usable
    options = {name: list(columns) for name, columns in profile.options.items()}
    rf.TableDataset.from_frame(hostile, "sex", "rich", encoding="faithful", **options)  # what was promised
    with pytest.raises(rf.InputError):
        rf.TableDataset.from_frame(hostile, "sex", "rich", encoding="faithful")


def test_what_no_option_mends_is_told_with_the_rest(hostile):
    hostile.loc[:3, "sex"] = "x"
    hostile["rich"] = "yes"
    profile = rf.inspect_table(hostile, "sex", "rich")
    assert not profile.usable
    lacking = " ".join(problem.what for problem in profile.problems if not problem.mend)
    assert "'rich' is 'yes' in every row" in lacking
    assert "group 'x' has 4 rows" in lacking
    assert {problem.column for problem in profile.problems if problem.mend} == {"seen", "weight", "score"}
    assert "once the 2 problems that no option mends are gone" in str(profile)


def test_names_twice_and_cells_that_hold_lists(people):
    people = people.rename(columns={"years": "age"}).assign(tags=[["a"]] * N)
    profile = rf.inspect_table(people, "sex", "rich")
    assert "two columns are named 'age'" in profile.problems[0].what
    assert profile.problems[1].mend == "--drop tags"
    assert not profile.usable and len(profile.problems) == 2
    assert of(profile, "age.1").use == "modelled"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["rank", "raceTrack", "race", "gender"], "gender"),
        (["rank", "race"], "race"),
        (["ageGroup", "page", "sexy"], "ageGroup"),
        (["rank", "wing"], "rank"),
    ],
)
def test_groups_are_proposed_by_name(columns, expected):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({name: rng.choice(["a", "b", "c"], N) for name in columns})
    frame["first"], frame["last"] = rng.choice(["no", "yes"], (2, N))
    frame["number"] = rng.random(N)
    profile = rf.inspect_table(frame)
    assert (profile.grouping, profile.target_column) == (expected, "last")
    assert profile.proposed["target_column"] == ("first",)
    assert set(profile.proposed["grouping"]) == {*columns, "first"} - {expected}
    assert str(profile).count("(a proposal") == 2


def test_nothing_can_be_proposed():
    frame = pd.DataFrame({"number": np.random.default_rng(0).random(N), "few": ["a", *["b"] * (N - 1)]})
    profile = rf.inspect_table(frame)
    assert not profile.usable
    assert len([p for p in profile.problems if "no column can be proposed" in p.what]) == 2
    assert "sensitive='...'" in profile.command


def test_names_that_are_no_columns_are_refused(people):
    with pytest.raises(rf.InputError, match="grouping: no column 'sexx'") as error:
        rf.inspect_table(people, "sexx", "rich", drop=["agee"])
    assert "drop: no column 'agee'" in str(error.value)
    with pytest.raises(rf.InputError, match="table is int: expected a DataFrame"):
        rf.inspect_table(7)


def test_a_name_that_the_command_cannot_give(people, tmp_path):
    people["a,b"] = [np.inf, *range(N - 1)]
    people.to_csv(tmp_path / "people.csv", index=False)
    profile = rf.inspect_table(tmp_path / "people.csv", "sex", "rich")
    assert [problem.column for problem in profile.problems if not problem.mend] == ["a,b"]
    assert rf.inspect_table(people, "sex", "rich").usable  # Python can
    people.rename(columns={"a,b": "a\x1b[2J"}).to_csv(tmp_path / "people.csv", index=False)
    profile = rf.inspect_table(tmp_path / "people.csv", "sex", "rich")
    assert not profile.usable and "\x1b" in profile.command and "\x1b" not in str(profile)


def test_many_different_texts_are_told(people):
    people["word"] = [f"w{number}" for number in np.random.default_rng(0).integers(0, 600, N)]
    profile = rf.inspect_table(people, "sex", "rich")
    assert "different texts" in of(profile, "word").remarks[0]
    assert profile.notes == ()


def test_a_file_with_semicolons_is_told(people, tmp_path):
    people.to_csv(tmp_path / "people.csv", index=False, sep=";")
    profile = rf.inspect_table(tmp_path / "people.csv")
    assert "there is one column" in profile.problems[0].what and not profile.usable


@pytest.fixture
def typed(people):
    """A table of types that CSV does not have."""
    moments = pd.Timestamp("2024-01-01 08:00") + pd.to_timedelta(people["age"], "h")
    return people.assign(
        sex=people["sex"].astype("category"),
        day=[date(2024, 1, 1 + age % 28) for age in people["age"]],
        moment=moments.dt.tz_localize("Europe/Berlin"),
        price=[Decimal("1.25") * int(age) for age in people["age"]],
        short=(people["age"] / 10).astype("float32"),
        maybe=people["age"].where(people["age"] > 30).astype("Int64"),
        took=pd.to_timedelta(people["age"], "s"),
        raw=[b"x", b"y"] * (N // 2),
    )


def test_parquet_is_read_as_csv(typed, tmp_path):
    pytest.importorskip("pyarrow")
    typed.to_parquet(tmp_path / "people.parquet")
    read = csv.load(tmp_path / "people.parquet").train
    assert read["moment"][0] == str(typed["moment"].dt.tz_localize(None)[0])
    assert read["day"][0] == str(typed["day"][0])
    assert read["short"].tolist() == (typed["age"] / 10).tolist()
    assert read["price"].sum() == 1.25 * typed["age"].sum()
    assert read["took"].tolist() == typed["age"].tolist()
    assert set(read["raw"]) == {"x", "y"} and set(read["sex"]) == {"f", "m"}
    assert read["maybe"].isna().sum() == (typed["age"] <= 30).sum()
    profile = rf.inspect_table(tmp_path / "people.parquet")
    assert profile.usable, profile.problems
    assert of(profile, "moment").date == "%Y-%m-%d %H:%M:%S"
    assert "--data_dir " + shlex.quote(str(tmp_path / "people.parquet")) in profile.command


def test_columns_of_an_index_are_columns(people, tmp_path):
    pytest.importorskip("pyarrow")
    people.set_index("person_id").to_parquet(tmp_path / "people.pq")
    pd.testing.assert_frame_equal(csv.load(tmp_path / "people.pq").train, people)


def test_parquet_that_is_none_or_empty_or_cannot_be_read(people, tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    wrong = tmp_path / "wrong.parquet"
    wrong.write_text("a,b\n1,2\n")
    with pytest.raises(rf.InputError, match="is not a CSV file"):
        csv.load(wrong)
    people[:0].to_parquet(tmp_path / "empty.parquet")
    with pytest.raises(rf.InputError, match="has no rows"):
        csv.load(tmp_path / "empty.parquet")
    people.to_parquet(tmp_path / "people.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "fastparquet", None)
    with pytest.raises(rf.InputError, match=r'pip install "repfair-keras\[tables\]"'):
        csv.load(tmp_path / "people.parquet")
