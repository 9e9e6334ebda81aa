"""A length takes the place of what it is the other of: passes over the data, or iterations."""

import math

import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.runs.config import LONGEST_CODE, Config, load_preset
from repfair_keras.losses.distance_covariance import distance_covariance


def lengths_of(config):
    return {name: getattr(config, name) for name in ("epochs", "steps", "vae_epochs", "vae_steps")}


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
    expected = {name: preset.get(name) for name in lengths_of(Config())}
    assert lengths_of(Config(method="fld_dm", **settings).resolve()) == {**expected, **changed}


def test_a_methods_length_replaces_that_of_all_methods():
    assert load_preset("small", "repfair")["epochs"] == 39
    assert "epochs" not in load_preset("small", "fld_lsgan")
    assert load_preset("paper", "fld_lsgan")["epochs"] == 20_000


@pytest.mark.parametrize("pair", [("epochs", "steps"), ("vae_epochs", "vae_steps")])
def test_not_both(pair):
    with pytest.raises(InputError, match=f"{pair[0]} and {pair[1]} is 2 and 2: expected one of the two"):
        Config(method="fld_lsgan", **dict.fromkeys(pair, 2)).resolve()


def test_codes_too_long_for_the_penalty():
    with pytest.raises(InputError, match=f"code_size is {LONGEST_CODE + 1}: expected at most {LONGEST_CODE}"):
        Config(method="fair_vae", code_size=LONGEST_CODE + 1).resolve()
    assert Config(method="fair_vae", code_size=80, alpha=-math.inf).resolve().code_size == 80


def test_the_penalty_of_the_longest_codes_is_not_lost_in_single_precision():
    n = 2048  # the largest batch of a preset
    config = Config(method="fair_vae", code_size=LONGEST_CODE, latent_size=LONGEST_CODE).resolve()
    groups = tf.range(n) % 2
    mean = tf.cast(groups, tf.float32)[:, None] * tf.ones((n, config.code_size)) / 10
    with tf.GradientTape() as tape:
        tape.watch(mean)
        v2 = distance_covariance(mean, tf.zeros_like(mean), groups)
    assert v2 > 0
    assert np.abs(tape.gradient(v2, mean)).min() > 0


def test_a_resolved_configuration_stays_as_it_is():
    config = Config(method="fld_dm", epochs=3, vae_epochs=4).resolve()
    assert config.resolve() == config
