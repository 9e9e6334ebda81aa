"""Tables numbered finely: what goes through codes and back is what was observed, in the types it had."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_selector
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

import repfair_keras as rf
from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.faithful import MOST_CATEGORIES, fit_faithful
from repfair_keras.data.tables.loaders import adult, bank, compas
from repfair_keras.data.tables.prepare_faithful import prepare_faithful
from repfair_keras.data.tables.schema import Schema

N = 4000
MISSING = (
    "spikes",
    "day",
    "at",
    "gap_int",
    "gap_bool",
    "gap_string",
    "gap_category",
    "gap_float",
    "many",
    "mixed",
)
LEFT_OUT = ("constant", "empty")
BINS = (  # what a table of before faithful ones was stored as, byte for byte
    '{"format": 1, "sensitive": "sex", "target": "rich", "columns": [{"name": "sex", "dtype": "text", '
    '"values": ["f", "m"], "edges": [], "knots": [], "decimals": 0, "missing": false}, {"name": "age", '
    '"dtype": "int", "values": [], "edges": [80.0], "knots": [[20.0, 23.6875, 27.375, 31.0625, 34.75, '
    "38.4375, 42.125, 45.8125, 49.5, 53.1875, 56.875, 60.5625, 64.25, 67.9375, 71.625, 75.3125, 79.0], "
    "[80.0, 83.6875, 87.375, 91.0625, 94.75, 98.4375, 102.125, 105.8125, 109.5, 113.1875, 116.875, 120.5625, "
    '124.25, 127.9375, 131.625, 135.3125, 139.0]], "decimals": 0, "missing": false}, {"name": "rich", '
    '"dtype": "text", "values": ["no", "yes"], "edges": [], "knots": [], "decimals": 0, "missing": false}]}'
)


def hostile(n=N, seed=0):
    """A table with everything that a table may have."""
    rng = np.random.default_rng(seed)
    years = np.where(rng.random(n) < 0.2, 0, np.where(rng.random(n) < 0.1, 9999, rng.integers(17, 91, n)))
    start = pd.Timestamp("2020-01-01")
    day = (start + pd.to_timedelta(rng.integers(0, 400, n), unit="D")).strftime("%d.%m.%Y")
    frame = pd.DataFrame(
        {
            "key": np.arange(n, dtype="int32") + 1000,
            "sex": rng.choice(["f", "m"], n),
            "spikes": years,
            "price": np.round(rng.gamma(2, 100, n), 2),
            "negative": rng.normal(-5, 100, n),
            "flag": rng.random(n) < 0.3,
            "day": np.where(rng.random(n) < 0.1, "31.12.9999", day),
            "at": start + pd.to_timedelta(rng.integers(0, 10**11, n), unit="ms"),
            "abroad": start.tz_localize("Europe/Paris") + pd.to_timedelta(rng.integers(0, 99, n), unit="D"),
            "gap_int": pd.array(rng.integers(0, 50, n), dtype="Int64"),
            "gap_bool": pd.array(rng.random(n) < 0.5, dtype="boolean"),
            "gap_string": pd.array(rng.choice(["ä", "日本", "ω"], n), dtype="string"),
            "gap_category": pd.Categorical(rng.choice([3, 10, 20], n)),
            "gap_float": np.round(rng.normal(size=n), 2),
            "mixed": pd.Series(rng.random(n) < 0.5).astype(object),  # as pandas reads true, false and nothing
            "many": [f"v{i:04d}" for i in rng.integers(0, 3000, n)],
            "text_key": pd.array([f"P-{i:06d}" for i in rng.permutation(n)], dtype="string"),
            "constant": 3,
            "empty": np.nan,
            "größe": rng.choice(["klein", "groß"], n),
            "small": rng.integers(0, 5, n).astype("int16"),
            "huge": rng.integers(2**60, 2**60 + 3, n),
            "rich": rng.choice(["no", "yes"], n),
        }
    )
    for name in MISSING:
        frame.loc[rng.random(n) < 0.1, name] = None
    return frame


@pytest.fixture(scope="module")
def frame():
    return hostile()


@pytest.fixture(scope="module")
def data(frame):
    return rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")


@pytest.fixture(scope="module")
def back(data):
    return data.schema.decode(data.schema.encode(data.train_frame), 0)


def test_columns_and_dtypes_come_back(frame, data, back):
    kept = frame.drop(columns=list(LEFT_OUT))
    assert list(back.columns) == list(kept.columns)
    assert back.dtypes.astype(str).to_dict() == kept.dtypes.astype(str).to_dict()
    assert back["gap_category"].dtype == kept["gap_category"].dtype
    assert data.notes == ("constant: left out, 3 in every row", "empty: left out, no value in any row")
    assert data.schema.rules == ()


def test_what_is_decoded_was_observed(frame, data, back):
    for name in set(back.columns) - {"key", "text_key"}:
        assert set(back[name].dropna()) <= set(frame[name].dropna()), name
        np.testing.assert_array_equal(back[name].isna(), data.train_frame[name].isna(), err_msg=name)


def test_columns_of_few_values_lose_nothing(data, back):
    for name in back.columns:
        if name not in ("price", "negative", "at", "many", "key", "text_key"):
            assert back[name].equals(data.train_frame[name]), name


def test_fine_bins_move_a_value_little_and_a_spike_not(data, back):
    for name in ("price", "negative"):
        old, new = data.train_frame[name], back[name]
        assert np.abs(old.rank(pct=True) - new.rank(pct=True)).max() < 0.01
    assert not back["spikes"].between(91, 9998).any() and not back["spikes"].between(1, 16).any()
    column = fit_faithful(pd.Series([0, 9999] * 300 + list(range(17, 2017)), name="x"))
    assert column.size <= 500 and {(0.0,), (9999.0,)} < set(column.knots)


def test_keys_are_new(frame, back):
    assert back["key"].tolist() == list(range(1000 + N, 1000 + N + len(back)))
    assert back["text_key"].is_unique and not set(back["text_key"]) & set(frame["text_key"])
    frame = hostile(200).assign(text_key=[f"text_key-{i}" for i in range(250, 450)])
    rows = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    assert not set(rows.schema.decode(rows.codes, 0)["text_key"]) & set(frame["text_key"])
    rows = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", keys="drop")
    assert rows.schema.keys == () and any("text_key: left out" in note for note in rows.notes)
    with pytest.raises(InputError, match="keys is 'count': expected one of renumber, drop"):
        rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", keys="count")


def test_a_schema_is_read_as_it_was_written(data):
    assert Schema.from_json(data.schema.to_json()) == data.schema
    json.loads(data.schema.to_json())


def test_schemas_of_bins_are_as_before():
    rows = pd.DataFrame({"sex": ["f", "m"] * 60, "age": range(20, 140), "rich": ["no", "no", "yes"] * 40})
    data = rf.TableDataset.from_frame(rows, "sex", "rich", test=rows, n_bins=2)
    assert data.schema.to_json() == BINS


def test_the_rarest_of_many_categories_share_a_code(frame, data):
    column = data.schema.column("many")
    assert column.size == MOST_CATEGORIES + 1 and len(column.rare) > 500
    counts = data.train_frame["many"].value_counts()
    assert counts[list(column.rare)].max() <= counts[list(column.values)].min()
    assert column.encode(pd.Series(["never seen", None], name="many"), "table").tolist() == [999, 1000]
    named = [f"name {i}" for i in range(5500)] * 2
    column = fit_faithful(pd.Series(named, name="x"))
    assert len(column.encode(pd.Series(named), "table")) == 11_000, "training rows are not known"


def test_one_value_or_none_is_something():
    series = pd.Series(["x", None] * 30, name="mark")
    rows = pd.DataFrame(
        {"mark": series, "sex": ["f", "f", "m"] * 20, "rich": ["n", "y", "n", "y", "y", "n"] * 10}
    )
    data = rf.TableDataset.from_frame(rows, "sex", "rich", encoding="faithful", test=rows)
    assert data.schema.decode(data.codes, 0)["mark"].equals(series)


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([1.0, np.inf] * 60, {}, "column 'x' is infinite in rows 2, 4"),
        (["1", "2", "3"] * 39 + ["4", "?", "7"], {}, "column 'x' is '\\?' in row 119 .*--categorical x"),
        (
            ["2020-01-01", "2020-01-02"] * 59 + ["1.2.2020"] * 2,
            {},
            "is '1.2.2020' in rows 119, 120 .*%Y-%m-%d.*--categorical x",
        ),
        (["a", "b"] * 60, {"numeric": ["x"]}, "column 'x' is 'a', 'b' in row.*expected a number"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_rows(values, options, message):
    rows = pd.DataFrame({"x": values, "sex": ["f", "m"] * 60, "rich": ["no", "no", "yes"] * 40})
    with pytest.raises(InputError, match=message):
        rf.TableDataset.from_frame(rows, "sex", "rich", encoding="faithful", **options)
    if not options and values[1] != np.inf:  # what the message says
        rf.TableDataset.from_frame(rows, "sex", "rich", encoding="faithful", categorical=["x"], test=rows)


def test_dates_may_be_categories_and_numbers_too(frame):
    rows = frame[["sex", "rich", "abroad", "gap_int", "spikes"]]
    data = rf.TableDataset.from_frame(
        rows, "sex", "rich", encoding="faithful", categorical=["abroad", "gap_int", "spikes"]
    )
    assert {column.kind for column in data.schema.columns} == {"categorical"}
    back = data.schema.decode(data.codes, 0)
    assert back.dtypes.astype(str).to_dict() == rows.dtypes.astype(str).to_dict()
    pd.testing.assert_frame_equal(back, data.train_frame)


def auroc(train, test, target):
    """AUROC of boosted trees that are trained on rows."""
    text = make_column_selector(dtype_exclude="number")(test.drop(columns=target))
    kinds = {name: pd.CategoricalDtype(sorted(test[name].astype(str).unique())) for name in text}
    train, test = (
        rows.assign(**{name: rows[name].astype(str).astype(kinds[name]) for name in text})
        for rows in (train, test)
    )
    positive = sorted(test[target].unique())[-1]
    model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=0, max_iter=60)
    with threadpool_limits(1):  # threads that share a core wait for each other
        model.fit(train.drop(columns=target), train[target] == positive)
        chances = model.predict_proba(test.drop(columns=target))[:, 1]
    return roc_auc_score(test[target] == positive, chances)


@pytest.mark.parametrize(
    ("loader", "place"),
    [(adult, ""), (bank, "tables/bank-full.csv"), (compas, "")],
    ids=["adult", "bank", "compas"],
)
def test_classifiers_learn_the_same_of_real_tables(loader, place, shared_data):
    if not (shared_data / place).exists():
        pytest.skip(f"no ../shared/data/{place} next to the repository")
    data = prepare_faithful(loader.load(shared_data / place))
    back = data.schema.decode(data.codes, 0)
    assert not any(rule.broken(back).any() for rule in data.schema.rules)
    target = data.schema.target
    train, test = data.train_frame.astype(back.dtypes.to_dict()), data.test_frame
    found = [auroc(rows, test, target) for rows in (train, back)]
    print(f"AUROC {found[0]:.4f} of the rows, {found[1]:.4f} of what comes back")
    assert found[1] == pytest.approx(found[0], abs=0.003)


def test_rows_with_a_text_of_their_own_stay_in_the_test():
    """A word that no training row has is one of the rare ones; it does not decide who is tested on."""
    rng = np.random.default_rng(0)
    words = [f"w{i}" for i in rng.integers(0, 600, 300)]
    frame = pd.DataFrame({"sex": ["f", "m"] * 150, "word": words, "rich": ["no", "no", "yes"] * 100})
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    assert len(data.test_codes) == 90
    column = data.schema.column("word")
    counts = data.train_frame["word"].value_counts()
    assert set(column.rare) == set(counts[counts == 1].index)
    assert set(column.values) == set(counts[counts > 1].index)
    assert set(data.test_frame["word"]) - set(data.train_frame["word"])


def test_columns_of_lists_are_refused_all_at_once():
    frame = pd.DataFrame({"sex": ["f", "m"] * 60, "age": range(120), "rich": ["no", "no", "yes"] * 40})
    frame = frame.assign(tags=[["a"]] * 120, bag=[{1}] * 120)
    with pytest.raises(InputError) as refused:
        rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    assert "type list" in str(refused.value)
    assert "--drop tags" in str(refused.value)
    assert "type set" in str(refused.value)


def people_with(name, values, n=300):
    """People with one more column, whose first value is one that is held out; the others are the second."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"age": rng.permutation(n), "sex": rng.choice(["f", "m"], n), "rich": rng.choice(["n", "y"], n)}
    )
    held_out = rf.TableDataset.from_frame(
        frame, "sex", "rich", encoding="faithful", numeric=["age"]
    ).test_frame["age"]
    first = frame["age"] == held_out.iloc[0]
    return frame.assign(**{name: [values[0] if each else values[1] for each in first]})


@pytest.mark.parametrize(
    "dates", [("2020-02-01", "2020-01-01"), (pd.Timestamp("2020-02-01"), pd.Timestamp("2020-01-01"))]
)
def test_a_date_whose_one_other_value_is_held_out(dates):
    data = rf.TableDataset.from_frame(
        people_with("day", dates), "sex", "rich", encoding="faithful", numeric=["age"]
    )
    assert set(data.test_frame["day"]) == set(dates) and set(data.train_frame["day"]) == {dates[1]}
    assert data.schema.column("day").date
    assert set(data.schema.decode(data.codes, 0)["day"]) == {dates[1]}


@pytest.mark.parametrize("values", [("2020-02-01", None), (3.5, None)])
def test_a_column_whose_one_value_is_held_out_is_refused(values):
    frame = people_with("x", values)
    with pytest.raises(InputError, match=r"column 'x' has no value in any row to train on.* --drop x"):
        rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", numeric=["age"])
    rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", numeric=["age"], drop=["x"])


def test_rows_held_out_need_no_keys(frame):
    test = hostile(seed=1).drop(columns=["key", "text_key"])
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", test=test)
    assert [key.name for key in data.schema.keys] == ["key", "text_key"]
    assert list(data.test_frame) == [name for name in data.train_frame if name in test]
    with pytest.raises(InputError, match="has no column 'day'"):
        rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", test=test.drop(columns="day"))


def test_who_has_no_key_is_a_value_like_others():
    rng = np.random.default_rng(0)
    n = 600
    again = rng.random(n) < 0.4
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], n),
            "again": np.where(again, "yes", "no"),
            "case": np.where(again, np.char.add("c", np.arange(n).astype(str)), None),
            "case_id": np.where(again, np.arange(n) + 10.0, np.nan),
            "id": np.arange(n),
            "rich": rng.choice(["no", "yes"], n),
        }
    )
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    assert [key.name for key in data.schema.keys if key.gaps] == ["case", "case_id"]
    assert Schema.from_json(data.schema.to_json()) == data.schema
    back = data.schema.decode(data.codes, 0)
    for name in ("case", "case_id"):
        np.testing.assert_array_equal(back[name].isna(), data.train_frame[name].isna())
        assert back[name].dropna().is_unique and not set(back[name].dropna()) & set(frame[name])
        assert (back[name].isna() == (back["again"] == "no")).all()
    assert back["case_id"].min() == n + 10 and back["case_id"].max() == n + 9 + (back["again"] == "yes").sum()
    assert back["id"].tolist() == list(range(n, n + len(back)))
    np.testing.assert_array_equal(data.schema.encode(back), data.codes)
    lacking = data.schema.encode(back.drop(columns=["case", "case_id"]))
    assert lacking.shape == data.codes.shape, "keys of other programs' rows may be lacking"
