"""A GAN with settings of its own, and a third player with an optimizer of its own."""

from dataclasses import dataclass

import keras
import tensorflow as tf

import repfair_keras as rf


@dataclass(frozen=True)
class ThreePlayerSettings(rf.GANSettings):
    """Args:
    pull: weight of the third player, which tells how bright images are.
    """

    pull: float = 0.5


@keras.saving.register_keras_serializable("repfair_outside")
class ThreePlayers(rf.AdversarialModel):
    """A GAN whose generator is also pulled towards images that a third network calls bright."""

    NETWORKS = ("generator", "discriminator", "third")

    def __init__(self, generator, discriminator, third, group_names, pull=0.5, **kwargs):
        super().__init__(generator, discriminator, group_names, **kwargs)
        self.third, self.pull = third, pull

    def compile(self, d_optimizer, g_optimizer, third_optimizer="adam", **kwargs):
        super().compile(d_optimizer, g_optimizer, **kwargs)
        self.third_optimizer = keras.optimizers.get(third_optimizer)
        self.third_optimizer.build(self.third.trainable_variables)

    def train_step(self, batch):
        self.update_discriminator(self.real_gradients(batch))
        images, tape = self.generate(batch)
        self.update_discriminator(self.fake_gradients(images, batch))
        self.update_generator(self.generator_gradients(images, tape, batch))
        with tf.GradientTape() as third_tape:
            told = self.third(batch.images)[:, 0]
            loss = self.pull * tf.reduce_mean(tf.square(told - tf.reduce_mean(batch.images, axis=(1, 2, 3))))
        variables = self.third.trainable_variables
        self.third_optimizer.apply(third_tape.gradient(loss, variables), variables)
        return self.get_metrics_result()

    def get_config(self):
        return {**super().get_config(), "pull": self.pull}


@rf.register_method("three_players", settings=ThreePlayerSettings, title="three players")
def three_players(data, settings, training):
    """Two networks as in this package's GAN, and a third."""
    third = keras.Sequential([keras.Input(data.image_shape), keras.layers.Flatten(), keras.layers.Dense(1)])
    options = {"third": third, "pull": settings.pull, "name": "three_players"}
    yield rf.adversarial_phase(ThreePlayers, rf.mixed_batches, data, settings, training, **options)
