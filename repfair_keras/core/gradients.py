"""The mathematics of RepFair-GAN: bounding the norm of a group's gradient."""

from typing import NamedTuple

import tensorflow as tf


class Clipped(NamedTuple):
    """A bounded gradient and what it was before.

    Args:
        gradients: list of tensors, bounded.
        norm: L2 norm over all tensors together before clipping, a scalar.
        was_clipped: 1.0 where the bound changed the gradient, else 0.0, a scalar.
    """

    gradients: list
    norm: tf.Tensor
    was_clipped: tf.Tensor


def dense(gradients):
    """Sums the rows of an embedding's gradient that belong to one entry.

    The gradient of a look-up is a list of rows in which one entry may occur many times; the norm of that
    list is not the norm of the gradient. Every norm here is taken after this.
    """
    return [tf.convert_to_tensor(gradient) for gradient in gradients]


def clip_by_global_norm(gradients, max_norm, scope="global"):
    """Bounds a gradient: g <- g * min(1, C / ||g||).

    Args:
        gradients: list of dense tensors, one per variable.
        max_norm: C, a Python float, > 0; `inf` leaves the gradient as it is.
        scope: `"global"`: one norm over all tensors together, as in Algorithm 1. `"variable"`: each tensor
            has its own norm, which also turns the gradient's direction; an ablation.

    Returns:
        `Clipped`; its norm is the global one for either scope.

    Reference: RepFair-GAN, Algorithm 1 (clip), with `tf.clip_by_global_norm`.

    Examples:
        >>> import tensorflow as tf, repfair_keras as rf
        >>> clipped = rf.clip_by_global_norm([tf.constant([3.0]), tf.constant([4.0])], 2.5)
        >>> [float(gradient[0]) for gradient in clipped.gradients], float(clipped.norm)
        ([1.5, 2.0], 5.0)
    """
    norm = tf.linalg.global_norm(gradients)
    if max_norm == float("inf"):  # tf.clip_by_global_norm would return inf * 0 = NaN
        return Clipped(gradients, norm, tf.zeros_like(norm))
    if scope == "variable":
        largest = tf.reduce_max(tf.stack([tf.norm(gradient) for gradient in gradients]))
        clipped = [tf.clip_by_norm(gradient, max_norm) for gradient in gradients]
    else:
        largest = norm
        clipped, _ = tf.clip_by_global_norm(gradients, max_norm, use_norm=norm)
    return Clipped(clipped, norm, tf.cast(largest > max_norm, norm.dtype))


def mean_over_replicas(gradients):
    """Averages gradients over the replicas of a `tf.distribute` strategy; alone, returns them as they are.

    It must come before clipping: else each replica would bound its own part of the batch.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return gradients
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, gradients)


def apply_averaged(optimizer, gradients, variables):
    """Applies gradients that are already averaged: Keras optimizers sum over replicas once more."""
    context = tf.distribute.get_replica_context()
    replicas = 1 if context is None else context.num_replicas_in_sync
    if replicas > 1:
        gradients = [gradient / replicas for gradient in gradients]
    optimizer.apply(gradients, variables)
