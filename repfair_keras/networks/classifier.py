"""The small classifier that counts groups, and judges labels, in reports."""

import keras
import numpy as np
from keras import layers


def classifier(image_shape, n_outputs, name, seed=None):
    """Two stride-2 convolutions and a dense layer: enough for groups and digits, and fast on a CPU.

    Args:
        image_shape: `(height, width, channels)` of images in [-1, 1].
        n_outputs: number of groups or classes.
        name: name of the model.
        seed: integer that fixes the initial weights and dropout; `None` draws one.

    Returns:
        `keras.Model`: images, shape `(B, height, width, channels)`, to logits, shape `(B, n_outputs)`.
    """
    seeds = iter(np.random.default_rng(seed).integers(2**31, size=6).tolist())

    def kernel():
        return keras.initializers.GlorotUniform(seed=next(seeds))

    images = keras.Input(image_shape, name="images")
    x = images
    for i, filters in enumerate((16, 32), start=1):
        x = layers.Conv2D(
            filters,
            3,
            strides=2,
            padding="same",
            activation="relu",
            kernel_initializer=kernel(),
            name=f"conv_{i}",
        )(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.3, seed=next(seeds), name="dropout_1")(x)
    x = layers.Dense(64, activation="relu", kernel_initializer=kernel(), name="hidden")(x)
    x = layers.Dropout(0.3, seed=next(seeds), name="dropout_2")(x)
    logits = layers.Dense(n_outputs, kernel_initializer=kernel(), name="logits")(x)
    return keras.Model(images, logits, name=name)
