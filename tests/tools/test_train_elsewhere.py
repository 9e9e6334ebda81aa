"""The XLA program of a run's step, executed by TensorFlow, against the step itself."""

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.data.batches import Batch
from repfair_keras.runs.config import configure
from repfair_keras.runs.log import read_log
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.sweeps.records import load_records
from repfair_keras.training.probes import looked_at
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


@pytest.fixture
def run_step(monkeypatch):
    """`run_step` without JAX, which needs not be here: arrays stay what they are."""
    device = SimpleNamespace(device_kind="a card")
    jax = SimpleNamespace(
        config=SimpleNamespace(update=lambda *_: None),
        devices=lambda: [device],
        device_put=lambda array, _: np.asarray(array),
    )
    stubs = {"jax": jax, "jaxlib.mlir": SimpleNamespace(ir=None)}
    stubs["jax._src.interpreters"] = SimpleNamespace(mlir=None)
    stubs["jax._src.lib"] = SimpleNamespace(xla_client=None)
    stubs |= {"jaxlib": SimpleNamespace(_jax=None), "jax._src": SimpleNamespace()}
    monkeypatch.syspath_prepend(TOOL)
    with pytest.MonkeyPatch.context() as patch:  # others look for JAX among the modules
        for name, stub in stubs.items():
            patch.setitem(sys.modules, name, stub)
        module = importlib.import_module("run_step")
    yield module
    sys.modules.pop("run_step")


def test_a_job_is_taken_once_and_again_after_a_failure(run_step, monkeypatch, tmp_path, capsys):
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "job.json").write_text("{}")
    jobs, ran = [str(tmp_path / name) for name in ("first", "second")], []

    def run(job, seconds):
        ran.append((job.name, seconds))
        if ran == [("first", 5.0)]:
            raise MemoryError

    monkeypatch.setattr(run_step, "run", run)
    with pytest.raises(MemoryError):
        run_step.main(*jobs, "5")
    run_step.main(*jobs)
    run_step.main(*jobs)
    assert ran == [("first", 5.0), ("first", np.inf), ("second", np.inf)]
    assert capsys.readouterr().out.count("begun before") == 2


def test_what_cannot_be_a_job_is_refused(write_step, image_folder, tmp_path):
    (tmp_path / "job.json").write_text("{}")
    settings = {"dataset": "folder", "data_dir": str(image_folder), "steps": 4}
    with pytest.raises(InputError, match="holds a job: remove it"):
        write_step.write_job(tmp_path, configure(**settings))
    theirs = configure(**settings, classifier="mine.keras", probe=8)
    with pytest.raises(InputError, match=r"mine\.keras, which cannot look .* --probe 0"):
        write_step.write_job(tmp_path / "new", theirs)
    assert not (tmp_path / "new").exists()
    with pytest.raises(InputError, match=r"holds no trained\.npz"):
        importlib.import_module("adopt").main(tmp_path, tmp_path / "run")


@pytest.mark.slow
def test_what_was_trained_elsewhere_becomes_a_run_with_a_record(
    write_step, run_step, image_folder, tmp_path, monkeypatch
):
    """`run_step` itself, with TensorFlow in the place of JAX, uncompiled: 16 steps, looked at eight times."""
    options = {"method": "repfair", "preset": "small", "steps": 16, "ema": 0.9, "probe": 60, "n": 100}
    options |= {"dataset": "mnist_5k", "data_dir": None, "instrument_steps": 80, "figures": False}
    config, data, phase = prepared(write_step, image_folder, **options)
    for generator, bias in zip(looked_at(phase).values(), (3.0, -3.0), strict=True):
        generator.get_layer("image").bias.assign([bias])  # white and black images: some are clear
    monkeypatch.setattr(write_step, "first_phase", lambda *_: phase)
    job = tmp_path / "repfair"
    write_step.write_job(job, config)
    about = json.loads((job / "job.json").read_text())
    assert about["told"] == {"labels": "labels", "groups": "groups", "fake_groups": "groups"}
    assert set(np.load(tmp_path / about["batches"]).files) == {"rows", "fake_labels"}

    instruments = str(job / "instruments")
    tools = write_step.make_instruments(
        prepare(config.replace(instruments=instruments)), RunDir(tmp_path / "again")
    )
    program, variables = write_step.program_of(config, data, phase, about["together"])
    look = write_step.look_of(looked_at(phase).values(), config, tools)
    first = {name: np.array(variable) for name, variable in variables.items()}
    known = first | dict(np.load(tmp_path / about["looks"]["tools"]))
    for name, tensor in zip(
        about["looks"]["read"], look.get_concrete_function().captured_inputs, strict=True
    ):
        read = tf.raw_ops.ReadVariableOp if tensor.dtype == tf.resource else None
        value = read(resource=tensor, dtype=known[name].dtype) if read else tensor
        np.testing.assert_array_equal(known[name], value, err_msg=name)

    given = np.load(tmp_path / about["looks"]["given"])
    seen = dict(
        zip(about["looks"]["returned"], look(*(given[name] for name in write_step.OF_LOOK)), strict=True)
    )
    for prefix, generator in looked_at(phase).items():
        images = generator([given["latents"], given["labels"]], training=False).numpy()
        corners = images[:, [0, 0, -1, -1], [0, -1, 0, -1]].reshape(60, 2, 2, 1)
        np.testing.assert_allclose(seen[f"{prefix}corners"], corners, atol=1e-5)
        assert len(np.unique(corners[0])) == 4, "each is one of its own"

    def executed(function, arguments):
        n = len(function.input_signature)
        names = about["read"] if function is program else about["looks"]["read"]
        for name, value in zip(names, arguments[n:], strict=True):
            if name in variables:
                variables[name].assign(value)
        return [np.array(part) for part in function.python_function(*map(tf.constant, arguments[:n]))]

    monkeypatch.setattr(run_step, "compiled", lambda path, _: program if path.name == "step.hlo" else look)
    monkeypatch.setattr(run_step, "executed", executed)
    run_step.main(str(job))
    with np.load(job / "trained.npz") as trained:
        weights = {name: trained[name] for part in about["kept"].values() for name in part}
    assert all(np.array_equal(variables[name], values) for name, values in weights.items())
    assert any(not np.array_equal(first[name], values) for name, values in weights.items())

    with np.load(job / "trained.npz") as trained:  # the last look is kept out of what the end has measured
        arrays = dict(trained)
    moved = {name.replace("looks/16/", "looks/14/"): values for name, values in arrays.items()}
    np.savez(job / "trained.npz", **moved)
    importlib.import_module("adopt").main(job, tmp_path / "run", tmp_path / "records")
    log = read_log(tmp_path / "run" / "log.csv")
    assert [row["step"] for row in log] == [2, 4, 6, 8, 10, 12, 14, 16]
    before, last = log[-2:]
    counted = [
        name for name in last if name.endswith(("undecided", "right_label", "class_gap", "black", "white"))
    ]
    counted = [name for name in counted if "kid" not in name and "norm" not in name and "clip" not in name]
    assert len(counted) == 10 and {name: before[name] for name in counted} == {
        name: last[name] for name in counted
    }, "what a look has seen is what the probe sees of the same weights"
    assert "step_norm/black" in last
    (record,) = load_records(tmp_path / "records").found
    assert record["trained_on"] == "a card" and record["config"]["steps"] == 16
    assert record["commit"] == about["versions"]["commit"]
