"""The paper's figures of shares show the rows they are given, as what matplotlib draws tells."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.papers.plots import bound, class_shares, pictures, share_bars

GROUPS = ("black", "white")


def bars(axes):
    """Heights of the bars: a row per group and a last one of the undecided images."""
    containers = [each for each in axes.containers if hasattr(each, "patches") and each.patches]
    return [[bar.get_height() for bar in container] for container in containers]


def dots(axes):
    """Heights of the seeds' points, sorted."""
    drawn = [each for each in axes.collections if isinstance(each, PathCollection)]
    return sorted(float(y) for each in drawn for _, y in each.get_offsets())


def legend(figure):
    return [text.get_text() for each in figure.legends for text in each.get_texts()]


def class_row(method, seed, name, black, undecided=0.1):
    white = None if black is None else 1 - black
    row = {"method": method, "seed": seed, "class": name, "share/black": black, "share/white": white}
    return {**row, "undecided": undecided}


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


def bound_row(c, seed, white, **changes):
    row = {"max_grad_norm": c, "seed": seed, "late_share/black": 1 - white, "late_share/white": white}
    row |= {"late_gap": abs(1 - 2 * white), "late_undecided": 0.1, "late_right_label": 0.9}
    return {**row, "late_clip_fraction/black": 1.0, "late_clip_fraction/white": 0.5, **changes}


def test_class_shares_draws_a_mean_and_every_seed():
    rows = [
        class_row("repfair", 0, "3", 0.5),
        class_row("gan", 0, "3", 1.0, undecided=0.3),
        class_row("gan", 1, "3", 0.0),
        class_row("gan", 0, "4", None, undecided=1.0),
        class_row("gan", 1, "4", 0.4, undecided=0.8),
    ]
    figure = class_shares.draw(rows, GROUPS, ["3", "4"], note="stand-in: digits")
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
    (axes,) = class_shares.draw(rows, GROUPS, ["3"]).axes
    places = {tuple(point) for each in axes.collections for point in each.get_offsets()}
    assert len(places) == 15


def test_share_bars_have_a_panel_per_make_up_of_the_training_data():
    rows = [
        *(share_row("gan", seed, 0.2, share) for seed, share in enumerate((0.1, 0.2, 0.3))),
        share_row("repfair", 0, 0.4, 0.5),
    ]
    figure = share_bars.draw(rows, ("normal", "shaded"), ("gan", "repfair"))
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


def segments(axes):
    return [
        segment
        for each in axes.collections
        if hasattr(each, "get_segments")
        for segment in each.get_segments()
    ]


def training_shares(axes):
    return {round(float(line[0, 1])) for line in segments(axes) if line[0, 0] != line[1, 0]}


def whisker_segments(axes):
    return [line for line in segments(axes) if line[0, 0] == line[1, 0]]


def test_a_run_without_decided_images_leaves_its_bars_empty():
    figure = share_bars.draw([share_row("gan", 0, 0.5, None, undecided=1.0)], ("normal", "shaded"), ("gan",))
    np.testing.assert_allclose(bars(figure.axes[0]), [[np.nan], [np.nan], [100]])
    assert dots(figure.axes[0]) == [100]


def curve(axes, name):
    (container,) = (each for each in axes.containers if each.get_label() == name)
    return container.lines[0].get_ydata().tolist()


def test_bound_shows_means_gaps_and_seeds_on_a_log_axis():
    rows = [bound_row(0.1, 0, 1.0), bound_row(0.1, 1, 0.0), bound_row(10, 0, 0.6), bound_row(10, 1, 0.5)]
    figure = bound.draw(rows, GROUPS)
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
    figure = bound.draw([bound_row(2, 0, 0.5, late_right_label=None)], GROUPS, note="stand-in: digits")
    assert "right label (not measured)" in [
        text.get_text() for text in figure.axes[2].get_legend().get_texts()
    ]
    assert "stand-in: digits" in figure.get_suptitle()


@pytest.fixture
def sample_rows(tmp_path):
    """Rows of two methods at two seeds; one PNG is there, one broken, one absent, one run missing."""
    Image.fromarray(np.full((20, 50), 200, np.uint8)).save(tmp_path / "good.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "good.png").read_bytes()[:40])
    row = {"share/black": 0.75, "share/white": 0.25, "undecided": 0.05, "n": 1000}
    return [
        {**row, "method": "gan", "seed": 0, "picture": tmp_path / "good.png"},
        {**row, "method": "gan", "seed": 1, "picture": tmp_path / "broken.png"},
        {**row, "method": "repfair", "seed": 0, "picture": None, "share/black": None, "share/white": None},
    ]


def test_samples_stand_side_by_side_with_their_shares(sample_rows):
    figure = pictures.draw_samples(sample_rows, GROUPS, ("gan", "repfair"))
    good, absent, broken, missing = figure.axes
    assert good.get_title() == "plain GAN, seed 0\nblack 75 %, white 25 %, undecided 5 % of 1,000"
    assert good.get_images()[0].get_array()[0, 0, 0] == 200
    assert absent.get_title() == "RepFair-GAN, seed 0\nundecided 5 % of 1,000"
    texts = [[text.get_text() for text in axes.texts] for axes in (absent, broken, missing)]
    assert texts == [["no samples were kept of this run"]] * 2 + [["this run is missing"]]
    assert [len(axes.get_images()) for axes in figure.axes] == [1, 0, 0, 0]


def grouped(name, side, channels, groups=("normal", "shaded")):
    pixels = np.zeros((40, side, side, channels), np.uint8)
    pixels[20:] = 255
    labels = np.tile(np.arange(10, dtype=np.int32), 4)
    return ImageDataset(name, "Toy.", pixels, (np.arange(40) // 20).astype(np.int32), groups, "shade", labels)


def test_data_sets_stand_side_by_side():
    figure = pictures.draw_data([grouped("mnist", 4, 1, GROUPS), grouped("svhn", 6, 3)], ["MNIST", "SVHN"])
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:2] == ["MNIST\nblack: 50.0 % of 40 images", "SVHN\nnormal: 50.0 % of 40 images"]
    assert titles[2:] == ["white: 50.0 % of 40 images", "shaded: 50.0 % of 40 images"]
    shapes = [axes.get_images()[0].get_array().shape for axes in figure.axes]
    assert shapes == [(9, 49), (13, 69, 3)] * 2
    assert figure.axes[2].get_images()[0].get_array()[0, 0] == 255


@pytest.mark.parametrize(
    "draw",
    [
        lambda: class_shares.draw([], GROUPS, ["3"]),
        lambda: share_bars.draw([], GROUPS, ("gan",)),
        lambda: bound.draw([], GROUPS),
        lambda: pictures.draw_samples([], GROUPS, ("gan",)),
        lambda: pictures.draw_data([], []),
    ],
)
def test_nothing_to_draw_is_said(draw):
    with pytest.raises(InputError, match="at least one"):
        draw()
