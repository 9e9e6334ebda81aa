"""A data set as the methods that work on latents see it: rows that an encoder takes, and networks that fit them."""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.methods.checks import every_tenth
from repfair_keras.networks import fair_vae as networks


class View(NamedTuple):
    """A data set as an encoder sees it.

    Args:
        rows, groups: arrays of what is trained on, shapes `(N, ...)` and `(N,)`.
        to_input: function from a batch of rows to what the encoder takes.
        networks: function from the method's settings to `(encoder, decoder)`.
        sizes: number of codes of each column; empty for images.
        images: whether the decoder's logits are pixels.
        held_out: rows that nothing is trained on, and their groups: a table's test rows, and of images every
            tenth of each group.
        targets: of `rows` and of those held out, bool: whether a table's target has its last value; `None` of
            images.
    """

    rows: np.ndarray
    groups: np.ndarray
    to_input: object
    networks: object
    sizes: tuple
    images: bool
    held_out: tuple
    targets: tuple | None = None


def view_of(data):
    """Returns the `View` of `ImageDataset`, or of a `TableDataset`, all columns but the group's."""
    return _of_images(data) if isinstance(data, ImageDataset) else _of_table(data)


def _of_images(data):
    def to_input(pixels):
        return tf.cast(pixels, tf.float32) / 127.5 - 1.0

    def made(settings):
        return (
            networks.image_encoder(data.image_shape, settings.filters, settings.code_size),
            networks.image_decoder(data.image_shape, settings.filters, data.n_groups, settings.code_size),
        )

    held = every_tenth(data.groups)
    held_out = data.pixels[held], data.groups[held]
    return View(data.pixels[~held], data.groups[~held], to_input, made, (), True, held_out)


def _of_table(data):
    schema = data.schema
    kept = [i for i, name in enumerate(schema.names) if name not in schema.sensitive_names]
    sizes = tuple(schema.sizes[i] for i in kept)
    target = kept.index(schema.place(schema.target))

    def made(settings):
        from_code = target if settings.target_from == "code" else None
        return (
            networks.table_encoder(sizes, data.n_groups, settings.code_size),
            networks.table_decoder(sizes, from_code, data.n_groups, settings.code_size),
        )

    held_out = data.test_codes[:, kept], schema.groups_of(data.test_codes)
    rows = data.codes[:, kept]
    targets = tuple(codes[:, target] == sizes[target] - 1 for codes in (rows, held_out[0]))
    return View(rows, data.groups, tf.identity, made, sizes, False, held_out, targets)
