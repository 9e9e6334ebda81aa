"""The plain GAN, and conditional GAN where there are classes: the baselines of RepFair-GAN."""

import keras

from repfair_keras.data.batches import balanced_batches, mixed_batches, paired_batches
from repfair_keras.methods.base import AdversarialModel
from repfair_keras.methods.build import adversarial_phase


@keras.saving.register_keras_serializable("repfair_keras")
class GAN(AdversarialModel):
    """Plain adversarial training on batches in which the groups are mixed.

    The iteration is that of `RepFairGAN` without its bound, so that the two differ in nothing else.

    Args:
        generator, discriminator, group_names: as in `AdversarialModel`.

    Examples:
        >>> import keras, repfair_keras as rf
        >>> data = rf.load_dataset("mnist_5k", use_labels=False)
        >>> generator = keras.Sequential([keras.Input((100,)), keras.layers.Dense(784, "tanh"),
        ...                               keras.layers.Reshape((28, 28, 1))])
        >>> discriminator = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
        >>> model = rf.GAN(generator, discriminator, group_names=data.group_names)
        >>> model.compile("adam", "adam")
        >>> history = model.fit(data.mixed_batches(16), steps_per_epoch=2, verbose=0)
        >>> sorted(history.history)[:2]
        ['clip_fraction/black', 'clip_fraction/white']

    Reference: Goodfellow et al. 2014; Mirza and Osindero 2014; RepFair-GAN, section 4.1.
    """

    reads_objective = True

    def train_step(self, batch):
        if self.objective.joint:
            return self.joint_step(batch)
        gradients = self.real_gradients(batch)
        self.record_clipping(batch.groups, self.clip(gradients))
        self.update_discriminator(gradients, self.r1_gradients(batch))
        images, tape = self.generate(batch)
        gradients = self.fake_gradients(images, batch)
        self.update_discriminator(gradients, self.r2_gradients(images, batch))
        self.generator_step(images, tape, batch)
        return self.get_metrics_result()


def gan(data, settings, training):
    """Plain GAN: mixed batches, no bound."""
    yield adversarial_phase(GAN, mixed_batches, data, settings, training, name="gan")


def group_balanced(data, settings, training):
    """Resampling alone: every batch has equally many images of each group, no bound."""
    yield adversarial_phase(GAN, balanced_batches, data, settings, training, name="group_balanced")


def group_cgan(data, settings, training):
    """Group-conditional GAN: the networks are told the group, and the class where there is one.

    Reference: On the Fairness of GANs, section V-A.
    """
    yield adversarial_phase(
        GAN, paired_batches, data, settings, training, n_groups=data.n_groups, name="group_cgan"
    )
