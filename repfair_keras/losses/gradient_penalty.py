"""What keeps a Wasserstein critic close to 1-Lipschitz."""

import tensorflow as tf


def gradient_penalty(critic, real, fake, weights):
    """Mean of (||grad critic(x)|| - 1)^2 at points x between real and generated ones.

    Args:
        critic: function from points to scores.
        real, fake: floats, shape `(batch, d)`.
        weights: floats in [0, 1], shape `(batch,)`: share of the real point in each x.

    Returns:
        Scalar, at least 0.

    Reference: Gulrajani et al. 2017, eq. 3, with weights uniform in [0, 1].
    """
    points = weights[:, None] * real + (1.0 - weights[:, None]) * fake
    with tf.GradientTape() as tape:
        tape.watch(points)
        scores = critic(points)
    gradients = tape.gradient(scores, points)
    norms = tf.sqrt(tf.reduce_sum(tf.square(gradients), axis=1) + 1e-12)  # its slope is finite at 0
    return tf.reduce_mean(tf.square(norms - 1.0))
