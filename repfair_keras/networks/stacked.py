"""The networks of the stacked GAN: an encoder E, two generators on top of each other, two discriminators.

Widths are those of the public code at 128 filters, and in proportion at others; hidden layers on features
keep theirs. Reference: Huang et al. 2017, Stacked Generative Adversarial Networks; On the Fairness of GANs,
section III.
"""

from keras import Model, layers, ops

from repfair_keras.networks import seeded
from repfair_keras.networks.sizes import check_image_shape, check_latent_size

FEATURES = 256  # size of h
HIDDEN = 512
SLOPE = 0.2


def encoder(image_shape, n_classes, filters):
    """E: an image to its features and class.

    Args:
        image_shape: `(size, size, channels)`.
        n_classes: number of classes.
        filters: width of the networks.

    Returns:
        `keras.Model` from images `(batch, size, size, channels)` in [-1, 1] to `[h, logits]`, of shapes
        `(batch, 256)` and `(batch, n_classes)`. Its part `"classify"` is the model from h to logits.
    """
    image = x = layers.Input(image_shape, name="image")
    for number in (1, 2):
        x = seeded.conv(_width(filters, 4), 5, padding="same", activation="relu", name=f"conv_{number}")(x)
        x = layers.MaxPooling2D(name=f"pool_{number}")(x)
    h = seeded.dense(FEATURES, activation="relu", name="h")(layers.Flatten(name="flatten")(x))
    return Model(image, [h, classify(n_classes)(h)], name="encoder")


def classify(n_classes):
    """The last layer of E as a model: features to logits."""
    features = layers.Input((FEATURES,), name="features")
    return Model(features, seeded.dense(n_classes, name="logits")(features), name="classify")


def uniform_of(normal):
    """Turns standard normal noise into noise that is uniform in (0, 1), by the normal distribution function.

    So a generator that works on uniform noise is sampled as all others are. The function is Page's logistic
    approximation ("Approximations to the cumulative normal function", 1977), right to 2e-4: LiteRT has no error
    function.
    """
    return ops.sigmoid(1.5976 * normal + 0.070566 * normal * normal * normal)


def generators(image_shape, latent_size, filters, n_classes, uniform=False):
    """G1 and G0 on top of each other.

    Args:
        image_shape: `(size, size, channels)`, size divisible by 4, at least 16.
        latent_size: length of the whole noise vector, at least 2: its first half is z1, the rest z0.
        filters: width of the networks.
        n_classes: number of classes.
        uniform: whether the networks see uniform noise, as those of the public code.

    Returns:
        `keras.Model` from `z` `(batch, latent_size)`, standard normal, and `label` `(batch,)` int32 to `[image, h]`:
        images in [-1, 1] and the features they were made from, `(batch, 256)`.

    Raises:
        InputError: if image or noise is too small.
    """
    check_latent_size(latent_size)
    z, label = layers.Input((latent_size,), name="z"), layers.Input((), dtype="int32", name="label")
    noise = uniform_of(z) if uniform else z
    z1, z0 = noise[:, : latent_size // 2], noise[:, latent_size // 2 :]
    h = feature_generator(latent_size // 2, n_classes)([z1, label])
    image = image_generator(image_shape, latent_size - latent_size // 2, filters)([z0, h])
    return Model([z, label], [image, h], name="generators")


def feature_generator(latent_size, n_classes):
    """G1: noise and a label to features."""
    z, label = layers.Input((latent_size,), name="z1"), layers.Input((), dtype="int32", name="label")
    one_hot = layers.CategoryEncoding(n_classes, output_mode="one_hot", name="one_hot")(label[:, None])
    x = layers.Concatenate(name="with_label")([z, one_hot])
    for number in (1, 2):
        x = seeded.dense(HIDDEN, use_bias=False, name=f"dense_{number}")(x)
        x = layers.ReLU(name=f"relu_{number}")(layers.BatchNormalization(name=f"norm_{number}")(x))
    return Model([z, label], seeded.dense(FEATURES, activation="relu", name="h")(x), name="g1")


def image_generator(image_shape, latent_size, filters):
    """G0: noise and features to an image in [-1, 1]: 2 sigmoid(a) - 1, the same as tanh(a / 2)."""
    size, channels = check_image_shape(image_shape)
    first = (size - 12) // 4
    z, h = layers.Input((latent_size,), name="z0"), layers.Input((FEATURES,), name="h")
    noise = seeded.dense(FEATURES // 2, use_bias=False, name="noise")(z)
    noise = layers.ReLU(name="noise_relu")(layers.BatchNormalization(name="noise_norm")(noise))
    x = layers.Concatenate(name="with_features")([h, noise])
    x = seeded.dense(first * first * filters, use_bias=False, name="project")(x)
    x = layers.ReLU(name="project_relu")(layers.BatchNormalization(name="project_norm")(x))
    x = layers.Reshape((first, first, filters), name="map")(x)
    steps = ((filters, 2, "same"), (_width(filters, 2), 1, "valid"), (_width(filters, 2), 2, "same"))
    for number, (width, strides, padding) in enumerate(steps, start=1):
        x = seeded.conv_transpose(width, 5, strides, padding, use_bias=False, name=f"up_{number}")(x)
        x = layers.ReLU(name=f"up_relu_{number}")(layers.BatchNormalization(name=f"up_norm_{number}")(x))
    x = seeded.conv_transpose(channels, 5, padding="valid", activation="sigmoid", name="pixels")(x)
    return Model([z, h], layers.Rescaling(2.0, -1.0, name="image")(x), name="g0")


def discriminators(image_shape, latent_size, filters, uniform=False):
    """D0 of images and D1 of features, side by side; each also recovers the noise.

    Args:
        image_shape: `(size, size, channels)`.
        latent_size: length of the whole noise vector.
        filters: width of the networks.
        uniform: whether the noise that they recover lies in (0, 1).

    Returns:
        `keras.Model` from `[image, h]` to `[logit0, z0, logit1, z1]`, of shapes `(batch, 1)`,
        `(batch, latent_size - latent_size // 2)`, `(batch, 1)`, `(batch, latent_size // 2)`.
    """
    image, h = layers.Input(image_shape, name="image"), layers.Input((FEATURES,), name="h")
    x = image
    for number, part in enumerate((4, 2, 1), start=1):
        x = seeded.conv(_width(filters, part), 5, 2, "same", name=f"d0_conv_{number}")(x)
        x = layers.LeakyReLU(SLOPE, name=f"d0_activation_{number}")(x)
    x = seeded.dense(FEATURES, name="d0_dense")(layers.Flatten(name="d0_flatten")(x))
    x = layers.LeakyReLU(SLOPE, name="d0_activation")(x)
    y = h
    for number in (1, 2):
        y = seeded.dense(FEATURES, name=f"d1_dense_{number}")(y)
        y = layers.LeakyReLU(SLOPE, name=f"d1_activation_{number}")(y)
    z1_size, range_of_noise = latent_size // 2, "sigmoid" if uniform else None
    outputs = [
        seeded.dense(1, name="d0_logit")(x),
        seeded.dense(latent_size - z1_size, activation=range_of_noise, name="d0_z")(x),
        seeded.dense(1, name="d1_logit")(y),
        seeded.dense(z1_size, activation=range_of_noise, name="d1_z")(y),
    ]
    return Model([image, h], outputs, name="discriminators")


def _width(filters, part):
    return max(filters // part, 1)
