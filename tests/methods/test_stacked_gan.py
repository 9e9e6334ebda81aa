"""The stacked GAN's losses against NumPy, its shapes, and what it asks of data."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.data.batches import paired_batches
from repfair_keras.methods.stacked_gan import PublishedStackedGAN, StackedGAN
from repfair_keras.networks import stacked
from repfair_keras.runs.config import configure

SHAPE, LATENT, FILTERS, CLASSES = (28, 28, 1), 8, 8, 10


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    networks = (
        stacked.generators(SHAPE, LATENT, FILTERS, CLASSES),
        stacked.discriminators(SHAPE, LATENT, FILTERS),
        stacked.encoder(SHAPE, CLASSES, FILTERS),
    )
    model = StackedGAN(*networks, ("black", "white"))
    model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    return model


def batch_of(digits, n=6):
    return next(iter(paired_batches(digits, n, LATENT, seed=0)))


def test_conditional_loss(model, digits):
    batch = batch_of(digits)
    images, h = model.generators([batch.latents, batch.fake_labels])
    logits = model.classify(h).numpy().astype(np.float64)
    chance = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    entropy = -np.log(chance[np.arange(6), batch.fake_labels.numpy()]).mean()
    seen = model.encoder(images)[0].numpy()
    expected = entropy + np.mean((seen - h.numpy()) ** 2)
    assert float(model.conditional_loss(images, h, batch.fake_labels)) == pytest.approx(expected, rel=1e-5)


def test_entropy_loss(model):
    rng = np.random.default_rng(0)
    z, z0, z1 = (rng.normal(size=(5, size)).astype(np.float32) for size in (LATENT, 4, 4))
    expected = np.mean((z1 - z[:, :4]) ** 2) + np.mean((z0 - z[:, 4:]) ** 2)
    assert float(model.entropy_loss(z, tf.constant(z0), tf.constant(z1))) == pytest.approx(expected, rel=1e-5)


def test_real_loss_is_that_of_both_discriminators(model, digits):
    batch = batch_of(digits)
    h, _ = model.encoder(batch.images)
    logit0, _, logit1, _ = model.discriminator([batch.images, h])
    expected = sum(np.log1p(np.exp(-logit.numpy().astype(np.float64))).mean() for logit in (logit0, logit1))
    loss, norm = model.probe(batch.images, batch.labels, batch.groups)
    assert float(loss) == pytest.approx(expected, rel=1e-5)
    assert float(norm) > 0


def test_the_encoder_is_not_trained_and_all_else_is(model, digits):
    before = [each.numpy().copy() for each in model.encoder.weights]
    trained = [*model.generators.trainable_variables, *model.discriminator.trainable_variables]
    start = [each.numpy().copy() for each in trained]
    model.train_step(batch_of(digits))
    for one, other in zip(before, model.encoder.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(start, trained, strict=True):
        assert not np.array_equal(one, other), other.path


@pytest.fixture(scope="module")
def published():
    keras.utils.set_random_seed(0)
    networks = (
        stacked.generators(SHAPE, LATENT, FILTERS, CLASSES, uniform=True),
        stacked.discriminators(SHAPE, LATENT, FILTERS, uniform=True),
        stacked.encoder(SHAPE, CLASSES, FILTERS),
    )
    model = PublishedStackedGAN(*networks, ("black", "white"), seed=3)
    model.compile(keras.optimizers.SGD(1e-3), keras.optimizers.SGD(1e-3))
    return model


def test_normal_noise_becomes_uniform():
    z = np.linspace(-3, 3, 13).astype(np.float32)
    np.testing.assert_allclose(stacked.uniform_of(z), stats.norm.cdf(z), atol=2e-4)


def test_each_generator_learns_by_its_own_loss(published, digits):
    """The gradient of G1 is that of its loss alone, worked out with G0 cut off, and that of G0 with G1 cut off."""
    batch, latents = batch_of(digits), tf.random.stateless_normal((6, LATENT), (7, 7))
    found = {
        v.path: g.numpy()
        for v, g in zip(
            published.generator.trainable_variables, published.own_gradients(latents, batch), strict=True
        )
    }
    g1, g0 = (published.generators.get_layer(name) for name in ("g1", "g0"))
    u = stacked.uniform_of(latents)
    z1, z0, labels = u[:, : LATENT // 2], u[:, LATENT // 2 :], batch.fake_labels
    with tf.GradientTape() as upper:
        h = g1([z1, labels], training=True)
        image = tf.stop_gradient(g0([z0, h], training=True))
        _, _, logit, back = published.discriminator([image, h], training=True)
        loss = tf.reduce_mean(tf.nn.softplus(-logit)) + 10 * tf.reduce_mean(tf.square(back - z1))
        loss += tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, published.classify(h), from_logits=True)
        )
    with tf.GradientTape() as lower:
        image = g0([z0, tf.stop_gradient(h)], training=True)
        logit, back, _, _ = published.discriminator([image, h], training=True)
        own = tf.reduce_mean(tf.nn.softplus(-logit)) + 10 * tf.reduce_mean(tf.square(back - z0))
        own += tf.reduce_mean(tf.square(published.encoder(image)[0] - h))
    for tape, value, network in ((upper, loss, g1), (lower, own, g0)):
        for variable, gradient in zip(
            network.trainable_variables, tape.gradient(value, network.trainable_variables), strict=True
        ):
            np.testing.assert_allclose(
                found[variable.path], gradient, rtol=2e-3, atol=1e-5, err_msg=variable.path
            )


def test_generators_step_on_noise_that_is_new_each_time(published):
    latents = tf.zeros((6, LATENT))
    first, second = (published.new_noise(latents, tf.constant(step, tf.int64)).numpy() for step in (0, 1))
    assert not np.allclose(first, second)
    np.testing.assert_array_equal(first, published.new_noise(latents, tf.constant(0, tf.int64)))


def test_generators_step_against_discriminators_that_have_moved(published, digits):
    """With a discriminator that does not move, another step of the generators."""
    batch, ends = batch_of(digits), []
    start = [variable.numpy() for variable in published.variables]
    for rate in (0.5, 0.0):
        for variable, value in zip(published.variables, start, strict=True):
            variable.assign(value)
        published.compile(keras.optimizers.SGD(rate), keras.optimizers.SGD(1e-3))
        published.train_step(batch)
        ends.append([v.numpy() for v in published.generator.trainable_variables])
    assert any(not np.allclose(a, b, atol=1e-7) for a, b in zip(*ends, strict=True))


def test_its_generator_is_read_by_keras_alone(published, tmp_path):
    from repfair_keras.networks.thin_conv import with_plain_layers

    with_plain_layers(published.generator).save(tmp_path / "generator.keras")
    code = f"import keras; print(keras.models.load_model({str(tmp_path / 'generator.keras')!r}).output_shape)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(None, 28, 28, 1)"


def test_the_setting_makes_it(digits):
    config = configure(method="stacked_gan", as_published=True, filters=8, latent_size=8)
    *_, phase = config.phases(digits)
    assert isinstance(phase.model, PublishedStackedGAN)


@pytest.mark.parametrize("size", [16, 28, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
def test_images_have_the_size_of_the_data(size, channels):
    generators = stacked.generators((size, size, channels), 6, 4, 3)
    images, h = generators([np.zeros((2, 6), np.float32), np.array([0, 2])])
    assert images.shape == (2, size, size, channels)
    assert h.shape == (2, stacked.FEATURES)
    assert float(tf.reduce_max(tf.abs(images))) <= 1


def test_label_and_both_parts_of_the_noise_matter(model):
    rng = np.random.default_rng(1)
    z, label = rng.normal(size=(1, LATENT)).astype(np.float32), np.array([3])
    image = model.generator([z, label]).numpy()
    for part in (slice(0, 4), slice(4, 8)):
        other = z.copy()
        other[:, part] += 1
        assert not np.allclose(model.generator([other, label]), image)
    assert not np.allclose(model.generator([z, np.array([4])]), image)


@pytest.mark.parametrize("shape", [(28, 24, 1), (30, 30, 1), (12, 12, 1)])
def test_a_size_that_does_not_fit(shape):
    with pytest.raises(InputError, match="do not fit the stacked GAN"):
        stacked.check_image_shape(shape)


def test_noise_too_short_to_share():
    with pytest.raises(InputError, match="latent_size is 1: expected at least 2"):
        stacked.generators(SHAPE, 1, 4, 3)


def test_data_without_classes(npz_file):
    from repfair_keras.data.images.load import load

    data = load("npz", npz_file, use_labels=False)
    with pytest.raises(InputError, match="needs classes, and there are none here"):
        configure(method="stacked_gan").check_data(data)
    with pytest.raises(InputError, match="needs classes"):
        configure(method="boosted_gan", base_method="stacked_gan").check_data(data)
