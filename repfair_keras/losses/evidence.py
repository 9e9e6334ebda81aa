"""The two halves of a variational autoencoder's loss."""

import tensorflow as tf


def kl_to_standard_normal(mean, log_variance):
    """KL(N(mean, variance) || N(0, 1)), summed over dimensions, averaged over rows.

    Args:
        mean, log_variance: float32, shape `(batch, d)`.

    Returns:
        Scalar, at least 0.

    Reference: Kingma and Welling 2014, appendix B.
    """
    each = tf.square(mean) + tf.exp(log_variance) - 1.0 - log_variance
    return 0.5 * tf.reduce_mean(tf.reduce_sum(each, axis=1))


def columns_cross_entropy(logits, codes, sizes):
    """Cross-entropy of every column, summed over columns, averaged over rows.

    Args:
        logits: float32, shape `(batch, sum of sizes)`, the columns one after the other.
        codes: int32, shape `(batch, n_columns)`.
        sizes: number of codes of each column.

    Returns:
        Scalar, at least 0.
    """
    parts = tf.split(logits, sizes, axis=1)
    each = [tf.nn.sparse_softmax_cross_entropy_with_logits(codes[:, i], part) for i, part in enumerate(parts)]
    return tf.reduce_mean(tf.add_n(each))


def pixels_cross_entropy(logits, images):
    """Binary cross-entropy of every pixel, summed over pixels, averaged over images.

    Args:
        logits: float32, shape `(batch, height, width, channels)`.
        images: float32 in [-1, 1], same shape.

    Returns:
        Scalar; its least value is above 0 where pixels are grey.
    """
    each = tf.nn.sigmoid_cross_entropy_with_logits((images + 1.0) / 2.0, logits)
    return tf.reduce_mean(tf.reduce_sum(each, axis=(1, 2, 3)))
