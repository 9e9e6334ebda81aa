"""Many images lie in a file, and what is made of them is what is made of an array."""

import numpy as np
import pytest
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.images import stored
from repfair_keras.data.images.generated import load_generated
from repfair_keras.data.images.stored import PixelFile, StoredImages
from repfair_keras.evaluation.images.image_report import make_report
from repfair_keras.evaluation.images.instruments import prepare_instruments


@pytest.fixture
def on_disk(monkeypatch):
    """As if there were room for ten images in memory."""
    monkeypatch.setattr(stored, "IN_MEMORY", 10 * 28 * 28)


def save_npz(folder, pixels, save=np.savez, **more):
    save(folder / "made.npz", images=pixels, **more)
    return folder / "made.npz"


def save_folder(folder, pixels):
    for i, image in enumerate(pixels):
        Image.fromarray(image.squeeze()).save(folder / f"{i:03}.png")
    return folder


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed, "folder"])
def test_images_in_a_file_are_those_of_an_array(save, digits, on_disk, tmp_path):
    pixels = digits.pixels[:300]
    path = save_folder(tmp_path, pixels) if save == "folder" else save_npz(tmp_path, pixels, save)
    images, _ = load_generated(path, digits)
    assert isinstance(images.pixels, PixelFile)
    np.testing.assert_array_equal(images, digits.images[:300])
    rows = np.array([7, 3, 299])
    np.testing.assert_array_equal(images[rows], digits.images[rows])
    np.testing.assert_array_equal(images.chosen(rows)[1:], digits.images[[3, 299]])
    np.testing.assert_array_equal(images[rows > 5], digits.images[[0, 2]])
    assert images[:0].shape == (0, 28, 28, 1)


def test_a_report_of_them_is_that_of_an_array(digits, digit_instruments, on_disk, tmp_path):
    instruments = prepare_instruments(digit_instruments, digits)
    images, labels = load_generated(save_npz(tmp_path, digits.pixels, labels=digits.labels), digits)
    one, _, groups = make_report(images, labels, instruments)
    other, _, expected = make_report(digits.images, digits.labels, instruments)
    assert one == other
    np.testing.assert_array_equal(groups, expected)


def test_grey_images_in_three_channels_become_grey_and_coloured_ones_are_named(digits, on_disk, tmp_path):
    pixels = np.repeat(digits.pixels[:20], 3, axis=-1)
    np.testing.assert_array_equal(load_generated(save_npz(tmp_path, pixels), digits)[0], digits.images[:20])
    pixels[13, 0, 0, 1] ^= 1
    with pytest.raises(InputError, match="has colours in row 14"):
        load_generated(save_npz(tmp_path, pixels), digits)


def test_a_cut_off_file_is_named(digits, on_disk, tmp_path):
    path = save_npz(tmp_path, digits.pixels[:100])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + whole[-200:])
    with pytest.raises(InputError, match=r"made.npz"):
        load_generated(path, digits)


def test_chosen_rows_of_chosen_rows():
    images = StoredImages(np.arange(0, 250, 50, dtype=np.uint8).reshape(5, 1, 1, 1))
    chosen = images.chosen(np.array([4, 2, 0])).chosen(np.array([1, 0]))
    np.testing.assert_array_equal((np.asarray(chosen) + 1) * 127.5, images.pixels[[2, 4]])
