"""Shares over training: when runs have settled, and the picture."""

import math

import pytest
from plot_reading import curves, legend
from toy_figures import measured, set_log
from toy_records import toy_records

from repfair_keras.figures.style import group_color
from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN
from repfair_keras.papers.repfair.over_training import FIGURE, settled_since, settling_rows
from repfair_keras.papers.repfair.over_training_plot import plot_training


def training_records(shares, seeds=3):
    """Eight checkpoints of the same shares for some seeds of the plain GAN and RepFair."""
    records = toy_records(method=["gan", "repfair"], seed=list(range(seeds)), epochs=[8])
    for record in records:
        log = shares if record["config"]["method"] == "gan" else [0.5] * 8
        set_log(record, share__white=log, share__black=[1 - share for share in log])
    return records


def test_movement_of_a_share_by_hand():
    row = settling_rows(training_records([0.0, 0.9, 0.3, 0.3, 0.5, 0.4, 0.5, 0.6]))[0]
    assert row["wander"] == pytest.approx(math.sqrt(0.02 / 3))  # of .5 .4 .5 .6
    assert row["drift"] == pytest.approx(0.1)  # .45 to .55
    assert (row["settled"], row["settled_since"], row["n_checkpoints"]) == (False, None, 4)


def test_a_share_has_settled_since_it_last_came_near():
    log = [{"step": step, "x": x} for step, x in enumerate([0.5, 0.9, 0.53, 0.48, 0.5, 0.5], 1)]
    log.insert(4, {"step": 4.5})
    assert settled_since(log, "x") == 3


@pytest.mark.parametrize(
    ("shares", "verdict", "said"),
    [
        ([0.1] * 4 + [0.50, 0.52, 0.50, 0.52], HOLDS, "6 of 6"),
        ([0.5] * 4 + [0.50, 0.50, 0.545, 0.545], OPEN, "3 of 6"),  # drifts, though it hardly wanders
        ([0.5] * 4 + [0.40, 0.60, 0.40, 0.60], OPEN, "3 of 6"),  # wanders, though it does not drift
    ],
)
def test_training_has_settled_only_if_shares_neither_wander_nor_drift(shares, verdict, said):
    found = measured(FIGURE, training_records(shares))
    assert found.verdict == verdict and said in found.why


@pytest.mark.parametrize(("n_moving", "verdict"), [(10, FAILS), (9, FAILS), (5, OPEN), (1, IN_PART)])
def test_training_has_settled_if_most_runs_have(n_moving, verdict):
    records = training_records([0.5] * 8, seeds=5)
    for record in records[:n_moving]:
        moving = [0.4, 0.6] * 4
        set_log(record, share__white=moving, share__black=moving[::-1])
    found = measured(FIGURE, records)
    assert found.verdict == verdict and f"{10 - n_moving} of 10" in found.why


def test_training_compares_early_with_late():
    records = training_records([0.5] * 8)
    for record in records:
        set_log(record, undecided=[0.4, 0.2, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1])
    line = next(line for line in measured(FIGURE, records).text.splitlines() if "→" in line)
    assert line.startswith("| plain GAN | 0.3 (3) → 0.1 (3) | ")


def test_training_is_shown_with_its_late_part_and_the_gap_that_a_mean_share_hides():
    records = toy_records(method=["gan", "repfair"], seed=[0, 1], epochs=[4])
    for record, share in zip(records, (0.0, 1.0, 0.4, 0.5), strict=True):
        for row in record["log"]:
            row |= {"share/white": share, "share/black": 1 - share, "undecided": 0.25}
    figure = plot_training(records)
    assert len(figure.axes) == 8
    plain, repfair = figure.axes[:2]
    assert plain.get_title() == "plain GAN\n2 seeds, mean late gap 100 points"
    assert repfair.get_title() == "RepFair-GAN\n2 seeds, mean late gap 10 points"
    (mean,) = curves(plain, group_color(1), thick=True)
    assert [share for _, share in mean] == [50] * 4
    assert sorted({y for line in curves(plain, group_color(1), thick=False) for _, y in line}) == [0, 100]
    shaded = plain.patches[0].get_extents().transformed(plain.transData.inverted())
    assert (shaded.x0, shaded.x1) == pytest.approx((3750, 7500))
    labels = [axes.get_ylabel() for axes in figure.axes[::2]]
    assert labels == ["share of white (%)", "undecided (%)", "right label (%)", "KID per group"]
    assert "KID of black (lower is better)" in legend(figure)
    told = [text.get_text() for axes in figure.axes[-2:] for text in axes.texts]
    assert told == ["seeds with black: 2, white: 2"] * 2


def test_training_without_classes_and_kid_has_two_rows():
    records = toy_records(dataset=["cifar10"], grouping=["shade"], use_labels=[False], method=["gan"])
    for row in records[0]["log"]:
        for name in ("normal", "shaded"):
            row.pop(f"kid/{name}", None)
    figure = plot_training(records, note="a note")
    assert len(figure.axes) == 2 and "a note" in figure.get_suptitle()
    assert not any("KID" in text for text in legend(figure))


def test_shares_are_those_of_the_generator_of_each_step():
    records = training_records([0.5] * 8)
    for record in records:
        for row in record["log"]:
            row |= {"raw/share/white": 0.9, "raw/share/black": 0.1}
    assert {round(row["late_raw_share/white"], 6) for row in settling_rows(records)} == {0.9}
