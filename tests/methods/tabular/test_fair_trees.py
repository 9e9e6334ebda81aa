"""Fair trees: without relabelling plain trees, with it groups whose positive rates come together."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.methods.tabular.fair_trees import chosen_leaves, fair_trees, soften
from repfair_keras.methods.tabular.settings_trees import FairTreesSettings
from repfair_keras.methods.tabular.trees import Trees, fit_tree

N = 3000


def table(groups="fm", n=N, others=True):
    """A table in which the first group is rich seldom, the last one often; age says nothing of the group."""
    rng = np.random.default_rng(0)
    group, age = rng.integers(0, len(groups), n), rng.integers(20, 60, n)
    chance = 0.25 + 0.4 * group / (len(groups) - 1) + 0.2 * (age > 40)
    frame = pd.DataFrame({"sex": np.array(list(groups))[group], "age": age, "same": "always"})
    frame["rich"] = np.where(rng.random(n) < chance, "yes", "no")
    frame = frame if others else frame[["sex", "same", "rich"]]
    return rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful", categorical=["same"])


@pytest.fixture(scope="module")
def data():
    return table()


def rows_of(data, weight, seed=4, n=30_000):
    phase = next(fair_trees(data, FairTreesSettings(min_leaf=5, relabel=weight), SimpleNamespace(seed=0)))
    phase.fitted.fit()
    told = np.random.default_rng(0).integers(0, data.n_groups, (n, 1)).astype(np.int32)
    return phase.fitted.generator().rows(told, seed).numpy()


def gap(data, rows):
    rates = [np.mean(rows[rows[:, 0] == group, -1] == 1) for group in range(data.n_groups)]
    return np.ptp(rates)


def test_without_relabelling_they_are_trees_with_the_target_last(data):
    plain = Trees(data, data.schema.sensitive_places, 5, 0, last=data.schema.place("rich"))
    plain.fit()
    told = np.random.default_rng(0).integers(0, 2, (30_000, 1)).astype(np.int32)
    np.testing.assert_array_equal(rows_of(data, 0.0), plain.generator().rows(told, 4))
    assert plain.order[-1] == data.schema.place("rich")


def test_the_gap_falls_with_lambda(data):
    gaps = [gap(data, rows_of(data, weight)) for weight in (0.0, 0.25, 0.5)]
    error = 4 * np.sqrt(2 * 0.25 / 15_000)  # four standard errors of a difference of two shares
    real = gap(data, data.codes)
    assert gaps[0] == pytest.approx(real, abs=error + 4 * np.sqrt(2 * 0.25 / 1000))
    assert gaps[0] > gaps[1] + error and gaps[1] > gaps[2] + error, gaps


def test_only_the_target_is_changed(data):
    rows = [rows_of(data, weight) for weight in (0.0, 0.5)]
    np.testing.assert_array_equal(rows[0][:, :-1], rows[1][:, :-1])
    assert (rows[0][:, -1] != rows[1][:, -1]).any()


def test_three_groups():
    data = table("abc")
    assert gap(data, rows_of(data, 0.5)) < gap(data, rows_of(data, 0.0)) - 4 * np.sqrt(2 * 0.25 / 10_000)


def test_no_column_but_a_constant_one():
    data = table(others=False)
    tree, leaves = fit_tree(data, 2, (0, 1), 5, 0)
    assert tree.count.tolist().count(0) == 1 and len(np.unique(leaves)) == 2
    half = rows_of(data, 0.5)
    assert (half[:, 1] == 0).all() and gap(data, half) < gap(data, rows_of(data, 0.0)) - 0.1


def rates(positive, rows, relabelled=()):
    labels = positive > 0.5
    labels[list(relabelled)] ^= True
    return rows @ labels / rows.sum(axis=1)


def test_leaves_by_hand():
    # Positive is the first leaf, with 10 of 20 rows of a and 2 of 20 of b: a gap of 0.4. Relabelling the first turns it
    # to 0 at a cost of 0.8 * 12 = 9.6 rows, the second one widens nothing: a gets 20 of 20, b too, at 0.2 * 28 = 5.6.
    assert chosen_leaves(np.array([0.9, 0.4]), np.array([[10, 10], [2, 18]])).tolist() == [1]
    # The same with a surer second leaf, which now costs 0.9 * 28 = 25.2.
    assert chosen_leaves(np.array([0.9, 0.05]), np.array([[10, 10], [2, 18]])).tolist() == [0]
    assert chosen_leaves(np.array([0.9, 0.4]), np.array([[5, 5], [9, 9]])).tolist() == [], "equal rates"
    assert chosen_leaves(np.array([0.4, 0.3]), np.array([[5, 5], [9, 0]])).tolist() == [], "no positive label"


@pytest.mark.parametrize("seed", range(25))
def test_each_leaf_is_the_best_of_all_that_are_left(seed):
    rng = np.random.default_rng(seed)
    n_leaves, k = rng.integers(1, 8), rng.integers(2, 4)
    positive, rows = rng.random(n_leaves), rng.integers(0, 30, (k, n_leaves)) + (np.arange(n_leaves) == 0)
    chosen = chosen_leaves(positive, rows).tolist()
    assert len(set(chosen)) == len(chosen)
    wrong = np.abs(rows.sum(axis=0) * (1 - 2 * positive))  # more rows labelled wrong, if a leaf is relabelled
    for step in range(len(chosen) + 1):
        before, now = chosen[:step], np.ptp(rates(positive, rows, chosen[:step]))
        left = [leaf for leaf in range(n_leaves) if leaf not in before]
        gains = {leaf: now - np.ptp(rates(positive, rows, [*before, leaf])) for leaf in left}
        worth = {leaf: gain / (wrong[leaf] + 1e-9) for leaf, gain in gains.items() if gain > 1e-9}
        if step == len(chosen):
            assert not worth or now <= 1e-9, "another leaf would bring the groups nearer"
        else:
            assert worth[chosen[step]] == pytest.approx(max(worth.values()))


@pytest.mark.parametrize("weight", [0.2, 0.5, 1.0])
def test_chosen_leaves_are_softened_and_no_others(data, weight):
    place = data.schema.place("rich")
    tree, leaves = fit_tree(data, place, (0, 1, 2), 200, 0)
    soft, nodes = soften(tree, leaves, data, weight), np.unique(leaves)
    before, after = tree.probabilities(2)[nodes, 1], soft.probabilities(2)[nodes, 1]
    rows = np.stack(
        [np.bincount(np.searchsorted(nodes, leaves[data.groups == g]), minlength=len(nodes)) for g in (0, 1)]
    )
    chosen = chosen_leaves(before, rows)
    expected = before.copy()
    expected[chosen] = before[chosen] * (1 - weight) + (1 - before[chosen]) * weight
    assert 0 < len(chosen) < len(nodes)
    np.testing.assert_allclose(after, expected, atol=1e-3)  # of a thousand values


def test_other_values_of_the_target_keep_their_shares_among_each_other():
    rng = np.random.default_rng(1)
    n = 3000
    sex = rng.choice(["f", "m"], n)
    draws = rng.random(n)
    rich = np.where(draws < np.where(sex == "m", 0.7, 0.3), "c", np.where(rng.random(n) < 0.25, "a", "b"))
    frame = pd.DataFrame({"sex": sex, "age": rng.integers(0, 9, n), "rich": rich})
    data = rf.TableDataset.from_frame(frame, "sex", "rich", encoding="faithful")
    rows = [rows_of(data, weight) for weight in (0.0, 0.5)]
    rate = [np.mean(part[part[:, -1] < 2, -1] == 0) for part in rows]
    assert rate[0] == pytest.approx(0.25, abs=0.03) and rate[1] == pytest.approx(rate[0], abs=0.02)
    positive = [[np.mean(part[part[:, 0] == g, -1] == 2) for g in (0, 1)] for part in rows]
    assert np.ptp(positive[1]) < 0.75 * np.ptp(positive[0])
