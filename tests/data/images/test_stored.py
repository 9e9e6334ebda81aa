"""Many images lie in a file, and what is made of them is what is made of an array."""

import os

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.batches import alternating_batches
from repfair_keras.data.images import pixel_cache, reference, stored
from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.data.images.generated import load_generated
from repfair_keras.data.images.load import load
from repfair_keras.data.images.loaders import folder
from repfair_keras.data.images.stored import PixelFile, PixelRows, StoredImages
from repfair_keras.evaluation.images.image_report import make_report
from repfair_keras.evaluation.images.instruments import prepare_instruments


@pytest.fixture
def on_disk(monkeypatch, tmp_path_factory):
    """As if there were room for ten images in memory, and a cache of its own."""
    monkeypatch.setattr(stored, "IN_MEMORY", 10 * 28 * 28)
    monkeypatch.setattr(pixel_cache, "FEWEST", 1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


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
    np.testing.assert_array_equal(images[np.arange(300) > 297], digits.images[298:300])
    assert images[:0].shape == (0, 28, 28, 1)


def test_images_from_python_that_are_many_are_in_a_file(digits, on_disk, tmp_path):
    pixels, groups = digits.pixels[:60], np.repeat(["a", "b"], 30)
    stream = tf.data.Dataset.from_tensor_slices((pixels, groups))
    save_folder(tmp_path, pixels)
    frame = pd.DataFrame({"file": [f"{i:03}.png" for i in range(60)], "sex": groups})
    expected = ImageDataset.from_arrays(pixels, groups)
    for data in (
        ImageDataset.from_tfdata(stream.batch(7)),
        ImageDataset.from_tfdata(stream, batched=False),
        ImageDataset.from_frame(frame, "file", "sex", root=tmp_path),
    ):
        assert isinstance(data.pixels, PixelFile)
        np.testing.assert_array_equal(data.pixels[:], pixels)
        batches = (each.mixed_batches(8, 3, 0).take(2) for each in (data, expected))
        for one, other in zip(*batches, strict=True):
            np.testing.assert_array_equal(one.images, other.images)


def test_many_images_in_memory_are_not_copied(digits, on_disk):
    pixels, groups = digits.pixels[:300], np.repeat(["a", "b"], 150)
    data = ImageDataset.from_arrays(pixels, groups)
    assert data.pixels is pixels
    some = ImageDataset.from_arrays(pixels, groups, share=0.25)
    assert isinstance(some.pixels, PixelRows) and some.pixels.pixels is pixels
    assert len(some) == 200 and some.shares.tolist() == [0.75, 0.25]
    np.testing.assert_array_equal(some.pixels[1:3], pixels[some.pixels.rows[1:3]])
    batch = next(iter(some.mixed_batches(8, 3, 0)))
    assert all((some.images == image).all(axis=(1, 2, 3)).any() for image in batch.images.numpy())
    np.testing.assert_array_equal(stored.chosen(some.pixels, np.array([5]))[:], some.pixels[5:6])


def test_few_images_in_memory_are_copied(digits):
    pixels = digits.pixels[:40].copy()
    data = ImageDataset.from_arrays(pixels, np.repeat(["a", "b"], 20))
    pixels[:] = 0
    assert data.pixels.any()


def test_images_of_several_sizes_are_refused():
    def images():
        yield from ((np.zeros((2, size, size, 1), np.uint8), np.array(["a", "b"])) for size in (8, 12))

    kinds = tf.TensorSpec((2, None, None, 1), tf.uint8), tf.TensorSpec((2,), tf.string)
    with pytest.raises(
        InputError, match=r"images of \(12, 12, 1\) after some of \(8, 8, 1\): expected one size"
    ):
        ImageDataset.from_tfdata(tf.data.Dataset.from_generator(images, output_signature=kinds))


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


@pytest.mark.parametrize("grouping", ["invert", "stroke"])
@pytest.mark.parametrize("kind", ["npz", "folder"])
def test_real_data_on_disk_are_trained_on_as_those_in_memory(kind, grouping, digits, monkeypatch, tmp_path):
    stroke = np.array(["thin", "bold"])[np.arange(200) % 2]
    if kind == "npz":
        path = save_npz(tmp_path, digits.pixels[:200], stroke=stroke)
    else:
        path = save_folder(tmp_path, digits.pixels[:200])
        rows = [f"{i:03}.png,{value}" for i, value in enumerate(stroke)]
        (path / "metadata.csv").write_text("\n".join(["file_name,stroke", *rows]))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    share = 0.4 if grouping == "stroke" else None
    one = load(kind, path, grouping, share)
    monkeypatch.setattr(stored, "IN_MEMORY", 50 * 28 * 28)
    monkeypatch.setattr(reference, "IN_MEMORY", 50 * 28 * 28)
    other = load(kind, path, grouping, share)
    assert isinstance(one.pixels, np.ndarray) and isinstance(other.pixels, PixelFile | PixelRows)
    assert one.fingerprint == other.fingerprint
    np.testing.assert_array_equal(one.images, other.images)
    for a, b in zip(
        alternating_batches(one, 8, 4, 0).take(3), alternating_batches(other, 8, 4, 0).take(3), strict=True
    ):
        for mine, theirs in zip(a, b, strict=True):
            np.testing.assert_array_equal(mine, theirs)
    compared, _ = reference.load_reference(kind, path, grouping)
    rows = np.sort(np.random.default_rng(0).permutation(200)[:50])
    if grouping == "stroke":  # nothing changes these images: they stay in the file
        assert isinstance(compared.pixels, PixelRows)
        np.testing.assert_array_equal(compared.pixels[:], digits.pixels[rows])
    assert len(compared) == 50 and compared.images.dtype == np.float32
    assert "50 of them, at random" in compared.source


def test_a_folder_is_decoded_once_and_again_when_a_file_changes(digits, on_disk, tmp_path, monkeypatch):
    path, decoded = save_folder(tmp_path, digits.pixels[:30]), []
    decode = folder._decode
    monkeypatch.setattr(folder, "_decode", lambda root, name: decoded.append(name) or decode(root, name))
    names = [f"{i:03}.png" for i in range(30)]
    np.testing.assert_array_equal(folder.read_images(path, names)[:], digits.pixels[:30])
    assert len(decoded) == 30
    np.testing.assert_array_equal(folder.read_images(path, names)[:], digits.pixels[:30])
    assert len(decoded) == 30
    Image.fromarray(digits.pixels[99].squeeze()).save(path / "007.png")
    np.testing.assert_array_equal(folder.read_images(path, names)[7:8], digits.pixels[99:100])
    assert len(decoded) == 60
    kept = sorted(pixel_cache.cache_folder().glob("*[!n]"))
    for file in kept:
        file.write_bytes(b"half")  # damaged: decoded anew
    assert len(folder.read_images(path, names)) == 30 and len(decoded) == 90


def test_a_stopped_decoding_leaves_nothing(digits, on_disk, tmp_path, monkeypatch):
    path = save_folder(tmp_path, digits.pixels[:30])

    def stop(root, name):
        if name == "020.png":
            raise KeyboardInterrupt
        return digits.pixels[0]

    monkeypatch.setattr(folder, "_decode", stop)
    with pytest.raises(KeyboardInterrupt):
        folder.read_images(path, [f"{i:03}.png" for i in range(30)])
    assert not list(pixel_cache.cache_folder().iterdir())


def test_a_write_or_a_read_that_is_cut_short_goes_on(digits, monkeypatch):
    """As on a disk that is nearly full, and for more than 2 GB at once."""
    write, read = os.pwrite, os.preadv
    monkeypatch.setattr(os, "pwrite", lambda file, part, place: write(file, part[:1000], place))
    monkeypatch.setattr(os, "preadv", lambda file, parts, place: read(file, [parts[0][:700]], place))
    pixels = PixelFile((20, 28, 28, 1))
    pixels[:] = digits.pixels[:20]
    np.testing.assert_array_equal(pixels[:], digits.pixels[:20])
    monkeypatch.setattr(os, "preadv", lambda *_: 0)
    with pytest.raises(OSError, match="the file of images ends before image 4"):
        pixels[np.array([4])]
