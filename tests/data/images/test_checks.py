import dataclasses

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.checks import check_images, check_pixels, check_shape, existing_path


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (4, 4, 1), (64, 64, 3)])
def test_shapes_that_the_networks_take(shape):
    check_shape(shape, "x.png")


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((28, 32, 1), r"x.png: the image is 28x32 \(height x width\), expected a square"),
        ((30, 30, 1), "x.png: image size 30 is not divisible by 4. Resize or pad to 28 or 32 pixels"),
        ((3, 3, 1), "Resize or pad to 4 pixels"),
        ((0, 0, 1), "image size 0 is not divisible by 4"),
        ((28, 28, 4), r"x.png: 4 channels, expected 1 \(grey\) or 3"),
        ((28, 28, 2), "x.png: 2 channels"),
    ],
)
def test_other_shapes_are_refused(shape, message):
    with pytest.raises(InputError, match=message):
        check_shape(shape, "x.png")


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((2, 28, 28, 1), np.int64),
        np.zeros((2, 28, 28, 1), bool),
        np.zeros((28, 28), np.uint8),
        np.zeros((0, 28, 28, 1), np.uint8),
    ],
)
def test_anything_but_byte_images_is_refused(pixels):
    with pytest.raises(InputError, match=r"x.npz: images of type .* expected uint8 of shape"):
        check_pixels(pixels, "x.npz")


def test_images_that_fit_pass(digit_images):
    check_images(digit_images)
    check_images(dataclasses.replace(digit_images, labels=None, class_names=()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pixels": np.zeros((5000, 28, 30, 1), np.uint8)}, "data set 'mnist_5k': the image is 28x30"),
        ({"pixels": np.eye(28, dtype=np.uint8)[None, ..., None]}, "no pixel is above 1, .* a mask"),
        ({"labels": np.zeros(4999, np.int32)}, r"labels has shape \(4999,\), .* each of the 5000 images"),
        ({"labels": np.zeros((5000, 1), np.int32)}, "labels has shape"),
        ({"labels": np.full(5000, 10, np.int32)}, "labels run from 10 to 10, but there are 10 class names"),
        ({"labels": np.full(5000, -1, np.int32)}, "labels run from -1 to -1"),
        ({"attributes": {"hue": np.zeros(3)}}, r"hue has shape \(3,\)"),
    ],
)
def test_parts_that_do_not_fit_are_refused(digit_images, change, message):
    with pytest.raises(InputError, match=message):
        check_images(dataclasses.replace(digit_images, **change))


def test_a_path_must_be_given():
    with pytest.raises(InputError, match="data set 'folder' needs --data_dir: a folder"):
        existing_path(None, "folder", "a folder")


def test_a_path_must_exist(tmp_path):
    assert existing_path(str(tmp_path), "folder", "a folder") == tmp_path
    with pytest.raises(InputError, match=r"none' does not exist. Expected a folder"):
        existing_path(tmp_path / "none", "folder", "a folder")


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert existing_path("~", "folder", "a folder") == tmp_path
