"""Each image is drawn beneath the group it was counted for."""

import numpy as np

from repfair_keras.data.images.dataset import to_float
from repfair_keras.figures.assigned import plot
from repfair_keras.figures.image_grid import grid


def test_images_stand_under_their_group_and_the_undecided_below(digits):
    groups = np.array([1, 0, -1, 1, 1])
    images = to_float(digits.pixels[:5])
    panels = plot(images, groups, ("dark", "white$"), columns=2, lines=1).axes
    assert [axes.get_title(loc="left") for axes in panels] == [
        "dark: 1 of 5 images",
        r"white\$: 3 of 5 images",
        "undecided: 1 of 5 images",
    ]
    for axes, rows in zip(panels, ([1], [0, 3], [2]), strict=True):  # at most columns x lines
        (picture,) = axes.get_images()
        np.testing.assert_array_equal(picture.get_array(), grid(images[rows], len(rows)).squeeze())
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in panels}) == 1  # images are equally large


def test_a_group_without_images_has_an_empty_panel(digits):
    panels = plot(to_float(digits.pixels[:2]), [0, 0], ("black", "white")).axes
    assert [axes.get_title(loc="left") for axes in panels[1:]] == [
        "white: 0 of 2 images",
        "undecided: 0 of 2 images",
    ]
    assert [len(axes.get_images()) for axes in panels] == [1, 0, 0]
