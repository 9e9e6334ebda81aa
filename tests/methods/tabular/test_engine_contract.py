"""What every engine of tables must do: train, report, export, stop and go on, and make rows as they are asked for."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

import repfair_keras as rf
from repfair_keras.core.errors import InputError, TrainingStopped
from repfair_keras.data.tables.schema import Schema
from repfair_keras.registry import REGISTRY, lookup
from repfair_keras.sampling.sample import sample_rows
from repfair_keras.training import callbacks
from repfair_keras.training.run import resume

ENGINES = [name for name in REGISTRY["method"] if lookup("method", name).encoding == "faithful"]
FEW = {
    "tab_ddpm": {"steps": 20, "batch_size": 32, "width": 16, "diffusion_steps": 4},
    "tab_fairgan": {"steps": 20, "batch_size": 16, "latent_size": 8, "d_steps": 2},
}


def people(n=240):
    """A table with what tables have: a rule, a sentinel, missing values, a key, words and numbers."""
    rng = np.random.default_rng(0)
    sex, race = rng.choice(["f", "m"], n), rng.choice(["a", "b"], n, p=[0.7, 0.3])
    years = rng.integers(0, 20, n)
    rich = rng.random(n) < 0.2 + 0.3 * (sex == "m") + 0.02 * years
    school = rng.choice(["none", "school", "college"], n)
    return pd.DataFrame(
        {
            "person_id": np.arange(1000, 1000 + n),
            "sex": sex,
            "race": race,
            "years": np.where(rng.random(n) < 0.1, 9999, years),
            "school": school,
            "school_years": pd.Series(school).map({"none": 0, "school": 10, "college": 14}),
            "weight": np.where(rng.random(n) < 0.1, np.nan, np.round(rng.normal(70, 9, n), 1)),
            "rich": np.where(rich, "yes", "no"),
        }
    )


@pytest.fixture(scope="module", params=ENGINES)
def finished(request, tmp_path_factory):
    """`(method, frame, settings, run)` of a short training on a file."""
    frame, folder = people(), tmp_path_factory.mktemp(request.param)
    frame.to_csv(folder / "people.csv", index=False)
    settings = {"dataset": "csv", "data_dir": str(folder / "people.csv"), "method": request.param}
    settings |= {"grouping": "sex,race", "target_column": "rich", "n": 60, "figures": False, "verbose": 0}
    settings |= FEW.get(request.param, {})
    return request.param, frame, settings, rf.train(out=folder / "run", **settings)


def test_report_card_and_files(finished):
    method, _, _, run = finished
    report = json.loads((run.path / "report.json").read_text())
    assert report["method"] == method
    assert report["groups"] == ["f & a", "f & b", "m & a", "m & b"]
    assert set(report["values"]) == {
        f.name for f in dataclasses.fields(type(run.report.values)) if f.name != "extra"
    }
    assert report["values"]["rules"] == {
        "school_years is a function of school": {"synthetic": 0.0, "test": 0.0}
    }
    text = (run.path / "report.md").read_text()
    assert "## Values as they are written" in text
    assert "| m / b |" in text
    card = (run.path / "generator" / "README.md").read_text()
    assert method in card
    assert "school_years is a function of school" in card
    assert not list(run.path.rglob(".*")), "temporary files are left"


def test_rows_are_those_of_the_table(finished):
    _, frame, _, run = finished
    rows = sample_rows(run.path, 100, seed=3).frame
    assert list(rows) == list(frame)
    assert rows.drop(columns="weight").dtypes.equals(frame.drop(columns="weight").dtypes)
    assert rows["person_id"].min() > frame["person_id"].max()
    assert set(rows["years"]) <= set(frame["years"])
    pairs = set(zip(frame["school"], frame["school_years"], strict=True))
    assert set(zip(rows["school"], rows["school_years"], strict=True)) <= pairs
    pd.testing.assert_frame_equal(rows, sample_rows(run.path, 100, seed=3).frame)
    assert not rows.equals(sample_rows(run.path, 100, seed=4).frame)


def test_export_samples_without_this_package(finished):
    _, _, _, run = finished
    model = tf.saved_model.load(str(run.path / "generator"))
    schema = Schema.from_json((run.path / "generator" / "schema.json").read_text())
    codes = model.sample(50, 1)["codes"].numpy()
    assert codes.shape == (50, len(schema.columns))
    assert (codes >= 0).all()
    assert (codes < schema.sizes).all()


def test_what_it_is_told_can_be_chosen(finished):
    method, _, _, run = finished
    told = {"cart": 3, "tab_ddpm": 3, "fair_trees": 2, "tab_fairgan": 0}[method]
    if told == 3:
        asked = sample_rows(run.path, 400, independent="sex,race", shares="uniform", target_shares="uniform")
        counts = asked.frame.groupby(["sex", "race", "rich"]).size()
        assert counts.tolist() == [50] * 8
        assert len(asked.manifest["changes"]) == 3
    else:
        with pytest.raises(InputError, match=r"independent|target_shares"):
            sample_rows(run.path, 40, independent="rich" if told else "sex")
        with pytest.raises(InputError, match="independent"):
            sample_rows(run.path, 40, independent="sex", where="years < 9999")
        with pytest.raises(InputError, match="train a method that is told it"):
            sample_rows(run.path, 40, target_shares="uniform")
    if told:
        groups = sample_rows(run.path, 40, shares="uniform").manifest["groups"]
        counts = {name: 5 + i for i, name in enumerate(groups)}
        assert sample_rows(run.path, counts=counts).manifest["groups"] == counts
        with pytest.raises(InputError, match="shares is 'marginal', but counts say how many there are"):
            sample_rows(run.path, counts=counts, shares="marginal")
        only = sample_rows(run.path, 30, where="sex == f and years < 9999").frame
        assert set(only["sex"]) == {"f"}
        assert only["years"].max() < 9999
    else:
        with pytest.raises(InputError, match="makes the columns of the groups itself"):
            sample_rows(run.path, 40, shares="uniform")


def test_stopped_and_resumed_gives_the_same(finished, tmp_path, monkeypatch):
    method, _, settings, run = finished
    if method in FEW:
        save = callbacks.SaveCheckpoint.on_epoch_end

        def stop(self, epoch, logs=None):
            save(self, epoch, logs)
            raise KeyboardInterrupt

        monkeypatch.setattr(callbacks.SaveCheckpoint, "on_epoch_end", stop)
    else:
        monkeypatch.setattr("repfair_keras.training.run.export", interrupted)
    with pytest.raises(TrainingStopped, match="--resume"):
        rf.train(out=tmp_path / "stopped", **settings)
    monkeypatch.undo()
    resume(tmp_path / "stopped", verbose=0)
    rows = sample_rows(run.path, 60, seed=1).frame
    pd.testing.assert_frame_equal(sample_rows(tmp_path / "stopped", 60, seed=1).frame, rows)


def interrupted(*_):
    raise KeyboardInterrupt
