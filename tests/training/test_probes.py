"""Shares during training, on the same noise each time, and without a trace in training."""

import csv
import dataclasses

import numpy as np
import pytest

from repfair_keras.runs.config import configure
from repfair_keras.training.probes import SampleProbe, class_gap, groups_told, on_target
from repfair_keras.training.run import resume, train

TINY = {"filters": 4, "latent_size": 8, "batch_size": 8, "n": 150, "steps": 75, "probe": 120}


@pytest.fixture(scope="module")
def settings(image_folder, folder_instruments):
    data = {"dataset": "folder", "data_dir": str(image_folder), "instruments": str(folder_instruments)}
    return {**data, **TINY}


@pytest.fixture(scope="module")
def probed(settings, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("repfair_keras.training.probes.STEPS", 30)
        return train(configure(**settings), tmp_path_factory.mktemp("probed") / "run", verbose=0)[0]


def rows(run):
    with run.log.open() as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_every_some_epochs_and_at_the_end(probed):
    undecided = [row["undecided"] for row in rows(probed)]
    assert [bool(value) for value in undecided] == [False, True, False, True, True]
    for row in rows(probed)[1::2]:
        assert 0 <= float(row["undecided"]) <= 1
        assert 0 <= float(row["right_label"]) <= 1
        if float(row["undecided"]) < 1:
            assert float(row["share/black"]) + float(row["share/white"]) == pytest.approx(1)


@pytest.mark.slow
def test_training_is_the_same_without_it(probed, settings, tmp_path):
    run, _ = train(configure(**{**settings, "probe": 0}), tmp_path / "run", verbose=0)
    assert not run.instruments.joinpath("none").exists()
    for one, other in zip(rows(probed), rows(run), strict=True):
        assert "undecided" not in other
        assert {name: one[name] for name in other} == other


@pytest.mark.slow
def test_resumed_log_is_that_of_a_run_that_was_not_stopped(
    probed, settings, tmp_path, monkeypatch, training_alone
):
    monkeypatch.setattr("repfair_keras.training.probes.STEPS", 30)
    shorter = {**settings, "steps": 45}
    run, _ = train(configure(**shorter), tmp_path / "run", verbose=0)
    resume(run.path, steps=75, verbose=0)
    assert rows(run)[2]["undecided"] == "", "measured at what was then the end"
    assert run.log.read_text() == probed.log.read_text()


@pytest.mark.slow
def test_of_an_average_the_last_step_is_looked_at_too(
    probed, settings, tmp_path, monkeypatch, training_alone
):
    """And it is what it is without an average: that changes nothing of training."""
    monkeypatch.setattr("repfair_keras.training.probes.STEPS", 30)
    run, _ = train(configure(**settings, ema=0.9), tmp_path / "run", verbose=0)
    for one, other in zip(rows(probed), rows(run), strict=True):
        for name in ("undecided", "share/white", "class_gap", "fid", "kid/white", "d_loss_real", "g_loss"):
            averaged = name in ("undecided", "share/white", "class_gap", "fid", "kid/white")
            assert other[f"raw/{name}" if averaged else name] == one[name]
    last = rows(run)[-1]
    assert last["fid"] != last["raw/fid"]


def test_the_gap_within_classes_is_that_of_all_balanced_between_them():
    labels = np.repeat([0, 1, 2], 10)
    split = np.where(labels == 0, 0, 1)  # one class all of group 0, two all of group 1
    assert class_gap(split, labels, 2) == 1.0
    assert class_gap(np.tile([0, 1], 15), labels, 2) == 0.0
    assert (
        class_gap(np.where(labels == 2, -1, np.tile([0, 1], 15)), labels, 2) == 0.0
    )  # a class without a clear image
    assert np.isnan(class_gap(np.full(30, -1), labels, 2))
    assert class_gap(np.array([0] * 7 + [1] * 2 + [2]), np.zeros(10, int), 3) == pytest.approx(0.6)


class Constant:
    """A generator of images of one brightness, told nothing."""

    inputs = (np.zeros((1, 8)),)

    def __init__(self, value):
        self.value = value

    def __call__(self, inputs, training):
        return np.full((len(inputs[0]), 28, 28, 1), self.value, np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(("value", "share"), [(-1.0, 0.0), (1.0, 1.0)])
def test_counts_what_the_generator_makes(settings, folder_instruments, image_folder, value, share):
    config = configure(**{**settings, "confidence": 0.0})
    instruments = config.modality.instruments(
        config.modality.reference(config), folder_instruments, config.evaluation
    )
    data = instruments.reference
    generator = Constant(value)
    probe = SampleProbe({"": generator}, instruments, config, data, per_epoch=15, stop_at=None)
    found = probe.measure(generator)
    assert found["share/white"] == share
    assert found["undecided"] == 0
    made, lost = ("white", "black") if share else ("black", "white")
    assert found[f"kid/{made}"] > 0
    assert np.isnan(found[f"kid/{lost}"])


class Blind:
    """A judge of the groups that guesses: on real images it is right for half of them."""

    def __init__(self, attribute):
        self.assign, self.data = attribute.assign, attribute.data

    def errors(self, decision):
        return {"confusion": [[50, 50], [50, 50]], "by_group": [0.5, 0.5]}


@pytest.mark.slow
def test_a_judge_that_cannot_tell_the_groups_gives_no_shares(settings, folder_instruments):
    config = configure(**{**settings, "confidence": 0.0})
    instruments = config.modality.instruments(
        config.modality.reference(config), folder_instruments, config.evaluation
    )
    assert groups_told(instruments, config.evaluation.decision)
    blind = dataclasses.replace(instruments, attribute=Blind(instruments.attribute))
    data, generator = instruments.reference, Constant(1.0)
    probe = SampleProbe({"": generator}, blind, config, data, per_epoch=15, stop_at=None)
    found = probe.measure(generator)
    assert {"share/white", "share/black", "kid/white"} <= {name for name in found if np.isnan(found[name])}
    assert found["undecided"] == 0 and found["fid"] > 0
    # An ensemble is never said to be on target by it.
    assert on_target(blind, config, data, None, model=None) is False
