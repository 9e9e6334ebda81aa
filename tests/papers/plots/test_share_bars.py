"""Bars of shares show the rows that they are given."""

import numpy as np
from plot_reading import bars, dots, segments

from repfair_keras.papers.plots import share_bars


def share_row(method, seed, training_share, second, undecided=0.1):
    shares = {"late_share/normal": None, "late_share/shaded": None}
    if second is not None:
        shares = {"late_share/normal": 1 - second, "late_share/shaded": second}
    return {
        "method": method,
        "seed": seed,
        "training_share": training_share,
        **shares,
        "late_undecided": undecided,
    }


def test_share_bars_have_a_panel_per_make_up_of_the_training_data():
    rows = [
        *(share_row("gan", seed, 0.2, share) for seed, share in enumerate((0.1, 0.2, 0.3))),
        share_row("repfair", 0, 0.4, 0.5),
    ]
    figure = share_bars.plot(rows, ("normal", "shaded"), ("gan", "repfair"))
    few, more = figure.axes
    np.testing.assert_allclose(bars(few), [[80, np.nan], [20, np.nan], [10, np.nan]])
    np.testing.assert_allclose(bars(more), [[np.nan, 50], [np.nan, 50], [np.nan, 10]])
    assert few.get_title() == "shaded: 20 % of the training data"
    assert [text.get_text() for text in few.get_xticklabels()] == [
        "plain GAN\n3 seeds",
        "RepFair-GAN\n0 seeds",
    ]
    assert training_shares(few) == {20, 80} and training_shares(more) == {40, 60}
    half = 4.302653 * 10 / np.sqrt(3)  # t interval of 10, 20, 30
    whiskers = [segment[:, 1] for segment in whisker_segments(few)]
    np.testing.assert_allclose(whiskers[1], [max(20 - half, 0), 20 + half], rtol=1e-5)
    assert whisker_segments(more) == []


def training_shares(axes):
    return {round(float(line[0, 1])) for line in segments(axes) if line[0, 0] != line[1, 0]}


def whisker_segments(axes):
    return [line for line in segments(axes) if line[0, 0] == line[1, 0]]


def test_a_run_without_decided_images_leaves_its_bars_empty():
    figure = share_bars.plot([share_row("gan", 0, 0.5, None, undecided=1.0)], ("normal", "shaded"), ("gan",))
    np.testing.assert_allclose(bars(figure.axes[0]), [[np.nan], [np.nan], [100]])
    assert dots(figure.axes[0]) == [100]
