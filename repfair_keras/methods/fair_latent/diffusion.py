"""Diffusion on the fair codes of FLDGM."""

from functools import partial

import keras
import tensorflow as tf

from repfair_keras.core.gradients import apply_averaged, dense, mean_over_replicas
from repfair_keras.methods.fair_latent.fair_latents import fair_codes
from repfair_keras.methods.phase import Phase
from repfair_keras.networks.ddim import angle, ddim_generator
from repfair_keras.networks.latent import denoiser

T = 1000  # times that training knows


@keras.saving.register_keras_serializable("repfair_keras")
class Diffusion(keras.Model):
    """Learns to tell v = alpha_t eps - sigma_t x from x_t = alpha_t x + sigma_t eps.

    Args:
        denoiser: model from `[codes, times]` to v.

    Reference: Ho et al. 2020; Nichol and Dhariwal 2021 (cosine schedule); Salimans and Ho 2022 (v); FLDGM.
    """

    def __init__(self, denoiser, **kwargs):
        super().__init__(**kwargs)
        self.denoiser = denoiser
        self.loss_mean = keras.metrics.Mean(name="v_loss")
        self.built = True

    @property
    def metrics(self):
        return [self.loss_mean]

    def train_step(self, batch):
        x, eps, weights = batch
        times = tf.math.ceil(weights * T) / T  # 1 / T to 1
        turn = angle(times)[:, None]
        alpha, sigma = tf.cos(turn), tf.sin(turn)
        with tf.GradientTape() as tape:
            v = self.denoiser([alpha * x + sigma * eps, times], training=True)
            loss = tf.reduce_mean(tf.square(v - (alpha * eps - sigma * x)))
        variables = self.denoiser.trainable_variables
        apply_averaged(self.optimizer, mean_over_replicas(dense(tape.gradient(loss, variables))), variables)
        self.loss_mean.update_state(loss)
        return self.get_metrics_result()

    def get_config(self):
        return {"name": self.name, "denoiser": keras.saving.serialize_keras_object(self.denoiser)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(keras.saving.deserialize_keras_object(config.pop("denoiser")), **config)


def fld_dm(data, settings, training):
    """FLD-DM: a fair encoder, then diffusion on its codes."""
    fair = yield from fair_codes(data, settings, training)
    network = denoiser(settings.code_size, settings.dropout)
    model = Diffusion(network, name="fld_dm")
    model.compile(
        keras.optimizers.Adam(settings.g_learning_rate, name="adam"), jit_compile=training.jit_compile
    )
    model.optimizer.build(network.trainable_variables)
    generator = ddim_generator(network, settings.code_size, settings.diffusion_steps)

    def batches(start):
        return fair.batches(training.batch_size, settings.code_size, training.seed, start)

    yield Phase(
        "codes", model, batches, generator=fair.decoded(generator), codes=partial(fair.sample, generator)
    )
