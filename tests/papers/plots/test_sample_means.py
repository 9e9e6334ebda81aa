"""Figures 3 to 5 of On the Fairness of GANs: a panel per training, from made-up counts."""

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.papers.plots import sample_means

GROUPS = ("black", "white")


def row(seed, training_share=0.5, white=0.25, counts=(3, 0, 0, 1)):
    shares = {"share/black": 1 - white, "share/white": white}
    return {"seed": seed, "training_share": training_share, "brightness": list(counts), **shares}


def test_a_panel_per_run_with_its_shares():
    figure = sample_means.plot([row(1), row(0, white=1.0)], GROUPS, 0.5, "stand-in")
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles == ["seed 0, data 50 %\nwhite 100 %", "seed 1, data 50 %\nwhite 25 %"]
    steps = figure.axes[0].patches[0].get_data()
    np.testing.assert_allclose(steps.values, [75, 0, 0, 25])
    np.testing.assert_allclose(steps.edges, [0, 0.25, 0.5, 0.75, 1])
    assert figure.axes[0].lines[0].get_xdata()[0] == 0.5
    assert "stand-in" in figure.get_suptitle()


def test_runs_on_equal_data_lie_together():
    rows = [row(seed, share) for seed in (0, 1, 2) for share in (0.7, 0.3)]
    figure = sample_means.plot(rows, GROUPS)
    titles = [axes.get_title().split("\n")[0] for axes in figure.axes if axes.get_title()]
    assert titles[:3] == [f"seed {seed}, data 30 %" for seed in (0, 1, 2)]
    assert len(titles) == 6
    assert not figure.axes[0].lines, "without a threshold there is no line"


def test_what_was_not_measured_is_said():
    figure = sample_means.plot([{**row(0), "brightness": None, "share/white": None}], GROUPS)
    assert figure.axes[0].texts[0].get_text() == "not measured"
    assert figure.axes[0].get_title() == "seed 0, data 50 %"


def test_no_runs():
    with pytest.raises(InputError, match="no rows"):
        sample_means.plot([], GROUPS)
