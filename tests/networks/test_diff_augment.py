"""Augmentation changes what the discriminator sees, lets gradients through, and is a function of seed and step."""

import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.networks.diff_augment import KINDS, diff_augment

IMAGES = tf.constant(np.random.default_rng(0).uniform(-1, 1, (64, 16, 16, 3)).astype(np.float32))


@pytest.mark.parametrize("kind", KINDS)
def test_images_are_changed_each_in_its_own_way_and_again_the_same(kind):
    one, again, later = (diff_augment(IMAGES, [kind], 3, tf.constant(step)) for step in (5, 5, 6))
    np.testing.assert_array_equal(one, again)
    changed = np.abs(np.asarray(one) - IMAGES).max(axis=(1, 2, 3)) > 1e-6
    assert 0.3 < changed.mean() <= 1
    assert np.abs(np.asarray(one) - later).max() > 0.1
    assert one.shape == IMAGES.shape


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_run_through(kind):
    with tf.GradientTape() as tape:
        tape.watch(IMAGES)
        seen = tf.reduce_sum(diff_augment(IMAGES, [kind], 0, tf.constant(0)) * IMAGES)
    gradient = np.asarray(tape.gradient(seen, IMAGES))
    assert np.isfinite(gradient).all() and (np.abs(gradient) > 0).mean() > 0.5


def test_a_shift_moves_the_whole_image_and_repeats_its_border():
    ramp = tf.tile(tf.reshape(tf.range(16.0), (1, 16, 1, 1)), (200, 1, 16, 1))
    moved = np.asarray(KINDS["translation"](ramp, tf.constant([1, 2], tf.int64)))
    shifts = moved[:, 8, 0, 0] - 8
    assert set(shifts.astype(int)) == {-2, -1, 0, 1, 2}
    for image, shift in zip(moved, shifts.astype(int), strict=True):
        np.testing.assert_array_equal(image[:, 0, 0], np.clip(np.arange(16) + shift, 0, 15))


def test_the_hole_is_at_most_a_quarter_of_the_image():
    ones = tf.ones((300, 16, 16, 1))
    holes = 1 - np.asarray(KINDS["cutout"](ones, tf.constant([1, 2], tf.int64))).mean(axis=(1, 2, 3))
    assert holes.min() > 0 and holes.max() <= 0.25 + 1e-6


def test_grey_images_have_no_saturation():
    grey = IMAGES[..., :1]
    assert diff_augment(grey, list(KINDS), 0, tf.constant(1)).shape == grey.shape


def test_nothing_without_kinds():
    np.testing.assert_array_equal(diff_augment(IMAGES, [], 0, tf.constant(1)), IMAGES)
