"""Panels of methods: a point per seed, means, and what could not be measured."""

import numpy as np
import pytest
from plot_reading import legend, means, points, titles

from repfair_keras.papers.plots.shares_and_quality import plot


def rows_of(method, shares, **more):
    return [
        {"method": method, "seed": seed, "late_share": share, "late_gap": abs(2 * share - 1), **more}
        for seed, share in enumerate(shares)
    ]


def test_methods_are_compared_seed_by_seed_and_in_the_mean():
    known = {"late_undecided": 0.1, "label_agreement_worst": 0.9, "kid_worst": 0.05, "real_kid_worst": 0.001}
    lost = {"late_undecided": 0.0, "label_agreement_worst": None, "kid_worst": None, "real_kid_worst": 0.003}
    rows = [*rows_of("repfair", [0.5, 0.4, 0.6], **known), *rows_of("gan", [0.0, 1.0], **lost)]
    figure = plot(rows, "white", "title", "subtitle", paper={"gan": 0.18, "repfair": 0.03})
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
    figure = plot(rows, "white", "title", "subtitle")
    assert [axes.get_xscale() for axes in figure.axes] == ["linear", "linear", "linear", "log"]
    dashed = [[line.get_linestyle() for line in axes.get_lines()].count("--") for axes in figure.axes[2:]]
    assert dashed == [1, 0], "a KID of real images below 0 has no place on a logarithmic axis"


def test_a_seed_has_the_same_height_with_and_without_a_value():
    rows = rows_of("gan", [0.2, 0.5, 0.8])
    for row, kid in zip(rows, (0.1, None, 0.2), strict=True):
        row["kid_worst"] = kid
    share, *_, kid = plot(rows, "white", "title", "subtitle").axes
    first, second, third = (y for _, y in points(share)[0])
    assert [y for _, y in points(kid)[0]] == [first, third] and [y for _, y in points(kid)[1]] == [second]
    assert means(kid) == [], "a mean of the seeds that kept both groups would flatter"


def test_panels_without_a_number_are_left_out_and_one_seed_has_no_interval():
    figure = plot(rows_of("gan", [0.7]), "white", "title", "subtitle")
    assert titles(figure) == ["share of white (%)", "gap between groups (points)\n← better"]
    assert not [each for axes in figure.axes for each in axes.containers]
    assert not any("rare" in text or "paper" in text or "real" in text for text in legend(figure))
