"""The figures show the numbers they are given; they are read back from what matplotlib draws."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from example_report import read_example
from matplotlib.figure import Figure as MatplotlibFigure
from PIL import Image
from toy_tables import record, values

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.data.images.transforms import SHADE
from repfair_keras.evaluation.images.image_report import Pairs
from repfair_keras.evaluation.report import ImageReport, report_from_dict
from repfair_keras.figures import gradient_norms, groups, losses, representation, shares_over_training
from repfair_keras.figures.context import Figure, FigureContext
from repfair_keras.figures.every import save_figures
from repfair_keras.figures.save import save_figure
from repfair_keras.figures.style import new_figure
from repfair_keras.registry import lookup, names

GROUPS = ("black", "white")


def rows(n=6):
    """A log: n epochs, one value of every column lost, and one NaN."""
    log = [
        {
            "epoch": float(epoch),
            "d_loss_real": 0.6,
            "d_loss_fake": 0.4,
            "g_loss": 1.0 + epoch,
            "undecided": 0.125,
            "right_label": 0.75,
            "share/black": 0.1 * epoch,
            "d_loss/black": 0.5,
            "d_loss/white": 0.7,
            "d_grad_norm/black": 2.0 * epoch,
            "d_grad_norm/white": 3.0 * epoch,
            "clip_fraction/black": 0.25,
            "clip_fraction/white": 0.75,
        }
        for epoch in range(1, n + 1)
    ]
    del log[2]["d_grad_norm/white"]
    log[3]["g_loss"] = float("nan")
    return log


REPORT = {
    "n": 1000,
    "groups": list(GROUPS),
    "proportions": [0.6, 0.4],
    "intervals": [[0.55, 0.66], [0.34, 0.45]],
    "undecided": 0.1,
    "classes": ["cat", "dog", "ship"],
    "by_class": [[0.5, 0.5], [None, None], [0.9, 0.1]],
    "by_class_intervals": [[[0.4, 0.6], [0.4, 0.6]], [[None, None]] * 2, [[0.8, 0.95], [0.05, 0.2]]],
    "by_class_undecided": [0.2, 1.0, None],
}


def read(stored):
    return ImageReport.from_dict(stored)


def line(axes, label):
    (found,) = (each for each in axes.get_lines() if each.get_label() == label)
    return found.get_xydata().tolist()


def heights(axes):
    """Heights of the bars, one row per group and a last one for the undecided; 0 where nothing is drawn."""
    bars = [each for each in axes.containers if hasattr(each, "patches")]
    return np.nan_to_num([[bar.get_height() for bar in container] for container in bars])


def legend(figure):
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return [text.get_text() for each in legends if each for text in each.get_texts()]


def ends_of_error_bars(axes):
    (collection, *_) = (each for each in axes.collections)
    return np.array([segment[:, 1] for segment in collection.get_segments()])


def test_representation_shows_shares_intervals_and_target():
    figure = representation.plot(read(REPORT))
    overall, classes = figure.axes
    np.testing.assert_allclose(heights(overall), [[60], [40], [10]])
    np.testing.assert_allclose(heights(classes), [[50, 0, 90], [50, 0, 10], [20, 100, 0]])
    np.testing.assert_allclose(ends_of_error_bars(overall), [[55, 66]])
    assert line(overall, "balanced: 50 %") == [[0, 50], [1, 50]]
    assert set(legend(figure)) == {*GROUPS, "undecided (of all)", "balanced: 50 %"}
    assert [text.get_text() for text in classes.get_xticklabels()] == ["cat", "dog", "ship"]
    assert {"60.0", "40.0", "10.0"} <= {text.get_text() for text in overall.texts}
    assert "%" in overall.get_ylabel()


def test_representation_without_classes_has_one_part():
    report = {**REPORT, "classes": [], "by_class": [], "by_class_intervals": [], "by_class_undecided": []}
    assert len(representation.plot(read(report)).axes) == 1


def test_representation_of_nothing_decided_shows_that(tmp_path):
    report = {**REPORT, "proportions": None, "intervals": None, "undecided": 1.0}
    figure = representation.plot(read(report))
    np.testing.assert_allclose(heights(figure.axes[0]), [[0], [0], [100]])
    save_figure(figure, tmp_path / "nothing.png")


def test_many_groups_fit_and_look_different():
    k = 12
    shares = [1 / k] * k
    report = {
        **REPORT,
        "groups": [f"group {i}" for i in range(k)],
        "proportions": shares,
        "intervals": [[0, 0.2]] * k,
        "classes": [f"class {i}" for i in range(20)],
        "by_class": [shares] * 20,
        "by_class_intervals": [[[0, 0.2]] * k] * 20,
        "by_class_undecided": [0.1] * 20,
    }
    figure = representation.plot(read(report))
    bars = [container.patches[0] for container in figure.axes[0].containers if hasattr(container, "patches")]
    assert len({(bar.get_facecolor(), bar.get_hatch()) for bar in bars}) == k + 1
    curves = gradient_norms.plot([{"epoch": 1.0}], report["groups"]).axes[0].get_lines()
    assert len({(curve.get_color(), curve.get_linestyle()) for curve in curves}) == k
    assert figure.get_size_inches()[0] <= 18


def test_gradient_norms_of_each_group_and_the_bound():
    norms, clipped = gradient_norms.plot(rows(), GROUPS, max_grad_norm=5).axes
    assert line(norms, "black") == [[epoch, 2.0 * epoch] for epoch in range(1, 7)]
    assert line(norms, "white") == [[epoch, 3.0 * epoch] for epoch in (1, 2, 4, 5, 6)]
    assert line(norms, "C = 5") == [[0, 5], [1, 5]]
    assert line(clipped, "white") == [[epoch, 0.75] for epoch in range(1, 7)]
    assert norms.get_ylim()[0] == 0
    assert (norms.get_ylabel(), clipped.get_xlabel()) == ("L2 norm before clipping", "epoch")


def test_without_a_bound_there_is_neither_a_line_nor_a_second_part():
    figure = gradient_norms.plot(rows(), GROUPS)
    assert len(figure.axes) == 1
    assert legend(figure) == list(GROUPS)


def test_columns_that_were_not_logged_are_named():
    assert "grey (not logged)" in legend(gradient_norms.plot(rows(), (*GROUPS, "grey")))


def test_losses_of_both_players_and_of_each_group():
    players, per_group = losses.plot(rows(), GROUPS).axes
    assert line(players, "discriminator, real half")[0] == [1, 0.6]
    assert line(players, "discriminator, generated half")[0] == [1, 0.4]
    assert line(players, "generator") == [[epoch, 1.0 + epoch] for epoch in (1, 2, 3, 5, 6)]
    assert line(per_group, "black") == [[epoch, 0.5] for epoch in range(1, 7)]
    assert line(per_group, "white") == [[epoch, 0.7] for epoch in range(1, 7)]
    assert "nats" in players.get_ylabel()


@pytest.mark.parametrize("plot", [gradient_norms.plot, losses.plot])
def test_an_empty_log_is_named(plot):
    with pytest.raises(InputError, match="the log has no rows"):
        plot([], GROUPS)


def test_examples_show_each_class_of_each_group_in_turn(digits):
    for group in (0, 1):
        examples = groups.examples_of(digits, group, 20)
        assert digits.labels[examples].tolist() == [*range(10)] * 2
        assert set(digits.groups[examples]) == {group}
        assert len(set(examples)) == 20
    black, white = groups.plot(digits).axes
    assert black.get_images()[0].get_array().mean() < 100 < 155 < white.get_images()[0].get_array().mean()
    assert white.get_title() == "white: 49.9 % of 417 images"


def test_photographs_are_shown_in_colour(shared_data):
    with np.load(shared_data / "svhn.npz") as archive:
        pixels = archive["x_train"][:30]
    shaded = (np.arange(30) % 2).astype(np.int32)
    data = ImageDataset(
        "svhn", "photographs", SHADE.apply(pixels, shaded), shaded, SHADE.group_names, "shade"
    )
    normal, dark = (axes.get_images()[0].get_array() for axes in groups.plot(data).axes)
    assert normal.shape == dark.shape == (2 * 33 - 1, 10 * 33 - 1, 3)
    np.testing.assert_array_equal(normal[:32, :32], pixels[0])
    assert dark.max() <= 128


@pytest.mark.parametrize("name", names("figure"))
def test_registered_figures_are_written(name, digits, tmp_path):
    pixels = np.zeros((3, 8, 8, 1), dtype=np.float32)
    points = np.arange(24.0).reshape(12, 2)
    of_table = record("fld_dm", 0)["report"]
    report = read_example(downstream=of_table["downstream"], positive_classes=["5", "6"])
    context = FigureContext(
        report=report,
        log=rows(),
        dataset=digits,
        group_names=GROUPS,
        nearest_pairs=Pairs(pixels, pixels, np.arange(3.0)),
        projected={"pca": points, "tsne": points, "groups": np.arange(12) % 3 - 1},
    )
    if "images" not in lookup("figure", name).modalities:
        of_table["quality"]["columns"] = {"age": 0.9, "sex": 1.0}
        of_table["values"] = values()
        context = dataclasses.replace(context, report=report_from_dict(of_table))
    save_figures(tmp_path / "figures", context, only=(name,))
    with Image.open(tmp_path / "figures" / f"{name}.png") as image:
        assert min(image.size) > 200


def test_a_figure_without_what_it_needs_is_left_out(tmp_path):
    save_figures(tmp_path, FigureContext(report=read(REPORT)))
    assert [path.name for path in tmp_path.iterdir()] == ["representation.png"]


def test_a_figure_is_of_the_modality_that_it_says():
    assert lookup("figure", "columns").draw(FigureContext(report=read(REPORT))) is None
    stored = record("fld_dm", 0)["report"]
    assert lookup("figure", "representation").draw(FigureContext(report=report_from_dict(stored))) is None


def of_misspelt(raport):
    """A figure whose argument is misspelt."""


def of_report(report, columns=10, max_grad_norm=None):
    """A figure of a report, and of the bound where it is known."""
    return report, columns, max_grad_norm


@pytest.mark.parametrize(
    ("plot", "needs", "uses", "message"),
    [
        (of_misspelt, ("raport",), (), "no 'raport' in a FigureContext, expected one of report, log"),
        (of_misspelt, (), (), r"has the arguments \['raport'\], but needs=\[\]"),
        (of_misspelt, ("report",), (), "has no argument 'report'"),
        (of_report, ("report",), ("max_grad_nrom",), "no 'max_grad_nrom' in a FigureContext"),
        (of_report, ("report",), ("log",), "has no argument 'log'"),
        (of_report, ("report", "max_grad_norm"), (), "but needs="),
    ],
)
def test_a_misspelt_argument_is_no_figure_that_vanishes(plot, needs, uses, message):
    with pytest.raises(TypeError, match=message):
        Figure(plot, needs, uses)


def test_a_figure_gets_what_it_needs_and_uses():
    figure = Figure(of_report, needs=("report",), uses=("max_grad_norm",))
    assert figure.draw(FigureContext(report=1, max_grad_norm=2.0)) == (1, 10, 2.0)
    assert figure.draw(FigureContext(report=1)) == (1, 10, None)
    assert figure.draw(FigureContext(max_grad_norm=2.0)) is None


def test_a_context_has_no_unknown_fields():
    with pytest.raises(TypeError, match="raport"):
        FigureContext(raport=1)


def test_a_figure_is_saved_at_its_size(tmp_path):
    figure = lookup("figure", "representation").draw(FigureContext(report=read(REPORT)))
    assert isinstance(figure, MatplotlibFigure)
    save_figure(figure, tmp_path / "figure.png", dpi=50)
    with Image.open(tmp_path / "figure.png") as image:
        assert image.size == tuple((figure.get_size_inches() * 50).astype(int))


def test_a_figure_that_fails_leaves_the_old_one(tmp_path):
    path = tmp_path / "old.png"
    path.write_bytes(b"old")

    class Broken(MatplotlibFigure):
        def savefig(self, path, dpi, metadata):
            path.write_bytes(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        save_figure(Broken(), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_figures_load_neither_keras_nor_pyplot():
    modules = ("representation", "gradient_norms", "losses", "groups", "image_grid", "save")
    code = "; ".join(f"import repfair_keras.figures.{name}" for name in modules)
    code += (
        "; import sys; print([m for m in ('keras', 'tensorflow', 'matplotlib.pyplot') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_shares_over_training_shows_percent_of_what_was_measured():
    log = rows()
    for row in log[::2]:
        del row["share/black"]
    (axes,) = shares_over_training.plot(log, GROUPS).axes
    assert line(axes, "black") == [[2, 20], [4, 40], [6, pytest.approx(60)]]
    assert [y for _, y in line(axes, "undecided (of all)")] == [12.5] * 6
    assert [y for _, y in line(axes, "right label")] == [75] * 6
    assert line(axes, "white (not logged)") == []


def test_shares_over_training_say_that_they_cannot_be_told():
    log = [
        {"epoch": epoch, "share/black": np.nan, "share/white": np.nan, "undecided": 0.1} for epoch in (1, 2)
    ]
    (axes,) = shares_over_training.plot(log, GROUPS).axes
    assert axes.get_title().endswith(": no shares could be told")
    (axes,) = shares_over_training.plot(rows(), GROUPS).axes
    assert axes.get_title() == "Groups in generated images over training"


def test_shares_over_training_needs_a_probe():
    log = [{name: value for name, value in row.items() if name != "undecided"} for row in rows()]
    assert shares_over_training.plot(log, GROUPS) is None


def test_a_figure_is_the_same_file_each_time(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        figure = new_figure(2, 2)
        figure.subplots().plot([1, 2])
        save_figure(figure, tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
