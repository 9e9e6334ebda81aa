"""The XLA program of a run's step, executed by TensorFlow, against the step itself."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.data.batches import Batch
from repfair_keras.runs.config import configure
from repfair_keras.training.run import prepare

SCRIPT = Path(__file__).parents[2] / "tools" / "train_elsewhere" / "write_step.py"


@pytest.fixture
def write_step(monkeypatch):
    from repfair_keras.networks.thin_conv import ThinConv2D

    monkeypatch.setattr(ThinConv2D, "convolution_op", ThinConv2D.convolution_op)  # put back what it changes
    spec = importlib.util.spec_from_file_location("write_step", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prepared(write_step, image_folder, **settings):
    options = {"batch_size": 8, "filters": 2, "latent_size": 6, "steps": 4, "preset": "modern", **settings}
    config = configure(dataset="folder", data_dir=str(image_folder), **options)
    data = prepare(config).dataset
    return config, data, write_step.first_phase(config, data)


def test_a_method_of_several_phases_is_refused(write_step, image_folder):
    for method, settings in {"boosted_gan": {}, "stacked_gan": {"network": None, "preset": "small"}}.items():
        with pytest.raises(
            InputError, match=f"method is '{method}', which trains in several phases or on latents"
        ):
            prepared(write_step, image_folder, method=method, **settings)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["repfair", "group_cgan"])
def test_program_is_the_step(method, write_step, image_folder):
    config, data, phase = prepared(write_step, image_folder, method=method, network="resnet", beta_1=0.5)
    batches = [Batch(*batch) for batch in phase.batches(start=0).take(4)]
    told = write_step.batches_of_run(config, data, phase)
    for step, batch in enumerate(batches):
        real = data.pixels[told["rows"][step]].astype(np.float32) / 127.5 - 1.0
        np.testing.assert_allclose(real, batch.images, atol=1e-6)
        for name in write_step.OF_STEPS:
            np.testing.assert_array_equal(told[name][step], getattr(batch, name))

    program, variables = write_step.program_of(config, data, phase, together=4)
    before = {name: np.array(variable) for name, variable in variables.items()}
    latents = tf.stack([batch.latents for batch in batches])
    given = [tf.constant(told[name]) for name in ("rows", *write_step.OF_STEPS)]
    after = program(tf.constant(data.pixels), given[0], latents, *given[1:])
    after = dict(zip(variables, map(np.array, after), strict=True))
    for name, variable in variables.items():
        variable.assign(before[name])
    step = tf.function(phase.model.train_step, autograph=False)
    for batch in batches:
        step(batch)
    assert not np.allclose(before["model/0"], variables["model/0"])
    for name, variable in variables.items():
        scale = np.abs(np.array(variable)).max() + 1e-6
        np.testing.assert_allclose(after[name] / scale, np.array(variable) / scale, atol=2e-2, err_msg=name)
