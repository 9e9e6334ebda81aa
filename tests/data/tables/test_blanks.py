"""Blanks around text, which are no part of a value."""

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.data.tables.blanks import without_blanks


def test_text_has_no_blanks_around_it_and_all_else_stays():
    frame = pd.DataFrame(
        {
            "town": ["Bern ", None, " Basel", "Bern"],
            "mixed": [1, "a ", True, None],
            "string": pd.array(["x ", "x", None, "y"], dtype="string"),
            "category": pd.Categorical(["b ", "a", None, "b"], ["b ", "b", "a"], ordered=True),
            "number": [1.5, np.nan, 3, 4],
        },
        index=[3, 1, 7, 9],
    )
    bare = without_blanks(frame)
    assert bare["town"].tolist() == ["Bern", None, "Basel", "Bern"]
    assert bare["mixed"].tolist() == [1, "a", True, None]
    assert bare["string"].tolist() == ["x", "x", pd.NA, "y"]
    assert bare["category"].astype(object).where(bare["category"].notna(), None).tolist() == [
        "b",
        "a",
        None,
        "b",
    ]
    assert bare["category"].cat.ordered and bare["category"].cat.categories.tolist() == ["b", "a"]
    assert bare["number"].equals(frame["number"]) and bare.index.equals(frame.index)
    for name in ("town", "mixed", "string"):
        assert bare[name].dtype == frame[name].dtype
    assert frame["town"].tolist()[0] == "Bern ", "the frame that was given is as it was"
    assert without_blanks(bare) is bare


@pytest.mark.parametrize("padded", ["town", "sex", "rich"])
def test_rows_of_a_padded_table_are_those_that_are_decoded(padded):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            name: rng.choice(values, 200)
            for name, values in {"sex": ["f", "m"], "town": ["Bern", "Basel"]}.items()
        }
    ).assign(age=rng.integers(0, 9, 200), rich=rng.choice(["no", "yes"], 200))
    bare = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", test=frame)
    frame[padded] += " "
    for test in (None, frame):
        data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", test=test)
        assert not any(rows[padded].str.endswith(" ").any() for rows in (data.train_frame, data.test_frame))
        pd.testing.assert_frame_equal(data.schema.decode(data.codes, 0), data.train_frame)
    assert data.fingerprint == bare.fingerprint, "codes never had blanks"
