"""A length takes the place of what it is the other of: passes over the data, or iterations."""

import math

import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.settings import settings_in
from repfair_keras.losses.distance_covariance import distance_covariance
from repfair_keras.methods.settings import LONGEST_LATENT
from repfair_keras.modalities.tables import TableData
from repfair_keras.runs.config import configure, load_preset


def lengths_of(config):
    return {name: config.flat().get(name) for name in ("epochs", "steps", "vae_epochs", "vae_steps")}


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        ({}, {}),
        ({"epochs": 3}, {"epochs": 3, "steps": None}),
        ({"vae_epochs": 4}, {"vae_epochs": 4, "vae_steps": None}),
        ({"steps": 5, "vae_steps": 6}, {"steps": 5, "vae_steps": 6}),
    ],
)
def test_a_length_replaces_the_presets(settings, changed):
    preset = load_preset("small", "fld_dm")
    expected = {name: preset.get(name) for name in lengths_of(configure())}
    assert lengths_of(configure(method="fld_dm", **settings)) == {**expected, **changed}


def test_a_methods_length_replaces_that_of_all_methods():
    assert load_preset("small", "repfair")["epochs"] == 39
    assert "epochs" not in load_preset("small", "fld_lsgan")
    assert load_preset("paper", "fld_lsgan")["epochs"] == 20_000


@pytest.mark.parametrize("pair", [("epochs", "steps"), ("vae_epochs", "vae_steps")])
def test_not_both(pair):
    with pytest.raises(InputError, match=f"{pair[0]} and {pair[1]} is 2 and 2: expected one of the two"):
        configure(method="fld_lsgan", **dict.fromkeys(pair, 2))


def test_codes_too_long_for_the_penalty():
    with pytest.raises(
        InputError, match=f"code_size is {LONGEST_LATENT + 1}: expected at most {LONGEST_LATENT}"
    ):
        configure(method="fair_vae", code_size=LONGEST_LATENT + 1)
    assert configure(method="fair_vae", code_size=80, alpha=-math.inf).settings.code_size == 80


@pytest.mark.slow
def test_the_penalty_of_the_longest_codes_is_not_lost_in_single_precision():
    n = 2048  # the largest batch of a preset
    config = configure(method="fair_vae", code_size=LONGEST_LATENT, latent_size=LONGEST_LATENT)
    groups = tf.range(n) % 2
    mean = tf.cast(groups, tf.float32)[:, None] * tf.ones((n, config.settings.code_size)) / 10
    with tf.GradientTape() as tape:
        tape.watch(mean)
        v2 = distance_covariance(mean, tf.zeros_like(mean), groups)
    assert v2 > 0
    assert np.abs(tape.gradient(v2, mean)).min() > 0


def test_a_configuration_stays_as_it_is():
    config = configure(method="fld_dm", epochs=3, vae_epochs=4)
    assert config.replace() == configure(config.flat()) == config


def test_none_is_a_value_of_rules_and_nothing_elsewhere():
    rules, categorical = (settings_in(TableData)[name] for name in ("rules", "categorical"))
    assert rules.parse("none") == "none" and rules.problem("none") is None
    assert rules.parse("null") is None and rules.parse("a <= b") == "a <= b"
    assert categorical.parse("none") is None
