"""Plots of no runs, no pictures or no data are refused."""

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.papers.plots import group_examples, sample_pictures, share_bars, shares_and_quality
from repfair_keras.papers.repfair.fig1_gradient_norms import plot_norms_and_shares
from repfair_keras.papers.repfair.fig3_clipped_norms import plot_norms_and_ratios
from repfair_keras.papers.repfair.fig4_class_shares_plot import plot_class_shares
from repfair_keras.papers.repfair.over_training_plot import plot_training

GROUPS = ("black", "white")
PLOTS = {
    "norms and shares": lambda: plot_norms_and_shares([], []),
    "norms and ratios": lambda: plot_norms_and_ratios([]),
    "shares per class": lambda: plot_class_shares([], GROUPS, ["3"]),
    "shares per method": lambda: share_bars.plot([], GROUPS, ("gan",)),
    "training": lambda: plot_training([]),
    "shares and quality": lambda: shares_and_quality.plot([], "white", "title", "subtitle"),
    "samples": lambda: sample_pictures.plot_side_by_side([], GROUPS, ("gan",)),
    "data": lambda: group_examples.plot([], []),
}


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_nothing_to_plot_is_said(plot):
    with pytest.raises(InputError, match=r"expected (at least one|a PNG beside at least one record)"):
        plot()
