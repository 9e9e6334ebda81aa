"""Penalties on a discriminator's slope: near 1 for a Wasserstein critic, near 0 at images for the others."""

import tensorflow as tf


def gradient_penalty(critic, real, fake, weights):
    """Mean of (||grad critic(x)|| - 1)^2 at points x between real and generated ones.

    Args:
        critic: function from points to scores.
        real, fake: floats, shape `(batch, ...)`.
        weights: floats in [0, 1], shape `(batch,)`: share of the real point in each x.

    Returns:
        Scalar, at least 0.

    Reference: Gulrajani et al. 2017, eq. 3, with weights uniform in [0, 1].
    """
    weights = tf.reshape(weights, [-1] + [1] * (len(real.shape) - 1))
    squares, _ = squared_slopes(critic, weights * real + (1.0 - weights) * fake)
    return tf.reduce_mean(tf.square(tf.sqrt(squares + 1e-12) - 1.0))  # its slope is finite at 0


def squared_slopes(critic, points):
    """Returns ||grad critic(x)||^2 at each point, shape `(batch,)`, and the scores, shape `(batch, 1)`.

    Half of its mean over real images is R1, over generated ones R2.

    Args:
        critic: function from points to scores, of which each depends on its own point alone.
        points: floats, shape `(batch, ...)`.

    Reference: Mescheder et al., "Which Training Methods for GANs do actually Converge?" (2018), eq. 9 and 10.
    """
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(points)
        scores = critic(points)
    gradients = tape.gradient(scores, points)
    return tf.reduce_sum(tf.square(gradients), axis=range(1, len(points.shape))), scores
