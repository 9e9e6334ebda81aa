"""A GAN so small that Algorithm 1 can be written out in NumPy: G(z) = z A + a, D(x) = sigmoid(x w + b)."""

import keras
import numpy as np
from keras import layers

from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.methods.base import AdversarialModel

SIZE, LATENT, RATE = 2, 3, 0.1


def linear_data(n_groups, n=60):
    """Random bytes in `n_groups` groups of unequal sizes."""
    rng = np.random.default_rng(7)
    groups = np.sort(rng.permutation(np.arange(n) % (n_groups + 1)) % n_groups).astype(np.int32)
    pixels = rng.integers(0, 256, (n, SIZE, SIZE, 1)).astype(np.uint8)
    names = tuple(f"group {k}" for k in range(n_groups))
    return ImageDataset("linear", "random bytes", pixels, groups, names, "column")


def linear_gan(model_class, data, seed=0, **options):
    """A compiled linear GAN with plain SGD for both players."""
    keras.utils.set_random_seed(seed)
    z = layers.Input((LATENT,))
    image = layers.Reshape((SIZE, SIZE, 1))(layers.Dense(SIZE * SIZE, name="a")(z))
    x = layers.Input((SIZE, SIZE, 1))
    logit = layers.Dense(1, name="w")(layers.Flatten()(x))
    generator = keras.Model([z], image, name="generator")
    discriminator = keras.Model([x], logit, name="discriminator")
    model = model_class(generator, discriminator, data.group_names, **options)
    model.compile(keras.optimizers.SGD(RATE), keras.optimizers.SGD(RATE))
    return model


def weights(model):
    """All trainable weights, as a list of arrays."""
    return [variable.numpy().copy() for variable in model.trainable_variables]


class Own(AdversarialModel):
    """As a user writes it, after the example of `AdversarialModel`."""

    def train_step(self, batch):
        self.update_discriminator(self.real_gradients(batch))
        images, tape = self.generate(batch)
        self.update_discriminator(self.fake_gradients(images, batch))
        self.update_generator(self.generator_gradients(images, tape, batch))
        return self.get_metrics_result()
