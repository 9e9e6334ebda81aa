"""Colour MNIST: the colour independent of the digit, and tied to it."""

import dataclasses

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.grouping import group
from repfair_keras.data.images.load import load
from repfair_keras.data.images.loaders.tfds_images import load_mnist
from repfair_keras.data.images.reference import load_reference
from repfair_keras.evaluation.images.group_assignment import UNDECIDED, channel, fit_rules


def counts(data):
    """Images by class and group."""
    return np.histogram2d(data.labels, data.groups, bins=(10, 3))[0]


def test_each_digit_has_each_colour_equally_often(digit_images):
    data = group(digit_images, "colour")
    assert (data.group_names, data.image_shape) == (("blue", "red", "green"), (28, 28, 3))
    assert set(counts(data).ravel()) <= {166, 167}
    for colour, channel_of_rgb in enumerate((2, 0, 1)):
        mine, digits = (pixels[data.groups == colour] for pixels in (data.pixels, digit_images.pixels))
        np.testing.assert_array_equal(mine[..., channel_of_rgb], digits[..., 0])
        assert mine.sum() == mine[..., channel_of_rgb].sum(dtype=np.int64)


def test_strength_is_the_share_tied_to_the_class(digit_images):
    table = counts(group(digit_images, "biased_colour", strength=0.4))  # .4 + .6 / 3 of 500, and .6 / 3
    for digit in range(10):
        assert table[digit, digit % 3] == 300
        assert sorted(table[digit])[:2] == [100, 100]
    np.testing.assert_allclose(counts(group(digit_images, "biased_colour", strength=0)), 500 / 3, atol=1)
    assert (counts(group(digit_images, "biased_colour", strength=1)) > 0).sum() == 10
    table = counts(group(digit_images, "biased_colour"))
    assert table[4, 1] == pytest.approx(500 * (0.9 + 0.1 / 3), abs=1)


def test_bad_strength_share_and_images(digit_images):
    for strength in (-0.1, 1.5, float("nan")):
        with pytest.raises(InputError, match=r"strength is .*: expected a number in \[0, 1\]"):
            group(digit_images, "biased_colour", strength=strength)
    with pytest.raises(InputError, match=r"strength is 0.5, but grouping 'colour' .* biased_colour"):
        group(digit_images, "colour", strength=0.5)
    with pytest.raises(InputError, match=r"share is 0.5, but .*take grouping 'colour'"):
        group(digit_images, "biased_colour", share=0.5)
    unlabelled = dataclasses.replace(digit_images, labels=None, class_names=())
    with pytest.raises(InputError, match="ties groups to classes, but 'mnist_5k' has none"):
        group(unlabelled, "biased_colour")
    rgb = dataclasses.replace(digit_images, pixels=np.repeat(digit_images.pixels, 3, axis=-1))
    with pytest.raises(InputError, match="colours grey images, but those of 'mnist_5k' have 3 channels"):
        group(rgb, "colour")


def test_both_data_sets_are_the_digits_of_mnist(data_dir_of):
    folder = data_dir_of("mnist")
    plain, biased = load("colour_mnist", folder), load("biased_colour_mnist", folder, strength=1)
    assert (plain.name, plain.grouping) == ("colour_mnist", "colour")
    assert (biased.name, biased.grouping) == ("biased_colour_mnist", "biased_colour")
    np.testing.assert_array_equal(biased.groups, biased.labels % 3)
    assert "groups tied to classes with strength 1." in biased.source
    for data in (plain, biased):
        np.testing.assert_array_equal(data.pixels.max(axis=-1), load_mnist(folder).pixels[..., 0])


def test_colours_of_digits_that_networks_do_not_know_are_tied_all_the_same(data_dir_of):
    folder = data_dir_of("mnist")
    data = load("biased_colour_mnist", folder, use_labels=False, strength=1)
    assert (data.labels, data.class_names) == (None, ())
    np.testing.assert_array_equal(data.groups, load("biased_colour_mnist", folder, strength=1).groups)


def test_instruments_learn_colours_that_do_not_depend_on_the_digit(data_dir_of):
    folder = data_dir_of("mnist")
    biased, _ = load_reference("biased_colour_mnist", folder)
    assert biased.grouping == "colour"
    assert biased.fingerprint == load_reference("colour_mnist", folder)[0].fingerprint


def test_channel_rule(digit_images):
    data = group(digit_images, "colour")
    rule = fit_rules(data)["channel"]
    assert (rule.accuracy, rule.by_group) == (1.0, (1.0, 1.0, 1.0))
    grey = np.repeat(digit_images.pixels[:4], 3, axis=-1) / 127.5 - 1
    assert channel(grey).tolist() == [UNDECIDED] * 4
