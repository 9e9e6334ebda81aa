"""Tables in memory: every column comes back in the dtype it had."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.core.errors import InputError
from repfair_keras.modalities.table_evaluation import take_sample
from repfair_keras.modalities.tables import TableReference


@pytest.fixture
def frame():
    n = 120
    return pd.DataFrame(
        {
            "sex": pd.Categorical(["f", "m"] * (n // 2)),
            "age": np.arange(n, dtype="int16"),
            "height": np.linspace(1.5, 2.0, n).astype("float32"),
            "whole": np.arange(n) % 7.0,
            "smokes": np.arange(n) % 3 == 0,
            "income": ["low", "low", "high"] * (n // 3),
        }
    )


def test_dtypes_come_back(frame):
    data = rf.TableDataset.from_frame(frame, sensitive="sex", target="income")
    decoded = data.schema.decode(data.codes, seed=0)
    assert decoded.dtypes.astype(str).to_dict() == frame.dtypes.astype(str).to_dict()
    assert type(data.schema).from_json(data.schema.to_json()) == data.schema


def test_the_data_set_shows_itself(frame):
    data = rf.TableDataset.from_frame(frame, sensitive="sex", target="income", n_bins=4)
    shown = data._repr_html_()
    assert "group (sex)" in shown
    assert "4 bins" in shown


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sensitive": "gender", "target": "income"}, "no column 'gender'"),
        ({"sensitive": "sex", "target": "sex"}, "expected two columns"),
        ({"sensitive": "sex", "target": "income", "drop": ["agee"]}, "Did you mean 'age'"),
    ],
)
def test_bad_columns(frame, options, message):
    with pytest.raises(rf.InputError, match=message):
        rf.TableDataset.from_frame(frame, **options)


@pytest.mark.parametrize("encoding", ["bins", "faithful"])
def test_names_of_any_type_are_taken_as_text_everywhere(frame, encoding):
    numbered = frame.set_axis(range(6), axis=1)
    options = {"drop": [2], "categorical": [3], "numeric": (), "encoding": encoding}
    data = rf.TableDataset.from_frame(numbered, sensitive=0, target=5, test=numbered, **options)
    assert data.schema.all_names == ["0", "1", "3", "4", "5"]
    assert (data.grouping, data.settings["drop"]) == ("0", ["2"])
    assert (data.codes == data.test_codes).all()
    sample = take_sample(numbered, TableReference(data))
    assert (sample.rows == data.codes).all() and list(sample.frame) == list("012345")


def test_rows_held_out_that_are_no_frame(frame):
    with pytest.raises(rf.InputError, match=r"test is list: expected a pandas.DataFrame"):
        rf.TableDataset.from_frame(frame, "sex", "income", test=[1, 2])


def test_decimals_are_numbers(frame):
    amounts = [Decimal(i) / 7 for i in range(len(frame))]
    frame = frame.assign(amount=[*amounts[:-1], None])
    data = rf.TableDataset.from_frame(frame, "sex", "income", encoding="faithful")
    assert data.schema.column("amount").kind == "numeric"
    kinds = {column.name: column.kind for column in rf.inspect_table(frame, "sex", "income").columns}
    assert kinds["amount"] == "numeric"


def test_columns_are_named_by_text_or_by_a_list(frame):
    frame = frame.assign(a=np.arange(120) % 5, race=["x", "y", "y"] * 40)
    one = rf.TableDataset.from_frame(frame, "sex", "income", drop="age")
    assert set(frame) - set(one.schema.names) == {"age"}
    two = rf.TableDataset.from_frame(frame, ["sex", "race"], "income")
    assert two.schema.sensitive == "sex,race" and len(two.schema.group_names) == 4


def test_a_table_that_bins_do_not_take_names_the_encoding_that_does(frame):
    frame = frame.assign(height=frame["height"].where(frame["age"] > 9))
    with pytest.raises(InputError, match=r"--missing category\.\nOr take encoding='faithful'"):
        rf.TableDataset.from_frame(frame, "sex", "income")
    assert (
        rf.TableDataset.from_frame(frame, "sex", "income", encoding="faithful")
        .schema.column("height")
        .missing
    )


def test_a_file_with_semicolons_is_told():
    with pytest.raises(
        InputError, match=r"there is one column, 'sex;income', expected several. Save the file"
    ):
        rf.TableDataset.from_frame(pd.DataFrame({"sex;income": ["f;low"] * 60}), "sex", "income")
