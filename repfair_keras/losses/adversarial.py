"""Adversarial losses, as functions of the discriminator's logits."""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class AdversarialLoss(NamedTuple):
    """The three terms of a two-player loss, each from logits of shape `(batch, 1)` to a scalar mean.

    Args:
        real: real half of the discriminator's loss.
        fake: generated half of the discriminator's loss.
        generator: the generator's loss.
    """

    real: Callable
    fake: Callable
    generator: Callable


def log_sigmoid_loss(logits):
    """Mean of -log D(x), with D = sigmoid(logits): binary cross-entropy against 1."""
    return tf.reduce_mean(tf.nn.softplus(-logits))


def log_one_minus_sigmoid_loss(logits):
    """Mean of -log(1 - D(x)): binary cross-entropy against 0."""
    return tf.reduce_mean(tf.nn.softplus(logits))


# Reference: Goodfellow et al. 2014, with the generator's loss -log D(G(z)) that does not saturate.
NON_SATURATING = AdversarialLoss(
    real=log_sigmoid_loss, fake=log_one_minus_sigmoid_loss, generator=log_sigmoid_loss
)


def _mean_square_from_one(logits):
    return tf.reduce_mean(tf.square(logits - 1.0))


# Reference: Mao et al. 2017, eq. 9: targets 1 for real, 0 for generated, 1 for the generator.
LEAST_SQUARES = AdversarialLoss(
    real=_mean_square_from_one,
    fake=lambda logits: tf.reduce_mean(tf.square(logits)),
    generator=_mean_square_from_one,
)

# Reference: Arjovsky et al. 2017: the logit is a critic's score, high for real.
WASSERSTEIN = AdversarialLoss(
    real=lambda scores: -tf.reduce_mean(scores),
    fake=tf.reduce_mean,
    generator=lambda scores: -tf.reduce_mean(scores),
)
