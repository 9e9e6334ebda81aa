"""Residual networks, without normalisation: blocks of two convolutions beside a short cut, at every size of maps.

After Mescheder et al., "Which Training Methods for GANs do actually Converge?" (2018), appendix: pre-activation, the
branch scaled by 0.1 at first, so that the short cut carries early training.
"""

from keras import Model, layers

from repfair_keras.networks import seeded, told
from repfair_keras.networks.dcgan import SLOPE, widths
from repfair_keras.networks.sizes import stages
from repfair_keras.networks.thin_conv import to_image

BRANCH = 0.1


def block(x, filters, name):
    """Two convolutions beside a short cut, which changes the number of filters where it has to."""
    inner = min(x.shape[-1], filters)
    y = layers.LeakyReLU(SLOPE, name=f"{name}_activation_1")(x)
    y = seeded.conv(inner, 3, padding="same", name=f"{name}_conv_1")(y)
    y = layers.LeakyReLU(SLOPE, name=f"{name}_activation_2")(y)
    y = seeded.conv(filters, 3, padding="same", name=f"{name}_conv_2")(y)
    y = layers.Rescaling(BRANCH, name=f"{name}_branch")(y)
    if x.shape[-1] != filters:
        x = seeded.conv(filters, 1, use_bias=False, name=f"{name}_short_cut")(x)
    return layers.Add(name=f"{name}_sum")([x, y])


def doubled(x, name):
    """Maps of twice the side, each value four times: every value beside itself, then every row below itself.

    Keras's own layers for this do not all train under XLA (`Resizing`) or have no static shape, which LiteRT needs
    (`UpSampling2D`).
    """
    height, width, filters = x.shape[1:]
    x = layers.Concatenate(name=f"{name}_columns")([x, x])
    x = layers.Reshape((height, 2 * width * filters), name=f"{name}_row")(x)
    x = layers.Concatenate(name=f"{name}_rows")([x, x])
    return layers.Reshape((2 * height, 2 * width, filters), name=name)(x)


def generator(spec):
    """Noise [and conditions] to an image, see `networks.network.Network`."""
    first, n = stages(spec.image_shape)
    sizes, depth = list(reversed(widths(spec.settings.filters, n + 1))), spec.settings.depth
    z, conditions = layers.Input((spec.settings.latent_size,), name="z"), told.inputs(spec)
    x = seeded.dense(first * first * sizes[0], name="project")(told.beside(z, conditions))
    x = layers.Reshape((first, first, sizes[0]), name="project_map")(x)
    for stage, filters in enumerate(sizes):
        if stage:
            x = doubled(x, f"up_{stage}")
        for number in range(depth):
            x = block(x, filters, f"block_{stage}_{number}")
    x = layers.LeakyReLU(SLOPE, name="last_activation")(x)
    image = to_image(x, spec.image_shape[-1])
    return Model([z, *(given for given, _ in conditions.values())], image, name="generator")


def discriminator(spec):
    """An image [and conditions] to a logit, see `networks.network.Network`."""
    _, n = stages(spec.image_shape)
    image, conditions = layers.Input(spec.image_shape, name="image"), told.inputs(spec)
    sizes = widths(spec.settings.filters, n + 1)
    x = seeded.conv(sizes[0], 3, padding="same", name="first")(image)
    for stage, filters in enumerate(sizes):
        for number in range(spec.settings.depth):
            x = block(x, filters, f"block_{stage}_{number}")
        if stage < n:
            x = layers.AveragePooling2D(2, name=f"down_{stage}")(x)
    x = layers.Flatten(name="flatten")(layers.LeakyReLU(SLOPE, name="last_activation")(x))
    logit = told.projected(x, conditions)
    return Model([image, *(given for given, _ in conditions.values())], logit, name="discriminator")
