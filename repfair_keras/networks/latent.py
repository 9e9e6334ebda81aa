"""Generators of codes, what they play against, and what makes rows or images of their codes.

Reference: FLDGM, supplement and public code.
"""

import keras
from keras import Model, layers

from repfair_keras.networks import seeded

NOISE = 64  # length of the noise vector in the paper
GENERATOR, CRITIC, DENOISER = (64, 128, 256, 128, 64), (128, 64, 32), (256, 256)
SLOPE = 0.2


def latent_generator(code_size, noise_size=NOISE):
    """G: noise to a standardised code; blocks of batch norm, linear and leaky ReLU, the last one linear.

    Args:
        code_size: d.
        noise_size: length of the noise vector.

    Returns:
        `keras.Model` from `(batch, noise_size)` to `(batch, d)`.
    """
    noise = x = layers.Input((noise_size,), name="z")
    for number, width in enumerate(GENERATOR, start=1):
        x = layers.BatchNormalization(name=f"norm_{number}")(x)
        x = layers.LeakyReLU(SLOPE, name=f"activation_{number}")(
            seeded.dense(width, name=f"dense_{number}")(x)
        )
    return Model(noise, seeded.dense(code_size, name="code")(x), name="latent_generator")


def latent_critic(code_size):
    """D: a standardised code to a logit or score.

    Without batch norm, unlike the public code: the gradient penalty is one of single points.

    Args:
        code_size: d.

    Returns:
        `keras.Model` from `(batch, d)` to `(batch, 1)`.
    """
    code = x = layers.Input((code_size,), name="code")
    for number, width in enumerate(CRITIC, start=1):
        x = layers.LeakyReLU(SLOPE, name=f"activation_{number}")(
            seeded.dense(width, name=f"dense_{number}")(x)
        )
    return Model(code, seeded.dense(1, name="logit")(x), name="latent_critic")


def denoiser(code_size, dropout):
    """v of diffusion: a noisy code and its time to the direction in which noise turns into code.

    Args:
        code_size: d.
        dropout: share of units left out in training, in [0, 1).

    Returns:
        `keras.Model` from `[codes, times]`, of shapes `(batch, d)` and `(batch,)`, to `(batch, d)`; times are
        in [0, 1].
    """
    codes, times = layers.Input((code_size,), name="codes"), layers.Input((), name="times")
    x = layers.Concatenate(name="with_time")([codes, Sinusoids(name="sinusoids")(times)])
    for number, width in enumerate(DENOISER, start=1):
        x = seeded.dense(width, name=f"dense_{number}")(x)
        x = layers.ReLU(name=f"relu_{number}")(layers.BatchNormalization(name=f"norm_{number}")(x))
        x = seeded.dropout(dropout, name=f"dropout_{number}")(x)
    return Model([codes, times], seeded.dense(code_size, name="v")(x), name="denoiser")


@keras.saving.register_keras_serializable("repfair_keras")
class Sinusoids(layers.Layer):
    """Sines and cosines of a time in [0, 1], at frequencies from half a period to 500: shape `(batch, 32)`.

    Reference: Vaswani et al. 2017, section 3.5.
    """

    N = 16

    def call(self, times):
        powers = keras.ops.arange(self.N, dtype="float32") / (self.N - 1)
        angles = times[:, None] * 3.14159265 * 1000.0**powers
        return keras.ops.concatenate([keras.ops.sin(angles), keras.ops.cos(angles)], axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 2 * self.N)


def prior(code_size):
    """Noise that is a code as it is: the identity, as a model."""
    noise = layers.Input((code_size,), name="z")
    return Model(noise, layers.Identity(name="code")(noise), name="latent_generator")


def decoded(code_generator, decoder, images, mean=None, deviation=None):
    """Puts a generator of codes and a decoder together.

    Args:
        code_generator: model from noise to codes `(batch, d)`.
        decoder: model from `[codes, group]` to logits.
        images: whether logits are pixels.
        mean, deviation: of the codes, shape `(d,)`, where the generator makes standardised ones.

    Returns:
        `keras.Model` from `[z, group]` to images in [-1, 1]: 2 sigmoid(logit) - 1, or to a row's logits.
    """
    noise = layers.Input(code_generator.input_shape[1:], name="z")
    group = layers.Input((), dtype="int32", name="group")
    codes = code_generator(noise)
    if mean is not None:
        codes = layers.Rescaling(deviation.tolist(), mean.tolist(), name="codes")(codes)
    logits = decoder([codes, group])
    if images:
        logits = layers.Rescaling(2.0, -1.0, name="pixels")(layers.Activation("sigmoid", name="grey")(logits))
    return Model([noise, group], logits, name="generator")
