"""The built layers against the specification of RepFair-GAN, section 4.1."""

import keras
import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.networks.cgan import discriminator, generator
from repfair_keras.networks.thin_conv import ThinConv2D

GRAY, RGB = (28, 28, 1), (32, 32, 3)


def kinds(model, kind):
    return [layer for layer in model.layers if type(layer) is kind]


def check_label_path(model, size):
    (embedding,) = kinds(model, keras.layers.Embedding)
    assert (embedding.input_dim, embedding.output_dim) == (10, 50)
    dense = model.get_layer("label_dense")
    assert dense.units == size * size
    assert dense.activation is keras.activations.linear
    assert model.get_layer("label_map").output.shape == (None, size, size, 1)
    (concatenate,) = kinds(model, keras.layers.Concatenate)
    assert model.get_layer("label_map").output in concatenate.input


@pytest.mark.parametrize("shape", [GRAY, RGB])
def test_discriminator_is_the_papers(shape):
    model = discriminator(shape, filters=8, kernel=3, dropout=0.4, n_classes=10)
    check_label_path(model, shape[0])
    convolutions = kinds(model, keras.layers.Conv2D)
    assert [(c.strides, c.padding) for c in convolutions] == [((2, 2), "same")] * 2
    assert convolutions[0].input.shape[-1] == shape[-1] + 1  # the image and the label's map
    slopes = [layer.negative_slope for layer in kinds(model, keras.layers.LeakyReLU)]
    assert slopes == [0.2, 0.2]
    assert model.output.shape == (None, 1)
    assert model.layers[-1].activation is keras.activations.linear  # a logit


@pytest.mark.parametrize("shape", [GRAY, RGB])
def test_generator_is_the_papers(shape):
    model = generator(shape, latent_size=100, filters=8, kernel=4, last_kernel=7, n_classes=10)
    check_label_path(model, shape[0] // 4)
    transposed = kinds(model, keras.layers.Conv2DTranspose)
    assert [(c.strides, c.padding) for c in transposed] == [((2, 2), "same")] * 2
    assert transposed[0].input.shape[1:] == (shape[0] // 4, shape[0] // 4, 8 + 1)
    assert {layer.negative_slope for layer in kinds(model, keras.layers.LeakyReLU)} == {0.2}
    for number in (1, 2):
        assert model.get_layer(f"up_{number}_activation").input is model.get_layer(f"up_{number}").output
    (last,) = kinds(model, ThinConv2D)
    assert isinstance(last, keras.layers.Conv2D)
    assert (last.filters, last.kernel_size, last.strides, last.padding) == (shape[-1], (7, 7), (1, 1), "same")
    assert last.activation is keras.activations.tanh
    assert model.output.shape == (None, *shape)


def test_without_classes_there_is_no_label():
    networks = [generator(GRAY, 10, 4, 4, 3), discriminator(GRAY, 4, 3, 0.0)]
    for model in networks:
        assert len(model.inputs) == 1
        assert not kinds(model, keras.layers.Embedding)
    assert networks[1]([networks[0]([np.zeros((2, 10))])]).shape == (2, 1)


@pytest.mark.parametrize("size", [4, 12, 28, 32, 64])
def test_any_size_divisible_by_4(size):
    images = generator((size, size, 3), 10, 4, 4, 3)([np.random.default_rng(0).normal(size=(2, 10))])
    assert images.shape == (2, size, size, 3)
    assert np.abs(images).max() <= 1


@pytest.mark.parametrize("shape", [(30, 30, 1), (28, 32, 1), (2, 2, 1), (28, 28, 2)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(InputError, match="do not fit"):
        generator(shape, 10, 4, 4, 3)
    with pytest.raises(InputError, match="do not fit"):
        discriminator(shape, 4, 3, 0.0)
