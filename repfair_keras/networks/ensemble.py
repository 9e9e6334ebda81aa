"""An ensemble of generators as one model, and which of them makes the next images."""

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.networks.conditions import condition_names

BLOCK = 16  # images after which P(G_i) is computed anew
FLOOR = 1e-3  # least standard deviation: a pixel that never changes has a density without bound


@keras.saving.register_keras_serializable("repfair_keras")
class Pick(keras.layers.Layer):
    """Takes each row from the member of an ensemble that it names.

    Args:
        selection: how eq. 5 tells members apart, see `scores`.
        means: mean of each member's statistic, shape `(members, size)`.
        deviations: its standard deviation, same shape.
    """

    def __init__(self, selection, means, deviations, **kwargs):
        super().__init__(**kwargs)
        self.selection = selection
        self.means, self.deviations = (np.asarray(each, np.float32) for each in (means, deviations))

    def call(self, images, member):
        chosen = keras.ops.one_hot(member, len(images))  # 0 and 1: the sum is exact
        masks = [
            keras.ops.reshape(chosen[:, k], (-1, *(1 for _ in images[k].shape[1:])))
            for k in range(len(images))
        ]
        return sum(mask * each for mask, each in zip(masks, images, strict=True))

    def get_config(self):
        statistics = {"means": self.means.tolist(), "deviations": self.deviations.tolist()}
        return {**super().get_config(), "selection": self.selection, **statistics}


def ensemble(members, selection, samples):
    """Puts generators together.

    Args:
        members: list of generators with the same inputs.
        selection: `"brightness"`, `"log_density"` or `"printed"`, see `scores`.
        samples: list of arrays, images of each member, to estimate its normal distribution from.

    Returns:
        `keras.Model` with the members' inputs and `member` `(batch,)` int32, to images. Its layers
        `"member_0"` and so on are the generators; `"pick"` has the statistics.

    Reference: On the Fairness of GANs, section V-B, P_i = N(E[X_i], Var[X_i]).
    """
    found = [np.asarray(statistic(tf.convert_to_tensor(images), selection)) for images in samples]
    means = [each.mean(axis=0) for each in found]
    deviations = [np.maximum(each.std(axis=0), FLOOR) for each in found]
    inputs = [keras.Input(each.shape[1:], dtype=each.dtype, name=each.name) for each in members[0].inputs]
    member = keras.Input((), dtype="int32", name="member")
    parts = [
        keras.Model(each.inputs, each.outputs[0], name=f"member_{number}")
        for number, each in enumerate(members)
    ]
    images = Pick(selection, means, deviations, name="pick")([part(inputs) for part in parts], member)
    return keras.Model([*inputs, member], images, name="ensemble")


def statistic(images, selection):
    """What a member's distribution is estimated of.

    Args:
        images: float32 in [-1, 1], shape `(n, height, width, channels)`.
        selection: as in `scores`.

    Returns:
        Shape `(n, 1)`: mean brightness in [0, 1]; or, for densities of images, `(n, pixels)`.
    """
    pixels = tf.reshape(images, (tf.shape(images)[0], -1)) / 2.0 + 0.5
    return tf.reduce_mean(pixels, axis=1, keepdims=True) if selection == "brightness" else pixels


def densities(f, means, deviations, selection):
    """P_i(f) of eq. 5 for samples and members.

    Args:
        f: statistics of samples, shape `(n, size)`.
        means, deviations: of the members, shape `(members, size)`.
        selection: `"log_density"` gives the mean log-density per pixel in the place of P_i(f).

    Returns:
        Shape `(n, members)`.
    """
    z = (f[:, None] - means[None]) / deviations[None]
    logs = -0.5 * z * z - tf.math.log(deviations[None]) - 0.5 * np.log(2 * np.pi)
    if selection == "log_density":
        return tf.reduce_mean(logs, axis=2)
    return tf.exp(tf.reduce_sum(logs, axis=2))


def scores(total, n, selection):
    """The exponent of eq. 5 for each member.

    Printed: prod_f exp(1 - P_i(f)), the exponent of which is sum_f (1 - P_i(f)). In the space of images the
    densities over- or underflow and it saturates. So it is divided by the number of samples, and P_i is that
    of a scalar, the brightness; or a log-density per pixel.

    Args:
        total: sum over the samples f of P_i(f), shape `(members,)`.
        n: number of samples.
        selection: `"brightness"`, `"log_density"`, or `"printed"`: no division, densities of images.

    Returns:
        Shape `(members,)`; P(G_i) is their softmax.

    Reference: On the Fairness of GANs, eq. 5.
    """
    if selection == "printed":
        return n - total
    return 1.0 - total / tf.maximum(n, 1.0)


def probabilities(total, n, selection):
    """P(G_i), shape `(members,)`; uniform where nothing has been sampled, or where eq. 5 is not a number."""
    p = tf.nn.softmax(scores(total, n, selection))
    uniform = tf.fill(tf.shape(p), 1.0 / tf.cast(tf.size(p), tf.float32))
    return tf.where((n > 0) & tf.reduce_all(tf.math.is_finite(p)), p, uniform)


def is_ensemble(generator):
    """Whether a generator is what `ensemble` makes."""
    return "member" in condition_names(generator)


def uniforms(n, seed, stream):
    """Returns random numbers that members are drawn by.

    Args:
        n: number of images, an integer or a scalar tensor.
        seed: seed of the draw, likewise.
        stream: `Stream` of the draw.

    Returns:
        float32 in [0, 1), shape `(n,)`.
    """
    return tf.random.stateless_uniform((n,), tf.stack([tf.cast(seed, tf.int32), stream]))


def draw(model, latents, conditions, uniforms, graph=None):
    """Samples from an ensemble: each image from a member drawn by eq. 5.

    P(G_i) is computed anew after every `BLOCK` images, from all of them so far.

    Args:
        model: what `ensemble` has made.
        latents: float32, shape `(n, latent_size)`.
        conditions: list of int32, shape `(n,)`, in the order of the members' inputs.
        uniforms: float32 in [0, 1), shape `(n,)`.
        graph: the model as a function of its inputs, in its place; `None`: the model itself.

    Returns:
        images: float32 in [-1, 1], shape `(n, height, width, channels)`.
        chosen: int32, shape `(n,)`, the member of each image.
    """
    pick = model.get_layer("pick")
    means, deviations = tf.constant(pick.means), tf.constant(pick.deviations)
    n_blocks = (tf.shape(latents)[0] + BLOCK - 1) // BLOCK
    images = tf.TensorArray(tf.float32, n_blocks, element_shape=(None, *model.output_shape[1:]))
    chosen = tf.TensorArray(tf.int32, n_blocks, element_shape=(None,))

    def body(i, images, chosen, total):
        *block, u = (each[i * BLOCK : (i + 1) * BLOCK] for each in (latents, *conditions, uniforms))
        p = probabilities(total, tf.cast(i * BLOCK, tf.float32), pick.selection)
        member = tf.reduce_sum(tf.cast(u[:, None] >= tf.cumsum(p)[None], tf.int32), axis=1)
        member = tf.minimum(member, len(pick.means) - 1)  # rounding: the sum of p may be below 1
        made = model([*block, member], training=False) if graph is None else graph(*block, member)
        f = statistic(made, pick.selection)
        total += tf.reduce_sum(densities(f, means, deviations, pick.selection), axis=0)
        return i + 1, images.write(i, made), chosen.write(i, member), total

    start = 0, images, chosen, tf.zeros(len(pick.means))
    _, images, chosen, _ = tf.while_loop(lambda i, *_: i < n_blocks, body, start, parallel_iterations=1)
    return images.concat(), chosen.concat()
