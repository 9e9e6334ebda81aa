"""The smallest networks that there can be: a dense layer each."""

import keras
import numpy as np

from repfair_keras.networks import seeded
from repfair_keras.networks.network import Network


def generator(spec):
    z = keras.Input((spec.settings.latent_size,), name="z")
    x = seeded.dense(int(np.prod(spec.image_shape)), activation="tanh")(z)
    return keras.Model([z], keras.layers.Reshape(spec.image_shape)(x), name="dense_generator")


def discriminator(spec):
    image = keras.Input(spec.image_shape, name="image")
    return keras.Model([image], seeded.dense(1)(keras.layers.Flatten()(image)), name="dense_discriminator")


DENSE = Network("dense", generator, discriminator)
