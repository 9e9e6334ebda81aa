"""Figures of quality, errors, intersections, copies and comparisons show the numbers they are given."""

import subprocess
import sys

import numpy as np
import pytest
from example_report import REAL, empty_report, example_report
from matplotlib.colors import to_hex
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.image_report import Pairs
from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.figures import (
    class_quality,
    comparison,
    confusion,
    intersections,
    nearest,
    quality,
    representation,
)
from repfair_keras.figures.save import save_figure
from repfair_keras.figures.style import group_color

PANELS = ("fid", "kid", "precision", "recall", "density", "coverage")
ODD_NAMES = ("$broken_{$", "women of 60 years and older, indoors", "a|b", "_hidden", "x" * 60)


def bars(axes):
    return [container.patches[0] for container in axes.containers]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def dashed(axes):
    """Dashed vertical lines, as (value, lower end, upper end)."""
    (collection,) = axes.collections
    return [(x, y0, y1) for (x, y0), (_, y1) in collection.get_segments()]


def y_names(axes):
    return [text.get_text() for text in axes.get_yticklabels()]


def measured(**metrics):
    """A report with some metrics of its quality by group replaced."""
    report = example_report()
    report["quality"]["by_group"].update(metrics)
    return report


def test_a_panel_per_metric_shows_groups_and_all_images():
    report = example_report()
    for axes, metric in zip(quality.plot(report_from_dict(report)).axes, PANELS, strict=True):
        found = report["quality"]["by_group"][metric]
        np.testing.assert_allclose(
            [bar.get_width() for bar in bars(axes)], [found["overall"], *found["by_group"]]
        )
        assert [to_hex(bar.get_facecolor()).upper() for bar in bars(axes)[1:]] == [
            group_color(0),
            group_color(1),
        ]
        better = "lower" if metric in ("fid", "kid") else "higher"
        assert axes.get_title().lower() == f"{metric} ({better} is better)"
    assert y_names(axes.figure.axes[0]) == y_names(axes.figure.axes[3]) == ["all images", "black", "white"]


def test_the_worst_group_alone_is_marked():
    report = example_report()
    for axes, metric in zip(quality.plot(report_from_dict(report)).axes, PANELS, strict=True):
        worst = 1 + report["groups"].index(report["quality"]["by_group"][metric]["worst"])
        marked = [(text.get_text().startswith("worst"), text.get_fontweight()) for text in axes.texts]
        assert marked == [(True, "bold") if i == worst else (False, "normal") for i in range(3)]


def test_dashed_is_what_as_many_real_images_reach():
    figure = quality.plot(report_from_dict(example_report()))
    for axes, metric in zip(figure.axes, PANELS, strict=True):
        values = [REAL[metric], 1.05 * REAL[metric], 1.05 * REAL[metric]]
        expected = [(value, place - 0.5, place + 0.5) for place, value in enumerate(values)]
        np.testing.assert_allclose(dashed(axes), expected)
    (shown,) = figure.legends
    assert [text.get_text().split(":")[0] for text in shown.get_texts()] == ["all images", "real"]


def test_without_real_images_by_group_one_value_stands_for_all():
    report = example_report()
    del report["quality"]["real_by_group"]
    assert [x for x, _, _ in dashed(quality.plot(report_from_dict(report)).axes[0])] == [REAL["fid"]] * 3


def test_groups_that_were_not_measured_are_named(tmp_path):
    some = {"overall": 20.0, "by_group": [None, 9.0], "difference": None, "ratio": None, "worst": "white"}
    none = {**some, "overall": None, "by_group": [None, None], "worst": None}
    report = measured(fid=some, kid=none)
    report["quality"]["real"] = None
    report["quality"]["real_by_group"] = {}
    figure = quality.plot(report_from_dict(report))
    assert texts(figure.axes[0]) == ["20", "too few images", "worst  9"]
    assert texts(figure.axes[1]) == ["too few images"] * 3
    assert dashed(figure.axes[0]) == []
    save_figure(figure, tmp_path / "some.png")


def test_a_negative_kid_is_in_sight():
    low = {"overall": -0.01, "by_group": [-0.02, 0.01], "difference": 0.03, "ratio": None, "worst": "white"}
    axes = quality.plot(report_from_dict(measured(kid=low))).axes[1]
    assert axes.get_xlim()[0] < -0.02
    assert [bar.get_width() for bar in bars(axes)] == [-0.01, -0.02, 0.01]


def test_quality_per_class_names_the_classes():
    report = example_report()
    for axes, metric in zip(class_quality.plot(report_from_dict(report)).axes, PANELS, strict=True):
        found = report["quality"]["by_class"][metric]
        np.testing.assert_allclose(
            [bar.get_width() for bar in bars(axes)], [found["overall"], *found["by_class"]]
        )
    assert y_names(axes.figure.axes[0]) == ["all images", "cat", "dog", "ship"]


@pytest.mark.parametrize(
    ("plot", "report"),
    [
        (quality.plot, empty_report()),
        (quality.plot, example_report(quality={"overall": None, "real": None, "by_group": {}})),
        (class_quality.plot, empty_report()),
        (class_quality.plot, example_report(classes=())),
        (confusion.plot, example_report(classifier=None)),
        (intersections.plot, empty_report()),
    ],
)
def test_where_there_is_nothing_to_show_there_is_no_figure(plot, report):
    assert plot(report_from_dict(report)) is None


def test_confusion_shows_shares_of_rows_and_counts():
    report = example_report()
    report["classifier"]["confusion"] = [[90, 10], [0, 0]]
    figure = confusion.plot(report_from_dict(report))
    axes = figure.axes[0]
    assert texts(axes) == ["90.0 %\n90", "10.0 %\n10", "-\n0", "-\n0"]
    assert y_names(axes) == ["black", "white"]
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("true group", "group by the classifier")
    assert "100 held-out" in figure.get_suptitle() and "90.0 % right" in figure.get_suptitle()


def test_intersections_show_shares_and_counts():
    report = example_report()
    table = report["intersections"]
    table |= {"counts": [[1, 2, 3], [4, 0, 10]], "shares": [[0.05, 0.1, 0.15], [0.2, 0, 0.5]]}
    figure = intersections.plot(report_from_dict(report))
    axes = figure.axes[0]
    cells = ["5.0 %\n1", "10.0 %\n2", "15.0 %\n3", "20.0 %\n4", "0.0 %\n0", "50.0 %\n10"]
    assert texts(axes) == cells
    assert axes.get_xlabel() == "stroke"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["thin", "medium", "thick"]
    assert "20 generated images" in figure.get_suptitle()


def test_intersections_of_no_decided_image_are_drawn(tmp_path):
    report = example_report()
    report["intersections"] |= {"counts": [[0] * 3] * 2, "shares": [[None] * 3] * 2, "cramers_v": None}
    figure = intersections.plot(report_from_dict(report))
    assert texts(figure.axes[0]) == ["-\n0"] * 6
    save_figure(figure, tmp_path / "none.png")


def corrected_marks(axes):
    """Corrected shares, and the ends of their intervals."""
    (container,) = (each for each in axes.containers if each.get_label() == "corrected for classifier error")
    points, _, (ends,) = container.lines
    return points.get_xydata(), np.array(ends.get_segments())[:, :, 1]


def test_corrected_shares_stand_on_the_bars_of_their_groups():
    report = example_report()
    report["corrected"] |= {"proportions": [0.7, 0.3], "intervals": [[0.6, 0.8], [0.2, 0.4]]}
    overall, classes = representation.plot(report_from_dict(report)).axes
    points, ends = corrected_marks(overall)
    np.testing.assert_allclose(points[:, 1], [70, 30])
    np.testing.assert_allclose(ends, [[60, 80], [20, 40]])
    groups = [container.patches[0] for container in overall.containers if hasattr(container, "patches")][:2]
    for x, bar in zip(points[:, 0], groups, strict=True):
        assert bar.get_x() < x < bar.get_x() + bar.get_width()
    assert overall.get_ylim()[1] > 80
    assert "corrected for classifier error" not in [each.get_label() for each in classes.containers]
    numbers = {text.get_text(): text.xy[1] for text in overall.texts}
    assert numbers["44.4"] == pytest.approx(80)  # above the corrected interval, not across it


@pytest.mark.parametrize("corrected", [None, {"note": "the classifier cannot tell the groups"}])
def test_shares_that_could_not_be_corrected_are_drawn_as_counted(corrected, tmp_path):
    figure = representation.plot(report_from_dict(example_report(corrected=corrected)))
    (shown,) = figure.legends
    assert "corrected for classifier error" not in [text.get_text() for text in shown.get_texts()]
    save_figure(figure, tmp_path / "counted.png")


def test_a_target_that_is_not_uniform_is_drawn_per_group():
    report = example_report(("a", "b", "c"), target=[0.6, 0.3, 0.1])
    figure = representation.plot(report_from_dict(report))
    for axes, n in zip(figure.axes, (1, 3), strict=True):
        (target,) = (each for each in axes.collections if each.get_label() == "target")
        lines = np.array(target.get_segments())
        np.testing.assert_allclose(np.sort(lines[:, 0, 1]), np.repeat([10, 30, 60], n))
        drawn = next(container for container in axes.containers if hasattr(container, "patches"))
        np.testing.assert_allclose(
            lines[:n, :, 0], [[bar.get_x(), bar.get_x() + bar.get_width()] for bar in drawn]
        )
    (shown,) = figure.legends
    assert not any(text.get_text().startswith("balanced") for text in shown.get_texts())


def test_a_uniform_target_is_one_line():
    (shown,) = representation.plot(report_from_dict(example_report(target=[0.5, 0.5]))).legends
    assert {"balanced: 50 %", "corrected for classifier error"} <= {
        text.get_text() for text in shown.get_texts()
    }


@pytest.mark.parametrize("module", [quality, class_quality, confusion, intersections, representation])
def test_names_that_users_chose_are_drawn_as_they_are(module, tmp_path):
    report = example_report(ODD_NAMES, ODD_NAMES)
    report["intersections"]["attribute"] = "$x_{$"
    figure = module.plot(report_from_dict(report))
    save_figure(figure, tmp_path / "odd.png", dpi=50)
    assert max(figure.get_size_inches()) < 20


def run(method, seed, x, y, **more):
    return {"method": method, "seed": seed, "gap": x, "fid_worst": y, "extractor": "a", **more}


ROWS = [
    run("gan", 0, 0.2, 30),
    run("gan", 1, 0.3, 40),
    run("gan", 2, 0.25, 32),
    run("repfair", 0, 0.05, 35),
]


def test_a_comparison_shows_every_run_and_the_mean_of_each_method():
    axes = comparison.plot(ROWS, y="fid_worst").axes[0]
    np.testing.assert_allclose(axes.collections[0].get_offsets(), [[20, 30], [30, 40], [25, 32]])
    (mean,) = axes.containers
    marker, _, (across, along) = mean.lines
    np.testing.assert_allclose(marker.get_xydata(), [[25, 34]])
    for values, line, axis in (([20, 30, 25], across, 0), ([30, 40, 32], along, 1)):
        expected = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
        np.testing.assert_allclose(np.array(line.get_segments())[0, :, axis], expected)
    (one,) = (each for each in axes.collections if each.get_label() == "repfair: 1 run")
    np.testing.assert_allclose(one.get_offsets(), [[5, 35]])


def test_methods_differ_in_colour_and_marker_and_axes_say_what_is_better():
    figure = comparison.plot([*ROWS, run("gan", 0, 0.1, 2, name="other")], y="fid_worst")
    axes, (shown,) = figure.axes[0], figure.legends
    names = [text.get_text() for text in shown.get_texts()]
    assert sorted(names) == ["gan: 3 runs", "other: 1 run", "repfair: 1 run"]
    dots = [each for each in axes.collections if hasattr(each, "get_sizes") and len(each.get_sizes())]
    assert len({to_hex(each.get_facecolor()[0]) for each in dots}) == 3
    assert len({str(each.get_paths()[0].vertices.tolist()) for each in dots}) == 3
    assert axes.get_xlabel() == "gap between the groups' shares (points); lower is better (left)"
    assert axes.get_ylabel() == "FID of the worst group; lower is better (down)"


def test_other_columns_can_be_compared():
    rows = [{**row, "tv": row["gap"] / 2, "precision_worst": 0.5} for row in ROWS]
    axes = comparison.plot(rows, x="tv", y="precision_worst").axes[0]
    np.testing.assert_allclose(axes.collections[0].get_offsets()[0], [0.1, 0.5])
    assert axes.get_ylabel() == "precision of the worst group; higher is better (up)"


def test_a_run_whose_group_is_too_rare_to_be_measured_is_drawn_open_at_the_worse_edge():
    rows = [*ROWS, run("gan", 3, 0.9, None)]
    for y, edge in (("fid_worst", 1.0), ("precision_worst", 0.0)):
        changed = [{**row, "precision_worst": row["fid_worst"] and row["fid_worst"] / 100} for row in rows]
        figure = comparison.plot(changed, y=y)
        axes = figure.axes[0]
        (missing,) = (each for each in axes.get_lines() if len(each.get_xdata()))
        assert missing.get_xydata().tolist() == [[90, edge]]
        assert missing.get_markerfacecolor() == "white"
        assert not axes.containers  # the mean of the others would be too good
        assert axes.get_xlim()[1] > 90
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "gan: 4 runs, open: 1 with a group too rare to be measured" in names


def test_nothing_measured_is_no_figure():
    assert comparison.plot([run("gan", 0, 0.1, None)], y="fid_worst") is None


def test_a_wide_interval_makes_no_room_for_negative_gaps():
    axes = comparison.plot([run("gan", 0, 0.01, 30), run("gan", 1, 0.2, 31)], y="fid_worst").axes[0]
    assert -5 < axes.get_xlim()[0] < 0


def test_an_unknown_column_and_different_extractors_are_refused():
    with pytest.raises(InputError, match="no column 'fidd'"):
        comparison.plot(ROWS, y="fidd")
    other = [*ROWS, run("gan", 9, 0.1, 3, extractor="b")]
    with pytest.raises(InputError, match="different extractors, a and b"):
        comparison.plot(other, y="fid_worst")
    shares = [{**row, "tv": 0.1} for row in other]
    assert comparison.plot(shares, y="tv") is not None  # shares need no extractor


def test_the_nearest_pairs_come_first_one_above_the_other():
    levels = np.linspace(-1, 1, 12, dtype=np.float32)
    generated = np.broadcast_to(levels[:, None, None, None], (12, 4, 6, 1))
    distance = np.arange(12)[::-1] + 0.5
    axes = nearest.plot(Pairs(generated, -generated, distance)).axes[0]
    pixels = np.asarray(axes.get_images()[0].get_array())
    assert pixels.shape == (2 * 5 - 1, 10 * 7 - 1)
    expected = np.rint((levels[::-1][:10] + 1) * 127.5)
    np.testing.assert_allclose(pixels[0, ::7], expected, atol=1)
    np.testing.assert_allclose(pixels[5, ::7], 255 - expected, atol=1)
    assert [text.get_text() for text in axes.get_xticklabels()][:2] == ["0.5", "1.5"]
    assert y_names(axes) == ["generated", "training"]


def test_pairs_that_do_not_fit_are_refused():
    images = np.zeros((3, 4, 4, 1), dtype=np.float32)
    with pytest.raises(InputError, match="one training image and one distance for each"):
        nearest.plot(Pairs(images, images[:2], np.zeros(3)))
    with pytest.raises(InputError, match="one training image and one distance for each"):
        nearest.plot(Pairs(images, images, np.zeros(2)))


def test_these_figures_load_neither_keras_nor_pyplot():
    modules = ("quality", "class_quality", "confusion", "intersections", "nearest", "comparison")
    code = "; ".join(f"import repfair_keras.figures.{name}" for name in modules)
    code += (
        "; import sys; print([m for m in ('keras', 'tensorflow', 'matplotlib.pyplot') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
