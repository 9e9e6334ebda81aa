"""The networks of RepFair-GAN, section 4.1: a CGAN for labelled images, and the same without labels.

What the paper leaves open (filters, kernels, dropout, latent size) are arguments; a preset sets them.
"""

from keras import Model, layers

from repfair_keras.networks import seeded
from repfair_keras.networks.sizes import check_cgan
from repfair_keras.networks.thin_conv import to_image

EMBEDDING = 50  # size of the label's embedding, as printed
SLOPE = 0.2  # of LeakyReLU, as printed


def generator(
    image_shape,
    latent_size,
    filters,
    kernel,
    last_kernel,
    n_classes=0,
    label_scale=1.0,
    n_groups=0,
    name="generator",
):
    """Noise, a label where there are classes, and a group where it is asked for, to an image.

    Args:
        image_shape: `(size, size, channels)`, size divisible by 4, 1 or 3 channels.
        latent_size: length of the noise vector z.
        filters: channels of the first feature map and of both transposed convolutions.
        kernel: kernel size of the transposed convolutions.
        last_kernel: kernel size of the last convolution.
        n_classes: number of classes; 0 builds the vanilla generator, without a label.
        label_scale: standard deviation of the embeddings' initial entries.
        n_groups: number of groups to condition on; 0 builds a generator that knows nothing of groups.
        name: name of the model.

    Returns:
        A `keras.Model` from `z` `(batch, latent_size)` [, `label` `(batch,)` int32] [, `group` `(batch,)`
        int32] to images `(batch, size, size, channels)` in [-1, 1].

    Raises:
        InputError: if the image's shape does not fit.

    Reference: RepFair-GAN, section 4.1; On the Fairness of GANs, section V-A, for the group.
    """
    size, channels = check_cgan(image_shape)
    first = size // 4
    z = layers.Input((latent_size,), name="z")
    x = seeded.dense(first * first * filters, name="project")(z)
    x = layers.LeakyReLU(SLOPE, name="project_activation")(x)
    x = layers.Reshape((first, first, filters), name="project_map")(x)
    conditions, x = _with_conditions(x, first, n_classes, n_groups, label_scale)
    for number in (1, 2):
        x = seeded.conv_transpose(filters, kernel, strides=2, padding="same", name=f"up_{number}")(x)
        x = layers.LeakyReLU(SLOPE, name=f"up_{number}_activation")(x)
    image = to_image(x, channels, last_kernel)
    return Model([z, *conditions], image, name=name)


def discriminator(
    image_shape,
    filters,
    kernel,
    dropout,
    n_classes=0,
    label_scale=1.0,
    seed=0,
    n_groups=0,
    name="discriminator",
):
    """An image, with the conditions it was made for, to one logit: real or generated.

    Args:
        image_shape: `(size, size, channels)`, size divisible by 4, 1 or 3 channels.
        filters: channels of both convolutions.
        kernel: kernel size of the convolutions.
        dropout: share of the last features dropped in training, in [0, 1).
        n_classes: number of classes; 0 builds the vanilla discriminator, without a label.
        label_scale: standard deviation of the label embedding's initial entries.
        seed: seed of the dropout.
        n_groups: number of groups to condition on; 0 for none.
        name: name of the model.

    Returns:
        A `keras.Model` from `image` `(batch, size, size, channels)` [, `label` `(batch,)` int32] [, `group`
        `(batch,)` int32] to logits `(batch, 1)`.

    Raises:
        InputError: if the image's shape does not fit.

    Reference: RepFair-GAN, section 4.1.
    """
    size, channels = check_cgan(image_shape)
    image = layers.Input((size, size, channels), name="image")
    conditions, x = _with_conditions(image, size, n_classes, n_groups, label_scale)
    for number in (1, 2):
        x = seeded.conv(filters, kernel, strides=2, padding="same", name=f"down_{number}")(x)
        x = layers.LeakyReLU(SLOPE, name=f"down_{number}_activation")(x)
    x = layers.Flatten(name="features")(x)
    x = layers.Dropout(dropout, seed=seed, name="dropout")(x)
    return Model([image, *conditions], seeded.dense(1, dtype="float32", name="logit")(x), name=name)


def of_spec_generator(spec):
    """The generator of a `networks.network.Spec`."""
    s = spec.settings
    kernels = s.latent_size, s.filters, s.g_kernel, s.last_kernel
    return generator(spec.image_shape, *kernels, spec.n_classes, s.label_scale, spec.n_groups)


def of_spec_discriminator(spec):
    """The discriminator of a `networks.network.Spec`."""
    s = spec.settings
    sizes = s.filters, s.d_kernel, s.dropout
    return discriminator(spec.image_shape, *sizes, spec.n_classes, s.label_scale, spec.seed, spec.n_groups)


def _with_conditions(x, size, n_classes, n_groups, scale):
    """Joins a feature map with a map for the label and one for the group; returns `(inputs, joined map)`."""
    inputs = []
    for name, n in (("label", n_classes), ("group", n_groups)):
        if n:
            condition, its_map = _condition_map(name, n, size, scale)
            inputs.append(condition)
            x = layers.Concatenate(name=f"with_{name}")([x, its_map])
    return inputs, x


def _condition_map(name, n, size, scale):
    """One of `n` values to a map of one channel: Embedding(50), Dense, reshaped to `(size, size, 1)`."""
    condition = layers.Input((), dtype="int32", name=name)
    x = seeded.embedding(n, EMBEDDING, scale, name=f"{name}_embedding")(condition)
    x = seeded.dense(size * size, name=f"{name}_dense")(x)
    return condition, layers.Reshape((size, size, 1), name=f"{name}_map")(x)
