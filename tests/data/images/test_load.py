"""What holds for every data set of the registry."""

import dataclasses

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.load import load
from repfair_keras.registry import REGISTRY


@pytest.mark.parametrize("name", [name for name in REGISTRY["image_dataset"] if name != "arrays"])
def test_every_data_set_gives_the_same_images_groups_and_labels_each_time(name, data_dir_of):
    data = load(name, data_dir_of(name), seed=5)
    height, width, channels = data.image_shape
    assert height == width
    assert height % 4 == 0
    assert channels in (1, 3)
    assert data.name == name
    assert data.source.endswith(".")
    assert data.images.dtype == np.float32
    assert (data.images[:100].min(), data.images[:100].max()) >= (-1, 0.5)
    assert np.abs(data.images).max() <= 1
    assert data.groups.shape == (len(data),)
    assert data.groups.dtype == np.int32
    assert set(data.groups) == set(range(data.n_groups))
    if data.labels is not None:
        assert data.labels.shape == (len(data),)
        assert data.labels.dtype == np.int32
        assert set(data.labels) == set(range(data.n_classes))
    if name not in ("biased_colour_mnist", "celeb_a"):  # these have the shares that classes or faces make
        np.testing.assert_allclose(data.shares, 1 / data.n_groups, atol=1 / len(data))
    again = load(name, data_dir_of(name), seed=5)
    np.testing.assert_array_equal(again.groups, data.groups)
    np.testing.assert_array_equal(again.pixels, data.pixels)


def test_labels_can_be_left_out(data_dir_of):
    data = load("folder", data_dir_of("folder"), use_labels=False)
    assert (data.labels, data.class_names, data.n_classes) == (None, (), 0)
    assert load("folder", data_dir_of("folder"), use_labels=True).n_classes == 10


def test_labels_that_are_not_there_cannot_be_used(tmp_path, digit_images):
    np.savez(tmp_path / "own.npz", images=digit_images.pixels[:40])
    assert load("npz", tmp_path / "own.npz", "invert").labels is None
    with pytest.raises(InputError, match="use_labels is true, but data set 'npz' has no labels"):
        load("npz", tmp_path / "own.npz", "invert", use_labels=True)


def test_grouping_and_share_are_passed_on(data_dir_of):
    data = load("folder", data_dir_of("folder"), grouping="shade", share=[0.75, 0.25])
    assert data.group_names == ("normal", "shaded")
    assert np.bincount(data.groups).tolist() == [90, 30]


def test_an_unknown_data_set():
    with pytest.raises(InputError, match=r"unknown dataset 'mnist5k'. Did you mean 'mnist_5k'"):
        load("mnist5k")


def test_what_a_loader_returns_is_checked(tmp_path, digit_images, monkeypatch):
    wrong = dataclasses.replace(digit_images, pixels=digit_images.pixels[:, 1:27, 1:27])
    monkeypatch.setattr("repfair_keras.data.images.loaders.mnist_5k.load", lambda data_dir: wrong)
    with pytest.raises(InputError, match="image size 26 is not divisible by 4"):
        load("mnist_5k")


def test_photographs_are_used_without_their_classes_unless_asked(data_dir_of):
    assert load("svhn", data_dir_of("svhn")).n_classes == 0
    assert load("svhn", data_dir_of("svhn"), use_labels=True).n_classes == 10


def test_a_class_with_one_image_is_refused(tmp_path):
    labels = np.array([0] * 20 + [1] * 20 + [2])
    np.savez(tmp_path / "own.npz", images=np.arange(41 * 64, dtype=np.uint8).reshape(41, 8, 8), labels=labels)
    with pytest.raises(InputError, match="class '2' has 1 images, expected at least 2"):
        load("npz", tmp_path / "own.npz", "invert")
    assert load("npz", tmp_path / "own.npz", "invert", use_labels=False).n_classes == 0


def test_a_folder_for_the_digits_that_need_none_is_refused(tmp_path):
    with pytest.raises(InputError, match="mnist_5k reads no files"):
        load("mnist_5k", tmp_path)
