"""Eq. 5: which member makes the next images; by hand, and as frequencies of a toy ensemble."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from repfair_keras.core.random_streams import Stream
from repfair_keras.export.image_endpoints import export_generator
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.networks import ensemble
from repfair_keras.networks.conditions import condition_names


def gaussian(center, spread=0.1, size=2):
    """A generator of images of one brightness each, normal around a center in [0, 1]."""
    z = keras.Input((1,), name="z")
    pixels = layers.Dense(size * size, kernel_initializer="ones", use_bias=False)(z)
    pixels = layers.Rescaling(2 * spread, 2 * center - 1)(pixels)
    return keras.Model(z, layers.Reshape((size, size, 1))(pixels))


def samples_of(generator, n=4000):
    return generator.predict(np.random.default_rng(0).normal(size=(n, 1)), verbose=0)


def together(*generators, selection="brightness"):
    return ensemble.ensemble(generators, selection, [samples_of(each) for each in generators])


def density(x, mean, deviation):
    return np.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))


def test_eq_5_by_hand_for_three_samples():
    f = np.array([0.2, 0.3, 0.9])
    means, deviations = [0.25, 0.8], [0.1, 0.2]
    each = np.array([[density(x, m, d) for m, d in zip(means, deviations, strict=True)] for x in f])
    exponent = np.mean(1 - each, axis=0)  # divided by |f|
    expected = np.exp(exponent) / np.exp(exponent).sum()
    statistics = (np.array(values, np.float32)[:, None] for values in (means, deviations))
    found = ensemble.densities(tf.constant(f[:, None], tf.float32), *statistics, "brightness")
    np.testing.assert_allclose(found, each, rtol=1e-5)
    p = ensemble.probabilities(tf.reduce_sum(found, axis=0), tf.constant(3.0), "brightness")
    np.testing.assert_allclose(p, expected, rtol=1e-4)
    assert p[1] > p[0], "two of three samples are where the first member is"


def test_without_samples_all_are_equally_likely():
    p = ensemble.probabilities(tf.constant([0.0, 0.0, 0.0]), tf.constant(0.0), "brightness")
    np.testing.assert_allclose(p, [1 / 3] * 3)


def test_the_printed_form_saturates_on_images():
    """Densities of 784 pixels are 0 or beyond float32: no choice is left, or one member gets everything."""
    rng = np.random.default_rng(0)
    dark = rng.normal(0.1, 0.05, (40, 784)).astype(np.float32)
    means = np.stack([np.full(784, 0.1), np.full(784, 0.9)]).astype(np.float32)
    deviations = np.full((2, 784), 0.05, np.float32)
    total = tf.reduce_sum(ensemble.densities(tf.constant(dark), means, deviations, "printed"), axis=0)
    assert np.isinf(total[0])
    assert float(total[1]) == 0
    exponent = ensemble.scores(total, tf.constant(40.0), "printed")
    np.testing.assert_array_equal(exponent, [-np.inf, 40])
    np.testing.assert_array_equal(ensemble.probabilities(total, tf.constant(40.0), "printed"), [0, 1])
    wide = np.ones((2, 784), np.float32)  # wide enough: both densities underflow, and the choice is blind
    total = tf.reduce_sum(ensemble.densities(tf.constant(dark), means, wide, "printed"), axis=0)
    np.testing.assert_array_equal(total, [0, 0])
    np.testing.assert_array_equal(ensemble.probabilities(total, tf.constant(40.0), "printed"), [0.5, 0.5])
    logs = tf.reduce_sum(ensemble.densities(tf.constant(dark), means, wide, "log_density"), axis=0)
    p = ensemble.probabilities(logs, tf.constant(40.0), "log_density")
    assert p[1] > p[0], "log-densities still tell the members apart"


@pytest.mark.parametrize("selection", ["brightness", "log_density"])
def test_two_equal_gaussians_share_equally(selection):
    model = together(gaussian(0.2), gaussian(0.8), selection=selection)
    _, chosen = drawn(model, 8000, seed=0)
    assert np.mean(chosen) == pytest.approx(0.5, abs=0.03)


def test_three_members_two_of_them_alike():
    """The fixed point w_i ~ exp(-sum_j w_j E_j[P_i]): each of the alike pair gets less than the other."""
    centers, spread = np.array([0.2, 0.2, 0.8]), 0.1
    overlap = density(centers[:, None], centers[None], np.sqrt(2) * spread)  # E over j of P_i
    w = np.full(3, 1 / 3)
    for _ in range(2000):
        p = np.exp(1 - overlap @ w)
        w = 0.9 * w + 0.1 * p / p.sum()
    model = together(*(gaussian(center) for center in centers))
    _, chosen = drawn(model, 16000, seed=1)
    np.testing.assert_allclose(np.bincount(chosen, minlength=3) / len(chosen), w, atol=0.03)
    assert w[2] > 0.4


def drawn(model, n, seed):
    latents = tf.random.stateless_normal((n, 1), (seed, 0))
    call = tf.function(lambda z, u: ensemble.draw(model, z, [], u))
    images, chosen = call(latents, ensemble.uniforms(n, seed, Stream.SAMPLE_MEMBERS))
    assert images.shape == (n, 2, 2, 1)
    return images.numpy(), chosen.numpy()


@pytest.mark.slow
def test_few_images_are_not_all_of_one_member():
    model = together(gaussian(0.2), gaussian(0.8))
    mixed = [len(set(drawn(model, 16, seed)[1])) for seed in range(20)]
    assert mixed.count(2) == 20


def test_each_image_is_that_of_the_member_that_is_named():
    model = together(gaussian(0.2), gaussian(0.8))
    images, chosen = drawn(model, 100, seed=2)
    latents = tf.random.stateless_normal((100, 1), (2, 0))
    np.testing.assert_allclose(model([latents.numpy(), chosen]), images, atol=1e-6)
    assert condition_names(model) == ("member",)
    assert ((images.mean(axis=(1, 2, 3)) > 0) == (chosen == 1)).mean() > 0.99


def test_saved_and_exported(tmp_path):
    model = together(gaussian(0.2), gaussian(0.8))
    model.save(tmp_path / "ensemble.keras")
    loaded = keras.models.load_model(tmp_path / "ensemble.keras")
    latents, member = np.ones((3, 1), np.float32), np.array([0, 1, 0], np.int32)
    np.testing.assert_array_equal(loaded([latents, member]), model([latents, member]))
    export_generator(loaded, tmp_path / "export", 0)
    sampler = ImageSampler(tmp_path / "export")
    one, same, other = (sampler.generate(500, seed) for seed in (3, 3, 4))
    assert one.images.tobytes() == same.images.tobytes()
    assert one.images.tobytes() != other.images.tobytes()
    assert set(one.members) == {0, 1}
    assert (one.labels, one.groups) == (None, None)
