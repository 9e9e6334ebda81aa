"""Adversarial losses, as functions of the discriminator's logits."""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class AdversarialLoss(NamedTuple):
    """The terms of a two-player loss, each from logits of shape `(batch, 1)` to a scalar mean.

    Args:
        real: real half of the discriminator's loss. Of a loss that pairs images, which has no halves, the whole of it:
            a function of the logits of real and of generated images.
        fake: generated half of the discriminator's loss; `None` of a loss that pairs images.
        generator: the generator's loss; of one that pairs images a function of the logits of generated and real ones.
        pairs: whether it pairs the i-th real image with the i-th generated one.
        gradient_penalty: weight of the penalty that keeps the critic near a slope of 1; 0: none.
    """

    real: Callable
    fake: Callable | None
    generator: Callable
    pairs: bool = False
    gradient_penalty: float = 0.0


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


def _minus_mean(scores):
    return -tf.reduce_mean(scores)


# Reference: Arjovsky et al. 2017: the logit is a critic's score, high for real.
WASSERSTEIN = AdversarialLoss(real=_minus_mean, fake=tf.reduce_mean, generator=_minus_mean)

# Reference: Gulrajani et al. 2017, eq. 3 and algorithm 1, with lambda = 10.
WASSERSTEIN_GP = WASSERSTEIN._replace(gradient_penalty=10.0)

# Reference: Lim and Ye 2017; Miyato et al. 2018, eq. 16 and 17.
HINGE = AdversarialLoss(
    real=lambda logits: tf.reduce_mean(tf.nn.relu(1.0 - logits)),
    fake=lambda logits: tf.reduce_mean(tf.nn.relu(1.0 + logits)),
    generator=_minus_mean,
)


def _below(lower, upper):
    """Mean of softplus(lower - upper): how far those that should be below are above."""
    return tf.reduce_mean(tf.nn.softplus(lower - upper))


# Reference: Jolicoeur-Martineau 2018, "The relativistic discriminator"; Huang et al. 2024 (R3GAN), eq. 2.
RELATIVISTIC = AdversarialLoss(
    real=lambda real, fake: _below(fake, real),
    fake=None,
    generator=lambda fake, real: _below(real, fake),
    pairs=True,
)

LOSSES = {
    "non_saturating": NON_SATURATING,
    "hinge": HINGE,
    "least_squares": LEAST_SQUARES,
    "wasserstein_gp": WASSERSTEIN_GP,
    "relativistic": RELATIVISTIC,
}
