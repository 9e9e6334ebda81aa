"""Two networks that play against each other, and their optimizers: all that needs no images."""

import keras

from repfair_keras.gradients import apply_averaged


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
        """Sets the optimizers; `kwargs` go to Keras (`steps_per_execution`, `jit_compile`)."""
        super().compile(**kwargs)
        self.optimizer = None  # Keras's own; both of ours are applied in the train step
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        d_optimizer.build(self.discriminator.trainable_variables)
        g_optimizer.build(self.generator.trainable_variables)

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
