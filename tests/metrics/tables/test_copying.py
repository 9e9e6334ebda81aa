"""Distances of rows, and generators that copy: all rows, those of a rare group, or none."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.tables import copying
from repfair_keras.metrics.tables.columns import row_codes
from repfair_keras.metrics.tables.distances import closest, encoded
from repfair_keras.metrics.tables.privacy import _effective, effective_interval

KINDS = {"x": "numeric", "y": "numeric", "born": "date", "sex": "categorical", "group": "categorical"}


def rows(n, seed, rare=0.05):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "x": rng.normal(size=n),
            "y": np.where(rng.random(n) < 0.1, np.nan, rng.lognormal(size=n)),
            "born": pd.to_datetime("1990-01-01") + pd.to_timedelta(rng.integers(0, 999, n), unit="D"),
            "sex": rng.choice(["f", "m", None], n),
            "group": np.where(rng.random(n) < rare, "rare", "usual"),
        }
    )


def measured(training, held_out, synthetic, **options):
    groups = [table["group"] for table in (training, held_out, synthetic)]
    return copying(training, held_out, synthetic, KINDS, groups, **options)


def test_distances_by_hand():
    real = pd.DataFrame(
        {"x": [0.0, 1, 2, 3, 4, np.nan], "c": ["a", "b", "a", "a", "a", None]}
    )  # IQR of x is 2
    other = pd.DataFrame({"x": [0.5, 100, np.nan], "c": ["b", "a", "z"]})
    kinds = {"x": "numeric", "c": "categorical"}
    a, b = encoded(kinds, (0,), real, other)
    distance, place = closest(b, a)
    # 0.25 and 0 from row 1; 1 and 0 from row 0, the first; 0 and 1 from row 5
    assert distance.tolist() == [0.125, 0.5, 0.5]
    assert place.tolist() == [1, 0, 5]
    assert closest(a, a)[0].tolist() == [0] * 6


def test_distances_equal_slow_ones_over_several_blocks():
    tables = rows(5000, 0), rows(130, 1)
    others, some = encoded(KINDS, (0,), *tables)
    distance, place = closest(some, others)
    numeric = np.minimum(np.abs(some[0][:, None].astype(float) - others[0][None]), 1).sum(axis=2)
    slow = (numeric + (some[1][:, None] != others[1][None]).sum(axis=2)) / len(KINDS)
    assert distance == pytest.approx(slow.min(axis=1), abs=1e-6)
    assert slow[np.arange(130), place] == pytest.approx(slow.min(axis=1), abs=1e-6)
    assert place.max() > 4096


def test_a_constant_column_and_one_without_spread():
    real = pd.DataFrame({"same": np.ones(9), "gains": [0.0] * 8 + [18]})
    other = pd.DataFrame({"same": [1.0, 3.0], "gains": [9.0, 0.0]})
    a, b = encoded(dict.fromkeys(("same", "gains"), "numeric"), (0,), real, other)
    assert closest(b, a)[0].tolist() == [0.25, 0.5]  # 9 of a range of 18, over two columns; 1, at most


def test_equal_rows_have_equal_codes():
    first = pd.DataFrame({"x": [1, 2, None], "c": ["a", None, None]})
    second = pd.DataFrame({"x": [1.0, None, 2], "c": ["a", np.nan, "a"]})
    codes = row_codes({"x": "numeric", "c": "categorical"}, first, second)
    assert np.isin(codes[1], codes[0]).tolist() == [True, True, False]


def test_copies_are_found_and_new_rows_are_not():
    training, held_out = rows(400, 0), rows(400, 1)
    fresh, copied = measured(training, held_out, rows(400, 2)), measured(training, held_out, training[:300])
    assert fresh["closer_to_training"][0] == pytest.approx(0.5, abs=0.07)
    assert (fresh["copies"][0], fresh["copies_held_out"][0]) == (0, 0)
    assert fresh["distance_to_training"] == pytest.approx(fresh["distance_to_held_out"], rel=0.2)
    assert copied["copies"][0] == 1
    assert copied["distance_to_training"] == 0
    part = copied["part_of_training"]
    assert 0.9 < part < 1
    assert copied["closer_to_training"][0] == pytest.approx(0.5 + part / 2, abs=0.04)


def test_who_copies_a_rare_group_alone_is_found_there():
    training, held_out = rows(2000, 0), rows(2000, 1)
    synthetic = rows(2000, 2)
    of_group = training[training["group"] == "rare"]
    copied = of_group.sample((synthetic["group"] == "rare").sum(), replace=True, random_state=0)
    synthetic = pd.concat([synthetic[synthetic["group"] != "rare"], copied])
    found = measured(training, held_out, synthetic)
    rare, usual = (found["groups"][group] for group in ("rare", "usual"))
    assert rare["closer_to_training"][1] > 0.7
    assert rare["copies"][0] == 1
    assert rare["copies_held_out"] == [
        0,
        0,
        pytest.approx(1 - 0.025 ** (1 / (held_out["group"] == "rare").sum())),
    ]
    assert usual["closer_to_training"][1] < 0.5 < usual["closer_to_training"][2]
    assert usual["copies"][0] == 0
    assert [type(group) for group in found["groups"]] == [str, str]
    assert found["closer_to_training"][0] < 0.6  # over all rows it hardly shows


def test_one_row_copied_many_times_is_one_coin():
    training, held_out = rows(100, 0, rare=0), rows(100, 1, rare=0)
    found = measured(training, held_out, training.iloc[[0] * 300])
    assert found["closer_to_training"][0] == 1
    assert found["n_effective"] == pytest.approx(1)
    assert found["closer_to_training"][1] < 0.5


@pytest.mark.parametrize(("half", "made", "unaware"), [(150, 150, 1.0), (60, 600, 0.9)])
def test_intervals_of_new_rows_hold_one_half(half, made, unaware):
    """In 95 % of simulations; as many coins as rows would not do for a large synthetic table."""
    hits = of_all_rows = in_group = 0
    for seed in range(100):
        found = measured(
            rows(2 * half, (seed, 0), 0.2), rows(half, (seed, 1), 0.2), rows(made, (seed, 2), 0.2), seed=seed
        )
        share, low, high = found["closer_to_training"]
        hits += low <= 0.5 <= high
        low, high = effective_interval(share * made, made, made)
        of_all_rows += low <= 0.5 <= high
        low, high = found["groups"]["rare"]["closer_to_training"][1:]
        in_group += low <= 0.5 <= high
    assert hits / 100 >= 0.92
    assert in_group / 100 >= 0.92
    assert of_all_rows / 100 <= unaware


def test_halves_are_equal_in_every_group():
    training, held_out = rows(3000, 0, rare=0.2), rows(1000, 1, rare=0.02)
    found = measured(training, held_out, rows(500, 2))
    of_held_out = held_out["group"].value_counts()
    assert {group: part["n_half"] for group, part in found["groups"].items()} == of_held_out.to_dict()
    assert found["n_half"] == 1000
    drawn = measured(training, held_out, rows(500, 2), max_rows=100)
    assert 100 <= drawn["n_half"] <= 102
    assert 100 <= drawn["n_synthetic"] <= 102


def test_the_coins_have_the_variance_of_drawn_halves():
    rng = np.random.default_rng(0)
    shared, strata = rng.poisson(2, 60) ** 2, np.repeat([0, 1], [20, 40])
    n = int(shared.sum())
    shares = []
    for _ in range(20_000):
        half = np.concatenate([rng.permutation(20)[:10], 20 + rng.permutation(40)[:20]])
        shares.append(shared[half].sum() / n)
    assert 0.25 / _effective(shared, strata, n) == pytest.approx(np.var(shares), rel=0.05)


def test_the_exact_interval():
    test = stats.binomtest(7, 30).proportion_ci(0.95, "exact")
    assert effective_interval(7, 30, 30) == pytest.approx([test.low, test.high])
    assert effective_interval(30, 30, 30) == pytest.approx([0.025 ** (1 / 30), 1])


def test_all_ties():
    table = pd.DataFrame({"c": ["a", "b"] * 10})
    found = copying(table, table, table, {"c": "categorical"})
    assert found["ties"] == 1
    assert found["closer_to_training"] == [0.5, 0.5, 0.5]
    assert found["n_effective"] == 0
    assert found["groups"] == {}


def test_a_group_that_is_not_made():
    found = measured(rows(200, 0, rare=0.3), rows(200, 1, rare=0.3), rows(100, 2, rare=0))
    assert found["groups"]["rare"]["closer_to_training"] is None
    assert found["groups"]["rare"]["copies"] is None
    assert found["groups"]["rare"]["n_synthetic"] == 0


def test_groups_that_do_not_fit():
    tables = rows(20, 0), rows(20, 1), rows(20, 2)
    with pytest.raises(InputError, match="groups have 20, 20, 3 rows"):
        copying(*tables, KINDS, [["a"] * 20, ["a"] * 20, ["a"] * 3])
    with pytest.raises(InputError, match="no group has rows in"):
        copying(*tables, KINDS, [["a"] * 20, ["b"] * 20, ["a"] * 20])
