"""From the name of a data set to images with groups."""

import dataclasses

from repfair_keras.data.checks import check_images
from repfair_keras.data.grouping import group
from repfair_keras.errors import InputError
from repfair_keras.registry import lookup


def load(name, data_dir=None, grouping=None, share=None, seed=0, use_labels=None):
    """Loads a data set and groups it.

    Args:
        name: a data set of the registry.
        data_dir: where its files are; `None` where the data set knows.
        grouping, share, seed: see `grouping.group`.
        use_labels: `False` leaves the classes out, for grouping too; `True` insists on them; `None` takes
            them where there are any, except for svhn and cifar10, as RepFair-GAN does for SVHN.

    Returns:
        `GroupedData`.

    Raises:
        InputError: for anything in the data or the arguments that does not fit.
    """
    images = lookup("dataset", name)(data_dir)
    check_images(images)
    if use_labels and images.labels is None:
        raise InputError(
            f"use_labels is true, but data set {name!r} has no labels. Add them, or leave use_labels out."
        )
    if use_labels is None:
        use_labels = images.use_labels
    if not use_labels:
        images = dataclasses.replace(images, labels=None, class_names=())
    return group(images, grouping, share, seed)
