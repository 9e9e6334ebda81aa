import http.client
import shutil
import urllib.error
import urllib.request
from unittest import mock

import numpy as np
import pytest
import tensorflow_datasets as tfds

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.loaders.tfds_images import (
    load_cifar10,
    load_fashion_mnist,
    load_mnist,
    load_svhn,
)

NO_NETWORK = urllib.error.URLError("no route to host")


@pytest.fixture
def own_copy(tfds_dir, tmp_path):
    """A copy of the prepared folder that a test may spoil."""
    return shutil.copytree(tfds_dir, tmp_path / "tfds")


@pytest.fixture
def no_network(monkeypatch):
    """Every connection fails at once; the downloader must not even start."""
    monkeypatch.setattr(urllib.request, "urlopen", mock.Mock(side_effect=NO_NETWORK))
    start = mock.Mock(side_effect=AssertionError("the downloader started without network"))
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", start)


@pytest.fixture
def network(monkeypatch):
    """The first look at the network succeeds."""
    monkeypatch.setattr(urllib.request, "urlopen", mock.MagicMock())


def sorted_images(pixels):
    return sorted(image.tobytes() for image in pixels)


@pytest.mark.parametrize(
    ("load", "name", "shape", "grouping", "classes"),
    [
        (load_mnist, "mnist", (28, 28, 1), "invert", "0"),
        (load_fashion_mnist, "fashion_mnist", (28, 28, 1), "invert", "T-shirt/top"),
        (load_svhn, "svhn", (32, 32, 3), "shade", "0"),
        (load_cifar10, "cifar10", (32, 32, 3), "shade", "airplane"),
    ],
)
def test_a_prepared_folder_is_read(data_dir_of, no_network, load, name, shape, grouping, classes):
    images = load(data_dir_of(name))
    assert images.pixels.shape == (300, *shape)
    assert images.pixels.dtype == np.uint8
    assert images.pixels.max() > 200
    assert images.labels.dtype == np.int32
    assert set(images.labels) == set(range(10))
    assert (images.name, images.default_grouping) == (name, grouping)
    assert len(images.class_names) == 10
    assert images.class_names[0] == classes


@pytest.mark.parametrize(
    ("load", "name", "file"),
    [
        (load_mnist, "mnist", "mnist.npz"),
        (load_fashion_mnist, "fashion_mnist", "fashion_mnist.npz"),
        (load_svhn, "svhn", "svhn.npz"),
        (load_cifar10, "cifar10", "cifar10_subset.npz"),
    ],
)
def test_pixels_and_labels_are_those_that_were_written(shared_data, data_dir_of, load, name, file):
    images = load(data_dir_of(name))
    with np.load(shared_data / file) as arrays:
        pairs = zip(arrays["x_train"][:300], arrays["y_train"][:300], strict=True)
        label_of = {image.tobytes(): label for image, label in pairs}
    assert sorted_images(images.pixels) == sorted(label_of)
    assert [label_of[image.tobytes()] for image in images.pixels] == images.labels.tolist()


def test_the_order_is_the_same_each_time(tfds_dir):
    first, second = load_mnist(tfds_dir), load_mnist(tfds_dir)
    np.testing.assert_array_equal(first.pixels, second.pixels)


def test_another_version_is_read_too(own_copy, tfds_dir, no_network):
    version = next((own_copy / "mnist").iterdir())
    version.rename(own_copy / "mnist" / "2.9.0")
    (own_copy / "mnist" / "2.99.0").mkdir()  # an empty folder is none
    np.testing.assert_array_equal(load_mnist(own_copy).pixels, load_mnist(tfds_dir).pixels)


@pytest.mark.parametrize(
    "failure",
    [
        NO_NETWORK,
        TimeoutError("timed out"),
        ConnectionResetError("reset by peer"),
        urllib.error.HTTPError("url", 503, "proxy says no", None, None),
        http.client.BadStatusLine("?"),
    ],
)
def test_no_network_fails_at_once_says_what_to_do_and_leaves_nothing(tmp_path, no_network, failure):
    urllib.request.urlopen.side_effect = failure
    with pytest.raises(InputError) as raised:
        load_svhn(tmp_path)
    message = str(raised.value)
    for part in (
        f"no prepared copy of 'svhn_cropped' in {tmp_path / 'svhn_cropped'}",
        str(failure),
        "tfds.load('svhn_cropped', data_dir='tfds')",
        "copy the folder",
        "--data_dir tfds",
        "mnist_5k",
    ):
        assert part in message
    assert list(tmp_path.iterdir()) == []
    assert urllib.request.urlopen.call_args.kwargs["timeout"] <= 10


def test_the_cache_folder_of_tfds_is_the_default(tmp_path, no_network, monkeypatch):
    cache = tmp_path / "cache"
    monkeypatch.setattr(tfds.core.constants, "DATA_DIR", str(cache))
    with pytest.raises(InputError, match=str(cache / "mnist")):
        load_mnist()
    assert not cache.exists()


def test_a_download_that_breaks_leaves_nothing(tmp_path, network, monkeypatch):
    import requests

    broken = mock.Mock(side_effect=requests.ConnectionError("broke in the middle"))
    monkeypatch.setattr(requests.Session, "get", broken)
    with pytest.raises(InputError, match="could not be downloaded: broke in the middle"):
        load_mnist(tmp_path)
    assert broken.called
    assert list(tmp_path.iterdir()) == []


def test_a_preparation_that_breaks_leaves_nothing(tmp_path, network, digit_images):
    def examples():
        yield 0, {"image": digit_images.pixels[0], "label": 0}
        raise OSError("disk full")

    builder = tfds.builder_cls("mnist")
    with (
        mock.patch.object(
            builder, "_split_generators", mock.Mock(side_effect=lambda _: {"train": examples()})
        ),
        pytest.raises(InputError, match="disk full"),
    ):
        load_mnist(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_download_is_prepared_once_and_its_files_are_removed(tmp_path, network, digit_images):
    def splits(manager):
        (manager.download_dir / "archive").write_text("what came over the network")
        numbered = enumerate(zip(digit_images.pixels[::250], digit_images.labels[::250], strict=True))
        return {"train": ((i, {"image": image, "label": int(label)}) for i, (image, label) in numbered)}

    with mock.patch.object(
        tfds.builder_cls("mnist"), "_split_generators", mock.Mock(side_effect=splits)
    ) as calls:
        first, second = load_mnist(tmp_path), load_mnist(tmp_path)
    assert calls.call_count == 1
    assert sorted_images(first.pixels) == sorted_images(digit_images.pixels[::250])
    np.testing.assert_array_equal(first.pixels, second.pixels)
    assert [path.name for path in tmp_path.iterdir()] == ["mnist"]


def test_a_data_dir_that_does_not_exist(tmp_path, no_network):
    with pytest.raises(InputError, match=r"none' does not exist. Expected a folder with mnist/"):
        load_mnist(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_data_dir_that_is_a_file(tmp_path, no_network):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="no prepared copy of 'mnist'"):
        load_mnist(tmp_path / "file")


@pytest.mark.parametrize("spoil", ["missing", "cut"])
def test_an_incomplete_copy_says_so(own_copy, no_network, spoil):
    records = next((own_copy / "mnist").rglob("*tfrecord*"))
    if spoil == "missing":
        records.unlink()
    else:
        records.write_bytes(records.read_bytes()[:5000])
    with pytest.raises(
        InputError, match=r"prepared copy of 'mnist' .* cannot be read: .* Copy the folder again"
    ):
        load_mnist(own_copy)
