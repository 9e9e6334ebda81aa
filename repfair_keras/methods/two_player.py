"""A generator and what it plays against: what all such models share, whatever their losses."""

import keras
import tensorflow as tf

from repfair_keras.gradients import apply_averaged
from repfair_keras.methods.group_mean import GroupMean
from repfair_keras.networks.conditions import conditions_of


class TwoPlayerModel(keras.Model):
    """Networks, optimizers and diagnostics. Abstract: a subclass has the losses, and `probe`.

    Args:
        generator: model from latents `(batch, latent_size)` [and conditions `(batch,)`] to images in [-1, 1].
        discriminator: model that tells real from generated.
        group_names: one name per group, for the diagnostics.
    """

    NETWORKS = ("generator", "discriminator")  # arguments and attributes of the same name

    def __init__(self, generator, discriminator, group_names, **kwargs):
        super().__init__(**kwargs)
        self.generator, self.discriminator = generator, discriminator
        self.group_names = tuple(group_names)
        self.image_penalty = None  # function from generated images to a scalar, added to the generator's loss
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

    def penalty_of(self, images):
        """Returns what is added to the generator's loss for these images: 0 without `image_penalty`."""
        return 0.0 if self.image_penalty is None else self.image_penalty(images)

    def inputs_of(self, x, labels, groups):
        """Returns the networks' inputs: x, and of labels and groups what they are conditioned on."""
        conditions = conditions_of(self.generator, label=labels, group=groups)
        return [x, *map(tf.convert_to_tensor, conditions)]

    def fake_inputs(self, x, batch):
        """Returns the networks' inputs for what is generated."""
        return self.inputs_of(x, batch.fake_labels, batch.fake_groups)

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

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        networks = {part: serialize(getattr(self, part)) for part in self.NETWORKS}
        return {"name": self.name, **networks, "group_names": list(self.group_names)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        networks = {
            part: keras.saving.deserialize_keras_object(config.pop(part), custom_objects=custom_objects)
            for part in cls.NETWORKS
        }
        return cls(**networks, **config)
