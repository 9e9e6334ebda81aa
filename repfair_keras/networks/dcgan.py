"""Plain networks of strided convolutions, without normalisation, whose widths double where maps halve.

After Radford et al., "Unsupervised Representation Learning with Deep Convolutional GANs" (2016), without batch
normalisation, in which the images of a batch, and so of a group, would depend on each other.
"""

from keras import Model, layers

from repfair_keras.networks import seeded, told
from repfair_keras.networks.sizes import stages
from repfair_keras.networks.thin_conv import to_image

SLOPE = 0.2
WIDEST = 8  # times `filters`
HIDDEN = 8  # times `filters`: features before the discriminator's logit


def widths(filters, n):
    """Filters of n stages, that of the largest maps first: doubled, up to `WIDEST` times.

    Examples:
        >>> widths(16, 5)
        [16, 32, 64, 128, 128]
    """
    return [filters * min(2**i, WIDEST) for i in range(n)]


def generator(spec):
    """Noise [and conditions] to an image, see `networks.network.Network`."""
    first, n = stages(spec.image_shape)
    *up, widest = widths(spec.settings.filters, n + 1)
    z, conditions = layers.Input((spec.settings.latent_size,), name="z"), told.inputs(spec)
    x = seeded.dense(first * first * widest, name="project")(told.beside(z, conditions))
    x = layers.LeakyReLU(SLOPE, name="project_activation")(x)
    x = layers.Reshape((first, first, widest), name="project_map")(x)
    for number, filters in enumerate(reversed(up), start=1):
        x = seeded.conv_transpose(filters, 4, strides=2, padding="same", name=f"up_{number}")(x)
        x = layers.LeakyReLU(SLOPE, name=f"up_{number}_activation")(x)
    image = to_image(x, spec.image_shape[-1])
    return Model([z, *(given for given, _ in conditions.values())], image, name="generator")


def discriminator(spec):
    """An image [and conditions] to a logit, see `networks.network.Network`."""
    _, n = stages(spec.image_shape)
    image, conditions = layers.Input(spec.image_shape, name="image"), told.inputs(spec)
    x = image
    for number, filters in enumerate(widths(spec.settings.filters, n + 1), start=1):
        x = seeded.conv(filters, 3, strides=2, padding="same", name=f"down_{number}")(x)
        x = layers.LeakyReLU(SLOPE, name=f"down_{number}_activation")(x)
    x = layers.Flatten(name="flatten")(x)
    x = seeded.dense(HIDDEN * spec.settings.filters, name="hidden")(x)
    features = layers.LeakyReLU(SLOPE, name="features")(x)
    logit = told.projected(features, conditions)
    return Model([image, *(given for given, _ in conditions.values())], logit, name="discriminator")
