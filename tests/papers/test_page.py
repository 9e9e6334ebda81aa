"""The page of a figure: a short verdict before the picture, its parts and rule after it."""

import pytest
from toy_records import toy_records

from repfair_keras.papers.figure import ILLUSTRATION, WAITING, Material
from repfair_keras.papers.page import lengths, page, sources
from repfair_keras.papers.repfair.fig4_class_shares import FIGURE as FIGURE_4
from repfair_keras.papers.reproduce import measure


def test_the_verdict_is_short_and_its_parts_and_rule_follow_the_picture():
    records = toy_records(method=["gan", "repfair"], seed=[0, 1, 2])
    measured = FIGURE_4.measure(Material(records, {}))
    text = page("4", FIGURE_4, measured, records, [], True, False)
    before, after = text.split("![")
    assert before.endswith(f"**Verdict: {measured.verdict}.** {measured.why}\n\n")
    assert len(before.split()) < 100
    headings = [line for line in after.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Verdict in parts",
        "## The paper",
        "## Measured",
        "## Where it comes from",
    ]
    for part, state in measured.parts:
        assert f"\n- {state}: {part}\n" in after
    assert f"<details><summary>Rule</summary>\n\n{measured.rule}\n\n</details>" in after


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"steps": 1500, "vae_steps": 6000}, "1,500 steps after 6,000 steps of the encoder"),
        ({"epochs": 20, "vae_epochs": 10}, "20 epochs after 10 epochs of the encoder"),
        ({"epochs": 39}, "39 epochs"),
    ],
)
def test_lengths(settings, told):
    config = {"method": "fld_dm", "steps": None, **settings}
    assert lengths([{"config": config}]) == told


def test_what_could_not_be_tested_has_no_parts():
    measured = FIGURE_4.measure(Material([], {}))
    assert "Verdict in parts" not in page("4", FIGURE_4, measured, [], [], False, False)


def test_the_command_names_the_data_set_that_was_named():
    measured = FIGURE_4.measure(Material([], {}))
    text = page("4", FIGURE_4, measured, [], [], False, False, "svhn")
    assert "`python -m repfair_keras.reproduce 4 --dataset svhn`" in text


def test_runs_of_a_registered_block_are_judged_there_alone():
    records = toy_records(method=["gan", "repfair"], seed=[0, 1, 2])
    judged = FIGURE_4.measure(Material(records, {}))
    measured = measure(FIGURE_4, Material(records, {}))
    assert measured.verdict == ILLUSTRATION != judged.verdict
    assert "](confirm.md)" in measured.why
    text = page("4", FIGURE_4, measured, records, [], True, False)
    assert "## Parts of the claim, exploratory" in text and "## Verdict in parts" not in text
    assert measure(FIGURE_4, Material([], {})).verdict == WAITING, "without runs nothing is judged anywhere"


def test_the_page_says_whose_images_they_are():
    records = toy_records(method=["gan", "repfair"], seed=[0, 1, 2])
    plain = sources("4", FIGURE_4, records, [])
    assert "EMA" not in plain
    averaged = [{**record, "config": {**record["config"], "ema": 0.999}} for record in records]
    assert "an average of its weights over training (EMA, decay 0.999)" in sources(
        "4", FIGURE_4, averaged, []
    )
