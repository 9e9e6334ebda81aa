"""One purpose, one stream; and those that stored numbers depend on stay as they are."""

import re
from pathlib import Path
from unittest import mock

import keras
import numpy as np
import pytest
import tensorflow as tf

import repfair_keras
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.batches import step_keys
from repfair_keras.networks import ensemble
from repfair_keras.runs.config import configure
from repfair_keras.training import callbacks, probes

FIXED = {  # by trained numbers and by exports that were made before
    **{"STEP_NOISE": 0, "STEP_UNIFORM": 1, "SAMPLE_LATENTS": -1, "SAMPLE_LABELS": -2, "SAMPLE_GROUPS": -3},
    **{"PROBE_LATENTS": -4, "MEMORY_LATENTS": -5, "PROBE_MEMBERS": -6, "SAMPLE_VALUES": -7},
    **{"BIN_PLACES": 7, "REAL_CODES": 11, "GENERATED_CODES": 12},
}


def test_numbers_that_stored_things_depend_on_stay():
    assert {name: Stream[name] for name in FIXED} == FIXED


def test_no_number_is_taken_twice_and_none_is_that_of_a_step():
    assert len({stream.value for stream in Stream}) == len(Stream.__members__)
    numpys = {Stream.BIN_PLACES, Stream.REAL_CODES, Stream.GENERATED_CODES, Stream.VALIDATION, Stream.TOLD}
    numpys |= {Stream.ARENA_SENSITIVE, Stream.ARENA_COLUMNS, Stream.DRAWN_SETTINGS}
    steps = {Stream.STEP_NOISE, Stream.STEP_UNIFORM}
    assert all(stream < 0 for stream in set(Stream) - numpys - steps)


def test_steps_have_keys_of_their_own():
    keys = [tuple(key.numpy()) for step in range(50) for key in step_keys(3, tf.constant(step, tf.int64))]
    assert len(set(keys)) == 100
    assert keys[:3] == [(3, 0), (3, 1), (3, 2)]


def test_no_stream_is_a_number_in_the_code():
    sources = Path(repfair_keras.__file__).parent.rglob("*.py")
    literal = re.compile(r"[\[(][^()\[\]]*\bseed[\w.()]*, (-?\d+|[A-Z][A-Z_]*)[)\]]")
    assert [path.name for path in sources if literal.search(path.read_text("utf-8"))] == []


def generator(size=8):
    latents = keras.Input((size,))
    pixels = keras.layers.Dense(28 * 28, activation="tanh")(latents)
    return keras.Model(latents, keras.layers.Reshape((28, 28, 1))(pixels))


def test_the_picture_of_an_epoch_has_other_noise_than_samples_have_groups(digits):
    grid = callbacks.SampleGrid(generator(), Path(), digits, seed=5, n=10)
    (latents,) = grid.inputs if isinstance(grid.inputs, list) else [grid.inputs]
    assert not np.isclose(latents, tf.random.stateless_normal((10, 8), (5, Stream.SAMPLE_GROUPS))).any()


def test_a_look_that_may_end_training_draws_other_members_than_the_samples_reported(digits):
    """The look stops at the first call after the draw: what comes later needs trained classifiers."""
    members = [generator(), generator()]
    images = [np.zeros((4, 28, 28, 1), np.float32) for _ in members]
    model = ensemble.ensemble(members, "brightness", images)
    drawn = mock.Mock(side_effect=ensemble.uniforms)
    told = mock.patch.object(probes, "groups_told", return_value=True)
    with told, mock.patch.object(ensemble, "uniforms", drawn), pytest.raises(AttributeError):
        probes.on_target(None, configure(probe=20, latent_size=8, seed=5), digits, None, model)
    (n, seed, stream), _ = drawn.call_args
    assert (n, seed) == (20, 5)
    reported = ensemble.uniforms(n, seed, Stream.SAMPLE_MEMBERS)
    assert not np.isclose(ensemble.uniforms(n, seed, stream), reported).any()
