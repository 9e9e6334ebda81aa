"""The verbs that every adversarial method's `train_step` is written with."""

import keras
import tensorflow as tf

from repfair_keras.gradients import apply_averaged, clip_by_global_norm, dense, mean_over_replicas
from repfair_keras.losses.adversarial import NON_SATURATING
from repfair_keras.methods.group_mean import GroupMean
from repfair_keras.networks.conditions import conditions_of


class AdversarialModel(keras.Model):
    """A generator and a discriminator. Abstract: a method adds its `train_step`.

    Works for unconditional networks and for networks with inputs named `label` and `group` after the first.

    Args:
        generator: model from latents `(batch, latent_size)` [and conditions `(batch,)`] to images in [-1, 1].
        discriminator: model from images [and the same conditions] to logits `(batch, 1)`.
        group_names: one name per group, for the diagnostics.
    """

    def __init__(self, generator, discriminator, group_names, **kwargs):
        super().__init__(**kwargs)
        self.generator, self.discriminator = generator, discriminator
        self.group_names = tuple(group_names)
        self.loss_terms = NON_SATURATING
        self.d_loss_real = keras.metrics.Mean(name="d_loss_real")
        self.d_loss_fake = keras.metrics.Mean(name="d_loss_fake")
        self.g_loss = keras.metrics.Mean(name="g_loss")
        self.group_norms = GroupMean(self.group_names, name="step_norm")
        self.clip_fraction = GroupMean(self.group_names, name="clip_fraction")
        self.built = True

    def compile(self, d_optimizer, g_optimizer, **kwargs):
        """Sets the optimizers; `kwargs` go to Keras (`steps_per_execution`, `jit_compile`)."""
        super().compile(**kwargs)
        self.optimizer = None  # Keras's own; both of ours are applied in the train step
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        d_optimizer.build(self.discriminator.trainable_variables)
        g_optimizer.build(self.generator.trainable_variables)

    @property
    def metrics(self):  # without Keras's own `loss`, which would stay 0
        return [self.d_loss_real, self.d_loss_fake, self.g_loss, self.group_norms, self.clip_fraction]

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
            loss = self.loss_terms.generator(logits)
        self.g_loss.update_state(loss)
        signal = through_discriminator.gradient(loss, images)
        variables = self.generator.trainable_variables
        return mean_over_replicas(dense(tape.gradient(images, variables, output_gradients=signal)))

    def update_discriminator(self, gradients):
        """One step of the discriminator's optimizer: theta <- theta - alpha * gradients."""
        apply_averaged(self.d_optimizer, gradients, self.discriminator.trainable_variables)

    def update_generator(self, gradients):
        """One step of the generator's optimizer."""
        apply_averaged(self.g_optimizer, gradients, self.generator.trainable_variables)

    def record_clipping(self, groups, clipped):
        """Counts the norm before clipping, and whether it was clipped, for the groups of the batch."""
        self.group_norms.update_state(groups, clipped.norm)
        self.clip_fraction.update_state(groups, clipped.was_clipped)

    def inputs_of(self, x, labels, groups):
        """Returns the networks' inputs: x, and of labels and groups what they are conditioned on."""
        conditions = conditions_of(self.generator, label=labels, group=groups)
        return [x, *map(tf.convert_to_tensor, conditions)]

    def fake_inputs(self, x, batch):
        """Returns the networks' inputs for what is generated."""
        return self.inputs_of(x, batch.fake_labels, batch.fake_groups)

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

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "name": self.name,
            "generator": serialize(self.generator),
            "discriminator": serialize(self.discriminator),
            "group_names": list(self.group_names),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        networks = {
            part: keras.saving.deserialize_keras_object(config.pop(part), custom_objects=custom_objects)
            for part in ("generator", "discriminator")
        }
        return cls(**networks, **config)

    def get_compile_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "d_optimizer": serialize(self.d_optimizer),
            "g_optimizer": serialize(self.g_optimizer),
            "steps_per_execution": self.steps_per_execution,
            "jit_compile": self.jit_compile,
        }

    def compile_from_config(self, config):
        self.compile(**{key: keras.saving.deserialize_keras_object(value) for key, value in config.items()})
