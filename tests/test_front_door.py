"""Data in memory: trained on, stopped, resumed, sampled, measured and compared from Python."""

import keras
import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.core.errors import TrainingStopped

TINY = {"filters": 4, "latent_size": 8, "batch_size": 16, "steps": 20, "n": 120, "probe": 40}
QUICK = {"instrument_steps": 20, "figures": False, "verbose": 0}


class StopAfterTheFirstEpoch(keras.callbacks.Callback):
    """Ctrl-C in the second epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            raise KeyboardInterrupt


@pytest.mark.slow
def test_arrays_are_trained_on_stopped_and_resumed(digits, tmp_path):
    groups = np.where(digits.groups == 0, "ink", "paper")
    data = rf.ImageDataset.from_arrays(digits.pixels[:160], groups=groups[:160], labels=digits.labels[:160])
    settings = {"method": "repfair", "seed": 3, **TINY, **QUICK}
    whole = rf.train(data, out=tmp_path / "whole", **settings)
    with pytest.raises(TrainingStopped, match=r"Go on with: rf\.train\(data, resume='.*stopped'\)"):
        rf.train(data, out=tmp_path / "stopped", callbacks=[StopAfterTheFirstEpoch()], **settings)
    resumed = rf.train(data, resume=tmp_path / "stopped", verbose=0)
    assert resumed.log.equals(whole.log)
    assert resumed.report.shares == whole.report.shares
    drawn = resumed.sample(12, seed=5)
    np.testing.assert_array_equal(drawn.pixels, whole.sample(12, seed=5).pixels)
    assert drawn.pixels.shape == (12, 28, 28, 1) and drawn.pixels.dtype == np.uint8

    assert set(whole.report.shares) == {"ink", "paper"}
    measured = rf.evaluate(digits.pixels[200:320], reference=data, out=tmp_path / "measured", **QUICK)
    assert measured.n == 120
    assert rf.load_run(tmp_path / "stopped").report.to_dict() == resumed.report.to_dict()
    assert len(rf.compare([whole, tmp_path / "measured"]).to_frame()) > 3


def test_a_frame_is_trained_on_and_sampled(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.integers(18, 70, 300), "sex": rng.choice(["f", "m"], 300)})
    frame["rich"] = np.where(frame["age"] + rng.normal(0, 8, 300) > 45, "yes", "no")
    table = rf.TableDataset.from_frame(frame, sensitive="sex", target="rich")
    settings = {"batch_size": 64, "steps": 4, "n": 100, "code_size": 4, "latent_size": 4}
    run = rf.train(table, method="fair_vae", out=tmp_path / "run", verbose=0, figures=False, **settings)
    rows = run.sample(50, seed=1)
    assert rows.dtypes.to_dict() == frame.dtypes.to_dict()
    assert len(rows) == 50 and set(rows["sex"]) == {"f", "m"}
