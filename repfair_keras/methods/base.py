"""What GANs share: two players with their optimizers, diagnostics by group, and the verbs of a `train_step`."""

import keras
import tensorflow as tf

from repfair_keras.core.gradients import apply_averaged, clip_by_global_norm, dense, mean_over_replicas
from repfair_keras.losses.adversarial import NON_SATURATING
from repfair_keras.networks.conditions import inputs_of


class GroupMean(keras.metrics.Metric):
    """Mean of a value over the training steps whose batch holds a group; one result per group.

    Args:
        group_names: one name per group; the results are called `<name>/<group>`.
        name: name of the value.
    """

    def __init__(self, group_names, name, **kwargs):
        super().__init__(name=name, **kwargs)
        self.group_names = tuple(group_names)
        shape = (len(self.group_names),)
        self.total = self.add_weight(shape=shape, initializer="zeros", name="total")
        self.count = self.add_weight(shape=shape, initializer="zeros", name="count")

    def update_state(self, groups, value):
        """Counts `value`, a scalar, for every group that occurs in `groups`, int, shape `(batch,)`."""
        present = tf.reduce_max(tf.one_hot(groups, len(self.group_names)), axis=0)
        self.total.assign_add(present * value)
        self.count.assign_add(present)

    def result(self):
        means = tf.convert_to_tensor(self.total) / tf.convert_to_tensor(
            self.count
        )  # NaN for a group not seen
        return {f"{self.name}/{group}": means[k] for k, group in enumerate(self.group_names)}

    def get_config(self):
        return {**super().get_config(), "group_names": list(self.group_names)}


class Players(keras.Model):
    """Networks and optimizers. Abstract: a subclass has the losses and the diagnostics.

    Args:
        generator: model from noise [and conditions `(batch,)`] to what is generated.
        discriminator: model that tells real from generated.
    """

    NETWORKS = ("generator", "discriminator")  # arguments and attributes of the same name

    def __init__(self, generator, discriminator, **kwargs):
        super().__init__(**kwargs)
        self.generator, self.discriminator = generator, discriminator
        self.built = True

    def compile(self, d_optimizer, g_optimizer, **kwargs):
        """Sets the optimizers, objects or names as `"adam"`; `kwargs` go to Keras (`jit_compile`, ...)."""
        super().compile(**kwargs)
        self.optimizer = None  # Keras's own; both of ours are applied in the train step
        self.d_optimizer, self.g_optimizer = map(keras.optimizers.get, (d_optimizer, g_optimizer))
        self.d_optimizer.build(self.discriminator.trainable_variables)
        self.g_optimizer.build(self.generator.trainable_variables)

    def update_discriminator(self, gradients):
        """One step of the discriminator's optimizer: theta <- theta - alpha * gradients."""
        apply_averaged(self.d_optimizer, gradients, self.discriminator.trainable_variables)

    def update_generator(self, gradients):
        """One step of the generator's optimizer."""
        apply_averaged(self.g_optimizer, gradients, self.generator.trainable_variables)

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

    def networks_config(self):
        """What of `get_config` all have: the name and the networks."""
        serialize = keras.saving.serialize_keras_object
        return {"name": self.name, **{part: serialize(getattr(self, part)) for part in self.NETWORKS}}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        networks = {
            part: keras.saving.deserialize_keras_object(config.pop(part), custom_objects=custom_objects)
            for part in cls.NETWORKS
        }
        return cls(**networks, **config)


class TwoPlayerModel(Players):
    """Players with the diagnostics of each group. Abstract: a subclass has the losses, and `probe`.

    Args:
        generator: model from latents `(batch, latent_size)` [and conditions `(batch,)`] to images in [-1, 1].
        discriminator: model that tells real from generated.
        group_names: one name per group, for the diagnostics.
    """

    def __init__(self, generator, discriminator, group_names, **kwargs):
        super().__init__(generator, discriminator, **kwargs)
        self.group_names = tuple(group_names)
        self.image_penalty = None  # function from generated images to a scalar, added to the generator's loss
        self.d_loss_real = keras.metrics.Mean(name="d_loss_real")
        self.d_loss_fake = keras.metrics.Mean(name="d_loss_fake")
        self.g_loss = keras.metrics.Mean(name="g_loss")
        self.group_norms = GroupMean(self.group_names, name="step_norm")
        self.clip_fraction = GroupMean(self.group_names, name="clip_fraction")

    @property
    def metrics(self):  # without Keras's own `loss`, which would stay 0
        return [self.d_loss_real, self.d_loss_fake, self.g_loss, self.group_norms, self.clip_fraction]

    def record_clipping(self, groups, clipped):
        """Counts the norm before clipping, and whether it was clipped, for the groups of the batch."""
        self.group_norms.update_state(groups, clipped.norm)
        self.clip_fraction.update_state(groups, clipped.was_clipped)

    def penalty_of(self, images):
        """Returns what is added to the generator's loss for these images: 0 without `image_penalty`.

        A `train_step` that never calls this cannot be that of a member of an ensemble: `boosted_gan` says so.
        """
        return 0.0 if self.image_penalty is None else self.image_penalty(images)

    def inputs_of(self, x, labels, groups):
        """Returns the networks' inputs: x, and of labels and groups what they are conditioned on."""
        return inputs_of(self.generator, x, label=labels, group=groups)

    def fake_inputs(self, x, batch):
        """Returns the networks' inputs for what is generated."""
        return self.inputs_of(x, batch.fake_labels, batch.fake_groups)

    def get_config(self):
        return {**self.networks_config(), "group_names": list(self.group_names)}


class AdversarialModel(TwoPlayerModel):
    """A generator and a discriminator of images. Abstract: a method adds its `train_step`.

    Works for unconditional networks and for networks with inputs named `label` and `group` after the first.

    Examples:
        >>> import repfair_keras as rf
        >>> class Mine(rf.AdversarialModel):
        ...     def train_step(self, batch):
        ...         self.update_discriminator(self.real_gradients(batch))
        ...         images, tape = self.generate(batch)
        ...         self.update_discriminator(self.fake_gradients(images, batch))
        ...         self.update_generator(self.generator_gradients(images, tape, batch))
        ...         return self.get_metrics_result()

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

    @tf.function(reduce_retracing=True, autograph=False)  # as Keras traces a train step
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
