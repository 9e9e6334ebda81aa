"""Batches of rows of any kind with the noise of the same step: images, rows of a table, or codes.

As in `batches`, everything is a function of (seed, step) alone.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from repfair_keras.data.batches import shuffled, step_keys


class RowBatch(NamedTuple):
    """One training step's rows.

    Args:
        rows: shape `(batch, ...)`.
        groups: int32, shape `(batch,)`: S of each row.
        noise: float32, standard normal, shape `(batch, noise_size)`.
        weights: float32, uniform in [0, 1), shape `(batch,)`.
    """

    rows: tf.Tensor
    groups: tf.Tensor
    noise: tf.Tensor
    weights: tf.Tensor


def row_batches(rows, groups, batch_size, noise_size, seed, start=0):
    """Batches drawn from all rows; each occurs once per pass over them.

    Args:
        rows: array, shape `(N, ...)`.
        groups: int, shape `(N,)`.
        batch_size: rows per batch.
        noise_size: length of the noise vector of each row.
        seed: seed of the order and the noise.
        start: first step, to resume.

    Returns:
        An endless `tf.data.Dataset` of `RowBatch`.
    """
    rows, groups = tf.constant(rows), tf.constant(groups, tf.int32)
    size = tf.fill((batch_size,), tf.constant(len(groups), tf.int64))

    @tf.autograph.experimental.do_not_convert
    def batch(step):
        position = step * batch_size + tf.range(batch_size, dtype=tf.int64)
        index = shuffled(position, tf.zeros_like(position), size, seed)
        noise_key, weight_key = step_keys(seed, step)
        return RowBatch(
            rows=tf.gather(rows, index),
            groups=tf.gather(groups, index),
            noise=tf.random.stateless_normal((batch_size, noise_size), noise_key),
            weights=tf.random.stateless_uniform((batch_size,), weight_key),
        )

    steps = tf.data.Dataset.range(start, np.iinfo(np.int64).max)
    return steps.map(batch, num_parallel_calls=2, deterministic=True).prefetch(4)
