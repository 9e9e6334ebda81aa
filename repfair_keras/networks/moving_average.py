"""A generator's weights averaged over training: steadier than those of the last step.

Reference: Yazıcı et al., "The Unusual Effectiveness of Averaging in GAN Training" (2019).
"""

import keras
import tensorflow as tf


def copy_of(network):
    """Returns a network of its own with the same weights."""
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    copy.trainable = False
    return copy


def follow(average, network, decay, step):
    """Moves the average on: theta_ema <- d theta_ema + (1 - d) theta, d = min(decay, (1 + t) / (10 + t)).

    Early steps, in which the weights run far, are so forgotten soon.

    Args:
        average, network: networks of the same layers.
        decay: in [0, 1).
        step: t, number of the network's steps so far, an integer tensor.
    """
    t = tf.cast(step, tf.float32)
    decay = tf.minimum(decay, (1.0 + t) / (10.0 + t))
    for mean, value in zip(average.variables, network.variables, strict=True):
        if mean.dtype.startswith("float"):
            mean.assign(decay * mean + (1.0 - decay) * tf.cast(value, mean.dtype))
        else:
            mean.assign(value)
