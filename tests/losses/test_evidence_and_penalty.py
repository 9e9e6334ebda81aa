"""Losses of FLDGM against numbers worked out by hand or with NumPy."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate, stats

from repfair_keras.losses.adversarial import LEAST_SQUARES, WASSERSTEIN
from repfair_keras.losses.evidence import columns_cross_entropy, kl_to_standard_normal, pixels_cross_entropy
from repfair_keras.losses.gradient_penalty import gradient_penalty

LOGITS = tf.constant([[2.0], [-1.0]])


def test_least_squares_is_the_mean_of_squares_not_the_square_of_the_mean():
    assert float(LEAST_SQUARES.real(LOGITS)) == (1.0 + 4.0) / 2
    assert float(LEAST_SQUARES.fake(LOGITS)) == (4.0 + 1.0) / 2
    assert float(LEAST_SQUARES.generator(LOGITS)) == (1.0 + 4.0) / 2


def test_wasserstein():
    assert float(WASSERSTEIN.real(LOGITS)) == -0.5
    assert float(WASSERSTEIN.fake(LOGITS)) == 0.5
    assert float(WASSERSTEIN.generator(LOGITS)) == -0.5


def test_gradient_penalty_of_a_known_critic():
    # critic |x|^2 has the gradient 2x: at x = w * (1, 0) + (1 - w) * (0, 1) its norm is 2 |(w, 1 - w)|
    real, fake = tf.constant([[1.0, 0.0]] * 3), tf.constant([[0.0, 1.0]] * 3)
    weights = np.array([0.0, 0.5, 1.0], np.float32)
    found = gradient_penalty(lambda x: tf.reduce_sum(x * x, axis=1), real, fake, tf.constant(weights))
    norms = 2 * np.sqrt(weights**2 + (1 - weights) ** 2)
    assert float(found) == pytest.approx(np.mean((norms - 1) ** 2), rel=1e-5)


def test_gradient_penalty_can_be_differentiated_where_the_critic_is_flat():
    slope = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        value = gradient_penalty(lambda x: slope * x, tf.zeros((2, 1)), tf.ones((2, 1)), tf.zeros(2))
    assert float(value) == pytest.approx(1.0, abs=1e-5)
    assert np.isfinite(tape.gradient(value, slope))


def test_kl_is_the_integral():
    mean, variance = 0.7, 0.4
    p, q = stats.norm(mean, np.sqrt(variance)), stats.norm()
    expected, _ = integrate.quad(lambda z: p.pdf(z) * (p.logpdf(z) - q.logpdf(z)), -9, 9)
    found = kl_to_standard_normal(
        tf.constant([[mean]] * 2), tf.constant([[np.log(variance)]] * 2, tf.float32)
    )
    assert float(found) == pytest.approx(expected, rel=1e-5)
    twice = kl_to_standard_normal(
        tf.constant([[mean] * 2]), tf.constant([[np.log(variance)] * 2], tf.float32)
    )
    assert float(twice) == pytest.approx(2 * expected, rel=1e-5)


def test_cross_entropy_of_columns_by_hand():
    logits = np.log([[0.2, 0.8, 0.5, 0.25, 0.25], [0.5, 0.5, 0.1, 0.1, 0.8]]).astype(np.float32)
    found = columns_cross_entropy(tf.constant(logits), tf.constant([[1, 0], [0, 2]]), [2, 3])
    expected = -(np.log(0.8) + np.log(0.5) + np.log(0.5) + np.log(0.8)) / 2
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_cross_entropy_of_pixels_by_hand():
    images = tf.constant([1.0, -1.0, 0.0, 1.0], shape=(2, 1, 2, 1))
    found = pixels_cross_entropy(tf.zeros((2, 1, 2, 1)), images)
    assert float(found) == pytest.approx(2 * np.log(2), rel=1e-6)
    confident = pixels_cross_entropy(30 * images, images)
    assert float(confident) == pytest.approx(np.log(2) / 2, rel=1e-5)  # the grey pixel
