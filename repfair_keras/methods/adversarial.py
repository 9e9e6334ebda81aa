"""The verbs that `train_step` is written with where one discriminator judges images."""

import tensorflow as tf

from repfair_keras.gradients import clip_by_global_norm, dense, mean_over_replicas
from repfair_keras.losses.adversarial import NON_SATURATING
from repfair_keras.methods.two_player import TwoPlayerModel


class AdversarialModel(TwoPlayerModel):
    """A generator and a discriminator of images. Abstract: a method adds its `train_step`.

    Works for unconditional networks and for networks with inputs named `label` and `group` after the first.

    Args:
        generator: as in `TwoPlayerModel`.
        discriminator: model from images [and the same conditions] to logits `(batch, 1)`.
        group_names: as in `TwoPlayerModel`.
    """

    def __init__(self, generator, discriminator, group_names, **kwargs):
        super().__init__(generator, discriminator, group_names, **kwargs)
        self.loss_terms = NON_SATURATING

    def real_gradients(self, batch):
        """Returns the gradient of the real half of the discriminator's loss: grad L_D(theta; X_t)."""
        loss, gradients = self._discriminator_gradients(
            self.loss_terms.real, self.inputs_of(batch.images, batch.labels, batch.groups)
        )
        self.d_loss_real.update_state(loss)
        return gradients

    def generate(self, batch):
        """Returns one batch of generated images, and the tape that recorded how they were made."""
        with tf.GradientTape() as tape:
            images = self.generator(self.fake_inputs(batch.latents, batch), training=True)
        return images, tape

    def fake_gradients(self, images, batch):
        """Returns the gradient of the generated half of the discriminator's loss."""
        loss, gradients = self._discriminator_gradients(self.loss_terms.fake, self.fake_inputs(images, batch))
        self.d_loss_fake.update_state(loss)
        return gradients

    def generator_gradients(self, images, tape, batch):
        """Returns the gradient of the generator's loss, through the images that `tape` recorded."""
        with tf.GradientTape(watch_accessed_variables=False) as through_discriminator:
            through_discriminator.watch(images)
            logits = self.discriminator(self.fake_inputs(images, batch), training=True)
            loss = self.loss_terms.generator(logits) + self.penalty_of(images)
        self.g_loss.update_state(loss)
        signal = through_discriminator.gradient(loss, images)
        variables = self.generator.trainable_variables
        return mean_over_replicas(dense(tape.gradient(images, variables, output_gradients=signal)))

    @tf.function(reduce_retracing=True)
    def probe(self, images, labels, groups):
        """Measures real images without training on them: the same for every method, so that they compare.

        Dropout is off, nothing is clipped, no state changes.

        Args:
            images: float32 in [-1, 1], of one group.
            labels: int32, shape `(batch,)`.
            groups: int32, shape `(batch,)`.

        Returns:
            `(loss, norm)`: the real half of the discriminator's loss and the norm of its gradient.

        Reference: RepFair-GAN, Figures 1 and 3.
        """
        inputs = self.inputs_of(images, labels, groups)
        loss, gradients = self._discriminator_gradients(self.loss_terms.real, inputs, training=False)
        return loss, clip_by_global_norm(gradients, float("inf")).norm

    def _discriminator_gradients(self, loss_term, inputs, training=True):
        with tf.GradientTape() as tape:
            logits = self.discriminator(inputs, training=training)
            loss = loss_term(logits)
        gradients = tape.gradient(loss, self.discriminator.trainable_variables)
        return loss, mean_over_replicas(dense(gradients))
