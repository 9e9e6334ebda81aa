"""From the name of a data set to images with groups."""

import dataclasses

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.checks import check_images
from repfair_keras.data.images.grouping import group, is_tied
from repfair_keras.registry import lookup

MIN_CLASS_SIZE = 2


def load(name, data_dir=None, grouping=None, share=None, seed=0, use_labels=None, strength=None, raw=None):
    """Loads a data set and groups it.

    Args:
        name: a data set of the registry.
        data_dir: where its files are; `None` where the data set knows.
        grouping, share, seed, strength: see `grouping.group`.
        use_labels, raw: see `load_images`.

    Returns:
        `ImageDataset`.

    Raises:
        InputError: for anything in the data or the arguments that does not fit.
    """
    images = load_images(name, data_dir, use_labels, raw=raw)
    unlabelled = images.labels is None
    if unlabelled and is_tied(images, grouping):
        images = load_images(name, data_dir, any_labels=True, raw=raw)
    data = group(images, grouping, share, seed, strength)
    if unlabelled:  # the networks see none, though the groups may depend on them
        data = dataclasses.replace(data, labels=None, class_names=())
    check_classes(data)
    return data


def load_images(name, data_dir=None, use_labels=None, any_labels=False, raw=None):
    """Loads a data set as it is, before it is grouped.

    Args:
        name: a data set of the registry.
        data_dir: where its files are; `None` where the data set knows.
        use_labels: `False` leaves the classes out, for grouping too; `True` insists on them; `None` takes
            them where there are any, except for svhn and cifar10, as RepFair-GAN does for SVHN.
        any_labels: whether `use_labels=None` takes the classes of svhn and cifar10 too.
        raw: `RawImages` in memory, in the place of what the name stands for; `None`: none.

    Returns:
        `RawImages`.

    Raises:
        InputError: for anything in the data or the arguments that does not fit.
    """
    images = lookup("dataset", name)(data_dir) if raw is None else raw
    check_images(images)
    if use_labels and images.labels is None:
        raise InputError(
            f"use_labels is true, but data set {name!r} has no labels. Add them, or leave use_labels out."
        )
    if use_labels is None:
        use_labels = any_labels or images.use_labels
    return images if use_labels else dataclasses.replace(images, labels=None, class_names=())


def check_classes(data):
    """Raises `InputError` if a class of `data` (`ImageDataset`) is too rare for a classifier."""
    if data.labels is None:
        return
    for name, size in zip(data.class_names, np.bincount(data.labels, minlength=data.n_classes), strict=True):
        if size < MIN_CLASS_SIZE:
            raise InputError(
                f"class {name!r} has {size} images, expected at least {MIN_CLASS_SIZE}, one to train and one "
                "to test a classifier. Add images, or leave the classes out: --use_labels false."
            )
