import keras
import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.networks.cgan import generator
from repfair_keras.networks.thin_conv import ThinConv2D, thin_convolution, with_plain_layers


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("filters", [1, 3])
def test_value_and_gradients_are_those_of_the_library(size, filters):
    rng = np.random.default_rng(size)
    x = tf.constant(rng.normal(size=(3, 9, 8, 5)), tf.float32)
    kernel = tf.constant(rng.normal(size=(size, size, 5, filters)), tf.float32)
    weights = rng.normal(size=(3, 9, 8, filters)).astype(np.float32)
    results = []
    for convolve in (thin_convolution, lambda x, kernel: tf.nn.conv2d(x, kernel, 1, "SAME")):
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            y = convolve(x, kernel)
            loss = tf.reduce_sum(y * weights)
        results.append([y, *tape.gradient(loss, [x, kernel])])
    for mine, library in zip(*results, strict=True):
        np.testing.assert_allclose(mine, library, rtol=1e-4, atol=1e-4)


def test_a_plain_copy_loads_without_this_package(tmp_path):
    model = generator((8, 8, 1), 4, 4, 4, 3, n_classes=2)
    copy = with_plain_layers(model)
    assert not any(isinstance(layer, ThinConv2D) for layer in copy.layers)
    assert {type(layer).__module__.split(".")[0] for layer in copy.layers} == {"keras"}
    inputs = [np.ones((5, 4)), np.array([0, 1, 0, 1, 0])]
    np.testing.assert_allclose(copy(inputs), model(inputs), atol=1e-6)
    copy.save(tmp_path / "copy.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "copy.keras")(inputs), copy(inputs))
