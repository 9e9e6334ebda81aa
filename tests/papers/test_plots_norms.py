"""Figures over seeds show the runs they are given; read back from what matplotlib draws."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from repfair_keras.papers.plots.over_seeds import at_common_steps, by_method, marks, spans_decades
from toy_records import toy_records

from repfair_keras.core.errors import InputError
from repfair_keras.figures.names import METHOD_NAMES
from repfair_keras.figures.save import save_figure
from repfair_keras.figures.style import group_color
from repfair_keras.papers.plots import ablations, norms, over_training

METHODS = list(METHOD_NAMES)[:5]


def with_norms(black, white, steps=(10.0, 20.0), **settings):
    """One record with these norms at these steps."""
    (record,) = toy_records(**{key: [value] for key, value in settings.items()})
    rows = zip(steps, black, white, strict=True)
    record["log"] = [{"step": s, "d_grad_norm/black": b, "d_grad_norm/white": w} for s, b, w in rows]
    return record


def curves(axes, color, thick):
    """Points of the lines of a colour: the thick one of the mean, or the thin ones of the seeds."""
    lines = [each for each in axes.get_lines() if each.get_color() == color and len(each.get_xdata()) > 0]
    return [each.get_xydata().tolist() for each in lines if (each.get_linewidth() > 2) == thick]


def legend(figure):
    return [text.get_text() for each in figure.legends for text in each.get_texts()]


def titles(figure):
    return [axes.get_title() for axes in figure.axes]


def test_norms_show_each_seed_their_mean_and_their_spread():
    records = [with_norms([1, 2], [3, 4], seed=0), with_norms([3, 6], [5, 8], seed=1)]
    figure = norms.draw(records)
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
    figure = norms.draw(records)
    axes = figure.axes[0]
    assert axes.get_yscale() == "log" and "thick: geometric mean over at least two seeds" in legend(figure)
    np.testing.assert_allclose(curves(axes, group_color(0), thick=True), [[[10, 0.5], [20, 5]]])


def test_a_norm_of_zero_is_drawn_and_has_no_ratio(tmp_path):
    figure = norms.draw([with_norms([0.0, 2], [1, 4])])
    axes, ratio = figure.axes
    assert axes.get_yscale() == "linear"
    assert curves(ratio, "black", thick=False) == [[[20, 2]]]
    save_figure(figure, tmp_path / "zero.png")


def test_methods_have_a_panel_each_in_their_order_and_the_clipped_ones_a_bound():
    records = toy_records(method=METHODS[::-1], seed=[0, 1], max_grad_norm=[3.0])
    figure = norms.draw(records, note="stand-in: this for that")
    assert titles(figure)[:5] == [f"{name}, 2 seeds" for name in map(METHOD_NAMES.get, METHODS)]
    dashed = [any(line.get_linestyle() == "--" for line in axes.get_lines()) for axes in figure.axes[:5]]
    assert dashed == [method in ("repfair", "clipping_only") for method in METHODS]
    assert "bound C = 3" in legend(figure)
    assert "stand-in: this for that" in figure.get_suptitle()
    assert not any("bound" in text for text in legend(norms.draw(toy_records(method=["gan"]))))


def test_the_winner_is_shown_seed_by_seed():
    rows = [
        {"late_share": 0.6, "early_norm_ratio": 0.5, "late_norm_ratio": 2.0},
        {"late_share": 0.3, "early_norm_ratio": None, "late_norm_ratio": 0.25},
        {"late_share": None, "early_norm_ratio": 1.0, "late_norm_ratio": 1.0},
    ]
    axes = norms.draw_with_shares(toy_records(method=["gan"], seed=[0, 1, 2]), rows).axes[-1]
    found = {line.get_label(): line.get_xydata().tolist() for line in axes.get_lines()}
    assert found["norms of the first quarter"] == [[0.5, 60]]
    assert found["norms of the second half"] == [[2, 60], [0.25, 30]]
    assert (
        "corrected share of white" in axes.get_ylabel() and axes.get_xlim()[0] < 0.25 < 2 < axes.get_xlim()[1]
    )


def test_a_log_without_norms_and_shares_is_drawn_empty(tmp_path):
    records = toy_records(method=["gan"], seed=[0])
    records[0]["log"] = [{"step": 1.0}]
    empty = {"late_share": None, "early_norm_ratio": None, "late_norm_ratio": None}
    save_figure(norms.draw_with_shares(records, [empty]), tmp_path / "a.png")
    save_figure(norms.draw(records), tmp_path / "b.png")
    save_figure(over_training.draw(records), tmp_path / "c.png")


@pytest.mark.parametrize(
    "draw",
    [
        norms.draw,
        lambda records: norms.draw_with_shares(records, []),
        over_training.draw,
        lambda rows: ablations.draw(rows, "white"),
    ],
)
def test_nothing_to_draw_is_said(draw):
    with pytest.raises(InputError, match="expected at least one run"):
        draw([])


def test_training_is_shown_with_its_late_part_and_the_gap_that_a_mean_share_hides():
    records = toy_records(method=["gan", "repfair"], seed=[0, 1], epochs=[4])
    for record, share in zip(records, (0.0, 1.0, 0.4, 0.5), strict=True):
        for row in record["log"]:
            row |= {"share/white": share, "share/black": 1 - share, "undecided": 0.25}
    figure = over_training.draw(records)
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
    figure = over_training.draw(records, note="a note")
    assert len(figure.axes) == 2 and "a note" in figure.get_suptitle()
    assert not any("KID" in text for text in legend(figure))


def rows_of(method, shares, **more):
    return [
        {"method": method, "seed": seed, "late_share": share, "late_gap": abs(2 * share - 1), **more}
        for seed, share in enumerate(shares)
    ]


def points(axes):
    """Places of the dots: filled ones of seeds, and open ones of seeds without a value."""
    dots = [each for each in axes.collections if isinstance(each, PathCollection)]
    filled = [d for d in dots if d.get_facecolor()[0][:3].tolist() == [0, 0, 0] and len(d.get_offsets())]
    is_open = [d for d in dots if d.get_facecolor()[0][:3].tolist() == [1, 1, 1] and len(d.get_offsets())]
    return [[offset.tolist() for d in these for offset in d.get_offsets()] for these in (filled, is_open)]


def means(axes):
    return [line.get_xdata()[0] for line in axes.get_lines() if line.get_marker() == "D"]


def test_methods_are_compared_seed_by_seed_and_in_the_mean():
    known = {"late_undecided": 0.1, "label_agreement_worst": 0.9, "kid_worst": 0.05, "real_kid_worst": 0.001}
    lost = {"late_undecided": 0.0, "label_agreement_worst": None, "kid_worst": None, "real_kid_worst": 0.003}
    rows = [*rows_of("repfair", [0.5, 0.4, 0.6], **known), *rows_of("gan", [0.0, 1.0], **lost)]
    figure = ablations.draw(rows, "white", paper={"gan": 0.18, "repfair": 0.03})
    share, gap, undecided, label, kid = figure.axes
    assert share.get_title() == "share of white (%)" and kid.get_title().startswith("KID, worst group")
    names = [text.get_text() for text in share.get_yticklabels()]
    assert names == ["plain GAN\n2 seeds", "RepFair-GAN\n3 seeds"]
    assert [x for x, _ in points(share)[0]] == [0, 100, 50, 40, 60]
    assert means(gap) == pytest.approx([100, 40 / 3]) and means(undecided) == pytest.approx([0, 10])
    crosses = [line.get_xdata()[0] for line in gap.get_lines() if line.get_marker() == "x"]
    assert crosses == pytest.approx([18, 3])
    assert means(kid) == pytest.approx([0.05]), "seeds that lost a group make no mean"
    assert [x for x, _ in points(kid)[1]] == [0.95, 0.95], "in the strip at the worse edge"
    assert [x for x, _ in points(label)[1]] == [0.05, 0.05], "in the strip at the worse edge"
    assert kid.get_xlim()[0] + 0.9 * np.ptp(kid.get_xlim()) >= 0.05, "no value lies in the strip"
    real = [line.get_xdata()[0] for line in kid.get_lines() if line.get_linestyle() == "--"]
    assert real == pytest.approx([0.0018])
    assert {"one seed", "mean, 95 % t interval", "real images", "the paper"} < set(legend(figure))
    assert any("too rare" in text for text in legend(figure))


def test_kid_over_decades_is_logarithmic_and_shares_never_are():
    rows = rows_of("gan", [0.4, 0.5], late_undecided=0.9, kid_worst=1.5, real_undecided=0.01)
    rows += rows_of("repfair", [0.4, 0.5], late_undecided=0.001, kid_worst=0.05, real_kid_worst=-0.001)
    figure = ablations.draw(rows, "white")
    assert [axes.get_xscale() for axes in figure.axes] == ["linear", "linear", "linear", "log"]
    dashed = [[line.get_linestyle() for line in axes.get_lines()].count("--") for axes in figure.axes[2:]]
    assert dashed == [1, 0], "a KID of real images below 0 has no place on a logarithmic axis"


def test_a_seed_has_the_same_height_with_and_without_a_value():
    rows = rows_of("gan", [0.2, 0.5, 0.8])
    for row, kid in zip(rows, (0.1, None, 0.2), strict=True):
        row["kid_worst"] = kid
    share, *_, kid = ablations.draw(rows, "white").axes
    first, second, third = (y for _, y in points(share)[0])
    assert [y for _, y in points(kid)[0]] == [first, third] and [y for _, y in points(kid)[1]] == [second]
    assert means(kid) == [], "a mean of the seeds that kept both groups would flatter"


def test_panels_without_a_number_are_left_out_and_one_seed_has_no_interval():
    figure = ablations.draw(rows_of("gan", [0.7]), "white")
    assert titles(figure) == ["share of white (%)", "gap between groups (points)\n← better"]
    assert not [each for axes in figure.axes for each in axes.containers]
    assert not any("rare" in text or "paper" in text or "real" in text for text in legend(figure))


def test_methods_are_sorted_and_unknown_ones_come_last():
    assert list(by_method(["mine", "repfair", "gan"], str)) == ["gan", "repfair", "mine"]


def test_a_mean_is_taken_only_where_every_run_has_a_value():
    steps, values = at_common_steps([{1: 1.0, 2: 2.0, 3: 3.0}, {}, {2: 4.0, 3: 5.0, 4: 6.0}])
    assert (steps, values) == ([2, 3], [[2, 4], [3, 5]])
    assert at_common_steps([{}]) == at_common_steps([{1: 1.0}, {}]) == ([], []), "of one run there is no mean"


def test_few_points_are_marked():
    assert marks([0] * 25)["marker"] == "o" and marks([0] * 26) == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], False), ([1, 19], False), ([1, 21], True), ([0, 21], False), ([-1, 5], False)],
)
def test_a_logarithmic_axis_needs_positive_values_and_decades(values, expected):
    assert spans_decades(values) is expected
