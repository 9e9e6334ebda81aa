"""The network whose features stand for images when their quality is measured."""

import keras
import numpy as np
from keras import layers

FEATURES = 64


def extractor(image_shape, heads, seed):
    """Two stride-2 convolutions, 64 features, and one linear head for each thing the features must tell.

    Args:
        image_shape: `(height, width, channels)` of images in [-1, 1].
        heads: dict of head name to its number of outputs.
        seed: integer that fixes the initial weights and dropout.

    Returns:
        `keras.Model`: images, shape `(B, height, width, channels)`, to a dict of `features`, shape
        `(B, 64)`, and each head's logits, shape `(B, outputs)`.
    """
    seeds = iter(np.random.default_rng(seed).integers(2**31, size=5 + len(heads)).tolist())

    def kernel():
        return keras.initializers.GlorotUniform(seed=next(seeds))

    images = keras.Input(image_shape, name="images")
    x = images
    for i, filters in enumerate((32, 64), start=1):
        convolution = {"strides": 2, "padding": "same", "activation": "relu", "name": f"conv_{i}"}
        x = layers.Conv2D(filters, 3, kernel_initializer=kernel(), **convolution)(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.3, seed=next(seeds), name="dropout_1")(x)
    features = layers.Dense(FEATURES, kernel_initializer=kernel(), name="features")(x)
    x = layers.ReLU(name="relu")(features)  # after the features, which a Gaussian fits better without it
    x = layers.Dropout(0.3, seed=next(seeds), name="dropout_2")(x)
    outputs = {name: layers.Dense(n, kernel_initializer=kernel(), name=name)(x) for name, n in heads.items()}
    return keras.Model(images, {"features": features, **outputs}, name="extractor")
