"""GANs on the fair codes of FLDGM: WGAN-GP and LSGAN."""

from functools import partial

import keras
import tensorflow as tf

from repfair_keras.core.gradients import dense, mean_over_replicas
from repfair_keras.losses.adversarial import LEAST_SQUARES, WASSERSTEIN
from repfair_keras.losses.gradient_penalty import gradient_penalty
from repfair_keras.methods.fair_latent.fair_latents import fair_codes
from repfair_keras.methods.phase import Phase
from repfair_keras.methods.players import Players
from repfair_keras.networks.latent import latent_critic, latent_generator
from repfair_keras.networks.moving_average import copy_of

MEMORY = 0.99  # of the running mean of a generator's weights


class CodeGAN(Players):
    """A generator and a critic of codes. Abstract: a subclass has the losses, `critic_steps` and `BETA_2`.

    A batch holds standardised codes, noise and weights in `critic_steps + 1` parts: one for each step of the
    critic, the last one's noise for the generator.

    Args:
        generator, discriminator: as in `Players`.
        averaged: the generator whose weights are a running mean of those that `generator` has had, the one to
            draw from: the generator itself circles about its goal. `None`: a copy of the generator.

    Reference for the mean: Yazici et al. 2019, The Unusual Effectiveness of Averaging in GAN Training, eq. 1.
    """

    NETWORKS = (*Players.NETWORKS, "averaged")

    def __init__(self, generator, discriminator, averaged=None, **kwargs):
        super().__init__(generator, discriminator, **kwargs)
        self.averaged = copy_of(generator) if averaged is None else averaged
        self.d_loss, self.g_loss = (keras.metrics.Mean(name=name) for name in ("d_loss", "g_loss"))

    @property
    def metrics(self):
        return [self.d_loss, self.g_loss]

    def train_step(self, batch):
        codes, noise, weights = (tf.split(each, self.critic_steps + 1) for each in batch)
        for part in range(self.critic_steps):
            fake = self.generator(noise[part], training=True)
            with tf.GradientTape() as tape:
                loss = self.critic_loss(codes[part], fake, weights[part])
            self.update_discriminator(gradients_of(tape, loss, self.discriminator))
            self.d_loss.update_state(loss)
        with tf.GradientTape() as tape:
            fake = self.generator(noise[-1], training=True)
            loss = self.loss_terms.generator(self.discriminator(fake, training=True))
        self.update_generator(gradients_of(tape, loss, self.generator))
        self.update_average()
        self.g_loss.update_state(loss)
        return self.get_metrics_result()

    def update_average(self):
        """Moves the mean of the weights towards them: the first time to them, at last by a hundredth."""
        n = tf.cast(self.g_optimizer.iterations, tf.float32)
        memory = tf.minimum(MEMORY, (n - 1) / (n + 9))
        for mean, weight in zip(self.averaged.weights, self.generator.weights, strict=True):
            mean.assign(memory * mean + (1 - memory) * weight)

    def adversarial_loss(self, codes, fake):
        """Loss of the critic on real and generated codes, without penalty."""
        real, generated = (self.discriminator(each, training=True) for each in (codes, fake))
        return self.loss_terms.real(real) + self.loss_terms.fake(generated)

    def get_config(self):
        return self.networks_config()


def gradients_of(tape, loss, network):
    """Dense gradients of a network's weights, averaged over replicas."""
    return mean_over_replicas(dense(tape.gradient(loss, network.trainable_variables)))


@keras.saving.register_keras_serializable("repfair_keras")
class LatentLSGAN(CodeGAN):
    """Least squares GAN on codes.

    Reference: Mao et al. 2017, eq. 9; FLDGM.
    """

    loss_terms, critic_steps, BETA_2 = LEAST_SQUARES, 1, 0.999

    def critic_loss(self, codes, fake, weights):
        """Loss of the critic; the weights are not used."""
        return self.adversarial_loss(codes, fake)


@keras.saving.register_keras_serializable("repfair_keras")
class LatentWGANGP(CodeGAN):
    """Wasserstein GAN with gradient penalty on codes: five critic steps, then one of the generator.

    Reference: Gulrajani et al. 2017, Algorithm 1; FLDGM.
    """

    loss_terms, critic_steps, BETA_2 = WASSERSTEIN, 5, 0.9
    PENALTY = 10.0

    def critic_loss(self, codes, fake, weights):
        """Loss of the critic: E D(fake) - E D(real) + 10 (||grad D|| - 1)^2 between the two."""
        penalty = gradient_penalty(lambda x: self.discriminator(x, training=True), codes, fake, weights)
        return self.adversarial_loss(codes, fake) + self.PENALTY * penalty


def fld_wgan_gp(data, settings, training):
    """FLD-WGAN-GP: a fair encoder, then a WGAN-GP on its codes."""
    yield from code_gan("fld_wgan_gp", LatentWGANGP, data, settings, training)


def fld_lsgan(data, settings, training):
    """FLD-LSGAN: a fair encoder, then a least squares GAN on its codes."""
    yield from code_gan("fld_lsgan", LatentLSGAN, data, settings, training)


def code_gan(name, model_class, data, settings, training):
    """Yields the phases of a GAN on fair codes."""
    fair = yield from fair_codes(data, settings, training)
    generator = latent_generator(settings.code_size, settings.latent_size)
    model = model_class(generator, latent_critic(settings.code_size), name=name)
    betas = {"beta_1": settings.beta_1, "beta_2": model.BETA_2}
    model.compile(
        keras.optimizers.Adam(settings.d_learning_rate, **betas, name="d_adam"),
        keras.optimizers.Adam(settings.g_learning_rate, **betas, name="g_adam"),
        jit_compile=training.jit_compile,
    )
    parts = model.critic_steps + 1

    def batches(start):
        return fair.batches(parts * training.batch_size, settings.latent_size, training.seed, start)

    averaged = model.averaged
    yield Phase(
        "codes", model, batches, generator=fair.decoded(averaged), codes=partial(fair.sample, averaged)
    )
