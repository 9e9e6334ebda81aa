"""Images that other programs generated are read whatever form they have, or refused."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.generated import is_generated, load_generated


@pytest.fixture
def pixels(digits):
    return digits.pixels[:12]


def save_npz(path, **arrays):
    np.savez(path, **arrays)
    return path


def save_folder(path, images, header=None, rows=()):
    (path / "deep").mkdir(parents=True)
    for i, image in enumerate(images):
        Image.fromarray(image.squeeze()).save(path / "deep" / f"{i:03}.png")
    if header:
        (path / "metadata.csv").write_text("\n".join([header, *rows]) + "\n")
    return path


@pytest.mark.parametrize("scale", [lambda x: x, lambda x: x / 255, lambda x: (x / 127.5 - 1).astype("f4")])
def test_an_npz_in_any_range(scale, pixels, digits, tmp_path):
    path = save_npz(tmp_path / "a.npz", images=scale(pixels), labels=digits.labels[:12])
    assert is_generated(path)
    images, labels = load_generated(path, digits)
    assert images.dtype == np.float32
    np.testing.assert_allclose(images, digits.images[:12], atol=1e-6)
    np.testing.assert_array_equal(labels, digits.labels[:12])


def test_a_plain_folder_in_the_order_of_names(pixels, digits, tmp_path):
    path = save_folder(tmp_path / "images", pixels)
    assert is_generated(path)
    images, labels = load_generated(path, digits)
    np.testing.assert_allclose(images, digits.images[:12], atol=1e-6)
    assert labels is None


def test_a_folder_with_labels(pixels, digits, tmp_path):
    rows = [f"deep/{i:03}.png,{7 + i % 2}" for i in range(12)]
    images, labels = load_generated(save_folder(tmp_path / "a", pixels, "file_name,label", rows), digits)
    assert labels.tolist() == [7, 8] * 6
    assert images.shape == (12, 28, 28, 1)


def test_grey_images_stored_in_colour_become_grey_again(pixels, digits, tmp_path):
    path = save_folder(tmp_path / "images", np.repeat(pixels, 3, axis=-1))
    np.testing.assert_allclose(load_generated(path, digits)[0], digits.images[:12], atol=1e-6)


def test_labels_are_names_or_indices_of_classes(digits, pixels, tmp_path):
    named = dataclasses.replace(digits, class_names=tuple("abcdefghij"))
    for labels in (np.array(["c", "a"] * 6), np.array([2, 0] * 6)):
        _, found = load_generated(save_npz(tmp_path / "a.npz", images=pixels, labels=labels), named)
        assert found.tolist() == [2, 0] * 6
    path = save_npz(tmp_path / "a.npz", images=pixels, labels=np.array(["c", "k"] * 6))
    with pytest.raises(InputError, match=r"label 'k' is no class of the real images\. Known: a, b"):
        load_generated(path, named)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda x: x[:, :20, :20],
            r"images of shape \(20, 20, 1\), but those of 'mnist_5k' are \(28, 28, 1\)",
        ),
        (lambda x: x.astype(float), "Expected floats in"),
        (lambda x: np.where(x > 200, np.nan, x / 255), "images have values such as nan"),
        (lambda x: x[:0], "N >= 1"),
        (lambda x: np.concatenate([x, 0 * x, 0 * x], axis=-1), "has colours in rows 1, 2"),
    ],
)
def test_other_images_are_refused(change, message, pixels, digits, tmp_path):
    with pytest.raises(InputError, match=message):
        load_generated(save_npz(tmp_path / "a.npz", images=change(pixels)), digits)


def test_neither_images_nor_a_folder_of_them(tmp_path):
    assert not is_generated(tmp_path)
    assert not is_generated(tmp_path / "nothing")


def test_what_sample_writes_is_read_from_its_folder(pixels, digits, tmp_path):
    save_npz(tmp_path / "samples.npz", images=pixels)
    Image.fromarray(pixels[0].squeeze()).resize((99, 40)).save(tmp_path / "grid.png")
    assert is_generated(tmp_path)
    assert load_generated(tmp_path, digits)[0].shape == (12, 28, 28, 1)


def test_hidden_files_are_no_images(pixels, digits, tmp_path):
    path = save_folder(tmp_path / "images", pixels)
    save_folder(path / ".ipynb_checkpoints", pixels)
    assert len(load_generated(path, digits)[0]) == 12
