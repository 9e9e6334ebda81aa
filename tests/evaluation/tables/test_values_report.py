"""Reports of finely numbered tables: whatever a column holds, they are JSON."""

import json

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.never_seen import open_to
from repfair_keras.evaluation.tables.values_report import values_report


def dated(n=300):
    rng = np.random.default_rng(0)
    start = pd.to_datetime("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), "D")
    seen = pd.Series(start.strftime("%Y-%m-%d"))
    seen[::15] = "9999-12-31"
    left = pd.Series(start)
    left[::10] = pd.Timestamp("2199-12-31")
    words = {"sex": rng.choice(["f", "m"], n), "rich": rng.choice(["no", "yes"], n)}
    return pd.DataFrame({**words, "seen": seen, "left": left})


@pytest.mark.parametrize("rules", [None, "none"])
def test_sentinels_among_dates_are_told_as_text(rules):
    frame = dated()
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", rules=rules)
    leaking = data.test_frame.assign(
        seen=["5000-01-01", *data.test_frame["seen"][1:]],
        left=[pd.Timestamp("2150-01-01"), *data.test_frame["left"][1:]],
    )
    found = json.loads(json.dumps(values_report(leaking, data), allow_nan=False))
    gaps = {name: part[0] for name, part in found["sentinels_leaked"].items()}
    assert {name: gap["n"] for name, gap in gaps.items()} == {"seen": 1, "left": 1}
    assert gaps["seen"]["sentinels"] == ["9999-12-31 00:00:00"]
    assert gaps["left"]["sentinels"] == ["2199-12-31 00:00:00"]


def people(n=300):
    rng = np.random.default_rng(1)
    school = rng.choice(["none", "school", "college"], n)
    columns = {
        "sex": rng.choice(["f", "m"], n),
        "years": rng.integers(0, 40, n).astype(float),
        "school": school,
    }
    columns["town"] = [None if i % 9 == 0 else f"town {i % 4}" for i in range(n)]
    return pd.DataFrame({**columns, "rich": rng.choice(["no", "yes"], n)})


def test_values_of_another_program_that_no_real_row_has_are_counted(tmp_path):
    real = people()
    made = real.sample(200, random_state=0).reset_index(drop=True)
    made.loc[:9, "school"] = "kindergarten"
    made.loc[5:7, "years"] = 999
    made.loc[20:24, "years"] = np.nan
    given = {"sensitive": "sex", "target": "rich", "encoding": "faithful"}
    report = rf.evaluate(made, reference=rf.TableDataset.from_frame(real, **given), out=tmp_path / "out")
    seen = report.values.never_seen
    assert (seen["school"]["unseen"], seen["school"]["examples"]) == (10, ["kindergarten"])
    assert (seen["years"]["unseen"], seen["years"]["missing"]) == (3, 5)
    assert "town" not in seen, "a missing value is no news where real rows lack one"
    assert report.to_row()["never_seen"] == 2
    text = (tmp_path / "out" / "report.md").read_text()
    assert "`school`: 10 values that no real training row has: kindergarten" in text
    assert "`years`: 5 rows without a value, which every real row has" in text
    written = pd.read_csv(tmp_path / "out" / "synthetic.csv")
    pd.testing.assert_frame_equal(written, made.fillna(np.nan))


def test_a_group_that_no_real_row_has_is_refused():
    made = people().assign(sex="x")
    with pytest.raises(InputError, match=r"column 'sex' is 'x' .* which training did not have"):
        rf.evaluate(made, reference=rf.TableDataset.from_frame(people(), "sex", "rich", encoding="faithful"))


def test_real_rows_keep_what_they_have_in_a_table_that_is_opened():
    data = rf.TableDataset.from_frame(people(), "sex", "rich", encoding="faithful")
    made = people().assign(school="other", years=np.nan, town="elsewhere")
    opened = open_to(data, made)
    pd.testing.assert_frame_equal(
        opened.schema.decode(opened.codes, 0).drop(columns="years"),
        data.schema.decode(data.codes, 0).drop(columns="years"),
    )
    codes = opened.schema.encode(data.train_frame)
    np.testing.assert_array_equal(codes, opened.codes)
    assert open_to(data, people()) is data


@pytest.mark.parametrize("padded", ["sex", "school", "rich"])
@pytest.mark.parametrize("side", ["real", "synthetic"])
def test_blanks_around_text_are_no_other_value(padded, side):
    rows = people().assign(years=lambda frame: frame["years"].astype(int))
    blanks = rows.assign(**{padded: rows[padded] + " "})
    given = {"sensitive": "sex", "target": "rich", "encoding": "faithful"}
    data = rf.TableDataset.from_frame(blanks if side == "real" else rows, test=people(100), **given)
    found = values_report(rows if side == "real" else blanks, data)
    assert found["copying"]["copies"][0] == 1
    assert sorted(found["copying"]["groups"]) == ["f", "m"]
    assert found["never_seen"] == {}
    assert found["shapes"]["score"] == found["shapes"]["real"]
