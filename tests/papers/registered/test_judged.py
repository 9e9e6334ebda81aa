"""Verdicts in worlds whose truth is known: how often they are wrong, and how often they find what is there."""

from pathlib import Path

import numpy as np
import pytest

from repfair_keras.papers.figure import CONTRADICTED, LEFT_OPEN, SHOWN, UNTESTED, WAITING
from repfair_keras.papers.registered import two_arms
from repfair_keras.papers.registered.judged import judge
from repfair_keras.papers.registered.registration import read_registration

FILE = Path(__file__).resolve().parents[3] / "docs/registration/confirm.yaml"
PLAN = read_registration(FILE).plan
NO_CLOUDS = dict.fromkeys(PLAN.arms, "")
CLOUDS = "the images of {} are clouds"
MARGIN = 0.05  # of H5


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    monkeypatch.setattr(two_arms, "RESAMPLES", 20)  # of intervals, from which nothing is judged
    monkeypatch.setattr(two_arms, "PERMUTATIONS", 500)


def world(rng, lost, gap=None, right=0.88, of_repfair=0.0):
    """Runs of every arm.

    Args:
        rng: `numpy.random.Generator`.
        lost: how often each arm loses a group, a dict.
        gap: mean gap within classes of each arm's runs that keep both; `None`: alike.
        right: mean share of right labels.
        of_repfair: by how much that of RepFair-GAN differs.
    """
    runs = {}
    for name, arm in PLAN.arms.items():
        gone = rng.random(arm.seeds) < lost[name]
        mean = 0.1 if gap is None else gap[name]
        gaps = np.where(gone, 0.95 + 0.05 * rng.random(arm.seeds), np.abs(rng.normal(mean, 0.04, arm.seeds)))
        rights = rng.normal(right + of_repfair * (name == "repfair"), 0.02, arm.seeds)
        runs[name] = [
            {"lost": bool(a), "share": 0.01 if a else 0.45, "class_gap": b, "right_label": c}
            for a, b, c in zip(gone, gaps, rights, strict=True)
        ]
    return runs


def verdicts(runs, nothing=NO_CLOUDS):
    return {one.name: one.verdict for one in judge(PLAN, runs, nothing)}


def same(p):
    return dict.fromkeys(PLAN.arms, p)


def binomial_bound(n, p=0.05):
    """What at most one in a thousand simulations of this many would exceed, if the rate is as stated."""
    from scipy import stats

    return stats.binom.ppf(0.999, n, p) / n


@pytest.mark.slow
@pytest.mark.parametrize("lost", [0.1, 0.5, 0.9])
def test_where_nothing_differs_at_most_five_in_a_hundred_pages_say_so(lost):
    """The arms are alike, and RepFair-GAN's right labels are the margin below: no hypothesis is true, or has a sign."""
    rng, n, wrong = np.random.default_rng(0), 2000, 0
    for _ in range(n):
        found = verdicts(world(rng, same(lost), of_repfair=-MARGIN))
        wrong += any(
            verdict == SHOWN or (verdict == CONTRADICTED and name != "H5") for name, verdict in found.items()
        )
    assert wrong / n <= binomial_bound(n)


@pytest.mark.slow
def test_an_effect_of_the_papers_size_is_found():
    """18 points against 3, in every run: no group is lost, so that nothing is said of that."""
    rng = np.random.default_rng(1)
    gap = {**same(0.18), "repfair": 0.03}
    found = [verdicts(world(rng, same(0.0), gap)) for _ in range(200)]
    assert np.mean([one["H2"] == SHOWN for one in found]) > 0.95
    assert all(one[name] == LEFT_OPEN for one in found for name in ("H1", "H3", "H4"))
    assert np.mean([one["H5"] == SHOWN for one in found]) > 0.95


@pytest.mark.slow
def test_all_or_nothing_is_found():
    rng = np.random.default_rng(2)
    lost = {"gan": 0.5, "repfair": 0.0, "alternation_only": 0.7, "clipping_only": 0.0}
    found = [verdicts(world(rng, lost)) for _ in range(200)]
    shown = {name: np.mean([one[name] == SHOWN for one in found]) for name in PLAN.hypotheses}
    assert shown["H1"] > 0.9 and shown["H2"] > 0.6 and shown["H3"] > 0.9 and shown["H4"] == 0


def test_the_other_sign_contradicts():
    rng = np.random.default_rng(3)
    found = verdicts(world(rng, {**same(0.0), "repfair": 0.8}, of_repfair=-0.2))
    assert found["H1"] == found["H3"] == found["H2"] == CONTRADICTED
    assert found["H5"] == CONTRADICTED, "the whole interval lies outside of the margin"


def test_nothing_is_judged_before_all_runs_are_there():
    runs = world(np.random.default_rng(4), {**same(0.0), "gan": 1.0})
    del runs["clipping_only"][-1]
    judged = judge(PLAN, runs, NO_CLOUDS)
    assert {one.verdict for one in judged} == {WAITING}
    assert judged[0].why == "runs so far: clipping_only 11 of 12" and judged[0].p is None
    assert judged[0].compared.p < 0.001, "the numbers are told"


def test_clouds_show_nothing():
    runs = world(np.random.default_rng(5), {**same(0.0), "gan": 1.0})
    found = verdicts(runs, {**NO_CLOUDS, "alternation_only": CLOUDS})
    assert found["H1"] == SHOWN and found["H3"] == UNTESTED
    assert set(verdicts(runs, dict.fromkeys(PLAN.arms, CLOUDS)).values()) == {UNTESTED}


def test_equivalence_without_two_runs_that_kept_both_groups_is_not_tested():
    runs = world(np.random.default_rng(6), {**same(0.0), "gan": 1.0})
    (h5,) = (one for one in judge(PLAN, runs, NO_CLOUDS) if one.name == "H5")
    assert h5.verdict == UNTESTED and h5.why == "there are too few runs with a value"


def test_what_is_not_tested_counts_among_the_hypotheses():
    """Left out, it would make the correction of the others milder."""
    runs = world(np.random.default_rng(6), {**same(0.0), "gan": 1.0})
    first = judge(PLAN, runs, NO_CLOUDS)[0]
    assert first.p == pytest.approx(min(1, first.compared.p * 5))


def test_power_is_told_at_the_strictest_level():
    first = judge(PLAN, world(np.random.default_rng(7), same(0.2)), NO_CLOUDS)[0]
    from repfair_keras.papers.registered.power import fisher_power

    assert first.power == pytest.approx(fisher_power((30, 30), (0.4, 0.05), 0.01))


def test_clouds_count_among_the_hypotheses():
    """With their own p values they would make Holm's correction milder."""
    runs = world(np.random.default_rng(8), {**same(0.1), "gan": 0.4, "alternation_only": 1.0})
    seen = judge(PLAN, runs, NO_CLOUDS)
    unseen = judge(PLAN, runs, {**NO_CLOUDS, "alternation_only": CLOUDS})
    assert seen[2].compared.p < 0.001 and unseen[2].verdict == UNTESTED
    assert unseen[0].p >= seen[0].p
    others = [one.compared.p for one in unseen if one.name != "H3"]
    assert unseen[0].p == pytest.approx(two_arms.holm([*others, 1.0])[0])


def test_each_arm_is_told_why_it_shows_nothing():
    runs = world(np.random.default_rng(8), same(0.1))
    labels = "most images of {} do not show the label asked for"
    found = judge(PLAN, runs, {**NO_CLOUDS, "gan": labels, "repfair": CLOUDS})[0]
    assert found.verdict == UNTESTED and set(PLAN.hypotheses["H1"].arms) == {"gan", "repfair"}
    assert (
        found.why
        == "most images of gan do not show the label asked for, and the images of repfair are clouds"
    )
    both = judge(PLAN, runs, {**NO_CLOUDS, "gan": CLOUDS, "repfair": CLOUDS})[0]
    assert both.why == "the images of gan and repfair are clouds"


def test_of_groups_that_cannot_be_told_nothing_is_judged():
    runs = world(np.random.default_rng(5), {**same(0.0), "gan": 0.8})
    seen, unseen = judge(PLAN, runs, NO_CLOUDS), judge(PLAN, runs, NO_CLOUDS, untold=["gan"])
    found = {one.name: one for one in unseen}
    assert found["H1"].verdict == found["H2"].verdict == UNTESTED
    assert found["H1"].why == "the groups of the images of gan cannot be told: two ways to count disagree"
    assert seen[4].verdict == SHOWN
    assert found["H5"].verdict == UNTESTED, "of runs that kept both groups: that is counted"
    assert found["H3"].p >= seen[2].p, "what is not tested counts as p = 1"
    assert found["H3"].verdict == seen[2].verdict


def test_nothing_is_said_of_clouds_before_all_runs_are_there():
    runs = world(np.random.default_rng(4), same(0.5))
    del runs["gan"][-1]
    assert {one.verdict for one in judge(PLAN, runs, dict.fromkeys(PLAN.arms, CLOUDS))} == {WAITING}


def test_a_gap_that_few_runs_have_is_no_contradiction():
    """Of most pairs of runs both have none, so that the median difference is 0; the ranks differ."""
    runs = world(np.random.default_rng(9), same(0.0))
    for name, gaps in (("gan", [0.0] * 18 + [1.0] * 12), ("repfair", [0.0] * 30)):
        for run, gap in zip(runs[name], gaps, strict=True):
            run["class_gap"] = gap
    (h2,) = (one for one in judge(PLAN, runs, NO_CLOUDS) if one.name == "H2")
    assert h2.compared.difference == 0 and h2.verdict == SHOWN
