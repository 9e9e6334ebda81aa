"""Each loss, and each penalty, against NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.losses.adversarial import LOSSES
from repfair_keras.losses.gradient_penalty import gradient_penalty, squared_slopes

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(0, 2, (50, 1)), RNG.normal(0, 2, (50, 1))


def softplus(t):
    return np.log1p(np.exp(t))


# name: (real half, generated half, generator), in NumPy.
EXPECTED = {
    "non_saturating": (softplus(-REAL).mean(), softplus(FAKE).mean(), softplus(-FAKE).mean()),
    "hinge": (np.maximum(0, 1 - REAL).mean(), np.maximum(0, 1 + FAKE).mean(), -FAKE.mean()),
    "least_squares": (((REAL - 1) ** 2).mean(), (FAKE**2).mean(), ((FAKE - 1) ** 2).mean()),
    "wasserstein_gp": (-REAL.mean(), FAKE.mean(), -FAKE.mean()),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_halves_equal_numpy(name):
    terms = LOSSES[name]
    found = terms.real(tf.constant(REAL)), terms.fake(tf.constant(FAKE)), terms.generator(tf.constant(FAKE))
    np.testing.assert_allclose(found, EXPECTED[name], rtol=1e-6)
    assert not terms.pairs
    assert (terms.gradient_penalty == 10) == (name == "wasserstein_gp")


def test_the_relativistic_loss_pairs_images_by_their_place():
    terms = LOSSES["relativistic"]
    real, fake = tf.constant(REAL), tf.constant(FAKE)
    assert float(terms.real(real, fake)) == pytest.approx(softplus(-(REAL - FAKE)).mean())
    assert float(terms.generator(fake, real)) == pytest.approx(softplus(-(FAKE - REAL)).mean())
    assert float(terms.real(real, fake[::-1])) != pytest.approx(float(terms.real(real, fake)))
    assert float(terms.real(real + 7, fake + 7)) == pytest.approx(float(terms.real(real, fake)))
    assert terms.pairs and terms.fake is None and set(LOSSES) == {*EXPECTED, "relativistic"}


def test_slopes_of_a_quadratic_critic():
    points = tf.constant(RNG.normal(size=(6, 3, 2, 1)))
    squares, scores = squared_slopes(lambda x: tf.reduce_sum(x**2, axis=(1, 2)), points)
    expected = np.sum(4 * np.asarray(points) ** 2, axis=(1, 2, 3))
    np.testing.assert_allclose(squares, expected)
    assert scores.shape == (6, 1)


def test_slopes_equal_finite_differences_and_have_a_gradient_of_their_own():
    dense = keras.layers.Dense(1, activation="tanh")
    points = tf.constant(RNG.normal(size=(4, 5)).astype(np.float32))
    dense(points)
    with tf.GradientTape() as tape:
        squares, _ = squared_slopes(dense, points)
        r1 = tf.reduce_mean(squares)
    h, moved = 1e-3, []
    for i in range(5):
        step = h * np.eye(5, dtype=np.float32)[i]
        moved.append((dense(points + step) - dense(points - step))[:, 0] / (2 * h))
    np.testing.assert_allclose(squares, np.sum(np.square(moved), axis=0), rtol=1e-2)
    kernel = dense.kernel.value
    gradient = tape.gradient(r1, kernel)
    before = dense.kernel.numpy()
    for place in range(3):
        ends = []
        for sign in (1, -1):
            changed = before.copy()
            changed[place] += sign * h
            dense.kernel.assign(changed)
            ends.append(float(tf.reduce_mean(squared_slopes(dense, points)[0])))
        dense.kernel.assign(before)
        assert float(gradient[place, 0]) == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=0.05, abs=1e-3)


def test_gradient_penalty_of_a_linear_critic_on_images():
    w = RNG.normal(size=(2, 2, 1)).astype(np.float32)
    real, fake = (RNG.normal(size=(5, 2, 2, 1)).astype(np.float32) for _ in range(2))
    weights = tf.constant(np.linspace(0, 1, 5), tf.float32)
    points = tf.constant(real), tf.constant(fake)
    found = gradient_penalty(lambda x: tf.reduce_sum(x * w, axis=(1, 2)), *points, weights)
    assert float(found) == pytest.approx((np.sqrt((w**2).sum()) - 1) ** 2, rel=1e-5)
