"""Methods, objectives and networks together: each chosen pair trains, stops anywhere, and goes on bit for bit."""

import shutil

import keras
import numpy as np
import pytest

from repfair_keras.runs.config import configure
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.training import callbacks
from repfair_keras.training.run import resume, train

MODERN = {"loss": "relativistic", "update": "joint", "r1": 1.0, "r2": 0.5, "ema": 0.9}
CHOSEN = {
    "gan": {
        "loss": "hinge",
        "network": "dcgan",
        "update": "joint",
        "spectral_norm": True,
        "r2": 0.1,
        "d_steps": 2,
    },
    "repfair": {**MODERN, "network": "dcgan", "augment": ["colour", "translation"], "max_grad_norm": 0.3},
    "group_cgan": {
        "loss": "hinge",
        "network": "resnet",
        "spectral_norm": True,
        "augment": ["cutout", "flip"],
    },
    "clipping_only": {
        "loss": "wasserstein_gp",
        "update": "joint",
        "network": "cgan",
        "d_steps": 2,
        "ema": 0.5,
    },
    "group_balanced": {"loss": "least_squares", "network": "dcgan", "r1": 0.1, "precision": "mixed_bfloat16"},
    "alternation_only": {"network": "resnet", "fake_weight": 0.5, "d_steps": 2, "update": "joint"},
}
TINY = {"filters": 2, "latent_size": 6, "batch_size": 8, "probe": 0, "steps": 24}


@pytest.mark.slow
@pytest.mark.parametrize("method", CHOSEN)
def test_stopped_and_resumed_equals_uninterrupted(
    method, training_alone, image_folder, tmp_path, monkeypatch
):
    data = {"dataset": "folder", "data_dir": str(image_folder)}
    config = configure(method=method, **CHOSEN[method], **TINY, **data)
    save = callbacks.SaveCheckpoint.on_epoch_end

    def copy(self, epoch, logs=None):
        """What a process that is killed after its first checkpoint leaves; to train it anew would take as long."""
        save(self, epoch, logs)
        if epoch == 0:
            shutil.copytree(tmp_path / "whole", tmp_path / "stopped")

    with monkeypatch.context() as patch:
        patch.setattr(callbacks.SaveCheckpoint, "on_epoch_end", copy)
        train(config, tmp_path / "whole", verbose=0)
    steps = len(RunDir(tmp_path / "stopped").log.read_text().splitlines())
    assert steps < len(RunDir(tmp_path / "whole").log.read_text().splitlines())
    resume(tmp_path / "stopped", verbose=0)
    whole, stopped = (RunDir(tmp_path / name) for name in ("whole", "stopped"))
    with np.load(whole.checkpoints / "gan.npz") as one, np.load(stopped.checkpoints / "gan.npz") as other:
        assert set(one.files) == set(other.files)
        names = set(one.files) - {"seconds"}
        assert not {name for name in names if not np.array_equal(one[name], other[name])}
    assert whole.log.read_text() == stopped.log.read_text()


@pytest.mark.slow
def test_an_ensemble_of_modern_generators(training_alone, image_folder, tmp_path):
    data = {"dataset": "folder", "data_dir": str(image_folder)}
    own = {"n_generators": 2, "memory": 16, "base_method": "gan"}
    config = configure(method="boosted_gan", **own, **MODERN, network="dcgan", **{**TINY, "steps": 6}, **data)
    run, _ = train(config, tmp_path / "run", verbose=0)
    assert len(list(run.checkpoints.glob("*.npz"))) == 2


@pytest.mark.slow
@pytest.mark.usefixtures("quick_classifiers")
def test_the_average_is_exported_and_the_last_step_kept_beside(image_folder, folder_instruments, tmp_path):
    data = {"dataset": "folder", "data_dir": str(image_folder), "instruments": str(folder_instruments)}
    more = {"n": 60, "figures": False, "network": "dcgan"}
    run, report = train(
        configure(method="gan", **MODERN, **more, **TINY, **data), tmp_path / "run", verbose=0
    )
    average, raw = (keras.models.load_model(path) for path in (run.generator_keras, run.generator_raw))
    for mean, last in zip(average.get_weights(), raw.get_weights(), strict=True):
        assert mean.shape == last.shape
    assert any(
        np.abs(a - b).max() > 1e-6 for a, b in zip(average.get_weights(), raw.get_weights(), strict=True)
    )
    assert report.n == 60
