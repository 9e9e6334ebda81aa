"""The term that keeps a new generator away from what the generators before it make."""

import tensorflow as tf

EPSILON = 1e-6


def mean_distance(images, memory):
    """Mean Euclidean distance between two sets of images.

    Args:
        images: float32, shape `(m, height, width, channels)`: F.
        memory: float32, shape `(n, height, width, channels)`: all of Q together.

    Returns:
        Scalar: the mean of ||x - f|| over all pairs.
    """
    f, x = (tf.reshape(each, (tf.shape(each)[0], -1)) for each in (images, memory))
    squares = tf.reduce_sum(f * f, axis=1)[:, None] + tf.reduce_sum(x * x, axis=1)[None]
    squared = squares - 2.0 * tf.matmul(f, x, transpose_b=True)
    return tf.reduce_mean(tf.sqrt(tf.maximum(squared, EPSILON)))  # rounding may make it negative


def theta(images, memory):
    """Regulariser of a new generator: one over the mean distance to what the others have made.

    Eq. 3 leaves Phi(Q) open; with Phi = |Q| m |F|, the number of pairs, Theta does not depend on how many
    there are.

    Args:
        images: as in `mean_distance`.
        memory: as in `mean_distance`.

    Returns:
        Scalar above 0.

    Reference: On the Fairness of GANs, eq. 3.
    """
    return 1.0 / (mean_distance(images, memory) + EPSILON)
