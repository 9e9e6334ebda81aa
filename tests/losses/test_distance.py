"""Theta of eq. 3 against distances worked out by hand."""

import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.losses.distance import mean_distance, theta


def images(*points):
    """Each point, two numbers, as an image of one row and two pixels."""
    return tf.constant(points, tf.float32)[:, None, :, None]


def test_three_points_by_hand():
    memory = images((0, 0), (3, 4))
    new = images((0, 4))
    # distances 4 and 3, mean 3.5
    assert float(mean_distance(new, memory)) == pytest.approx(3.5, abs=1e-5)
    assert float(theta(new, memory)) == pytest.approx(1 / 3.5, abs=1e-5)


def test_equals_the_printed_sum_with_phi_the_number_of_pairs():
    rng = np.random.default_rng(0)
    f, q = rng.uniform(-1, 1, (5, 4, 4, 1)), rng.uniform(-1, 1, (6, 4, 4, 1))  # |Q| m = 2 x 3
    total = sum(np.linalg.norm(x - each) for x in q for each in f)
    found = theta(*(tf.constant(each, tf.float32) for each in (f, q)))
    assert float(found) == pytest.approx(2 * 3 * 5 / total, rel=1e-5)


def test_gradient_pushes_away_and_is_finite_where_images_are_equal():
    memory = images((0, 0))
    new = tf.Variable(images((0.5, 0), (0, 0)))
    with tf.GradientTape() as tape:
        value = theta(new, memory)
    gradient = tape.gradient(value, new).numpy()[:, 0, :, 0]
    assert gradient[0, 0] < 0, "down the gradient is away from the memory"
    assert np.isfinite(gradient).all()
