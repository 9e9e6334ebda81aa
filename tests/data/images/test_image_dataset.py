import numpy as np
import pytest

from repfair_keras.data.images.dataset import ImageDataset, to_float, to_pixels


@pytest.fixture
def three_groups():
    return ImageDataset(
        name="hand",
        source="made by hand.",
        pixels=np.zeros((5, 8, 8, 3), np.uint8),
        groups=np.array([0, 1, 1, 0, 1], np.int32),
        group_names=("a", "b", "c"),
        grouping="letter",
    )


def test_bytes_survive_the_way_to_float_and_back():
    every_byte = np.arange(256, dtype=np.uint8)
    images = to_float(every_byte)
    assert images.dtype == np.float32
    assert (images[0], images[255]) == (-1, 1)
    np.testing.assert_array_equal(to_pixels(images), every_byte)


def test_to_pixels_rounds_to_the_nearest_and_cuts():
    # (x + 1) * 127.5: -1.1 -> -12.75, 0.001 -> 127.6, 0.01 -> 128.8, 1.2 -> 280.5
    np.testing.assert_array_equal(to_pixels([-1.1, 0.001, 0.01, 1.2]), [0, 128, 129, 255])


def test_an_empty_group_counts_in_the_shares(three_groups):
    np.testing.assert_allclose(three_groups.shares, [0.4, 0.6, 0])
    assert three_groups.n_groups == 3


def test_sizes(three_groups):
    assert len(three_groups) == 5
    assert three_groups.image_shape == (8, 8, 3)
    assert three_groups.n_classes == 0
    np.testing.assert_array_equal(three_groups.images, np.full((5, 8, 8, 3), -1, np.float32))
