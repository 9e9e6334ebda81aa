"""From real tables to numbered rows with groups."""

import re
import shlex

import numpy as np
import pandas as pd
import pytest
import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.from_python import from_frame
from repfair_keras.data.tables.loaders import adult, compas, csv
from repfair_keras.data.tables.preprocess import prepare, split
from repfair_keras.data.tables.schema import Schema
from repfair_keras.methods.fair_latent.views import view_of


@pytest.fixture(scope="module")
def adult_table(shared_data):
    return prepare(adult.load(shared_data / "adult"))


def people(n=60, **more):
    rng = np.random.default_rng(0)
    columns = {
        "age": rng.integers(18, 80, n),
        "sex": np.where(np.arange(n) % 2, "male", "female"),
        "job": rng.choice(["cook", "baker", "none"], n),
        "rich": np.arange(n) % 3 == 0,
    }
    return pd.DataFrame({**columns, **more})


def table(frame=None):
    return RawTable(
        "people", "Some people.", people() if frame is None else frame, sensitive="sex", target="rich"
    )


def test_adult_is_split_and_cut_as_in_the_paper(adult_table):
    assert adult_table.codes.shape == (32561, 15)
    assert adult_table.test_codes.shape == (16281, 15)
    assert adult_table.group_names == ("Female", "Male")
    assert adult_table.class_names == ("<=50K", ">50K")
    assert np.bincount(adult_table.labels).tolist() == [24720, 7841]
    sizes = dict(zip(adult_table.schema.names, adult_table.schema.sizes, strict=True))
    assert [sizes[name] for name in ("age", "hours-per-week", "fnlwgt")] == [8, 8, 8]
    assert [sizes[name] for name in ("capital-gain", "capital-loss", "education-num")] == [2, 2, 16]


def test_adult_comes_back_with_its_columns_types_and_categories(adult_table, shared_data):
    raw = adult.load(shared_data / "adult").train
    decoded = adult_table.schema.decode(adult_table.codes, seed=3)
    assert list(decoded.columns) == list(raw.columns)
    for name in raw.columns:
        column = adult_table.schema.column(name)
        if column.kind == "categorical":
            assert (decoded[name].astype(str) == raw[name].astype(str)).all(), name
        assert pd.api.types.is_integer_dtype(decoded[name]) == pd.api.types.is_integer_dtype(raw[name])
    assert (adult_table.schema.encode(decoded) == adult_table.codes).all()
    assert decoded.equals(adult_table.schema.decode(adult_table.codes, seed=3))


def test_compas_has_the_rows_of_propublica(shared_data):
    source = compas.load(shared_data / "compas-scores-two-years.csv")
    raw = pd.read_csv(shared_data / "compas-scores-two-years.csv", keep_default_na=False, na_values=[""])
    assert compas.filtered(raw).sum() == 6172
    assert len(source.train) == 5278
    data = prepare(source)
    assert data.group_names == ("African-American", "Caucasian")
    assert len(data) + len(data.test_codes) == 5278


def test_no_row_is_in_training_and_test():
    train, test = split(people(n=200), ("sex",), "rich", {})
    assert sorted([*train.index, *test.index]) == list(range(200))
    assert len(test) == pytest.approx(60, abs=2)
    for name in ("sex", "rich"):
        rates = [rows[name].value_counts(normalize=True).sort_index() for rows in (train, test)]
        np.testing.assert_allclose(*rates, atol=0.02)


def test_a_value_that_occurs_once_is_for_training():
    frame = people(n=100)
    frame["job"] = [f"job {i}" if i < 30 else "none" for i in range(100)]
    data = prepare(table(frame))
    assert data.schema.column("job").size == 31


def test_csv_of_the_user(tmp_path):
    path = tmp_path / "people.csv"
    people(n=90).to_csv(path, index=False)
    data = prepare(csv.load(path), "sex", "rich", drop=["job"], categorical=["age"])
    assert data.schema.names == ["age", "sex", "rich"]
    assert data.schema.column("age").kind == "categorical"
    assert data.class_names == ("False", "True")
    assert "people.csv" in data.source
    described = list(data.schema.describe())
    assert described[1] == "sex: categorical, 2 values (female, male), the groups"


def test_schema_survives_its_file_and_the_fingerprint_follows_the_rows():
    data = prepare(table())
    assert Schema.from_json(data.schema.to_json()) == data.schema
    other = people()
    other.loc[0, "job"] = "cook" if other.loc[0, "job"] != "cook" else "baker"
    assert prepare(table()).fingerprint == data.fingerprint
    assert prepare(table(other)).fingerprint != data.fingerprint


def test_one_hot_by_hand():
    data = prepare(table())
    rows = data.codes[:2]
    indicators = data.schema.one_hot(rows, leave_out=("age", "rich"))
    assert indicators.shape == (2, 2 + 3)
    expected = [np.eye(2)[rows[0, 1]].tolist() + np.eye(3)[rows[0, 2]].tolist()]
    assert indicators[:1].tolist() == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sensitive": "Sex"}, r"grouping: no column 'Sex'. Did you mean 'sex'\?"),
        ({"target": "poor"}, "target_column: no column 'poor'"),
        ({"target": "sex"}, "both 'sex'"),
        ({"drop": ["sex"]}, "drop: 'sex' is the column of --grouping"),
        ({"drop": ["size"]}, "drop: no column 'size'"),
        ({"numeric": ["sex"]}, "numeric: 'sex' is one of categories"),
        ({"numeric": ["job"]}, "'job' is '.*' in rows 1, 2.* expected a number"),
        ({"sensitive": "age"}, "column 'age' has .* groups: expected at most 8"),
    ],
)
def test_options_that_do_not_fit(options, message):
    with pytest.raises(InputError, match=message):
        prepare(table(), **options)


def test_a_table_without_named_groups_needs_them():
    with pytest.raises(InputError, match="needs --grouping"):
        prepare(RawTable("people", "Some people.", people()))


def test_names_of_people_are_no_categories():
    frame = people(n=300, name=[f"person {i}" for i in range(300)])
    with pytest.raises(InputError, match=r"column 'name' has \d+ different values.*--drop name"):
        prepare(table(frame))


def test_a_dropped_column_has_no_say_in_the_split():
    frame = people(n=300)
    named = frame.assign(name=[f"person {i}" for i in range(300)])
    with_names, without = prepare(table(named), drop=["name"]), prepare(table(frame))
    assert with_names.test_codes.tolist() == without.test_codes.tolist()
    assert with_names.schema == without.schema


def test_two_columns_of_one_name_in_a_file(tmp_path):
    path = tmp_path / "twice.csv"
    path.write_text("sex, age,sex\nm,1,f\n")
    with pytest.raises(InputError, match=r"twice.csv has two columns 'sex'"):
        csv.load(path)


@pytest.mark.parametrize("header", ["age,sex,rich,,", "null,NA,rich,sex,x"])
def test_columns_without_a_name_are_not_alike(tmp_path, header):
    path = tmp_path / "sheet.csv"
    path.write_text(f"{header}\n30,m,yes,,\n31,f,no,,\n")
    assert len(csv.load(path).train.columns) == 5


def test_rows_with_more_values_than_names(tmp_path):
    path = tmp_path / "rownames.csv"
    path.write_text("sex,age\n1,m,20\n2,f,30\n")
    with pytest.raises(InputError, match=r"rownames.csv .* more values than there are names"):
        csv.load(path)


@pytest.mark.parametrize("word", ["N/A", "null", "?"])
def test_a_word_among_numbers_is_named_with_its_row(word):
    frame = people(n=90)
    frame["age"] = frame["age"].astype(str)
    frame.loc[49, "age"] = word
    with pytest.raises(InputError, match=rf"'age' is '{re.escape(word)}' in row 50 .*--categorical age"):
        prepare(table(frame))
    column = prepare(table(frame), categorical=["age"]).schema.column("age")
    assert word in column.names


@pytest.mark.parametrize(("column", "option"), [("sex", "grouping"), ("rich", "target_column")])
def test_a_column_that_is_needed_is_not_to_be_dropped(column, option):
    frame = people()
    frame[column] = "one"
    with pytest.raises(InputError, match=rf"'{column}' is 'one' in every row: .* one with --{option}"):
        prepare(table(frame))
    frame.loc[3, column] = None
    with pytest.raises(InputError, match=rf"'{column}' has no value in row 4 .* Fill it in, ") as refused:
        prepare(table(frame))
    assert "--drop" not in str(refused.value)


def test_bins_are_asked_for_where_there_are_none(shared_data):
    with pytest.raises(InputError, match="n_bins is 5, but every numeric column has bins of its own"):
        prepare(adult.load(shared_data / "adult"), n_bins=5)
    words = people().assign(age=["young", "old"] * 30)
    with pytest.raises(InputError, match="n_bins is 5, but every numeric column would have so many"):
        prepare(table(words), n_bins=5)


def test_training_sees_no_row_to_test_on():
    data = prepare(table(people(n=300)))
    view = view_of(data)
    place = data.schema.place("sex")
    np.testing.assert_array_equal(view.rows, np.delete(data.codes, place, axis=1))
    np.testing.assert_array_equal(view.held_out[0], np.delete(data.test_codes, place, axis=1))
    assert len(data.codes) + len(data.test_codes) == 300


def test_two_columns_of_one_name_are_refused():
    frame = people()
    frame.columns = ["age", "sex", "sex", "rich"]
    with pytest.raises(InputError, match="two columns 'sex'"):
        prepare(table(frame))


def test_new_rows_lack_a_column():
    schema = prepare(table()).schema
    with pytest.raises(InputError, match=r"new.csv has no column 'job'"):
        schema.encode(people().drop(columns="job"), "new.csv")


@pytest.mark.parametrize("text", ["", "a,b\n"])
def test_a_file_without_rows(tmp_path, text):
    path = tmp_path / "empty.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=r"empty.csv"):
        csv.load(path)


def test_no_file_or_a_folder(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        csv.load(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder"):
        csv.load(tmp_path)
    with pytest.raises(InputError, match="needs --data_dir"):
        csv.load()


def test_rows_are_those_of_the_file_whatever_the_split():
    frame = people(n=90)
    frame["age"] = frame["age"].astype(float)
    frame.loc[49, "age"] = np.nan
    with pytest.raises(InputError, match="'age' has no value in row 50 "):
        prepare(table(frame))


@pytest.mark.parametrize("row", range(0, 60, 7))
def test_one_missing_value_is_a_category_wherever_it_is(row):
    frame = people()
    frame["age"] = frame["age"].astype(float)
    frame.loc[row, "age"] = np.nan
    column = prepare(table(frame), missing="category").schema.column("age")
    assert column.names[-1] == "missing"


def test_a_missing_target_is_no_category():
    frame = people()
    frame["rich"] = np.where(frame["rich"], "yes", None)
    frame.loc[:9, "rich"] = "no"
    with pytest.raises(InputError, match="'rich' has no value in rows"):
        prepare(table(frame), missing="category")


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        (people(n=60, name=[f"person {i}" for i in range(60)]), {}, "there are 0 rows to test on"),
        (people(n=60)[["sex", "rich"]], {}, "no column beside group and target"),
        (people(n=300, city=[f"city {i % 12}" for i in range(300)]), {"sensitive": "city"}, "12 groups"),
        (people(n=60, unit=["m", "m "] * 30), {}, "'unit' is 'm' in every row"),
    ],
)
def test_tables_that_nothing_can_be_measured_on(frame, options, message):
    with pytest.raises(InputError, match=message):
        prepare(table(frame), **options)


def messy(n=300):
    """A table with something wrong in most columns."""
    rng = np.random.default_rng(0)
    frame = people(
        n=n, id=[f"P{i:04}" for i in range(n)], country="here", zip=rng.integers(10, 60, n).astype(str)
    )
    frame["age"] = frame["age"].astype(float)
    frame.loc[[4, 9], "age"] = np.nan
    frame.loc[[49, 60], "zip"] = "?"
    frame["income"] = rng.normal(30, 5, n).round(1)
    frame.loc[7, "income"] = np.inf
    return frame


def test_all_that_is_wrong_is_said_at_once_with_options_that_work():
    with pytest.raises(InputError) as refused:
        prepare(table(messy()))
    head, *lines, advice = str(refused.value).splitlines()
    assert head == "Some people: 5 problems."
    assert lines == [
        "- column 'age' has no value in rows 5, 10 (the first is 1)",
        "- column 'id' has 300 different values, such as 'P0000': expected at most 100",
        "- column 'country' is 'here' in every row: expected at least two values",
        "- column 'zip' is '?' in rows 50, 61 (the first is 1), where nearly all others are numbers: "
        "expected a number",
        "- column 'income' is infinite in row 8 (the first is 1): expected numbers",
    ]
    assert advice == ('This works: --drop "[id, country, income]" --categorical "[zip]" --missing category')
    data = prepare(table(messy()), drop=["id", "country", "income"], categorical=["zip"], missing="category")
    assert data.schema.names == ["age", "sex", "job", "rich", "zip"]


def test_options_that_were_given_are_kept_in_the_advice():
    with pytest.raises(
        InputError, match=r'This works: --drop "\[job, id, country, income\]" --categ'
    ) as refused:
        prepare(table(messy()), drop=["job"], missing="category")
    assert "--missing" not in str(refused.value)


def test_no_options_are_named_where_none_would_work():
    """A target without a value has to be filled in: each problem then has its own cure."""
    frame = messy()
    frame["rich"] = frame["rich"].astype(object)
    frame.loc[2, "rich"] = None
    with pytest.raises(InputError) as refused:
        prepare(table(frame))
    assert "This works" not in str(refused.value)
    assert "- column 'rich' has no value in row 3 (the first is 1). Fill it in, or leave out the row." in str(
        refused.value
    )
    assert "--drop country." in str(refused.value)


def test_names_that_a_shell_would_read_are_quoted():
    frame = messy().rename(columns={"id": "the, id", "country": "$country"})
    with pytest.raises(InputError) as refused:
        prepare(table(frame))
    words = shlex.split(str(refused.value).splitlines()[-1].removeprefix("This works: "))
    assert words[0] == "--drop"
    assert yaml.safe_load(words[1]) == ["the, id", "$country", "income"]


def test_all_wrong_names_and_all_small_groups_are_said_at_once():
    with pytest.raises(InputError) as refused:
        prepare(table(), drop=["size", "Job"], categorical=["ages"])
    for part in (
        "3 problems",
        "drop: no column 'size'",
        "drop: no column 'Job'",
        "categorical: no column 'ages'",
    ):
        assert part in str(refused.value)
    frame = people(n=300)
    frame.loc[:11, "sex"] = ["x"] * 6 + ["y"] * 6
    with pytest.raises(InputError) as refused:
        prepare(table(frame))
    for part in (
        "2 problems",
        "group 'x' of column 'sex' has 4 rows",
        "group 'y' of column 'sex' has 4 rows",
    ):
        assert part in str(refused.value)


def test_all_values_that_training_did_not_have_are_said_at_once():
    schema, new = prepare(table(people(n=300))).schema, people(n=20)
    new.loc[3, "job"], new.loc[5, "sex"] = "pilot", None
    with pytest.raises(InputError) as refused:
        schema.encode(new, "new.csv")
    assert "new.csv: 2 problems" in str(refused.value)
    assert "'job' is 'pilot' in row 4" in str(refused.value)
    assert "'sex' has no value in row 6" in str(refused.value)


def test_advice_for_a_table_in_memory_is_in_python():
    with pytest.raises(InputError) as refused:
        from_frame(messy(), "sex", "rich")
    advice = "This works: drop=['id', 'country', 'income'], categorical=['zip'], missing='category'"
    assert str(refused.value).splitlines()[-1] == advice


def crossed(n=600):
    """People of two columns that make groups together."""
    rng = np.random.default_rng(0)
    columns = {
        "sex": rng.choice(["f", "m"], n),
        "race": rng.choice(["a", "b"], n),
        "age": rng.integers(0, 80, n),
    }
    return pd.DataFrame({**columns, "rich": rng.choice(["no", "yes"], n)})


def without(frame, sex, race):
    return frame[(frame["sex"] != sex) | (frame["race"] != race)].reset_index(drop=True)


@pytest.mark.parametrize("encoding", ["bins", "faithful"])
@pytest.mark.parametrize("gone", [("m", "b"), ("f", "b")], ids=["last", "middle"])
def test_shares_of_a_group_without_rows_are_refused_by_its_name(gone, encoding):
    with pytest.raises(InputError) as refused:
        from_frame(without(crossed(), *gone), "sex,race", "rich", share=[0.25] * 4, encoding=encoding)
    name = " & ".join(gone)
    assert f": group '{name}' of column 'sex,race' has 0 rows to train on, expected at least 10" in str(
        refused.value
    )
    assert "problems" not in str(refused.value), "the other groups have rows"


def test_shares_that_leave_too_few_rows_are_refused_too():
    with pytest.raises(InputError, match=r"group 'f & a' .* has \d rows to train on, expected at least 10"):
        from_frame(crossed(), "sex,race", "rich", share=[0.01, 0.33, 0.33, 0.33])


@pytest.mark.parametrize("encoding", ["bins", "faithful"])
def test_every_group_of_several_columns_has_rows_to_test_on(encoding):
    test = without(crossed(), "m", "b")
    with pytest.raises(
        InputError, match="no row to test on is of group 'm & b' of column 'sex,race': expected some"
    ):
        from_frame(crossed(), "sex,race", "rich", test=test, encoding=encoding)
    with pytest.raises(InputError) as refused:
        from_frame(crossed(), "sex,race", "rich", test=test[test["race"] == "a"], encoding=encoding)
    assert "no row to test on has race = 'b'" in str(refused.value)
    assert "of group" not in str(refused.value), "it is said of the value"
