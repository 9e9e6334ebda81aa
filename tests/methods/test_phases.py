"""Methods of several phases: a run that is stopped in a later phase goes on as if it had not been."""

from unittest import mock

import numpy as np
import pytest

from repfair_keras.methods.phase import phase_seed
from repfair_keras.runs.config import configure
from repfair_keras.training import callbacks
from repfair_keras.training import loop as fitting
from repfair_keras.training.run import resume, train

SETTINGS = {"method": "boosted_gan", "n_generators": 2, "memory": 16}
LOGS = ["generator_2/log.csv", "log.csv"]
STOP_AFTER = 3  # epochs of all phases: in the middle of the second one


@pytest.mark.slow
def test_stopped_in_the_second_phase(image_folder, folder_instruments, tmp_path, monkeypatch):
    data = {"dataset": "folder", "data_dir": str(image_folder), "instruments": str(folder_instruments)}
    sizes = {
        "filters": 4,
        "latent_size": 4,
        "batch_size": 8,
        "steps": 30,
        "n": 60,
        "probe": 0,
        "figures": False,
    }
    config = configure(**data, **sizes, **SETTINGS)
    with monkeypatch.context() as patch:
        seeds = mock.Mock(side_effect=fitting.seeds)
        patch.setattr(fitting, "seeds", seeds)
        run, report = train(config, tmp_path / "whole", verbose=0)
    assert seeds.call_args_list[:2] == [mock.call(phase_seed(0, 0)), mock.call(phase_seed(0, 1))]
    assert sorted(str(path.relative_to(run.path)) for path in run.path.rglob("log.csv")) == LOGS

    save, saved = callbacks.SaveCheckpoint.on_epoch_end, []

    def stop(self, epoch, logs=None):
        save(self, epoch, logs)
        saved.append(self.checkpoint.path.stem)
        if len(saved) == STOP_AFTER:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt, match="--resume"):
        patch.setattr(callbacks.SaveCheckpoint, "on_epoch_end", stop)
        train(config, tmp_path / "stopped", verbose=0)
    assert len(set(saved)) == 2, "it was stopped in the second phase"
    stopped, resumed = resume(tmp_path / "stopped", verbose=0)
    for name in LOGS:
        assert (stopped.path / name).read_text() == (run.path / name).read_text()
    for name in ("proportions", "quality", "brightness", "by_class"):
        assert getattr(resumed, name) == getattr(report, name)
    for path in run.checkpoints.iterdir():
        with np.load(path) as one, np.load(stopped.checkpoints / path.name) as other:
            for key in set(one.files) - {"seconds"}:
                np.testing.assert_array_equal(one[key], other[key], err_msg=f"{path.stem}/{key}")


def test_the_first_phase_has_the_seed_of_the_run_and_the_others_their_own():
    assert phase_seed(7, 0) == 7
    assert len({phase_seed(seed, number) for seed in range(50) for number in range(20)}) == 1000
    assert 0 <= phase_seed(2**31 - 1, 5) < 2**31
