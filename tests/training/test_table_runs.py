"""A run on a table, from a CSV file to its report, its exported generator and a table like the first."""

import dataclasses
import json
import shutil

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
import yaml

from repfair_keras.comparison.sources import read_report
from repfair_keras.core.errors import InputError
from repfair_keras.evaluate import main
from repfair_keras.export.table_sampler import TableSampler
from repfair_keras.runs.config import configure
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.sampling.write_samples import write_samples
from repfair_keras.sweeps import task
from repfair_keras.sweeps.run_sweep import plan
from repfair_keras.training import callbacks
from repfair_keras.training.evaluate_again import evaluate_again
from repfair_keras.training.run import resume, train

TINY = {"batch_size": 64, "code_size": 4, "vae_epochs": 2, "steps": 12, "n": 400}


@pytest.fixture(scope="module")
def csv_file(tmp_path_factory):
    """People whose wealth depends on their age, and less on their sex."""
    rng = np.random.default_rng(0)
    n = 600
    age, sex = rng.integers(18, 70, n), rng.choice(["f", "m"], n, p=[0.3, 0.7])
    frame = pd.DataFrame(
        {
            "age": age,
            "sex": sex,
            "height": np.round(160 + 12 * (sex == "m") + rng.normal(0, 6, n), 1),
            "job": rng.choice(["cook", "baker", "none"], n),
            "rich": np.where(age + 10 * (sex == "m") + rng.normal(0, 8, n) > 50, "yes", "no"),
        }
    )
    path = tmp_path_factory.mktemp("csv") / "people.csv"
    frame.to_csv(path, index=False)
    return path


def config_of(csv_file, method="fld_wgan_gp", **settings):
    places = {"dataset": "csv", "data_dir": str(csv_file), "grouping": "sex", "target_column": "rich"}
    if method in ("fld_dm", "fair_vae"):
        settings.setdefault("latent_size", 4)
    given = {**TINY, **settings}
    if method == "fair_vae":
        given.pop("vae_epochs")
    return configure(method=method, **{**places, **given})


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.slow) for name in ("fld_wgan_gp", "fld_dm", "fair_vae")],
)
def finished(request, csv_file, tmp_path_factory):
    config = config_of(csv_file, request.param)
    run, report = train(config, tmp_path_factory.mktemp(request.param) / "run", verbose=0)
    return config, run, report


both = pytest.mark.parametrize(
    "finished",
    [pytest.param(name, marks=pytest.mark.slow) for name in ("fair_vae", "fld_wgan_gp")],
    indirect=True,
)


def moved(finished, folder, csv_file):
    """A copy of the finished run of which the data lie elsewhere, as a `RunDir`."""
    shutil.copytree(finished[1].path, folder)
    run = RunDir(folder)
    run.config.write_text(finished[0].replace(data_dir=str(csv_file)).to_yaml())
    return run


def test_report(finished):
    _, run, report = finished
    assert json.loads(run.report.read_text()) == report.to_dict()
    assert (report.n, report.groups, report.positive) == (400, ["f", "m"], "yes")
    assert set(report.quality.columns) == {"age", "sex", "height", "job", "rich"}
    assert report.downstream["logistic_regression"]["real"]["accuracy"][0] > 0.7
    assert np.isclose(sum(report.proportions), 1)
    assert {path.stem for path in run.figures.glob("*.png")} == {"columns", "downstream", "codes"}
    assert "## Classifiers, tested on real rows" in run.report_md.read_text()
    assert 0 <= report.latents.aurocs["logistic_regression"] <= 1
    assert len(report.latents.deviation_ratio) == 4
    assert not list(run.path.rglob(".*")), "temporary files are left"


def test_synthetic_table_is_like_the_original(finished, csv_file):
    _, run, _ = finished
    original, synthetic = pd.read_csv(csv_file), pd.read_csv(run.synthetic)
    assert list(synthetic.columns) == list(original.columns)
    assert synthetic.dtypes.tolist() == original.dtypes.tolist()
    for name in ("sex", "job", "rich"):
        assert set(synthetic[name]) <= set(original[name])
    for name in ("age", "height"):
        assert synthetic[name].between(original[name].min(), original[name].max()).all()
    assert (synthetic["height"] == synthetic["height"].round(1)).all()


def test_export_samples_groups_as_asked(finished, csv_file):
    config, run, _ = finished
    sampler = TableSampler(run.generator)
    assert sampler.generate(30, seed=1).equals(sampler.generate(30, seed=1))
    assert not sampler.generate(30, seed=1).equals(sampler.generate(30, seed=2))
    shares = [(sampler.generate(4000, 0, groups)["sex"] == "m").mean() for groups in ("uniform", "marginal")]
    data = config.modality.load(config)
    np.testing.assert_allclose(shares, [0.5, data.shares[1]], atol=0.04)
    assert sampler.generate(3, 0, groups=[1, 0, 1])["sex"].tolist() == ["m", "f", "m"]
    assert sampler.generate(0, 0).shape == (0, 5)
    loaded = tf.saved_model.load(str(run.generator))
    assert loaded.sample(5, 0)["codes"].shape == (5, 5), "without this package"


@pytest.mark.slow
@pytest.mark.parametrize(
    "finished", ["fld_wgan_gp"], indirect=True
)  # the contract stops the others, on images
def test_stopped_and_resumed(csv_file, finished, tmp_path, monkeypatch):
    config, run, report = finished
    save = callbacks.SaveCheckpoint.on_epoch_end

    def stop(self, epoch, logs=None):
        save(self, epoch, logs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt, match="--resume"):
        patch.setattr(callbacks.SaveCheckpoint, "on_epoch_end", stop)
        train(config, tmp_path / "stopped", verbose=0)
    stopped, resumed = resume(tmp_path / "stopped", verbose=0)
    times = {"timings": None, "wall_seconds": None}
    assert dataclasses.replace(resumed, **times) == dataclasses.replace(report, **times)
    assert stopped.log.read_text() == run.log.read_text()
    assert stopped.synthetic.read_bytes() == run.synthetic.read_bytes()


@pytest.mark.parametrize(("given", "steps"), [({"vae_epochs": 2}, 12), ({"vae_steps": 7}, 7)])
def test_length_of_the_encoder(csv_file, given, steps):
    config = config_of(csv_file).replace(**given)
    data = config.modality.load(config)
    assert len(data) // config.training.batch_size == 6
    assert next(config.phases(data)).steps == steps


def test_share_of_the_groups_in_training(csv_file):
    config = config_of(csv_file, share=0.5)
    data = config.modality.load(config)
    np.testing.assert_allclose(data.shares, 0.5, atol=0.01)
    assert data.fingerprint != config.modality.reference(config).dataset.fingerprint


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"method": "repfair"},
            "'repfair', which makes images, but 'csv' is a table: expected one of fair_vae",
        ),
        ({"use_labels": True}, "use_labels is True, but 'csv' is a table"),
        ({"cross": "job"}, "cross is 'job', but 'csv' is a table"),
        ({"grouping": "job", "drop": ["job"]}, "drop: 'job' is the column of --grouping"),
        ({"target_column": None}, "needs --target_column"),
        ({"method": "fld_dm", "latent_size": 9}, "latent_size is 9 and code_size 4"),
        ({"alpha": float("nan")}, "alpha is nan"),
        ({"n_bins": 1}, "n_bins is 1"),
        ({"alpha": 400.0}, "alpha is 400"),
        ({"code_size": 1}, "code_size is 1"),
        ({"n": 5}, "n is 5: expected at least 50"),
        ({"confidence": 0.5}, "confidence is 0.5, but 'csv' is a table"),
        ({"instruments": "runs/a"}, "instruments is 'runs/a', but 'csv' is a table"),
        ({"method": "fld_lsgan", "diffusion_steps": 7}, "diffusion_steps is 7"),
        ({"batch_size": 5000}, "batch_size is 5000, but there are"),
    ],
)
def test_settings_that_do_not_fit(csv_file, settings, message, tmp_path):
    with pytest.raises(InputError, match=message):
        train(config_of(csv_file, **settings), tmp_path / "run", verbose=0)
    assert not (tmp_path / "run").exists()


def test_settings_of_tables_are_refused_for_images(tmp_path):
    with pytest.raises(InputError, match="n_bins is 4, but 'mnist_5k' holds images"):
        train(configure(n_bins=4, steps=1), tmp_path / "run", verbose=0)


def test_groups_that_there_are_not(finished):
    _, run, _ = finished
    sampler = TableSampler(run.generator)
    for groups, message in (
        ([0, 2], "groups has 2: expected 0: f, 1: m"),
        ([-1, 0], "groups has -1"),
        (["f", "m"], "expected a list of whole numbers"),
        ([0], "n is 2, but there are 1 groups"),
        ("equal", "groups is 'equal': expected 'uniform', 'marginal'"),
    ):
        with pytest.raises(InputError, match=message):
            sampler.generate(2, 0, groups)
    assert sampler.generate(2, 0, [1, 0])["sex"].tolist() == ["m", "f"]


@pytest.mark.slow
def test_columns_are_printed_before_training(csv_file, tmp_path, capsys):
    train(config_of(csv_file, "fair_vae", steps=1, figures=False), tmp_path / "run", verbose=2)
    printed = capsys.readouterr().out
    assert "age: numeric, 8 bins" in printed
    assert "sex: categorical, 2 values (f, m), the groups" in printed


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fld_wgan_gp", "fld_lsgan", "fld_dm"])
def test_three_groups_and_missing_values_compiled(csv_file, tmp_path, method):
    frame = pd.read_csv(csv_file)
    frame["job"] = frame["job"].where(frame["age"] % 7 > 0)
    frame["height"] = frame["height"].where(frame["age"] % 5 > 0)
    frame["sex"] = frame["sex"].where(frame["age"] % 3 > 0, "x")
    frame.to_csv(tmp_path / "people.csv", index=False)
    config = config_of(
        tmp_path / "people.csv", method, missing="category", jit_compile=True, vae_epochs=1, figures=False
    )
    run, report = train(config, tmp_path / "run", verbose=0)
    assert report.groups == ["f", "m", "x"]
    assert 0 <= report.downstream["logistic_regression"]["synthetic"]["demographic_parity"][0] <= 1
    rows = TableSampler(run.generator).generate(300, 1, "marginal")
    assert set(rows["sex"]) == {"f", "m", "x"}
    assert rows["job"].isna().any() and rows["height"].isna().any()
    assert set(rows["job"].dropna()) <= {"cook", "baker", "none"}


@both
def test_another_table_than_that_of_training(csv_file, finished, tmp_path):
    copy = tmp_path / "people.csv"
    copy.write_bytes(csv_file.read_bytes())
    run = moved(finished, tmp_path / "run", copy)
    before = run.report.read_bytes()
    frame = pd.read_csv(copy)
    frame.loc[:40, "job"] = "actor"
    frame.to_csv(copy, index=False)
    with pytest.raises(InputError, match=r"people.csv'?: not what the run in .* was begun on"):
        evaluate_again(run.path)
    with pytest.raises(InputError, match=r"not what the run in .* was begun on"):
        resume(run.path, steps=2, verbose=0)
    run.versions.unlink()
    with pytest.raises(InputError, match=r"versions\.json does not say which data the run was begun on"):
        evaluate_again(run.path)
    assert run.report.read_bytes() == before
    with pytest.raises(InputError, match=r"instruments is .*, but 'csv' is a table"):
        evaluate_again(run.path, {"instruments": "runs/a"})
    copy.write_bytes(csv_file.read_bytes())
    with pytest.raises(InputError, match=r"confidence is 0.5, but 'csv' is a table"):
        evaluate_again(run.path, {"confidence": 0.5})


def test_samples_on_disk(finished, tmp_path):
    _, run, _ = finished
    table, manifest = write_samples(run.path, tmp_path / "rows", n=50, seed=3)
    assert len(pd.read_csv(table)) == json.loads(manifest.read_text())["n"] == 50
    table, manifest = write_samples(run.path, tmp_path / "exact", seed=3, counts="m=7,f=2")
    assert pd.read_csv(table)["sex"].value_counts().to_dict() == {"m": 7, "f": 2}
    assert json.loads(manifest.read_text())["groups"] == {"f": 2, "m": 7}
    table, manifest = write_samples(run.path, tmp_path / "shares", n=400, seed=3, shares="marginal")
    assert pd.read_csv(table)["sex"].eq("f").mean() == pytest.approx(0.3, abs=0.08), (
        "as in the file, not half"
    )
    table, manifest = write_samples(run.path, tmp_path / "thirds", n=10, shares="m=2/3,f=1/3")
    assert json.loads(manifest.read_text())["groups"] == {"f": 3, "m": 7}
    with pytest.raises(InputError, match="shares is 'marginal', but counts say"):
        write_samples(run.path, tmp_path / "no", seed=3, counts="m=3", shares="marginal")
    with pytest.raises(InputError, match="unknown group 'x'"):
        write_samples(run.path, tmp_path / "no", seed=3, counts="x=3")
    with pytest.raises(InputError, match="labels is given"):
        write_samples(run.path, tmp_path / "no", n=5, labels=[1])
    with pytest.raises(InputError, match="format is given"):
        write_samples(run.path, tmp_path / "no", format="png")
    with pytest.raises(InputError, match="unknown class"):
        write_samples(run.path, tmp_path / "no", seed=3, counts="m/yes=3")
    assert not (tmp_path / "no").exists()


@both
def test_evaluated_again_with_other_rows(csv_file, finished, tmp_path, capsys):
    run, report = moved(finished, tmp_path / "run", csv_file), finished[2]
    _, other = evaluate_again(run.path, {"n": 100, "seed": 5})
    assert (other.n, other.sample_seed) == (100, 5)
    assert other.latents == report.latents
    assert (run.path / "evaluation.1" / "report.json").is_file(), "the first is kept"
    assert (run.path / "evaluation.1" / "synthetic.csv").is_file()
    with pytest.raises(InputError, match="n is 5: expected at least 50"):
        evaluate_again(run.path, {"n": 5})
    exported, of_export = evaluate_again(run.generator, {"n": 60, "data_dir": csv_file}, tmp_path / "export")
    assert (exported.path, of_export.n) == (tmp_path / "export", 60)
    assert read_report(run.path).n == 100
    main([str(run.path), "--n", "60"])
    assert "60 synthetic rows, groups by sex, target rich" in capsys.readouterr().out
    write_samples(run.path, tmp_path / "rows", n=70)
    data = {"dataset": "csv", "data_dir": str(csv_file), "grouping": "sex", "target_column": "rich"}
    folder, of_rows = evaluate_again(tmp_path / "rows", data)
    assert (folder.path, of_rows.n) == (tmp_path / "rows-evaluation", 70)


@both
def test_the_same_rows_in_another_order_are_other_rows_to_test_on(csv_file, finished, tmp_path):
    copy = tmp_path / "people.csv"
    copy.write_bytes(csv_file.read_bytes())
    run = moved(finished, tmp_path / "run", copy)
    pd.read_csv(copy).sample(frac=1, random_state=0).to_csv(copy, index=False)
    with pytest.raises(InputError, match="their order or the choice of rows are others"):
        evaluate_again(run.path)


@pytest.mark.slow
def test_a_run_of_a_sweep_and_its_end_once_more(csv_file, tmp_path):
    (tmp_path / "instruments").mkdir()
    values = task.as_values(config_of(csv_file, "fair_vae", steps=4))
    job = task.Task("0" * 16, values, str(tmp_path / "run"), str(tmp_path / "instruments"), "")
    first, _ = task.make_run(job)
    (tmp_path / "run" / "report.json").unlink()
    second, _ = task.make_run(job)
    assert first["report"]["downstream"] == second["report"]["downstream"]
    assert "instruments" not in yaml.safe_load((tmp_path / "run" / "config.yaml").read_text()), (
        "not the sweep's"
    )


def test_a_sweep_tells_tables_apart_by_their_columns(csv_file):
    configs = [config_of(csv_file, n_bins=n, steps=1) for n in (4, 8)]
    runs = plan(configs, verbose=0)
    assert len({fingerprint for _, fingerprint in runs.values()}) == 2
