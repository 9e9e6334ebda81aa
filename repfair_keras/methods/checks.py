"""What methods ask of data, beside the ranges of their settings: known without TensorFlow, before training."""

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.networks.network import Spec
from repfair_keras.networks.sizes import check_image_shape, check_latent_size, widths
from repfair_keras.registry import REGISTRY, lookup


def check_classes(dataset, settings, training):
    """Raises `InputError` unless there are classes, and images and noise of a size that a stacked GAN can use."""
    if not dataset.n_classes:
        raise InputError(
            "a stacked GAN needs classes, and there are none here: add labels to the data, or, where it has "
            "some that are left out, give --use_labels true."
        )
    check_image_shape(dataset.image_shape)
    check_latent_size(settings.latent_size)


def check_network(dataset, settings, training, n_groups=0):
    """Raises `InputError` for images of a size that the networks cannot make, or a precision that nothing here has.

    Networks of others are built once, as what is wrong with them is known then alone; those of this package are
    checked without TensorFlow.
    """
    lookup("network", settings.network).check_size(dataset.image_shape)
    if settings.network not in REGISTRY["network"]:
        from repfair_keras.methods.build import try_networks

        try_networks(Spec(dataset.image_shape, dataset.n_classes, n_groups, settings, training.seed))
    if settings.precision == "mixed_float16":
        from repfair_keras.core.precision import check_precision

        check_precision(settings.precision)


def check_network_of_groups(dataset, settings, training):
    """Raises `InputError` as `check_network`, for networks that are told the group."""
    check_network(dataset, settings, training, dataset.n_groups)


def check_real_step(dataset, settings, training):
    """Raises `InputError` as `check_network`, and unless there is a bound for each group."""
    check_network(dataset, settings, training)
    bounds = settings.group_bounds
    if bounds is not None and len(bounds) != dataset.n_groups:
        raise InputError(
            f"group_bounds has {len(bounds)} numbers, {bounds}, but the data have {dataset.n_groups} groups: expected "
            f"one for each of {', '.join(dataset.group_names)}."
        )


def check_base(dataset, settings, training):
    """Raises `InputError` unless the data fit the base method of a boosted ensemble."""
    lookup("method", settings.base_method).check_data(dataset, settings, training)


def check_rows(dataset, settings, training):
    """Raises `InputError` if there are fewer rows than a batch has, or images of a size that does not fit."""
    images = hasattr(dataset, "image_shape")
    if images:
        widths(dataset.image_shape, settings.filters)
    n = len(dataset) - (every_tenth(dataset.groups).sum() if images else 0)
    if n < training.batch_size:
        raise InputError(
            f"batch_size is {training.batch_size}, but there are {n} rows to train on: expected no more. Give a "
            f"smaller one: --batch_size {max(n // 2, 1)}."
        )


def check_noise(dataset, settings, training):
    """Raises `InputError` if there are too few rows, or noise, which becomes a latent, has not its size."""
    check_rows(dataset, settings, training)
    if settings.latent_size != settings.code_size:
        raise InputError(
            f"latent_size is {settings.latent_size} and code_size {settings.code_size}: expected the same, as this "
            "method turns noise into latents of its size. Give both, or neither."
        )


def every_tenth(groups):
    """Marks every tenth row of each group, from the first on: bool, shape `(N,)`."""
    marked = np.zeros(len(groups), bool)
    for group in np.unique(groups):
        marked[np.flatnonzero(groups == group)[::10]] = True
    return marked
