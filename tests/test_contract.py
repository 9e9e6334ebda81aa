"""What every method and every data set must do. A new line in the registry is tested by these as it is."""

import csv
import dataclasses
import json
import random

import keras
import numpy as np
import pytest
import tensorflow as tf
import yaml

from repfair_keras.data.images.load import load
from repfair_keras.export.image_endpoints import export_generator
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.modalities import image_evaluation
from repfair_keras.networks.conditions import condition_names, conditions_of, in_turn
from repfair_keras.registry import IMAGES, REGISTRY, lookup, names
from repfair_keras.runs.config import config_from_dict, configure
from repfair_keras.training import callbacks
from repfair_keras.training.checkpoint import OPTIMIZERS
from repfair_keras.training.run import resume, train

TINY = {"filters": 4, "latent_size": 8, "batch_size": 8, "n": 150, "max_grad_norm": 0.5, "dropout": 0.3}
# Of methods with several phases; others do not read them.
FEW = {"encoder_epochs": 1, "n_generators": 2, "memory": 32, "vae_epochs": 1, "diffusion_steps": 5}
FAST = ("repfair",)  # one of images; the others are marked slow
REPORT_KEYS = {
    *("method", "dataset", "seed", "n", "groups", "proportions", "intervals", "gap", "kl", "tv", "fd"),
    *("undecided", "noise_floor", "by_class", "classifier", "wall_seconds", "label_agreement"),
}


pytestmark = pytest.mark.usefixtures("quick_classifiers")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=() if name in FAST else pytest.mark.slow)
        for name in names("method")
        if IMAGES in lookup("method", name).modalities
    ],
)
def finished(request, image_folder, folder_instruments, tmp_path_factory):
    """`(Config, RunDir, report)` of a short run of each method.

    There are 120 images, 15 steps an epoch; 40 steps are two epochs and a part of a third.
    """
    data = {"dataset": "folder", "data_dir": str(image_folder), "instruments": str(folder_instruments)}
    config = configure(method=request.param, steps=40, **data, **TINY, **FEW, unread="drop")
    run, report = train(config, tmp_path_factory.mktemp(request.param) / "run", verbose=0)
    return config, run, report


def without_times(report):
    return dataclasses.replace(report, timings=None, wall_seconds=None)


def test_files_and_report(finished):
    config, run, report = finished
    assert report.method == config.method.name
    assert set(report.to_dict()) >= REPORT_KEYS
    assert json.loads(run.report.read_text()) == report.to_dict()
    assert len(report.by_class) == (10 if ImageSampler(run.generator).takes_labels else 0)
    if report.proportions is not None:
        assert sum(report.proportions) == pytest.approx(1)
    for path in (run.config, run.versions, run.log, run.generator, run.generator_keras, run.tensorboard):
        assert path.exists(), path
    assert len(list(run.figures.glob("*.png"))) >= 4
    assert len(list(run.samples.glob("*.png"))) == 3
    if not config.method.makes_images:
        assert report.latents.to_dict() == json.loads(run.codes.read_text())
        assert (run.figures / "codes.png").is_file()
        assert "## Latents" in run.report_md.read_text()
    assert not list(run.path.rglob(".*")), "temporary files are left"


def test_log_has_the_diagnostics_of_every_group(finished):
    config, run, _ = finished
    with run.log.open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["step"]) for row in rows] == [15, 30, 40]
    if not config.method.makes_images:  # its players are no players of images
        assert all(np.isfinite(float(value)) for row in rows for name, value in row.items() if "loss" in name)
        return
    for group in ("black", "white"):
        for column in ("d_grad_norm", "d_loss", "clip_fraction", "step_norm"):
            assert all(np.isfinite(float(row[f"{column}/{group}"])) for row in rows)
        assert float(rows[0][f"d_grad_norm/{group}"]) > 0
    clipped = sum(float(row["clip_fraction/black"]) for row in rows)
    assert (clipped > 0) == ("max_grad_norm" in config.method.setting_names())


def test_saved_model_equals_keras(finished):
    _, run, _ = finished
    sampler, generator = ImageSampler(run.generator), keras.models.load_model(run.generator_keras)
    latents = np.random.default_rng(0).normal(size=(300, 8)).astype(np.float32)
    labels, groups = in_turn(300, 10, 2)
    conditions = conditions_of(generator, label=labels, group=groups, member=labels % 2)
    loaded = tf.saved_model.load(str(run.generator))
    exported = loaded.generate(latents, *conditions)["images"].numpy()
    np.testing.assert_allclose(exported, generator([latents, *conditions]), atol=1e-6)
    images, drawn, *_ = sampler.generate(300, seed=4)
    assert images.shape == (300, 28, 28, 1)
    assert images.dtype == np.float32
    assert np.abs(images).max() <= 1
    again, same, *_ = sampler.generate(300, seed=4)
    assert images.tobytes() == again.tobytes()
    if "label" in condition_names(generator):
        assert set(drawn) == set(range(10))
        assert drawn.tobytes() == same.tobytes()
    assert images.tobytes() != sampler.generate(300, seed=5).images.tobytes()


def test_stored_configuration_stopped_and_resumed_gives_the_same_numbers(finished, tmp_path, monkeypatch):
    """Even while other threads draw from Python's random numbers, from which Keras would seed its layers."""
    _, run, report = finished
    monkeypatch.setattr(random, "randint", random.SystemRandom().randint)
    config = config_from_dict(yaml.safe_load(run.config.read_text()))
    save = callbacks.SaveCheckpoint.on_epoch_end

    def stop(self, epoch, logs=None):
        save(self, epoch, logs)
        if epoch == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt, match="--resume"):
        patch.setattr(callbacks.SaveCheckpoint, "on_epoch_end", stop)
        train(config, tmp_path / "stopped", verbose=0)
    monkeypatch.setattr(
        image_evaluation, "save_figures", lambda *arguments, **options: None
    )  # as in `finished`
    stopped, resumed = resume(tmp_path / "stopped", verbose=0)
    assert stopped.config.read_text() == run.config.read_text()
    assert stopped.log.read_text() == run.log.read_text()
    assert without_times(resumed) == without_times(report)
    names_ = sorted(path.name for path in run.checkpoints.iterdir())
    for name in names_:
        with np.load(run.checkpoints / name) as one, np.load(stopped.checkpoints / name) as other:
            for key in set(one.files) - {"seconds"}:
                np.testing.assert_array_equal(one[key], other[key], err_msg=key)


def test_model_round_trip(finished, image_folder, tmp_path):
    config, _, _ = finished
    data = load("folder", image_folder)
    *_, phase = config.phases(data)
    phase.model.run_eagerly = True  # three steps are not worth a graph
    phase.model.fit(phase.batches(start=0), steps_per_epoch=3, shuffle=False, verbose=0)
    phase.model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    one, other = phase.model.get_config(), loaded.get_config()
    for network in [name for name, part in one.items() if isinstance(part, dict) and "config" in part]:
        one[network], other[network] = (
            [(layer["class_name"], layer["name"]) for layer in config[network]["config"]["layers"]]
            for config in (one, other)
        )
    assert one == other
    optimizers = [(getattr(phase.model, name, None), getattr(loaded, name, None)) for name in OPTIMIZERS]
    assert any(one is not None for one, _ in optimizers)
    for one, other in [pair for pair in optimizers if pair[0] is not None]:
        for a, b in zip(one.variables, other.variables, strict=True):
            np.testing.assert_array_equal(a, b)
    for a, b in zip(phase.model.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("dataset", [name for name in REGISTRY["image_dataset"] if name != "arrays"])
@pytest.mark.parametrize("use_labels", [None, pytest.param(False, marks=pytest.mark.slow)])
def test_data_set(dataset, use_labels, data_dir_of, tmp_path):
    data = load(dataset, data_dir_of(dataset), use_labels=use_labels)
    assert data.images.dtype == np.float32
    assert data.images.min() >= -1
    assert data.images.max() <= 1
    assert data.pixels.ndim == 4
    assert set(np.unique(data.groups)) == set(range(data.n_groups))
    config = configure(dataset=dataset, steps=2, **TINY)
    (phase,) = config.phases(data)
    phase.model.run_eagerly = True
    phase.model.fit(phase.batches(start=0), steps_per_epoch=2, shuffle=False, verbose=0)
    export_generator(phase.generator, tmp_path / "generator", data.n_classes)
    images, labels, *_ = ImageSampler(tmp_path / "generator").generate(5, seed=0)
    assert images.shape == (5, *data.image_shape)
    assert (labels is None) == (data.n_classes == 0)


@pytest.mark.slow
def test_three_groups_without_classes(npz_file, tmp_path):
    config = configure(
        dataset="npz", data_dir=str(npz_file), use_labels=False, steps=20, figures=False, **TINY
    )
    run, report = train(config, tmp_path / "run", verbose=0)
    assert len(report.groups) == 3
    assert (report.by_class, report.label_agreement) == ([], None)
    with run.log.open() as file:
        assert f"clip_fraction/{report.groups[2]}" in next(csv.reader(file))
    images, labels, *_ = ImageSampler(run.generator).generate(7, seed=0)
    assert (images.shape, labels) == ((7, 28, 28, 1), None)
