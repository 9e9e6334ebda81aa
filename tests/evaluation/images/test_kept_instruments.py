"""Which instruments later calls of `evaluate` with samples in memory take."""

import numpy as np
import pytest

import repfair_keras as rf
from repfair_keras.api import evaluation
from repfair_keras.modalities.images import ImageModality


@pytest.fixture
def used(monkeypatch):
    """Function that evaluates, without a measurement, and returns where each call took its instruments from."""
    found, kept = [], {}
    monkeypatch.setattr(evaluation, "_INSTRUMENTS", kept)
    monkeypatch.setattr("repfair_keras.evaluation.report.read_report_file", lambda path: None)
    monkeypatch.setattr("repfair_keras.evaluation.images.instrument_files.check_source", lambda *_: None)

    def measure(self, out, samples, plan, *_):
        found.append(plan.config.evaluation.instruments)
        (out.instruments / "extractor").mkdir(parents=True)

    monkeypatch.setattr(ImageModality, "evaluate", measure)

    def evaluate(data, **settings):
        rf.evaluate(data.pixels[:20], data, **settings)
        return found[-1]

    yield evaluate
    for folder in kept.values():
        folder.cleanup()


def test_those_that_were_given_are_of_that_call_alone(used, digits, tmp_path):
    groups = np.array(digits.group_names)[digits.groups]
    data, given = rf.ImageDataset.from_arrays(digits.pixels, groups=groups), str(tmp_path)
    assert used(data, instruments=given) == given
    assert used(data) is None  # trained, and kept from now on
    kept = used(data)
    assert kept not in (None, given)
    assert used(data, instruments=given) == given
    assert used(data) == kept
