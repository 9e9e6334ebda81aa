"""Metadata of SDV: read, written, read again, and taken by SDMetrics."""

import json

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.data.tables.sdv_metadata import read_sdv, to_sdv

COLUMNS = {
    "id": {"sdtype": "id"},
    "age": {"sdtype": "numerical", "computer_representation": "Int64"},
    "sex": {"sdtype": "categorical"},
    "smokes": {"sdtype": "boolean"},
    "since": {"sdtype": "datetime", "datetime_format": "%d.%m.%Y"},
    "mail": {"sdtype": "email", "pii": True},
    "city": {"sdtype": "city", "pii": False},
    "what": {"sdtype": "unknown"},
}
KINDS = {
    "id": "key",
    "age": "numeric",
    "sex": "categorical",
    "smokes": "categorical",
    "since": "date",
    "mail": "personal",
    "city": "categorical",
}


@pytest.fixture
def people():
    rng, n = np.random.default_rng(0), 200
    frame = pd.DataFrame({"id": rng.permutation(n), "sex": rng.choice(["f", "m"], n)})
    frame["age"] = rng.integers(18, 90, n)
    frame["zip"] = rng.integers(1000, 9999, n)
    frame["since"] = (pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), "D")).strftime(
        "%d.%m.%Y"
    )
    frame["smokes"] = rng.random(n) < 0.4
    frame["mail"] = [f"p{i % 60}@example.org" for i in range(n)]
    return frame.assign(rich=np.where(frame["age"] + rng.normal(0, 9, n) > 50, "yes", "no"))


@pytest.mark.parametrize("wrap", [dict, lambda table: {"tables": {"people": table}, "relationships": []}])
def test_metadata_of_either_form_are_read(wrap, tmp_path):
    stored = wrap({"columns": COLUMNS, "primary_key": "id"})
    path = tmp_path / "people.json"
    path.write_text(json.dumps(stored))
    for given in (stored, path):
        read = read_sdv(given)
        assert read.kinds == KINDS
        assert read.dates == {"since": "%d.%m.%Y"}
        assert read.primary_key == ("id",)
        assert read.names == tuple(COLUMNS)


def test_everything_that_is_wrong_is_named():
    columns = {"a": {"sdtype": "numberical"}, "b": {}, "c": {"sdtype": "colour"}, "d": {"sdtype": "id"}}
    with pytest.raises(rf.InputError) as error:
        read_sdv({"columns": columns, "primary_key": "e"})
    for words in ("'a' is of sdtype 'numberical'", "'b' has no sdtype", "'colour'", "primary_key 'e'"):
        assert words in str(error.value)
    assert "Known: numerical, categorical" in str(error.value)


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ([], "no 'columns'"),
        ({"columns": {}}, "no 'columns'"),
        ({"tables": {"a": {}, "b": {}}}, "about the tables a, b: expected metadata of one table"),
    ],
)
def test_what_is_no_metadata_of_one_table_is_refused(stored, message, tmp_path):
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps(stored))
    with pytest.raises(rf.InputError, match=message):
        read_sdv(path)


def test_what_is_written_is_read_again():
    kinds = {"id": "key", "age": "numeric", "sex": "categorical", "smokes": "categorical", "since": "date"}
    written = to_sdv(kinds, {"since": "%Y-%m-%d"}, booleans=["smokes"], unique=["id"])
    assert written["columns"]["smokes"] == {"sdtype": "boolean"}
    read = read_sdv(json.loads(json.dumps(written)))
    assert (read.kinds, read.dates, read.primary_key) == (kinds, {"since": "%Y-%m-%d"}, ("id",))
    assert to_sdv(read.kinds, read.dates, ["smokes"], read.primary_key) == written


def test_a_profile_goes_through_its_own_metadata_unchanged(people, tmp_path):
    path = tmp_path / "new" / "people.json"
    first = rf.inspect_table(people.drop(columns="mail"), "sex", "rich", write_metadata=path)
    again = rf.inspect_table(people.drop(columns="mail"), "sex", "rich", metadata=path)
    assert again == first
    assert read_sdv(path).kinds == {column.name: column.kind for column in first.columns}


def test_metadata_say_what_values_do_not(people):
    columns = {name: {"sdtype": "categorical"} for name in people}
    columns |= {"age": {"sdtype": "numerical"}, "mail": {"sdtype": "email"}, "id": {"sdtype": "id"}}
    columns |= {"since": {"sdtype": "datetime", "datetime_format": "%Y-%m-%d"}}
    profile = rf.inspect_table(people, "sex", "rich", metadata={"columns": columns})
    assert profile.options == {"drop": ("mail",), "categorical": ("zip",), "numeric": ()}
    assert any("most rows have %d.%m.%Y" in note for note in profile.notes)
    with pytest.raises(rf.InputError, match="metadata: no column 'agee'"):
        rf.inspect_table(people, metadata={"columns": {"agee": {"sdtype": "numerical"}}})


def test_sdmetrics_takes_what_is_written(people):
    sdmetrics = pytest.importorskip("sdmetrics.reports")
    people = people.drop(columns="mail")
    metadata = rf.inspect_table(people, "sex", "rich").metadata
    other = people.sample(frac=1, replace=True, random_state=1).assign(id=people["id"] + 1000)
    for report in (sdmetrics.single_table.QualityReport(), sdmetrics.single_table.DiagnosticReport()):
        report.generate(people.reset_index(drop=True), other.reset_index(drop=True), metadata, verbose=False)
        assert report.get_score() > 0.5


def test_of_a_key_of_several_columns_it_is_said_that_it_is_not_kept(people):
    columns = {name: {"sdtype": "categorical"} for name in people.drop(columns=["id", "mail"])}
    columns |= {
        "age": {"sdtype": "numerical"},
        "since": {"sdtype": "datetime", "datetime_format": "%d.%m.%Y"},
    }
    for key, told in (("zip", False), (["zip"], False), (["zip", "since"], True)):
        metadata = {"columns": columns, "primary_key": key}
        profile = rf.inspect_table(people.drop(columns=["id", "mail"]), "sex", "rich", metadata=metadata)
        notes = [note for note in profile.notes if "zip and since: together they tell rows apart" in note]
        assert len(notes) == told
        assert ("zip" in profile.options["drop"]) != told, "one of several is no key alone"
