"""A run is one thing: nothing but itself goes on with its checkpoint, and one process at a time."""

import shutil

import pytest
import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.locks import locked
from repfair_keras.runs import origin
from repfair_keras.runs.config import configure
from repfair_keras.runs.run_folder import RunDir
from repfair_keras.training.evaluate_again import evaluate_again
from repfair_keras.training.run import fit, prepare, resume, train

TINY = {
    "method": "repfair",
    "filters": 2,
    "latent_size": 6,
    "batch_size": 8,
    "probe": 0,
    "steps": 16,
    "n": 40,
    "instrument_steps": 4,
    "figures": False,
}


@pytest.fixture(scope="module")
def trained(image_folder, tmp_path_factory):
    """A run with a checkpoint and no generator yet."""
    config = configure(dataset="folder", data_dir=str(image_folder), **TINY)
    run = RunDir(tmp_path_factory.mktemp("run") / "run")
    plan = prepare(config)
    run.create()
    run.versions.write_text(f'{{"data": "{plan.dataset.fingerprint}"}}')
    run.config.write_text(config.to_yaml())
    fit(plan, run)
    return run.path


@pytest.fixture
def run(trained, tmp_path):
    shutil.copytree(trained, tmp_path / "run")
    return RunDir(tmp_path / "run")


def edit(run, **changes):
    values = yaml.safe_load(run.config.read_text())
    run.config.write_text(yaml.safe_dump({**values, **changes}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 1}, "seed was 0 and is 1"),
        (
            {"batch_size": 4, "max_grad_norm": 3.0},
            "max_grad_norm was 2.0 and is 3.0, batch_size was 8 and is 4",
        ),
        ({"method": "clipping_only"}, "method was 'repfair' and is 'clipping_only'"),
        ({"augment": ["flip"]}, r"augment was \[\] and is \['flip'\]"),
    ],
)
def test_an_edited_configuration_is_refused_with_what_differs(run, changes, message):
    edit(run, **changes)
    before = (run.checkpoints / "gan.npz").read_bytes()
    with pytest.raises(InputError, match=message):
        resume(run.path, verbose=0)
    assert (run.checkpoints / "gan.npz").read_bytes() == before


def test_another_version_of_the_numbers_is_refused(run, monkeypatch):
    monkeypatch.setattr(origin, "NUMBERS", origin.NUMBERS + 1)
    with pytest.raises(InputError, match="the version of the package's numbers was"):
        resume(run.path, verbose=0)


@pytest.mark.parametrize("content", [None, "", "[]", "{}"])
def test_without_knowing_the_data_nothing_goes_on(run, content):
    run.versions.unlink() if content is None else run.versions.write_text(content)
    with pytest.raises(InputError, match=r"versions\.json does not say which data"):
        resume(run.path, verbose=0)


def test_a_run_that_is_worked_in_is_refused(run, image_folder, tmp_path):
    run.generator.mkdir()
    with locked(run.path):
        for work in (
            lambda: resume(run.path),
            lambda: resume(run.path, steps=20),
            lambda: evaluate_again(run.path),
        ):
            with pytest.raises(InputError, match="is in use by process"):
                work()
    empty = tmp_path / "new"
    empty.mkdir()
    config = configure(dataset="folder", data_dir=str(image_folder), **TINY)
    with locked(empty), pytest.raises(InputError, match="is in use by process"):
        train(config, empty, verbose=0)


def test_a_folder_of_a_run_that_was_killed_before_it_began_is_taken(run):
    run.config.unlink()
    for path in (
        run.checkpoints,
        *run.path.glob("*.csv"),
        *run.path.glob("samples"),
        *run.path.glob("tensorboard"),
    ):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (run.path / ".tmp.host.1.abcdef01.x").mkdir()
    run.check_new()
    (run.path / "mine.txt").write_text("of the user")
    with pytest.raises(InputError, match="exists and is not empty"):
        run.check_new()


@pytest.mark.slow
def test_it_may_grow_and_move(run):
    moved = run.path.rename(run.path.with_name("moved"))
    again, _ = resume(moved, steps=24, verbose=0)
    assert again.generator.is_dir()
    assert yaml.safe_load(again.config.read_text())["steps"] == 24
