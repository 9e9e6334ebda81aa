"""Figure 2: groups as described, and groups that are not."""

import dataclasses

import numpy as np
import pytest
from toy_figures import (
    measured,
    states,
)

from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.data.images.grouping import group
from repfair_keras.papers.figure import HOLDS, IN_PART, UNTESTED, Material
from repfair_keras.papers.repfair.fig2_groups import FIGURE


def test_figure_2_finds_the_groups_as_described(digit_images):
    mnist = group(digit_images, "invert")
    svhn = group(dataclasses.replace(digit_images, name="svhn"), "shade")
    got = measured(FIGURE, [], {"mnist": mnist, "svhn": svhn})
    assert got.verdict == IN_PART  # 5,000 digits are not 60,000
    assert "times the brightness" in states(got, "shown") and "dark corners" in states(got, "shown")
    assert "mnist_5k, stand-in for MNIST has 5,000 images" in states(got, "left open")
    assert [row["group"] for row in got.rows] == ["black", "white", "normal", "shaded"]
    figure = FIGURE.plot(Material([], {"mnist": mnist, "svhn": svhn}))
    assert figure.axes[0].get_title().startswith("mnist_5k, stand-in for MNIST\nblack: 50.0 %")


def paper_data(name, n, grouping, names, values, share=0.5):
    groups = (np.arange(n) >= n * (1 - share)).astype(np.int32)
    pixels = np.array(values, np.uint8)[groups][:, None, None, None]
    return ImageDataset(name, "Toy.", np.broadcast_to(pixels, (n, 2, 2, 1)), groups, names, grouping)


def papers_data(white=255, shaded=100, share=0.5):
    return {
        "mnist": paper_data("mnist", 60_000, "invert", ("black", "white"), (0, white)),
        "svhn": paper_data("svhn", 73_257, "shade", ("normal", "shaded"), (200, shaded), share),
    }


@pytest.mark.parametrize(
    ("change", "verdict"),
    [({}, HOLDS), ({"white": 100}, IN_PART), ({"shaded": 150}, IN_PART), ({"share": 0.3}, IN_PART)],
)
def test_figure_2_sees_groups_that_are_not_as_described(change, verdict):
    got = measured(FIGURE, [], papers_data(**change))
    assert got.verdict == verdict, got.why


def test_figure_2_names_the_data_set_that_is_missing():
    got = measured(FIGURE, [], {"mnist": papers_data()["mnist"]})
    assert got.verdict == UNTESTED and "SVHN" in got.why
    assert measured(FIGURE, []).verdict == UNTESTED
