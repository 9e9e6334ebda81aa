"""A generator of images and what it plays against: what all such models share, whatever their losses."""

import keras

from repfair_keras.methods.group_mean import GroupMean
from repfair_keras.methods.players import Players
from repfair_keras.networks.conditions import inputs_of


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
        """Returns what is added to the generator's loss for these images: 0 without `image_penalty`."""
        return 0.0 if self.image_penalty is None else self.image_penalty(images)

    def inputs_of(self, x, labels, groups):
        """Returns the networks' inputs: x, and of labels and groups what they are conditioned on."""
        return inputs_of(self.generator, x, label=labels, group=groups)

    def fake_inputs(self, x, batch):
        """Returns the networks' inputs for what is generated."""
        return self.inputs_of(x, batch.fake_labels, batch.fake_groups)

    def get_config(self):
        return {**self.networks_config(), "group_names": list(self.group_names)}
