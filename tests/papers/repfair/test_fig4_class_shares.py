"""Figure 4: when the claim holds, class by class, and its picture."""

import numpy as np
import pytest
from plot_reading import bars, dots, legend
from toy_figures import digits, measured, states, with_shares

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART
from repfair_keras.papers.repfair.fig4_class_shares import FIGURE
from repfair_keras.papers.repfair.fig4_class_shares_plot import plot_class_shares
from repfair_keras.sweeps.records import matching


def test_figure_4_holds_where_the_numbers_are_the_papers():
    got = measured(FIGURE, with_shares(digits(6), gan=0.41, repfair=0.49))
    assert got.verdict == HOLDS, got.parts
    assert "minus the plain GAN's on the same seeds is -16 points" in got.why
    assert "RepFair-GAN's gap is smaller in 6 of 6 seeds" in got.why and len(got.why.split()) < 80
    shown = states(got, "shown")
    assert "18 points for the plain GAN" in shown and "within the classes is smaller in 6 of 6" in shown
    assert len(got.rows) == 2 * 6 * 10
    assert {"class", "share/black", "raw_share/white", "gap", "undecided", "seed"} <= set(got.rows[0])


@pytest.mark.parametrize(
    ("gan", "repfair", "verdict"),
    [
        (0.1, 0.49, IN_PART),  # repaired, but 80 points are not 18
        (0.59, 0.49, IN_PART),  # white is favoured
        (0.49, 0.41, FAILS),  # the wrong way round
        (lambda config: 0.02 if config["seed"] % 2 else 0.98, 0.5, IN_PART),  # either group
    ],
)
def test_figure_4_does_not_hold_where_a_part_is_missing(gan, repfair, verdict):
    got = measured(FIGURE, with_shares(digits(6), gan=gan, repfair=repfair))
    assert got.verdict == verdict, got.why


def test_a_run_that_loses_a_group_or_not_is_no_proof_in_three_seeds():
    got = measured(FIGURE, with_shares(digits(3), gan=0.02, repfair=lambda c: 0.48 + 0.01 * c["seed"]))
    assert got.verdict == IN_PART and "Left open: RepFair-GAN's gap is smaller in 3 of 3 seeds" in got.why
    assert "3 of 3 runs (exact 95 % interval 29.2 % to 100.0 %)" in got.text


def test_figure_4_shows_the_class_with_the_largest_gap():
    records = with_shares(digits(), gan=0.41, repfair=0.49)
    for record in matching(records, method="gan"):
        record["report"]["by_class"] = [*record["report"]["by_class"][:9], [1.0, 0.0]]
        record["report"]["by_class"][2] = None  # nothing decided
    got = measured(FIGURE, records)
    assert "class 9 for plain GAN (100.0 points)" in got.text
    assert "| 2 | - | 2" in got.text


def test_equal_shares_of_few_decided_images_are_no_repair():
    records = with_shares(digits(6), gan=0.41, repfair=0.49)
    for record in matching(records, method="repfair"):
        for row in record["log"]:
            row["undecided"] = 0.8
    got = measured(FIGURE, records)
    assert got.verdict == IN_PART and "80 % of its images are undecided" in states(got, "left open")


GROUPS = ("black", "white")


def class_row(method, seed, name, black, undecided=0.1):
    white = None if black is None else 1 - black
    row = {"method": method, "seed": seed, "class": name, "share/black": black, "share/white": white}
    return {**row, "undecided": undecided}


def test_class_shares_draws_a_mean_and_every_seed():
    rows = [
        class_row("repfair", 0, "3", 0.5),
        class_row("gan", 0, "3", 1.0, undecided=0.3),
        class_row("gan", 1, "3", 0.0),
        class_row("gan", 0, "4", None, undecided=1.0),
        class_row("gan", 1, "4", 0.4, undecided=0.8),
    ]
    figure = plot_class_shares(rows, GROUPS, ["3", "4"], note="stand-in: digits")
    plain, repaired = figure.axes
    np.testing.assert_allclose(bars(plain), [[50, 40], [50, 60], [20, 90]])
    np.testing.assert_allclose(bars(repaired), [[50, np.nan], [50, np.nan], [10, np.nan]])
    np.testing.assert_allclose(dots(plain), [0, 0, 10, 30, 40, 60, 80, 100, 100, 100])
    assert plain.get_title() == "plain GAN, 2 seeds" and repaired.get_title() == "RepFair-GAN, 1 seed"
    assert [text.get_text() for text in repaired.get_xticklabels()] == ["3", "4"]
    assert {*GROUPS, "undecided (of all images)", "equal shares", "bar: mean; point: one seed"} == set(
        legend(figure)
    )
    assert figure.get_suptitle().endswith("stand-in: digits")


def test_points_of_seeds_with_equal_values_do_not_hide_one_another():
    rows = [class_row("gan", seed, "3", 0.5) for seed in range(5)]
    (axes,) = plot_class_shares(rows, GROUPS, ["3"]).axes
    places = {tuple(point) for each in axes.collections for point in each.get_offsets()}
    assert len(places) == 15
