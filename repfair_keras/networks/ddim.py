"""Diffusion: the schedule, and sampling as a function of the first noise alone.

With alpha_t = cos, sigma_t = sin of an angle that goes from 0 (data) to almost a quarter turn (noise),
x_t = alpha_t x + sigma_t eps, and v = alpha_t eps - sigma_t x.
"""

import math

import keras
import numpy as np
from keras import layers, ops

OFFSET = 0.008  # so that the first steps are not too small


def angle(times):
    """Angle of the cosine schedule at times in [0, 1], from 0 up to a quarter turn.

    Reference: Nichol and Dhariwal 2021, eq. 17: alpha_t^2 = f(t) / f(0) with
    f(t) = cos((t + s) / (1 + s) * pi / 2)^2.
    """
    cosines = ops.cos((times + OFFSET) / (1 + OFFSET) * (math.pi / 2))
    alpha = ops.clip(cosines / math.cos(OFFSET / (1 + OFFSET) * math.pi / 2), 0.0, 1.0)
    return ops.arccos(alpha)


@keras.saving.register_keras_serializable("repfair_keras")
class DDIM(layers.Layer):
    """Turns noise into codes with a trained denoiser, in equal steps of time, without further noise.

    Each step goes from time t to s: with x = alpha_t x_t - sigma_t v and eps = sigma_t x_t + alpha_t v,
    x_s = alpha_s x + sigma_s eps.

    Args:
        denoiser: model from `[codes, times]` to v.
        steps: steps from noise to code, at least 1.

    Reference: Song et al. 2021 (DDIM), eq. 12 with sigma = 0; Salimans and Ho 2022 for v.
    """

    def __init__(self, denoiser, steps, **kwargs):
        super().__init__(**kwargs)
        self.denoiser, self.steps = denoiser, steps

    def call(self, noise):
        times = np.linspace(1.0, 0.0, self.steps + 1, dtype=np.float32)
        angles = ops.convert_to_tensor(angle(times))
        times = ops.convert_to_tensor(times)

        def step(i, x):
            v = self.denoiser([x, ops.ones_like(x[:, 0]) * times[i]], training=False)
            alpha, sigma = ops.cos(angles[i]), ops.sin(angles[i])
            code, eps = alpha * x - sigma * v, sigma * x + alpha * v
            return ops.cos(angles[i + 1]) * code + ops.sin(angles[i + 1]) * eps

        return ops.fori_loop(0, self.steps, step, noise)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        stored = keras.saving.serialize_keras_object(self.denoiser)
        return {**super().get_config(), "denoiser": stored, "steps": self.steps}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config.pop("denoiser")), **config)


def ddim_generator(denoiser, code_size, steps):
    """Returns `keras.Model` from noise `(batch, d)` to standardised codes `(batch, d)`."""
    noise = layers.Input((code_size,), name="z")
    return keras.Model(noise, DDIM(denoiser, steps, name="ddim")(noise), name="latent_generator")
