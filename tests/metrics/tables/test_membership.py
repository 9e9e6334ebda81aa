"""Attackers who look for members: of generators that copy, that copy a group, and that do not."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from repfair_keras.core.errors import InputError
from repfair_keras.metrics.tables import membership_inference
from repfair_keras.metrics.tables.membership import _measured, attack

KINDS = {"x": "numeric", "y": "numeric", "z": "numeric", "group": "categorical"}


def rows(n, seed, rare=0.2):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(n, 3)), columns=list("xyz"))
    table["group"] = np.where(rng.random(n) < rare, "rare", "usual")
    return table


def attacked(members, others, synthetic, **options):
    return membership_inference(
        members, others, synthetic, KINDS, (members["group"], others["group"]), **options
    )


@pytest.mark.parametrize("seed", [0, 1])
def test_rates_equal_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    members, others = rng.normal(0.5, size=300).round(2 - seed), rng.normal(size=400).round(2 - seed)
    scores, is_member = np.concatenate([members, others]), np.arange(700) < 300
    found = attack(members, others)
    assert found["auroc"][0] == pytest.approx(roc_auc_score(is_member, scores))
    false, true, _ = roc_curve(is_member, scores, drop_intermediate=False)
    for name, rate in (("tpr_at_1", 0.01), ("tpr_at_10", 0.1)):
        after = np.searchsorted(false, rate, side="right")
        between = (rate - false[after - 1]) / (false[after] - false[after - 1])
        expected = true[after - 1] + between * (true[after] - true[after - 1])
        assert found[name][0] == pytest.approx(expected)
        assert found[name][1] <= found[name][0] <= found[name][2]


def test_rates_by_hand():
    # ranks of 4 members and 10 others; at 10 % false positives, one other: 3 and 2 are above it, one ties
    found = _measured(np.array([3, 3, 2, 0]), np.array([2, 1, 1, 1, 0, 0, 0, 0, 0, 0]))
    assert found["tpr_at_10"] == pytest.approx(3 / 4)
    assert found["tpr_at_1"] is None
    assert found["auroc"] == pytest.approx((10 + 10 + 9.5 + 3) / 40)


def test_copies_are_found_and_new_rows_are_not():
    members, others, reference = rows(400, 0), rows(400, 1), rows(600, 3)
    copied = attacked(members, others, members, reference=reference)
    fresh = attacked(members, others, rows(400, 2), reference=reference)
    for name in ("distance", "density_ratio"):
        assert copied[name]["auroc"][0] > 0.99
        assert copied[name]["tpr_at_1"][0] > 0.99
        assert fresh[name]["auroc"][1] < 0.5 < fresh[name]["auroc"][2]
        assert fresh[name]["tpr_at_10"][1] < 0.1 < fresh[name]["tpr_at_10"][2]
    assert copied["n_reference"] == 600


def test_who_copies_a_rare_group_alone_is_found_there():
    members, others, synthetic = rows(800, 0), rows(800, 1), rows(800, 2)
    synthetic = pd.concat([synthetic[synthetic["group"] != "rare"], members[members["group"] == "rare"]])
    groups = attacked(members, others, synthetic)["groups"]
    assert groups["rare"]["distance"]["auroc"][0] > 0.99
    low, high = groups["usual"]["distance"]["auroc"][1:]
    assert low < 0.5 < high
    assert groups["rare"]["note"] is None


def test_a_ratio_finds_members_where_distances_are_unequal():
    """Half of the records lie in a dense place; near copies of members are nearer than usual in each."""
    rng = np.random.default_rng(0)

    def places(n):
        table = rows(n, rng.integers(1000))
        table[list("xyz")] *= np.where(rng.random(n) < 0.5, 0.02, 1)[:, None]
        return table

    members, others, reference = places(500), places(500), places(2000)
    synthetic = members.assign(**{c: members[c] * (1 + 0.3 * rng.normal(size=500)) for c in "xyz"})
    found = attacked(members, others, synthetic, reference=reference)
    assert found["density_ratio"]["auroc"][0] > found["distance"]["auroc"][0] + 0.1


def test_intervals_hold_what_cannot_be_told():
    hits = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        low, high = attack(rng.normal(size=100), rng.normal(size=100), seed)["auroc"][1:]
        hits += low <= 0.5 <= high
    assert 0.91 <= hits / 150 <= 0.98


def test_small_groups_have_a_note():
    members, others = rows(200, 0, rare=0.1), rows(200, 1, rare=0.1)
    found = attacked(members, others, rows(200, 2), reference=rows(499, 3))
    rare, usual = (found["groups"][group] for group in ("rare", "usual"))
    assert rare["distance"] is None
    assert "too few" in rare["note"]
    assert usual["distance"]["auroc"][0] > 0
    assert found["density_ratio"] is None  # 500 reference rows at least
    assert found["n_reference"] == 0


def test_rows_are_drawn_and_counted():
    found = membership_inference(rows(300, 0), rows(250, 1), rows(900, 2), KINDS, max_rows=200)
    assert (found["n_members"], found["n_non_members"], found["n_synthetic"]) == (200, 200, 400)
    assert found["groups"] == {}


def test_groups_that_do_not_fit():
    with pytest.raises(InputError, match="groups have 10, 3 rows"):
        membership_inference(rows(10, 0), rows(10, 1), rows(10, 2), KINDS, (["a"] * 10, ["a"] * 3))
