"""Figure 3: when the norms stay together, and its picture."""

import numpy as np
import pytest
from plot_reading import curves, legend, titles
from toy_figures import ALGORITHM_1, measured, set_log
from toy_records import toy_records

from repfair_keras.figures.names import METHOD_NAMES
from repfair_keras.figures.save import save_figure
from repfair_keras.figures.style import group_color
from repfair_keras.papers.figure import FAILS, HOLDS, IN_PART, OPEN
from repfair_keras.papers.repfair.fig1_gradient_norms import plot_norms_and_shares
from repfair_keras.papers.repfair.fig3_clipped_norms import FIGURE, plot_norms_and_ratios
from repfair_keras.papers.repfair.over_training_plot import plot_training


def figure_3_records(ratios, early=1.1):
    """Runs with these late ratios: a dict of method to a list, one per seed."""
    records = toy_records(method=list(ratios), seed=list(range(len(ratios["gan"]))), epochs=[8])
    for record in records:
        late = ratios[record["config"]["method"]][record["config"]["seed"]]
        set_log(record, d_grad_norm__black=1.0, d_grad_norm__white=[early] * 4 + [late] * 4)
    return records


@pytest.mark.parametrize(
    ("ratios", "early", "verdict"),
    [
        ({"gan": [10, 11, 12] * 2, "repfair": [1.1, 1.2, 1.1] * 2}, 1.1, HOLDS),
        ({"gan": [0.1, 11, 12] * 2, "repfair": [1.1, 0.9, 1.1] * 2}, 1.1, HOLDS),  # whichever group it is
        ({"gan": [10, 11, 12] * 2, "repfair": [1.1, 1.2, 1.1] * 2}, 20, IN_PART),  # it shrinks
        ({"gan": [10, 11, 12], "repfair": [1.1, 1.2, 1.1]}, 1.1, IN_PART),  # three of three may be chance
        ({"gan": [1.3, 100, 12], "repfair": [1.2, 1.2, 1.1]}, 1.1, OPEN),  # below in every seed, unevenly
        ({"gan": [1.3, 100, 1.1], "repfair": [1.2, 1.2, 1.2]}, 1.1, OPEN),
        ({"gan": [1.1, 1.1, 1.2], "repfair": [10, 11, 12]}, 1.1, FAILS),
    ],
)
def test_figure_3_holds_only_if_the_norms_stay_closer_than_the_plain_gans(ratios, early, verdict):
    found = measured(FIGURE, figure_3_records(ratios, early))
    assert found.verdict == verdict, found.why


def test_figure_3_tells_the_parts_apart():
    ratios = {"gan": [10] * 3, "repfair": [1] * 3, "alternation_only": [100] * 3, "clipping_only": [10] * 3}
    lines = measured(FIGURE, figure_3_records(ratios)).text.splitlines()
    apart = {line.split(" | ")[0]: line.split(" | ")[4] for line in lines if line.startswith("| ")}
    assert apart["| plain GAN"] == "-"
    assert apart["| RepFair-GAN"].startswith("-1 (") and apart["| alternation only"].startswith("1 (")
    assert apart["| clipping only"].startswith("0 (")


def with_norms(black, white, steps=(10.0, 20.0), **settings):
    """One record with these norms at these steps."""
    (record,) = toy_records(**{key: [value] for key, value in settings.items()})
    rows = zip(steps, black, white, strict=True)
    record["log"] = [{"step": s, "d_grad_norm/black": b, "d_grad_norm/white": w} for s, b, w in rows]
    return record


def test_norms_show_each_seed_their_mean_and_their_spread():
    records = [with_norms([1, 2], [3, 4], seed=0), with_norms([3, 6], [5, 8], seed=1)]
    figure = plot_norms_and_ratios(records)
    axes, ratio = figure.axes
    assert curves(axes, group_color(0), thick=False) == [[[10, 1], [20, 2]], [[10, 3], [20, 6]]]
    assert curves(axes, group_color(0), thick=True) == [[[10, 2], [20, 4]]]
    assert curves(axes, group_color(1), thick=True) == [[[10, 4], [20, 6]]]
    band = axes.collections[1].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (3, 8)
    assert axes.get_yscale() == "linear" and "thick: mean over at least two seeds" in legend(figure)
    assert curves(ratio, "black", thick=False) == [
        [[10, 3], [20, 2]],
        [[10, pytest.approx(5 / 3)], [20, pytest.approx(8 / 6)]],
    ]


def test_norms_that_span_decades_are_drawn_on_a_logarithmic_axis_with_a_geometric_mean():
    records = [with_norms([5, 5], [0.01, 0.01], seed=0), with_norms([0.05, 5], [5, 1], seed=1)]
    figure = plot_norms_and_ratios(records)
    axes = figure.axes[0]
    assert axes.get_yscale() == "log" and "thick: geometric mean over at least two seeds" in legend(figure)
    np.testing.assert_allclose(curves(axes, group_color(0), thick=True), [[[10, 0.5], [20, 5]]])


def test_a_norm_of_zero_is_drawn_and_has_no_ratio(tmp_path):
    figure = plot_norms_and_ratios([with_norms([0.0, 2], [1, 4])])
    axes, ratio = figure.axes
    assert axes.get_yscale() == "linear"
    assert curves(ratio, "black", thick=False) == [[[20, 2]]]
    save_figure(figure, tmp_path / "zero.png")


def test_methods_have_a_panel_each_in_their_order_and_the_clipped_ones_a_bound():
    records = toy_records(method=ALGORITHM_1[::-1], seed=[0, 1], max_grad_norm=[3.0])
    figure = plot_norms_and_ratios(records, note="stand-in: this for that")
    assert titles(figure)[:5] == [f"{name}, 2 seeds" for name in map(METHOD_NAMES.get, ALGORITHM_1)]
    dashed = [any(line.get_linestyle() == "--" for line in axes.get_lines()) for axes in figure.axes[:5]]
    assert dashed == [method in ("repfair", "clipping_only") for method in ALGORITHM_1]
    assert "bound C = 3" in legend(figure)
    assert "stand-in: this for that" in figure.get_suptitle()
    assert not any("bound" in text for text in legend(plot_norms_and_ratios(toy_records(method=["gan"]))))


def test_a_log_without_norms_and_shares_is_drawn_empty(tmp_path):
    records = toy_records(method=["gan"], seed=[0])
    records[0]["log"] = [{"step": 1.0}]
    empty = {"late_share": None, "early_norm_ratio": None, "late_norm_ratio": None}
    save_figure(plot_norms_and_shares(records, [empty]), tmp_path / "a.png")
    save_figure(plot_norms_and_ratios(records), tmp_path / "b.png")
    save_figure(plot_training(records), tmp_path / "c.png")
