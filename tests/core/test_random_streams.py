"""One purpose, one stream; and those that stored numbers depend on stay as they are."""

import re
from pathlib import Path
from unittest import mock

import numpy as np
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
    numpys = {Stream.BIN_PLACES, Stream.REAL_CODES, Stream.GENERATED_CODES}
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


def test_the_picture_of_an_epoch_has_other_noise_than_samples_have_groups(digits):
    generator = mock.Mock(inputs=[mock.Mock(shape=(None, 8))])
    with (
        mock.patch.object(callbacks, "condition_names", return_value=()),
        mock.patch.object(callbacks, "inputs_of", side_effect=lambda generator, x, **rest: x),
    ):
        grid = callbacks.SampleGrid(generator, Path(), digits, seed=5, n=10)
    as_groups = tf.random.stateless_normal((10, 8), (5, Stream.SAMPLE_GROUPS))
    assert not np.isclose(grid.inputs, as_groups).any()


def test_a_look_that_may_end_training_draws_other_members_than_the_samples_reported():
    uniforms = mock.Mock(side_effect=InterruptedError)
    model = mock.Mock(inputs=[mock.Mock(shape=(None, 2))])
    config = configure(probe=4, latent_size=2, seed=5)
    with (
        mock.patch.object(ensemble, "uniforms", uniforms),
        mock.patch.object(probes, "conditions_of", return_value=[None]),
        mock.patch.object(probes, "in_turn", return_value=(np.zeros(4), np.zeros(4))),
    ):
        try:
            probes.on_target(None, config, mock.Mock(n_groups=2), None, model)
        except InterruptedError:
            (n, seed, stream), _ = uniforms.call_args
    assert (n, seed) == (4, 5)
    assert not np.isclose(
        ensemble.uniforms(n, seed, stream), ensemble.uniforms(n, seed, Stream.SAMPLE_MEMBERS)
    ).any()
