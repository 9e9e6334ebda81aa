"""Grids hold every pixel of every image, in order."""

import numpy as np
import pytest
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import to_float
from repfair_keras.data.images.side_by_side import LINE
from repfair_keras.figures.image_grid import grid, in_rows, save_grid


def test_grid_of_five_images_in_two_columns():
    pixels = np.random.default_rng(0).integers(0, 256, size=(5, 3, 4, 1), dtype=np.uint8)
    found = grid(to_float(pixels), columns=2)
    assert found.shape == (3 * 4 - 1, 2 * 5 - 1, 1)
    assert found.dtype == np.uint8
    for i, image in enumerate(pixels):
        top, left = 4 * (i // 2), 5 * (i % 2)
        np.testing.assert_array_equal(found[top : top + 3, left : left + 4], image)
    assert (found[3] == LINE).all()
    assert (found[:, 4] == LINE).all()
    assert (found[8:, 5:] == LINE).all()  # the sixth place is empty


def test_real_digits_come_back_from_the_file(digits, tmp_path):
    save_grid(digits.images[:20], tmp_path / "new" / "grid.png", columns=10, scale=3)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["grid.png"]
    with Image.open(tmp_path / "new" / "grid.png") as image:
        assert image.mode == "L"
        found = np.asarray(image)
    assert found.shape == (3 * (2 * 29 - 1), 3 * (10 * 29 - 1))
    np.testing.assert_array_equal(found[1 : 3 * 28 : 3, 2 : 3 * 28 : 3], digits.pixels[0, :, :, 0])
    np.testing.assert_array_equal(found[3 * 29 :: 3, 3 * 29 : 3 * 57 : 3], digits.pixels[11, :, :, 0])


def test_colours_come_back_from_the_file(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, size=(2, 4, 4, 3), dtype=np.uint8)
    save_grid(to_float(pixels), tmp_path / "grid.png", columns=1, scale=1)
    with Image.open(tmp_path / "grid.png") as image:
        np.testing.assert_array_equal(np.asarray(image)[5:], pixels[1])


@pytest.mark.parametrize("shape", [(0, 4, 4, 1), (4, 4, 1), (2, 4, 4, 2)])
def test_other_shapes_are_named(shape):
    with pytest.raises(InputError, match="expected"):
        grid(np.zeros(shape), columns=2)


def test_no_columns_are_named():
    with pytest.raises(InputError, match="in 0 columns"):
        grid(np.zeros((2, 4, 4, 1)), columns=0)


def test_rows_of_one_group_each():
    groups = np.array([0, 1, 2] * 14)
    picked = in_rows(groups, 40)
    assert groups[picked].reshape(3, 10).tolist() == [[0] * 10, [1] * 10, [2] * 10]
    assert picked[:3].tolist() == [0, 3, 6]
    assert groups[in_rows(groups, 18, columns=3)].reshape(6, 3)[:, 0].tolist() == [0, 1, 2, 0, 1, 2]


def test_too_few_for_a_row_of_each_come_in_their_order():
    assert in_rows(np.array([0] * 12 + [1] * 3), 20).tolist() == list(range(15))
    assert in_rows(np.array([0, 1] * 4), 5).tolist() == list(range(5))
