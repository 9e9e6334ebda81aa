"""Figure 8: which bounds converge and repair, and its picture."""

import numpy as np
import pytest
from plot_reading import dots
from toy_figures import BOUNDS, NOISE, measured, set_share, states
from toy_records import toy_records

from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, UNTESTED
from repfair_keras.papers.repfair.fig8_bound import FIGURE
from repfair_keras.papers.repfair.fig8_bound_plot import plot_bounds
from repfair_keras.sweeps.records import matching


def bounds(white, undecided=lambda c: 0.8 if c < 2 else 0.1, right=lambda c: 0.9, seeds=3):
    records = toy_records(method=["repfair"], max_grad_norm=BOUNDS, seed=list(range(seeds)))
    for record in records:
        c = record["config"]["max_grad_norm"]
        set_share(record, white(c) + NOISE[record["config"]["seed"]])
        for row in record["log"]:
            row |= {"undecided": undecided(c), "right_label": right(c)}
    return records


def papers(c):
    return 0.2 if c > 20 else 0.5


def test_figure_8_holds_as_the_paper_has_it():
    got = measured(FIGURE, bounds(papers))
    assert got.verdict == HOLDS, got.why
    assert measured(FIGURE, bounds(papers, lambda c: 0.1, lambda c: 0.2 if c < 2 else 0.9)).verdict == HOLDS
    assert [row["converged"] for row in got.rows] == [False] * 9 + [True] * 12


@pytest.mark.parametrize(
    ("change", "contradicted"),
    [
        ({"undecided": lambda c: 0.1}, "3 of 3 at C = 1 converged, claimed: none"),
        ({"undecided": lambda c: 0.8 if c < 10 else 0.1}, "0 of 3 at C = 2"),
        ({"white": lambda c: 0.5}, "C = 50 and 100 has a gap"),
        ({"white": lambda c: 0.2}, "C = 2 and 10 has a gap"),
    ],
)
def test_figure_8_contradicts_each_part_by_itself(change, contradicted):
    got = measured(FIGURE, bounds(**{"white": papers, **change}))
    assert got.verdict == IN_PART
    assert contradicted in states(got, "contradicted")


def test_figure_8_leaves_open_what_differs_between_seeds():
    records = bounds(papers)
    for row in matching(records, max_grad_norm=1.0, seed=0)[0]["log"]:
        row["undecided"] = 0.1
    got = measured(FIGURE, records)
    assert "1 of 3 at C = 1" in states(got, "left open")


def test_figure_8_does_not_hold_where_only_the_middle_converges():
    got = measured(FIGURE, bounds(lambda c: 0.5 if c > 20 else 0.2, undecided=lambda c: 0.1))
    assert got.verdict == FAILS, got.parts
    assert "at C = 10 converged" in states(got, "shown")


def test_figure_8_names_the_bounds_that_are_missing():
    records = [r for r in bounds(papers) if (r["config"]["max_grad_norm"], r["config"]["seed"]) != (50.0, 2)]
    got = measured(FIGURE, [r for r in records if r["config"]["max_grad_norm"] != 0.5])
    assert got.verdict == UNTESTED and "C = 0.5: 0, C = 50: 2." in got.why


GROUPS = ("black", "white")


def bound_row(c, seed, white, **changes):
    row = {"max_grad_norm": c, "seed": seed, "late_share/black": 1 - white, "late_share/white": white}
    row |= {"late_gap": abs(1 - 2 * white), "late_undecided": 0.1, "late_right_label": 0.9}
    return {**row, "late_clip_fraction/black": 1.0, "late_clip_fraction/white": 0.5, **changes}


def curve(axes, name):
    (container,) = (each for each in axes.containers if each.get_label() == name)
    return container.lines[0].get_ydata().tolist()


def test_bound_shows_means_gaps_and_seeds_on_a_log_axis():
    rows = [bound_row(0.1, 0, 1.0), bound_row(0.1, 1, 0.0), bound_row(10, 0, 0.6), bound_row(10, 1, 0.5)]
    figure = plot_bounds(rows, GROUPS)
    shares, gap, state, clipped = figure.axes
    np.testing.assert_allclose(curve(shares, "white"), [50, 55])
    np.testing.assert_allclose(curve(gap, "gap"), [100, 10])
    np.testing.assert_allclose(curve(state, "undecided"), [10, 10])
    np.testing.assert_allclose(curve(state, "right label"), [90, 90])
    np.testing.assert_allclose(curve(clipped, "white"), [50, 50])
    assert {0, 40, 50, 60, 100} == {round(y) for y in dots(shares)}
    assert clipped.get_xscale() == "log"
    assert [text.get_text() for text in clipped.get_xticklabels()] == ["0.1", "10"]
    assert "2 to 10: uniform\nin the paper" in [text.get_text() for text in shares.get_legend().get_texts()]
    assert "2 seeds" in figure.get_suptitle()


def test_bound_says_what_was_not_measured():
    figure = plot_bounds([bound_row(2, 0, 0.5, late_right_label=None)], GROUPS, note="stand-in: digits")
    assert "right label (not measured)" in [
        text.get_text() for text in figure.axes[2].get_legend().get_texts()
    ]
    assert "stand-in: digits" in figure.get_suptitle()
