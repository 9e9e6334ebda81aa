"""Fronts and the areas below them, by hand; the picture of them."""

import pytest
from toy_cells import toy_seeds

from repfair_keras.core.errors import InputError
from repfair_keras.papers.tables import pareto_plot
from repfair_keras.papers.tables.arena import shown_rows
from repfair_keras.papers.tables.arena_rows import arena_rows
from repfair_keras.papers.tables.pareto import front, hypervolume, reached

POINTS = [(0.9, 0.3), (0.8, 0.6), (0.85, 0.3), (0.7, 0.7), (0.7, 0.7), (0.6, 0.65)]


def test_front_and_area_by_hand():
    assert front(POINTS) == [(0.7, 0.7), (0.8, 0.6), (0.9, 0.3)]
    by_hand = (0.7 - 0.5) * 0.7 + (0.8 - 0.7) * 0.6 + (0.9 - 0.8) * 0.3
    assert hypervolume(POINTS) == pytest.approx(by_hand)
    assert hypervolume(POINTS, (0.6, 0.2)) == pytest.approx(0.1 * 0.5 + 0.1 * 0.4 + 0.1 * 0.1)


def test_what_is_no_better_than_a_guess_adds_nothing():
    assert hypervolume([]) == 0
    assert hypervolume([(0.45, 1.0), (0.9, 0.0), (0.5, 0.5)]) == 0
    assert hypervolume([(0.45, 1.0), *POINTS]) == hypervolume(POINTS)
    assert hypervolume([(0.6, 1.0), (0.4, 2.0)]) == pytest.approx(0.1)


def test_a_point_is_reached_by_one_that_is_as_good_in_both():
    assert reached((0.8, 0.6), POINTS) and reached((0.75, 0.6), POINTS)
    assert not reached((0.8, 0.61), POINTS) and not reached((0.8, 0.6), [(0.9, 0.3), (0.7, 0.7)])


def of_marker(axes, marker):
    return [line for line in axes.lines if line.get_marker() == marker]


def panels(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


def test_the_figure_has_all_published_methods_and_ours_with_intervals():
    ours = toy_seeds(engine="toy", dpr=0.4) + toy_seeds(engine="toy", sampling="independent", dpr=0.5)
    figure = pareto_plot.plot(shown_rows(arena_rows([*ours, *toy_seeds()])))
    assert [axes.get_title().split("\n")[0] for axes in panels(figure)] == [
        "Adult, by sex",
        "Bank, by age-group",
        "COMPAS, by sex",
        "German, by sex",
    ]
    adult = figure.axes[0]
    assert [text.get_text() for text in adult.texts] == [str(number) for number in range(1, 11)]
    drawn = [(line.get_xdata()[0], line.get_ydata()[0]) for line in adult.lines if len(line.get_xdata()) == 1]
    assert any(x == pytest.approx(0.91) and y == pytest.approx(0.5) for x, y in drawn)
    assert len(of_marker(adult, "*")) == 3 and not of_marker(adult, "x"), (
        "real rows, published twice and ours"
    )
    bars = [bar for container in adult.containers for bar in container[2]]
    assert len(bars) == 2 * (10 + 2 + 2 + 1), "both metrics of published methods, real rows twice, and ours"
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert {"toy (ours)", "toy, S independent (ours)", "front with ours"} <= set(labels)
    assert "10 FairTabDDPM" in figure.legends[0].get_title().get_text()


def test_the_front_goes_through_the_best_points_of_both():
    best = toy_seeds(engine="toy", aurocs=(0.95, 0.95, 0.95), dpr=0.9)
    adult = pareto_plot.plot(shown_rows(arena_rows(best))).axes[0]
    steps = [line for line in adult.lines if len(line.get_xdata()) > 1]
    theirs, with_ours = steps
    assert with_ours.get_xdata()[1:].tolist() == pytest.approx([0.95, 0.95])
    assert with_ours.get_ydata()[0] == pytest.approx(0.9)
    assert len(theirs.get_xdata()) > 4 and theirs.get_linestyle() == "--"


def test_other_rows_have_fronts_of_their_own():
    best = toy_seeds(table="bank", engine="toy", aurocs=(0.95, 0.95, 0.95), dpr=0.1, rows=40_004)
    bank = pareto_plot.plot(shown_rows(arena_rows(best))).axes[1]
    assert bank.get_title().endswith("of different rows")
    theirs, ours = (line for line in bank.lines if len(line.get_xdata()) > 1)
    assert len(ours.get_xdata()) == 3 and max(ours.get_ydata()) == pytest.approx(0.1)
    assert len(theirs.get_xdata()) > 3


def test_yardsticks_are_no_methods():
    yardsticks = toy_seeds(engine="independent_columns", aurocs=(0.98, 0.98, 0.98), dpr=0.99)
    yardsticks += toy_seeds(sampling="independent", aurocs=(0.99, 0.99, 0.99), dpr=0.99)
    adult = pareto_plot.plot(shown_rows(arena_rows(yardsticks))).axes[0]
    (theirs,) = (line for line in adult.lines if len(line.get_xdata()) > 1)
    assert theirs.get_linestyle() == "--", "there is none of ours"
    assert len(of_marker(adult, "x")) == 1
    ours = of_marker(adult, "*")[-1]
    assert (ours.get_color(), ours.get_markerfacecolor()) == ("black", "black"), "filled: S is drawn anew"


def test_a_table_of_which_nothing_is_published():
    figure = pareto_plot.plot(
        shown_rows(arena_rows(toy_seeds(table="law_school", engine="toy", rows=20_798)))
    )
    assert panels(figure)[-1].get_title() == "Law school, by race\nnothing published"


def test_guesses_do_not_stretch_the_panel():
    guess = toy_seeds(engine="toy", aurocs=(0.3, 0.3, 0.3)) + toy_seeds(engine="fair_trees")
    low, high = pareto_plot.plot(shown_rows(arena_rows(guess))).axes[0].get_xlim()
    assert low > 0.7 and high < 1


def test_without_a_value_there_is_no_point():
    figure = pareto_plot.plot(shown_rows(arena_rows(toy_seeds(engine="toy", dpr=None))))
    assert "toy (ours)" not in [text.get_text() for text in figure.legends[0].get_texts()]
    with pytest.raises(InputError, match="no rows to plot"):
        pareto_plot.plot([])
