"""What all GANs share: two players with their optimizers, and diagnostics by group."""

import keras
import tensorflow as tf

from repfair_keras.core.gradients import apply_averaged
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

    def update_discriminator(self, gradients, *more):
        """One step of the discriminator's optimizer: theta <- theta - alpha * gradients, summed over all given."""
        parts = [gradients, *(part for part in more if part is not None)]
        gradients = [tf.add_n(part) for part in zip(*parts, strict=True)] if len(parts) > 1 else gradients
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
