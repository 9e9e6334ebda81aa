"""MNIST, Fashion-MNIST, SVHN and CIFAR-10 through tensorflow-datasets; without network from a prepared folder.

Every loader takes `data_dir`, a folder of prepared data sets; `None` stands for tensorflow-datasets' own
cache folder. What is not prepared is downloaded; if that fails, an `InputError` says what to do.
"""

import contextlib
import dataclasses
import http.client
import tempfile
import urllib.request
from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.extras import needed
from repfair_keras.data.images.checks import existing_path
from repfair_keras.data.images.dataset import RawImages

PROBE_SECONDS = 10


def tensorflow_datasets():
    """Returns the module, which comes with the extra `data`."""
    return needed("tensorflow_datasets", "data", ", or use --dataset mnist_5k, which needs no network")


def load_mnist(data_dir=None):
    """Loads the 60,000 training images of MNIST, 28x28x1."""
    return _load("mnist", "mnist", data_dir, "invert", True, "the training digits of MNIST")


def load_fashion_mnist(data_dir=None):
    """Loads the 60,000 training images of Fashion-MNIST, ten kinds of clothes, 28x28x1."""
    return _load(
        "fashion_mnist", "fashion_mnist", data_dir, "invert", True, "the training images of Fashion-MNIST"
    )


def load_colour_mnist(data_dir=None):
    """Loads MNIST to be coloured red, green and blue, independent of the digit: 28x28x3 when grouped."""
    return dataclasses.replace(load_mnist(data_dir), name="colour_mnist", default_grouping="colour")


def load_biased_colour_mnist(data_dir=None):
    """Loads MNIST to be coloured red, green and blue, most digits in the colour of their class."""
    named = {"name": "biased_colour_mnist", "default_grouping": "biased_colour"}
    return dataclasses.replace(load_mnist(data_dir), **named)


def load_svhn(data_dir=None):
    """Loads the 73,257 training images of SVHN, cropped to single digits, 32x32x3."""
    return _load("svhn", "svhn_cropped", data_dir, "shade", False, "the training digits of SVHN, cropped")


def load_cifar10(data_dir=None):
    """Loads the 50,000 training images of CIFAR-10, 32x32x3."""
    return _load("cifar10", "cifar10", data_dir, "shade", False, "the training photographs of CIFAR-10")


def _load(name, tfds_name, data_dir, default_grouping, use_labels, description):
    """Reads the train split of a data set into memory.

    Args:
        name: name of the data set here.
        tfds_name: its name in tensorflow-datasets.
        data_dir: folder of prepared data sets; `None`: tensorflow-datasets' own cache folder.
        default_grouping: the grouping if the user names none.
        use_labels: whether the classes are used if the user does not say.
        description: what the images are.

    Returns:
        `RawImages`.

    Raises:
        InputError: if there is no prepared copy and none can be downloaded, or the copy cannot be read.
    """
    if data_dir is not None:
        existing_path(data_dir, name, f"a folder with {tfds_name}/ as tensorflow-datasets prepares it")
    builder = prepared_builder(tfds_name, data_dir)
    pixels, labels = _read(builder)
    return RawImages(
        name=name,
        source=f"{len(pixels):,} images: {description} (tensorflow-datasets {tfds_name} {builder.version}).",
        pixels=pixels,
        labels=labels,
        class_names=tuple(builder.info.features["label"].names),
        default_grouping=default_grouping,
        use_labels=use_labels,
    )


def prepared_builder(tfds_name, data_dir):
    """Returns tensorflow-datasets' builder of a data set that is prepared, here and now if it must be.

    Raises:
        InputError: if there is no prepared copy and none can be downloaded.
    """
    tfds = tensorflow_datasets()
    builder = tfds.builder(tfds_name, data_dir=data_dir)
    if builder.is_prepared():
        return builder
    folder = Path(builder.data_dir).parent
    other_versions = [path for path in sorted(folder.glob("*.*.*")) if _is_prepared(path)]
    if other_versions:
        return tfds.builder_from_directory(other_versions[-1])
    _prepare(builder, folder)
    return builder


def _is_prepared(folder):
    return all((folder / name).is_file() for name in ("dataset_info.json", "features.json"))


def _prepare(builder, folder):
    """Downloads and prepares, or leaves nothing behind.

    Args:
        builder: tensorflow-datasets' builder.
        folder: where the versions of the data set lie, below the cache folder.
    """
    tfds = tensorflow_datasets()
    config = tfds.download.DownloadConfig(try_download_gcs=False)
    wrong_file = tfds.download.download_manager.NonMatchingChecksumError
    failures = (OSError, http.client.HTTPException, tfds.download.DownloadError, wrong_file)
    try:
        _probe(builder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix="downloads-", dir=folder.parent, ignore_cleanup_errors=True
        ) as downloads:
            builder.download_and_prepare(download_dir=downloads, download_config=config)
    except failures as error:
        raise InputError(_advice(builder.name, folder, error)) from error
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()  # only goes if it is empty


def _probe(builder):
    """Asks for the head of one file: fails within seconds where the downloader would retry for minutes."""
    request = urllib.request.Request(next(iter(builder.url_infos)), method="HEAD")
    urllib.request.urlopen(request, timeout=PROBE_SECONDS).close()


def _advice(tfds_name, folder, error):
    command = f"import tensorflow_datasets as tfds; tfds.load('{tfds_name}', data_dir='tfds')"
    return (
        f"no prepared copy of {tfds_name!r} in {folder}, and it could not be downloaded: {error}. "
        f'On a machine with network run: python -c "{command}". Then copy the folder `tfds` here and pass '
        "--data_dir tfds. Or use --dataset mnist_5k, which needs no network."
    )


def _read(builder):
    """Returns the train split as uint8 pixels and int32 labels."""
    import tensorflow as tf

    tfds = tensorflow_datasets()
    try:
        examples = tfds.as_numpy(builder.as_dataset(split="train", batch_size=-1))
    except (tf.errors.OpError, OSError, ValueError) as error:
        raise unreadable(builder, error) from error
    return examples["image"], examples["label"].astype(np.int32)


def unreadable(builder, error):
    """Returns the `InputError` for a prepared copy that cannot be read."""
    return InputError(
        f"the prepared copy of {builder.name!r} in {builder.data_dir} cannot be read: {error}. "
        "Copy the folder again, with all its files, or delete it and prepare it anew."
    )
