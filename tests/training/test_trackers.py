"""Trackers of experiments hear of a training through Keras callbacks."""

import math

import pytest

import repfair_keras as rf


@pytest.mark.slow
def test_mlflow_gets_every_column_of_the_log(image_folder, folder_instruments, tmp_path, monkeypatch):
    pytest.importorskip("mlflow", reason="no MLflow: pip install mlflow-skinny")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    import mlflow
    import mlflow.keras

    mlflow.set_tracking_uri((tmp_path / "tracked").as_uri())
    tiny = {"filters": 4, "latent_size": 8, "batch_size": 8, "steps": 6, "n": 100}
    data = {"data_dir": str(image_folder), "instruments": str(folder_instruments)}
    with mlflow.start_run() as tracked:
        callbacks = [mlflow.keras.MlflowCallback(log_every_epoch=True)]
        run = rf.train(
            "folder",
            method="repfair",
            out=tmp_path / "run",
            verbose=0,
            figures=False,
            callbacks=callbacks,
            **data,
            **tiny,
        )
    found = mlflow.MlflowClient().get_run(tracked.info.run_id).data.metrics
    last = run.log.iloc[-1]
    assert {"g_loss", "d_grad_norm/white", "d_grad_norm/black", "share/white"} <= set(found)
    for name, value in found.items():
        assert math.isclose(value, last[name], rel_tol=1e-5) or math.isnan(value), name
