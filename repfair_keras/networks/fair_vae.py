"""The networks of the fair encoder: rows or images to Gaussian codes, and codes with a group back.

Reference: FLDGM, supplement and public code; Liu et al. 2022 (FairDisCo).
"""

from keras import Model, layers

from repfair_keras.networks import seeded
from repfair_keras.networks.indicators import Indicators
from repfair_keras.networks.sizes import SMALLEST, widths

HIDDEN = 64  # of a table's networks
WIDEST = 256


def table_encoder(sizes, n_groups, code_size):
    """E of a table: a row and its group to a Gaussian.

    Args:
        sizes: number of codes of each column but the group's.
        n_groups: k.
        code_size: d.

    Returns:
        `keras.Model` from `[rows, groups]`, int32, shapes `(batch, n_columns)` and `(batch,)`, to
        `[mean, log_variance]`, shapes `(batch, d)`.
    """
    rows, group = layers.Input((len(sizes),), dtype="int32", name="rows"), _group()
    x = layers.Concatenate(name="with_group")(
        [Indicators(sizes, name="indicators")(rows), one_hot(n_groups)(group[:, None])]
    )
    x = seeded.dense(HIDDEN, activation="relu", name="hidden")(x)
    return Model([rows, group], _gaussian(x, code_size), name="encoder")


def table_decoder(sizes, from_code, n_groups, code_size):
    """D of a table: a code and a group to the logits of a row.

    Where the target is decoded from the code alone, it does not know of the group what a fair code does not.

    Args:
        sizes: number of codes of each column but the group's.
        from_code: place among them of the column that is decoded from the code alone, the target; `None`: none is.
        n_groups: k.
        code_size: d.

    Returns:
        `keras.Model` from `[codes, group]` to logits `(batch, sum of sizes)`, the columns in their order.
    """
    codes, group = layers.Input((code_size,), name="codes"), _group()
    x = layers.Concatenate(name="with_group")([codes, one_hot(n_groups)(group[:, None])])
    x = seeded.dense(HIDDEN, activation="relu", name="hidden")(x)
    hidden = [x] * len(sizes)
    if from_code is not None:
        hidden[from_code] = seeded.dense(HIDDEN, activation="relu", name="target_hidden")(codes)
    sized = enumerate(zip(sizes, hidden, strict=True))
    parts = [seeded.dense(size, name=f"column_{i}")(features) for i, (size, features) in sized]
    return Model([codes, group], layers.Concatenate(name="logits")(parts), name="decoder")


def image_encoder(image_shape, filters, code_size):
    """E of images: an image to a Gaussian; it does not see the group.

    Args:
        image_shape: `(size, size, channels)`.
        filters: of the first two convolutions; the others have twice as many.
        code_size: d.

    Returns:
        `keras.Model` from images in [-1, 1] to `[mean, log_variance]`, shapes `(batch, d)`.
    """
    image = x = layers.Input(image_shape, name="image")
    for number, width in enumerate(widths(image_shape, filters), start=1):
        x = seeded.conv(width, 4, 2, "same", activation="relu", name=f"conv_{number}")(x)
    x = seeded.dense(WIDEST, activation="relu", name="dense")(layers.Flatten(name="flatten")(x))
    return Model(image, _gaussian(x, code_size), name="encoder")


def image_decoder(image_shape, filters, n_groups, code_size):
    """D of images: a code and a group to the logits of pixels; the mirror of E.

    Args:
        image_shape: `(size, size, channels)`.
        filters: as in `image_encoder`.
        n_groups: k.
        code_size: d.

    Returns:
        `keras.Model` from `[codes, group]` to logits `(batch, size, size, channels)`.
    """
    reverse = widths(image_shape, filters)[::-1]
    codes, group = layers.Input((code_size,), name="codes"), _group()
    x = layers.Concatenate(name="with_group")([codes, one_hot(n_groups)(group[:, None])])
    x = seeded.dense(WIDEST, activation="relu", name="dense")(x)
    x = seeded.dense(SMALLEST**2 * reverse[0], activation="relu", name="dense_map")(x)
    x = layers.Reshape((SMALLEST, SMALLEST, reverse[0]), name="map")(x)
    for number, width in enumerate(reverse[1:], start=1):
        x = seeded.conv_transpose(width, 4, 2, "same", activation="relu", name=f"up_{number}")(x)
    x = seeded.conv_transpose(image_shape[-1], 4, 2, "same", name="pixels")(x)
    border = (SMALLEST * 2 ** len(reverse) - image_shape[0]) // 2
    return Model([codes, group], layers.Cropping2D(border, name="logits")(x), name="decoder")


def one_hot(n_groups):
    """Layer from groups, shape `(batch, 1)`, to indicators."""
    return layers.CategoryEncoding(n_groups, output_mode="one_hot", name="group_indicators")


def _group():
    return layers.Input((), dtype="int32", name="group")


def _gaussian(x, code_size):
    mean, log_variance = (seeded.dense(code_size, name=name)(x) for name in ("mean", "log_variance"))
    return [mean, log_variance]
