"""The XLA program of a run's step, executed by TensorFlow, against the step itself."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.data.batches import Batch
from repfair_keras.runs.config import configure
from repfair_keras.runs.log import read_log
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.sweeps.records import load_records
from repfair_keras.training.run import prepare

TOOL = Path(__file__).parents[2] / "tools" / "train_elsewhere"


@pytest.fixture
def write_step(monkeypatch):
    from repfair_keras.networks.thin_conv import ThinConv2D

    monkeypatch.setattr(ThinConv2D, "convolution_op", ThinConv2D.convolution_op)  # put back what it changes
    monkeypatch.syspath_prepend(TOOL)
    return importlib.import_module("write_step")


def prepared(write_step, image_folder, **settings):
    options = {"batch_size": 8, "filters": 2, "latent_size": 6, "steps": 4, "preset": "modern", **settings}
    config = configure(**{"dataset": "folder", "data_dir": str(image_folder), **options})
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


@pytest.mark.slow
def test_what_was_trained_elsewhere_becomes_a_run_with_a_record(write_step, image_folder, tmp_path):
    """Weights and looks "come back" as they were before a step, from a run of 16 steps, looked at twice."""
    options = {"method": "repfair", "preset": "small", "steps": 16, "ema": 0.9, "probe": 60, "n": 100}
    options |= {"dataset": "mnist_5k", "data_dir": None, "instrument_steps": 80, "figures": False}
    config, _, phase = prepared(write_step, image_folder, **options)
    job = tmp_path / "repfair"
    write_step.write_job(job, config)
    about = json.loads((job / "job.json").read_text())
    assert about["told"] == {"labels": "labels", "groups": "groups", "fake_groups": "groups"}
    assert set(np.load(tmp_path / about["batches"]).files) == {"rows", "fake_labels"}
    variables = {name: np.array(variable) for name, variable in write_step.variables_of(phase.model).items()}
    with np.load(tmp_path / about["state"]) as state:
        for name, values in variables.items():
            stored = state[name] if name in state.files else np.zeros(*about["zero"][name])
            np.testing.assert_array_equal(stored, values)

    for generator, bias in zip(write_step.generators_of(phase).values(), (3.0, -3.0), strict=True):
        generator.get_layer("image").bias.assign([bias])  # white and black images: some are clear
    variables |= {name: np.array(variable) for name, variable in write_step.variables_of(phase.model).items()}
    plan = prepare(config.replace(instruments=str(job / "instruments")))
    tools = write_step.make_instruments(plan, RunDir(tmp_path / "again"))
    look = write_step.look_of(write_step.generators_of(phase).values(), config, tools)
    given = np.load(tmp_path / about["looks"]["given"])
    seen = [part.numpy() for part in look(*(given[name] for name in write_step.OF_LOOK))]
    assert about["looks"]["returned"] == [
        "corners",
        "logits",
        "labels",
        "raw/corners",
        "raw/logits",
        "raw/labels",
    ]
    assert seen[0].shape == (60, 2, 2, 1) and seen[1].shape == (60, 2) and seen[2].shape == (60,)
    known = {**variables, **np.load(tmp_path / about["looks"]["tools"])}
    for name, tensor in zip(
        about["looks"]["read"], look.get_concrete_function().captured_inputs, strict=True
    ):
        value = (
            tf.raw_ops.ReadVariableOp(resource=tensor, dtype=known[name].dtype)
            if tensor.dtype == tf.resource
            else tensor
        )
        np.testing.assert_array_equal(known[name], value, err_msg=name)
    lines = [
        {"step": step, **{name: np.ones(*about["zero"][name]).tolist() for name in about["metrics"]}}
        for step in (8, 16)
    ]
    summary = {"steps": 16, "seconds": 1.0, "device": "a card", "log": lines}
    kept = {name: variables[name] for part in about["kept"].values() for name in part}
    named = dict(zip(about["looks"]["returned"], seen, strict=True))
    looks = {f"looks/{step}/{name}": part for step in (8, 16) for name, part in named.items()}
    np.savez(job / "trained.npz", summary=np.array(json.dumps(summary)), **kept, **looks)

    adopt = importlib.import_module("adopt")
    adopt.main(job, tmp_path / "run", tmp_path / "records")
    log = read_log(tmp_path / "run" / "log.csv")
    assert [row["step"] for row in log] == [8, 16]
    counted = [
        name
        for name in log[1]
        if name.endswith(("undecided", "right_label", "class_gap")) or "share/" in name
    ]
    assert len(counted) == 10 and all(log[0][name] == log[1][name] for name in counted), (
        "what a look has seen is what the probe sees of the same weights"
    )
    assert "step_norm/black" in log[1]
    (record,) = load_records(tmp_path / "records").found
    assert record["trained_on"] == "a card" and record["config"]["steps"] == 16
