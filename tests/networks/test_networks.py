"""The registry of networks: sizes, conditions, seeds, spectral normalisation and averages."""

import random
import warnings
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import repfair_keras as rf
from repfair_keras import registry
from repfair_keras.core.errors import InputError
from repfair_keras.methods.build import networks_of
from repfair_keras.networks.conditions import condition_names
from repfair_keras.networks.moving_average import copy_of, follow
from repfair_keras.networks.network import Spec, register_network
from repfair_keras.networks.seeded import seeds
from repfair_keras.networks.spectral import spectrally_normalised
from repfair_keras.registry import lookup, names

SETTINGS = SimpleNamespace(
    latent_size=6, filters=4, depth=1, d_kernel=3, g_kernel=4, last_kernel=3, dropout=0.3, label_scale=1.0
)


def build(name, shape=(28, 28, 1), n_classes=0, n_groups=0, seed=0, **settings):
    spec = Spec(shape, n_classes, n_groups, SimpleNamespace(**{**vars(SETTINGS), **settings}), seed)
    with seeds(seed):
        return lookup("network", name).build(spec)


@pytest.mark.parametrize("name", names("network"))
@pytest.mark.parametrize(("shape", "n_classes", "n_groups"), [((28, 28, 1), 10, 0), ((32, 32, 3), 0, 3)])
def test_images_in_range_and_one_logit_with_the_conditions_asked_for(name, shape, n_classes, n_groups):
    generator, discriminator = build(name, shape, n_classes, n_groups)
    told = ("label",) * (n_classes > 0) + ("group",) * (n_groups > 0)
    assert condition_names(generator) == condition_names(discriminator) == told
    z = tf.random.stateless_normal((5, 6), (0, 1))
    conditions = [tf.constant([0, 1, 2, 0, 1])] * len(told)
    images = generator([z, *conditions])
    assert images.shape == (5, *shape) and float(tf.reduce_max(tf.abs(images))) <= 1
    assert discriminator([images, *conditions]).shape == (5, 1)
    for network, first in ((generator, z), (discriminator, images)):
        if told:
            other = network([first, *[1 - tf.minimum(c, 1) for c in conditions]])
            assert float(tf.reduce_max(tf.abs(other - network([first, *conditions])))) > 0


@pytest.mark.parametrize("name", names("network"))
def test_a_seed_fixes_the_weights(name):
    one, again, other = (build(name, seed=seed) for seed in (1, 1, 2))
    for a, b in zip(one[0].get_weights(), again[0].get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert any(np.any(a != b) for a, b in zip(one[1].get_weights(), other[1].get_weights(), strict=True))


@pytest.mark.parametrize(("name", "sizes"), [("dcgan", (16, 28, 64, 128)), ("resnet", (20, 64, 128))])
def test_sizes_up_to_128(name, sizes):
    for size in sizes:
        lookup("network", name).check_size((size, size, 3))
        generator, _ = build(name, (size, size, 3), filters=2)
        assert generator.output_shape == (None, size, size, 3)


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("dcgan", (27, 27, 1), "images of 27x27 pixels do not fit: .* 28, 32,"),
        ("resnet", (36, 36, 1), "such as 16, 20"),
        ("resnet", (32, 28, 1), "32x28"),
        ("cgan", (30, 30, 1), "divisible by 4"),
        ("dcgan", (32, 32, 2), "2 channels"),
    ],
)
def test_sizes_that_cannot_be_made_are_named_with_those_that_can(name, shape, message):
    with pytest.raises(InputError, match=message):
        lookup("network", name).check_size(shape)


def test_depth_and_width_of_resnet():
    (small, _), (deep, _), (wide, _) = (
        build("resnet"),
        build("resnet", depth=2),
        build("resnet", filters=8),
    )
    assert small.count_params() < deep.count_params() < wide.count_params()


def test_own_networks_by_name(monkeypatch):
    monkeypatch.setitem(registry._REGISTERED, "network", {})
    register_network("mine", lambda spec: spec.image_shape, lambda spec: spec.n_groups)
    assert "mine" in names("network")
    assert lookup("network", "mine").build(Spec((4, 4, 1), 0, 3, None, 0)) == ((4, 4, 1), 3)
    lookup("network", "mine").check_size((5, 7, 2))
    with pytest.raises(InputError, match="exists in this package already"):
        register_network("dcgan", None, None)


def without_kernels(shape=None, logits=1):
    """A pair of networks that have nothing to normalise: for images of `shape`, or those of the data."""

    def generator(spec):
        z = keras.Input((spec.settings.latent_size,), name="z")
        x = keras.layers.Dense(int(np.prod(shape or spec.image_shape)), "tanh")(z)
        return keras.Model([z], keras.layers.Reshape(shape or spec.image_shape)(x), name="generator")

    def discriminator(spec):
        image = keras.Input(spec.image_shape, name="image")
        x = keras.layers.GlobalAveragePooling2D()(image)[:, :1]
        return keras.Model(
            [image], keras.layers.Concatenate()([x] * logits) if logits > 1 else x, name="mean"
        )

    return generator, discriminator


@pytest.mark.parametrize(
    ("networks", "settings", "message"),
    [
        (without_kernels(), {"spectral_norm": True}, "spectral_norm is on, but 'mean' has no convolution"),
        (without_kernels(), {"norm_conditions": False}, "norm_conditions is false, but spectral_norm is off"),
        (
            without_kernels((8, 8, 1)),
            {},
            r"'generator' gives \(None, 8, 8, 1\): expected \(None, 28, 28, 1\)",
        ),
        (without_kernels(logits=2), {}, r"'mean' gives \(None, 2\): expected \(None, 1\), a logit"),
    ],
)
def test_own_networks_are_checked_before_anything_is_trained(
    networks, settings, message, tmp_path, monkeypatch
):
    monkeypatch.setitem(registry._REGISTERED, "network", {})
    register_network("mine", *networks)
    before = random.getstate()
    with pytest.raises(InputError, match=message):
        rf.train(dataset="mnist_5k", out=tmp_path / "run", network="mine", steps=1, probe=8, **settings)
    assert not (tmp_path / "run").exists()
    assert random.getstate() == before


@pytest.mark.parametrize("name", names("network"))
def test_spectral_norm_is_about_one_after_some_steps(name):
    _, discriminator = build(name, n_classes=10)
    before = [w for layer in discriminator.layers for w in layer.get_weights()]
    network = spectrally_normalised(discriminator, seed=0)
    wrapped = [each for each in network.layers if isinstance(each, keras.layers.SpectralNormalization)]
    assert len(wrapped) >= 3
    for mine, theirs in zip(wrapped[0].layer.get_weights(), before, strict=False):
        np.testing.assert_array_equal(mine, theirs)
    images, labels = tf.random.stateless_normal((4, 28, 28, 1), (0, 1)), tf.constant([0, 1, 2, 3])
    for _ in range(60):
        network([images, labels], training=True)
    for layer in wrapped:
        kernel = layer.layer.embeddings if hasattr(layer.layer, "embeddings") else layer.layer.kernel
        largest = np.linalg.svd(np.reshape(kernel, (-1, kernel.shape[-1])), compute_uv=False)[0]
        assert largest < 1.05, layer.name
    again = spectrally_normalised(discriminator, seed=0)
    np.testing.assert_array_equal(
        again([images, labels]), spectrally_normalised(discriminator, 0)([images, labels])
    )


@pytest.mark.parametrize("name", names("network"))
def test_layers_of_labels_can_be_left_as_they_are(name):
    _, discriminator = build(name, n_classes=10)

    def wrapped(**options):
        network = spectrally_normalised(discriminator, 0, **options)
        return {each.name for each in network.layers if isinstance(each, keras.layers.SpectralNormalization)}

    left = wrapped() - wrapped(conditions=False)
    assert left == {name for name in wrapped() if name.startswith("label_")} and "label_embedding_sn" in left


def test_the_setting_leaves_layers_of_labels_and_is_recommended():
    def wrapped(n_classes, norm_conditions):
        asked = {"network": "dcgan", "spectral_norm": True, "norm_conditions": norm_conditions}
        spec = Spec((28, 28, 1), n_classes, 0, SimpleNamespace(**vars(SETTINGS), **asked), 0)
        with seeds(0):
            _, network = networks_of(spec)
        return {each.name for each in network.layers if isinstance(each, keras.layers.SpectralNormalization)}

    with pytest.warns(UserWarning, match="--norm_conditions false"):
        assert "label_embedding_sn" in wrapped(10, True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "label_embedding_sn" not in wrapped(10, False)
        assert wrapped(0, True)


def test_layers_of_labels_under_other_names_are_not_divided_in_silence():
    image, label = keras.Input((4,), name="image"), keras.Input((), dtype="int32", name="label")
    embedded = keras.layers.Embedding(3, 4, name="mine")(label)
    logit = keras.layers.Dense(1)(keras.layers.Add()([image, embedded]))
    network = keras.Model([image, label], logit, name="theirs")
    assert spectrally_normalised(network, 0)
    with pytest.raises(InputError, match="'theirs' has no layer whose name begins with label_ or group_"):
        spectrally_normalised(network, 0, conditions=False)


def test_spectral_norm_of_a_network_without_a_layer_for_it():
    images = keras.Input((4,))
    with pytest.raises(InputError, match="spectral_norm is on, but 'empty' has no convolution"):
        spectrally_normalised(keras.Model(images, keras.layers.ReLU()(images), name="empty"), 0)


def test_an_average_follows_its_formula():
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    network.set_weights([np.array([[1.0]]), np.array([0.0])])
    average, expected = copy_of(network), 1.0
    assert not average.trainable_variables
    for t in range(200):
        value = np.sin(t)
        network.set_weights([np.array([[value]]), np.array([0.0])])
        follow(average, network, 0.9, tf.constant(t))
        decay = min(0.9, (1 + t) / (10 + t))
        expected = decay * expected + (1 - decay) * value
        assert float(average.get_weights()[0][0, 0]) == pytest.approx(expected, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", names("network"))
def test_trains_under_xla(name):
    generator, discriminator = build(name)
    z = tf.random.stateless_normal((4, 6), (0, 1))

    def gradients():
        with tf.GradientTape() as tape:
            logits = discriminator(generator(z))
        return tape.gradient(logits, generator.trainable_variables)

    compiled = tf.function(gradients, jit_compile=True)
    for one, other in zip(compiled(), gradients(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
