"""The page of a registered block, from records of runs that never were."""

from copy import deepcopy
from pathlib import Path

import pytest
from matplotlib.collections import PathCollection
from toy_records import toy_records

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, SHOWN, UNTESTED, WAITING, Material
from repfair_keras.papers.registered.registration import Diverged, Map, Registered, read_registration
from repfair_keras.registry import lookup

FIGURE = lookup("paper_figure", "confirm")
FILE = Path(__file__).resolve().parents[3] / "docs/registration/confirm.yaml"
FEW, MANY = list(range(100, 112)), list(range(100, 130))


@pytest.fixture(scope="module")
def registered():
    return read_registration(FILE)


@pytest.fixture
def records():
    both = toy_records(method=["gan", "repfair"], seed=MANY)
    made = both + toy_records(method=["alternation_only", "clipping_only"], seed=FEW)
    return deepcopy(made)  # parts of toy reports are shared


def measured(records, registered):
    return FIGURE.measure(Material(records, {}, registered))


def test_a_whole_block_is_judged(records, registered):
    """Of toy runs every plain one has lost a group, and no other."""
    found = measured(records, registered)
    verdicts = {one.name: one.verdict for one in found.judged}
    assert verdicts["H1"] == verdicts["H2"] == SHOWN and verdicts["H5"] == UNTESTED
    assert found.verdict == IN_PART and found.why.startswith("H1 shown; H2 shown; H3 left open")
    assert "lost a group: 30 of 30 against 0 of 30 (gan against repfair); difference 100 points" in found.text
    assert "| gan | 30 | 30 of 30 (88 to 100) | 30 to 30 of 30 |" in found.text
    assert len(found.rows) == len(records) and {"arm", "class_gap"} <= set(found.rows[0])
    assert "ema_class_gap" not in found.rows[0] and "### The average" not in found.text, "there is none"


def test_a_part_of_it_is_told_and_not_judged(records, registered):
    found = measured(records[:40], registered)
    assert found.verdict == WAITING and found.why.startswith(
        "Runs so far: repfair 10 of 30, alternation_only 0"
    )
    assert {one.verdict for one in found.judged} == {WAITING}
    assert "lost a group: 30 of 30 against 0 of 10" in found.text


def test_how_many_runs_were_trained_elsewhere_is_told(records, registered):
    assert "trained on" not in measured(records, registered).text
    for record in records[:20]:
        record["trained_on"] = "a card"
    assert f"; 20 of {len(records)} trained on a card (" in measured(records, registered).text
    for record in records:
        record["trained_on"] = "a card"
    assert "; trained on a card (" in measured(records, registered).text


def test_no_run_at_all_is_told(registered):
    found = measured([], registered)
    assert found.verdict == WAITING and "None of the runs has been recorded" in found.text
    assert FIGURE.plot(Material([], {}, registered)) is None


def test_clouds_cannot_show_anything(records, registered):
    for record in records:
        for row in record["log"]:
            row |= {"right_label": 0.2} if "right_label" in row else {}
    found = measured(records, registered)
    assert found.verdict == UNTESTED and SHOWN not in {state for _, state in found.parts}
    assert "most images of gan and repfair do not show the label asked for" in found.text


def test_groups_that_two_counts_find_different_show_nothing(records, registered):
    """A report of early runs has no second count, and is taken at its word."""
    assert "two counts agree" not in measured(records, registered).text
    told = {
        "n": 2000,
        "agreement": 0.7,
        "expected": 0.99,
        "p_value": 0.0,
        "proportions": [0.5, 0.5],
        "recalls": [1.0, 1.0],
    }
    for record in records:
        record["report"]["nearest_real"] = told | (
            {} if record["config"]["method"] == "gan" else {"agreement": 0.9}
        )
    found = measured(records, registered)
    verdicts = {one.name: one.verdict for one in found.judged}
    assert verdicts["H1"] == verdicts["H2"] == UNTESTED and verdicts["H3"] != UNTESTED
    assert "the groups of the images of gan cannot be told" in found.text
    assert "two counts agree (%)" in found.text and "70 (70 to 70)" in found.text
    assert "cannot be told" in FIGURE.plot(Material(records, {}, registered)).get_suptitle()


def test_runs_of_before_the_registration_are_called_exploratory(records, registered, monkeypatch):
    from repfair_keras.papers.registered import block_text

    for first, told in (
        (True, "holds the registration as it is now"),
        (False, "this page is exploratory"),
        (None, "cannot be told"),
    ):
        monkeypatch.setattr(block_text, "came_first", lambda registered, commit, first=first: first)
        assert told in measured(records, registered).text
    assert "commit not committed" in measured(records, Registered(registered.plan, None, FILE)).text


@pytest.mark.parametrize("verdict", [FAILS, HOLDS])
def test_the_verdict_on_a_block_follows_its_hypotheses(records, registered, verdict):
    from repfair_keras.papers.registered.block import _verdict

    found = measured(records, registered).judged
    if verdict == HOLDS:
        found = [one._replace(verdict=SHOWN) for one in found]
    else:
        found = [one._replace(verdict="contradicted" if one.name == "H1" else "left open") for one in found]
    assert _verdict(found) == verdict


def test_every_run_is_a_point(records, registered):
    figure = FIGURE.plot(Material(records, {}, registered))
    panels = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in panels][:2] == [
        "smallest group's share (%)",
        "gap within classes (points)",
    ]
    points = [
        sum(len(drawn.get_offsets()) for drawn in axes.collections if isinstance(drawn, PathCollection))
        for axes in panels
    ]
    assert points[1] == len(records)


def changed(registered, **changes):
    return registered._replace(plan=registered.plan.model_copy(update=changes))


def test_the_average_is_judged_where_it_is_registered(records, registered):
    for record in records:
        for row in record["log"]:
            row |= {f"raw/{name}": value for name, value in row.items() if name != "step"}
            row |= {"raw/share/black": 0.5, "raw/share/white": 0.5} if "share/white" in row else {}
    lost = {
        judged: measured(records, changed(registered, judged=judged)).judged[0].compared.difference
        for judged in ("last_step", "average")
    }
    assert lost == {"last_step": 0.0, "average": 1.0}
    text = measured(records, changed(registered, judged="average")).text
    assert "### The generator of the last step" in text and "### The average" not in text


def test_norms_of_the_first_epoch_are_held_against_one_another(records, registered):
    assert "norms apart" not in measured(records, registered).text
    for record in records:
        wide = 4.0 if record["config"]["method"] == "gan" else 1.0
        record["early_norms"] = [
            {
                "step": float(step),
                "d_grad_norm/black": 2.0,
                "d_grad_norm/white": 2.0 * (wide if step else 1.5),
            }
            for step in (0, 60, 105, 255)
        ]
    text = measured(records, registered).text
    assert "| norms apart after steps | 0 | 50 | 100 | 250 |" in text
    assert "| gan | 1.50 | 4.00 | 4.00 | 4.00 |" in text and "| repfair | 1.50 | 1.00 | 1.00 | 1.00 |" in text


def test_runs_that_diverged_count_as_they_are_registered(records, registered):
    gone = [Diverged(arm="repfair", seed=129)]
    rest = [r for r in records if (r["config"]["method"], r["config"]["seed"]) != ("repfair", 129)]
    assert measured(rest, changed(registered, diverged=[])).verdict == WAITING
    assert measured([], changed(registered, diverged=gone)).verdict == WAITING, "none but one that diverged"
    lost = {
        is_lost: measured(rest, changed(registered, diverged=gone, diverged_is_lost=is_lost))
        for is_lost in (True, False)
    }
    assert [len(lost[is_lost].judged[0].values[1]) for is_lost in (True, False)] == [30, 29]
    assert "lost a group: 30 of 30 against 1 of 30" in lost[True].text
    assert (
        "30 of 30 against 0 of 29" in lost[False].text
        and "**Diverged**: repfair seed 129." in lost[False].text
    )


def test_amendments_are_told(records, registered):
    assert "**Amended.** 2026-11-26: Said more precisely" in measured(records, registered).text


def test_amendments_change_words_and_checkpoints_and_leave_the_registered_text(records, registered):
    text = measured(records, registered).text
    old = registered.plan.hypotheses["H1"].paper
    assert "means over the second half of training" in text and old in text
    amendment = registered.plan.amendments[0].model_copy(
        update={"papers": {"H1": "It says more."}, "checkpoints": "last"}
    )
    again = changed(registered, amendments=[amendment])
    text = measured(records, again).text
    assert "gaps are of the last checkpoint" in text and "| It says more. |" in text
    assert again.plan.hypotheses["H1"].paper == old
    last = {record["id"]: record["log"][-1] for record in records}
    row = measured(records, again).rows[0]
    assert (
        row["class_gap"]
        == last[row["record"]]["class_gap"]
        != measured(records, registered).rows[0]["class_gap"]
    )


def test_a_map_has_a_cell_for_each_arm_and_value(registered):
    grid = {"method": ["gan", "repfair"], "seed": [100, 101], "d_learning_rate": [0.0002, 0.001]}
    records = toy_records(**grid)
    of_rates = changed(registered, map=Map(across="d_learning_rate", label="learning rate"))
    text = measured(records, of_rates).text
    assert {row["across"] for row in measured(records, of_rates).rows} == {0.0002, 0.001}, "in the CSV too"
    assert (
        "| 0.0002 | gan | 2 of 2 (16 to 100) |" in text and "| 0.001 | repfair | 0 of 2 (0 to 84) |" in text
    )
    figure = FIGURE.plot(Material(records, {}, of_rates))
    first, second = figure.axes[:2]
    assert second.texts and all("%" not in text.get_text() for text in second.texts), (
        "points are no percentages"
    )
    assert [tick.get_text() for tick in first.get_xticklabels()] == ["0.0002", "0.001"]
    assert [text.get_text() for text in first.texts][:4] == [
        "100.0 %\n2",
        "100.0 %\n2",
        "0.0 %\n2",
        "0.0 %\n2",
    ]
