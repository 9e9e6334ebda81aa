"""Sequential trees: leaves by hand, scikit-learn's traversal, stored and exported as they were fitted."""

import time

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from scipy.stats import chisquare
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

import repfair_keras as rf
from repfair_keras.data.tables.joint import Joint
from repfair_keras.data.tables.schema import Schema
from repfair_keras.export.row_endpoints import export_rows
from repfair_keras.methods.tabular.trees import Trees, fit_tree, ranks
from repfair_keras.networks.tree_rows import Tree, TreeRows

N = 900
COLOURS = {
    "f": {"no": [6, 2, 0], "yes": [1, 1, 2]},
    "m": {"no": [0, 4, 4], "yes": [5, 0, 5]},
}  # rows of each colour


@pytest.fixture(scope="module")
def tiny():
    """A table of 30 rows by hand, ten times: a colour given sex and riches."""
    rows = [
        (sex, rich, colour)
        for sex, parts in COLOURS.items()
        for rich, counts in parts.items()
        for colour, count in zip(("blue", "green", "red"), counts, strict=True)
        for _ in range(10 * count)
    ]
    frame = pd.DataFrame(rows, columns=["sex", "rich", "colour"])
    return rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", rules="none", test=frame)


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(0)
    sex = rng.choice(["f", "m"], N)
    age = rng.integers(18, 90, N)
    frame = pd.DataFrame(
        {
            "age": np.where(rng.random(N) < 0.1, np.nan, age),
            "sex": sex,
            "wage": np.round(20 * age + 300 * (sex == "m") + rng.normal(0, 100, N), 2),
            "same": "always",
            "town": [f"town {i}" for i in rng.integers(0, 200, N)],
            "rich": np.where(age + 20 * (sex == "m") + rng.normal(0, 10, N) > 60, "yes", "no"),
        }
    )
    return rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", categorical=["same", "town"])


def fitted(data, told=None, **options):
    trees = Trees(data, data.schema.told if told is None else told, 5, 0, **options)
    trees.fit()
    return trees


def told_of(data, n=2000, told=None):
    rows = np.random.default_rng(0).integers(0, len(data), n)
    return data.codes[rows][:, list(data.schema.told if told is None else told)]


def test_leaves_have_the_shares_of_their_rows(tiny):
    tree, leaves = fit_tree(tiny, 2, tiny.schema.told, 5, 0)
    shares = tree.probabilities(3)
    for (sex, rich), leaf in {
        tuple(row[:2]): leaf for row, leaf in zip(tiny.codes, leaves, strict=True)
    }.items():
        counts = np.array(COLOURS["fm"[sex]][("no", "yes")[rich]])
        np.testing.assert_allclose(shares[leaf], counts / counts.sum())
    inner = tree.left != np.arange(len(tree.left))
    assert (shares[inner] == 0).all() and (tree.count[inner] == 0).all() and tree.depth == 2


@pytest.mark.parametrize("sex", [0, 1])
@pytest.mark.parametrize("rich", [0, 1])
def test_draws_are_as_frequent_as_the_rows_of_the_leaf(tiny, sex, rich):
    n = 20_000
    rows = fitted(tiny).generator().rows(np.tile(np.int32([[sex, rich]]), (n, 1)), 5).numpy()
    counts = np.array(COLOURS["fm"[sex]][("no", "yes")[rich]])
    found = np.bincount(rows[:, 2], minlength=3)
    assert (found[counts == 0] == 0).all()
    assert chisquare(found[counts > 0], n * counts[counts > 0] / counts.sum()).pvalue > 1e-4


@pytest.mark.parametrize("seed", range(3))
def test_rows_end_where_scikit_learn_says(seed):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 500, (800, 4)).astype(np.int32)
    codes[:, 3] = (codes[:, 0] + codes[:, 1] > codes[:, 2]) + 2 * (rng.random(800) < 0.2)
    model = DecisionTreeClassifier(min_samples_leaf=3, random_state=0).fit(codes[:, :3], codes[:, 3])
    found, leaves = model.tree_, model.apply(codes[:, :3])
    parts = (found.feature, found.threshold, found.children_left, found.children_right)
    tree = Tree.of_leaves(*parts, leaves, codes[:, 3])
    assert tree.depth == found.max_depth
    rows = TreeRows((500, 500, 500, 4), (0, 1, 2), (3,), [tree])
    fresh = rng.integers(-5, 505, (3000, 3)).astype(np.int32)
    ends = rows._leaf(rows.trees[0], rows.depths[0], list(fresh.T), 3000).numpy()
    np.testing.assert_array_equal(ends, model.apply(fresh))


def test_what_is_told_comes_back_and_a_seed_fixes_the_rest(people):
    generator, told = fitted(people).generator(), told_of(people)
    one, again, other = (generator.rows(told, seed).numpy() for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any(axis=1).mean() > 0.5
    np.testing.assert_array_equal(one[:, list(people.schema.told)], told)
    assert one.dtype == np.int32 and (one < people.schema.sizes).all() and one.min() >= 0
    place = people.schema.place("same")
    assert (one[:, place] == 0).all(), "a constant column is constant"


def test_nothing_told_or_one_column_made(people):
    free = fitted(people, ()).generator().rows(np.zeros((5000, 0), np.int32), 0).numpy()
    for place, size in enumerate(people.schema.sizes):
        shares = [np.bincount(rows[:, place], minlength=size) / len(rows) for rows in (people.codes, free)]
        assert np.abs(np.subtract(*shares)).max() < 4 * np.sqrt(0.25 / 5000) + 4 * np.sqrt(
            0.25 / len(people)
        ), place
    last = len(people.schema.sizes) - 1
    one = fitted(people, tuple(range(last))).generator().rows(people.codes[:, :last], 0).numpy()
    np.testing.assert_array_equal(one[:, :last], people.codes[:, :last])


def test_columns_follow_those_before_them(people):
    rows = fitted(people).generator().rows(told_of(people, 5000), 0).numpy()
    frames = people.train_frame, people.schema.decode(rows, 0)
    found = [frame["wage"].corr(frame["age"].astype(float)) for frame in frames]
    assert found[0] > 0.9 and found[1] == pytest.approx(found[0], abs=0.06)
    means = [frame.groupby("sex")["wage"].mean() for frame in frames]
    np.testing.assert_allclose(*means, rtol=0.05)


def test_stored_trees_are_the_same(people, tmp_path):
    first, progress = Trees(people, people.schema.told, 5, 0), []
    first.fit(lambda: progress.append(1))
    assert len(progress) == first.units == 4
    first.save(tmp_path / "cart.npz")
    second = Trees(people, people.schema.told, 5, 0)
    second.load(tmp_path / "cart.npz")
    told = told_of(people)
    np.testing.assert_array_equal(first.generator().rows(told, 3), second.generator().rows(told, 3))
    kept = second.trees[second.order[0]]
    second.trees.pop(second.order[1])
    second.fit()  # what is lacking is fitted again, and is as it was
    np.testing.assert_array_equal(first.generator().rows(told, 3), second.generator().rows(told, 3))
    assert second.trees[second.order[0]] is kept, "a stored tree is fitted again"


def test_numbers_that_stand_for_codes(people):
    column, codes = people.schema.column("wage"), people.codes[:, people.schema.place("wage")]
    found = ranks(codes, column)
    assert (np.diff(found[np.argsort(codes)]) >= 0).all() and found.min() > 0 and found.max() < 1
    town = people.codes[:, people.schema.place("town")]
    counts = np.bincount(town, minlength=people.schema.column("town").size)
    order = np.argsort(ranks(town, people.schema.column("town")), kind="stable")
    assert (np.diff(counts[town[order]]) <= 0).all(), "the most frequent come first"


def test_many_rows_take_seconds(people):
    generator = fitted(people).generator()
    rows = tf.function(
        generator.rows, input_signature=[tf.TensorSpec((None, 2), tf.int32), tf.TensorSpec((), tf.int32)]
    )
    rows(told_of(people, 10), tf.constant(0))
    started = time.process_time()
    assert rows(told_of(people, 200_000), tf.constant(1)).shape == (200_000, 6)
    assert time.process_time() - started < 15


def test_an_exported_generator_is_plain_tensorflow(people, tmp_path):
    joint = Joint.of(people, people.schema.told)
    generator = fitted(people).generator()
    export_rows(generator, tmp_path / "rows", people.schema, joint)
    model = tf.saved_model.load(str(tmp_path / "rows"))
    n = 20_000
    one, again, other = (
        model.sample(tf.constant(n), tf.constant(seed))["codes"].numpy() for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
    cells = np.ravel_multi_index(one[:, list(people.schema.told)].T, joint.rows.shape)
    assert chisquare(np.bincount(cells, minlength=4), n * joint.wanted.ravel()).pvalue > 1e-4
    told = told_of(people, 50)
    np.testing.assert_array_equal(
        model.sample_told(tf.constant(told), tf.constant(7))["codes"], generator.rows(told, 7)
    )
    served = model.signatures["serving_default"](n=tf.constant(n), seed=tf.constant(1))["codes"]
    np.testing.assert_array_equal(served, one)
    assert Schema.from_json((tmp_path / "rows" / "schema.json").read_text("utf-8")) == people.schema


def test_a_generator_that_is_told_nothing_is_exported_too(people, tmp_path):
    export_rows(fitted(people, ()).generator(), tmp_path / "rows", people.schema, Joint.of(people, ()))
    model = tf.saved_model.load(str(tmp_path / "rows"))
    assert model.sample(tf.constant(7), tf.constant(0))["codes"].shape == (7, 6)
    assert model.sample_told(tf.zeros((3, 0), tf.int32), tf.constant(0))["codes"].shape == (3, 6)


def hostile(n=300):
    """A small table with dates, sentinels, keys, gaps and rules."""
    rng = np.random.default_rng(0)
    sex = rng.choice(["f", "m"], n)
    came = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 500, n), unit="D")
    left = (came + pd.to_timedelta(rng.integers(0, 90, n), unit="D")).strftime("%Y-%m-%d")
    frame = pd.DataFrame(
        {
            "id": np.arange(n),
            "sex": sex,
            "came": came.strftime("%Y-%m-%d"),
            "left": left,
            "score": pd.array(np.where(rng.random(n) < 0.1, 9999, rng.integers(0, 40, n)), dtype="Int64"),
            "ünï": rng.choice(["ä", "日本", None], n),
            "at": came[::-1].tz_localize("UTC"),
            "nothing": None,
            "rich": rng.random(n) < np.where(sex == "m", 0.7, 0.3),
        }
    )
    frame.loc[rng.random(n) < 0.1, ["score"]] = None
    return frame


def test_a_hostile_table_from_training_to_rows(tmp_path):
    frame = hostile()
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    with threadpool_limits(1):  # threads that share a core wait for each other
        run = rf.train(data, method="cart", out=tmp_path / "run", n=60, figures=False, verbose=0)
    assert (run.path / "report.json").is_file()
    assert set(run.report.values.rules) == {"came <= left"}
    rows = rf.load_run(run.path).sample(200, seed=1, independent="sex", where="score < 9999")
    assert rows.dtypes.equals(frame.drop(columns="nothing").dtypes)
    assert (rows["came"] <= rows["left"]).all()
    assert set(rows["left"]) <= set(frame["left"])
    exact = rf.load_run(run.path).sample(1000, seed=1, independent="sex")
    parts = exact.groupby("sex")["rich"].mean()
    assert parts["f"] == pytest.approx(parts["m"], abs=2e-3), "rich follows sex"
