"""Probabilities out of logits that are those with which the classifier is right, whatever the shares of groups."""

from typing import NamedTuple

import numpy as np
from scipy import optimize
from scipy.special import log_softmax, softmax


class Calibration(NamedTuple):
    """What logits are divided by, and what is then added to them.

    Args:
        temperature: above 0; over 1 where the network is too sure of itself.
        bias: one number per group; that of a group which the network overlooks is above that of the others.
    """

    temperature: float
    bias: tuple[float, ...]

    def chances(self, logits):
        """Returns the probability of each group, float32, shape `(N, k)`, of logits of that shape."""
        return softmax(np.asarray(logits) / self.temperature + np.array(self.bias), axis=1).astype(np.float32)


def calibrate(logits, targets):
    """Fits temperature and bias on held-out images in which every group counts the same.

    A network that saw few images of a group knows these by heart and overlooks others of it. The bias gives
    back what it can of that; without it a group of 5 % would hardly be seen.

    Args:
        logits: float, shape `(N, k)`.
        targets: integers, shape `(N,)`, each of 0 to k - 1 at least once.

    Returns:
        calibration: `Calibration`.
        loss: the mean log loss that is left, each group counted the same; 0 is perfect.

    Reference: Guo et al., "On Calibration of Modern Neural Networks" (2017), temperature and vector scaling.
    """
    logits, k = np.asarray(logits, dtype=np.float64), logits.shape[1]
    sizes = np.bincount(targets, minlength=k)
    weights, rows = 1 / (k * sizes[targets]), np.arange(len(targets))

    def loss(values):
        scaled = log_softmax(logits * np.exp(-values[0]) + values[1:], axis=1)
        return -weights @ scaled[rows, targets]

    def penalised(values):  # as if by one more image: few images do not say that a network is never wrong
        return loss(values) + values @ values / (2 * sizes.min())

    found = optimize.minimize(penalised, np.zeros(k + 1), method="L-BFGS-B").x
    bias = found[1:] - found[1:].mean()
    return Calibration(float(np.exp(found[0])), tuple(bias.tolist())), float(loss(found))
