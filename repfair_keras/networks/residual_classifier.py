"""The residual network that counts groups where the small one cannot tell them apart: people, for example."""

import keras
import numpy as np
from keras import layers

from repfair_keras.networks.orientation_histograms import OrientationHistograms

GRID = 16  # cells on the longer side of an image
MOMENTUM = 0.9  # of the means in normalisation: trainings are short


def residual_classifier(image_shape, n_outputs, name, seed=None, width=48):
    """Orientation histograms on a grid of about 16 x 16 cells, and two residual stages on them.

    What an edge is, and that colour matters, is given: with a few thousand images and minutes on a CPU, a
    network that starts from pixels does not get as far.

    Args:
        image_shape: `(height, width, channels)` of images in [-1, 1], any size.
        n_outputs: number of groups or classes.
        name: name of the model.
        seed: integer that fixes the initial weights and dropout; `None` draws one.
        width: filters of the first stage; the second has twice as many.

    Returns:
        `keras.Model`: images, shape `(B, height, width, channels)`, to logits, shape `(B, n_outputs)`.

    Reference: He et al., "Identity Mappings in Deep Residual Networks" (2016), the blocks.
    """
    seeds = iter(np.random.default_rng(seed).integers(2**31, size=9).tolist())

    def convolution(x, filters, size=3, **options):
        kernel = keras.initializers.HeNormal(seed=next(seeds))
        return layers.Conv2D(filters, size, padding="same", kernel_initializer=kernel, **options)(x)

    def active(x):
        return layers.ReLU()(layers.BatchNormalization(momentum=MOMENTUM)(x))

    def block(x, filters):
        inside = convolution(active(x), filters, use_bias=False)
        return layers.Add()([x, convolution(active(inside), filters, use_bias=False)])

    images = keras.Input(image_shape, name="images")
    x = OrientationHistograms(max(1, round(max(image_shape[:2]) / GRID)), name="histograms")(images)
    x = layers.BatchNormalization(momentum=MOMENTUM)(x)
    x = block(convolution(x, width, use_bias=False), width)
    x = block(convolution(active(x), 2 * width, strides=2, use_bias=False), 2 * width)
    # Flattened, not averaged over the places: where something is tells much in pictures of one kind.
    x = layers.Flatten(name="flatten")(convolution(active(x), 32, size=1))
    x = layers.Dropout(0.3, seed=next(seeds), name="dropout")(x)
    kernel = keras.initializers.GlorotUniform(seed=next(seeds))
    logits = layers.Dense(n_outputs, kernel_initializer=kernel, name="logits")(x)
    return keras.Model(images, logits, name=name)
