"""Groups are counted a second time, by the most similar real images, and where both counts disagree none is told."""

from types import SimpleNamespace

import numpy as np
import pytest

from repfair_keras.data.images.load import load
from repfair_keras.evaluation.images.attribute_classifier import attribute_classifier
from repfair_keras.evaluation.images.feature_extractor import train_extractor
from repfair_keras.evaluation.images.image_report import make_report
from repfair_keras.evaluation.images.instruments import Attribute, Instruments
from repfair_keras.evaluation.images.nearest_real import apart, nearest_real
from repfair_keras.evaluation.images.warnings import warnings_of
from repfair_keras.evaluation.report import ImageReport, report_from_dict
from repfair_keras.reporting.markdown.shares import classifier as classifier_section

DATA = SimpleNamespace(
    groups=np.repeat([0, 1], 1000), labels=None, n_groups=2, group_names=("dark", "bright")
)
REAL = np.repeat([[0.0], [1.0]], 1000, axis=0)
PERFECT = [[500, 0], [0, 500]]


def test_worked_by_hand():
    features = np.array([[0.1], [0.2], [0.9], [0.8], [0.4]])
    found = nearest_real(features, np.array([0, 1, 1, 1, -1]), REAL, DATA, PERFECT)
    assert found["n"] == 4  # the undecided image is left out
    assert found["agreement"] == 0.75
    assert found["proportions"] == [0.5, 0.5]
    assert found["recalls"] == [1.0, 1.0]
    least = (
        0.01 ** (1 / 500) + 0.01 ** (1 / 300) - 1
    )  # 500 of 500 and 300 of 300 right: at least so often, 99 %
    assert found["expected"] == pytest.approx(least)
    assert found["p_value"] == pytest.approx(1 - least**4)  # of three or fewer of four
    assert nearest_real(features, np.full(5, -1), REAL, DATA, PERFECT) is None


def test_features_that_tell_no_groups_warn_of_nothing():
    real, made = np.random.default_rng(0).normal(size=(2, 2000, 3))
    found = nearest_real(made, DATA.groups, real, DATA, PERFECT)
    assert found["agreement"] < 0.8
    assert apart(found, DATA.group_names) == ""


def test_what_few_images_may_show_by_chance_is_not_told():
    few = {"n": 10, "agreement": 0.8, "expected": 0.95, "p_value": 0.09, "proportions": [0.5, 0.5]}
    many = {**few, "n": 1000, "p_value": 1e-9}
    assert apart(few, DATA.group_names) == apart(None, DATA.group_names) == ""
    assert "dark 50.0 %, bright 50.0 %" in apart(many, DATA.group_names)
    assert apart(many, DATA.group_names, least=0.2) == ""
    assert apart({**many, "agreement": 0.96}, DATA.group_names) == ""


def test_a_report_whose_counts_disagree_warns():
    second = {"n": 1000, "agreement": 0.85, "proportions": [0.6, 0.4], "recalls": [1.0, 1.0], "expected": 1.0}
    report = ImageReport.from_dict(
        {
            "groups": ["dark", "bright"],
            "corrected": None,
            "undecided": 0.0,
            "proportions": [0.5, 0.5],
            "nearest_real": {**second, "p_value": 0.0},
            "quality": {"overall": None, "real": None},
            "duplicates": 0.0,
        }
    )
    (warning,) = warnings_of(report)
    assert warning.startswith("The shares are not sure: for 15.0 % of the images")
    assert report_from_dict(report.to_dict()) == report


def test_of_images_between_the_groups_no_shares_are_told():
    data = load("mnist_5k", grouping="shade")
    judge = Attribute(data, attribute_classifier(data, steps=300, candidates=("small",)))
    instruments = Instruments(judge, train_extractor(data, steps=400))
    assert judge.classifier.balanced_accuracy > 0.99

    real, _, _ = make_report(data.images[:1000], data.labels[:1000], instruments)
    assert real.corrected.on_target
    assert real.nearest_real.agreement > 0.98
    assert not any("shares are not sure" in text for text in real.warnings)
    assert "A second way to count" in "\n".join(classifier_section(real))

    normal, brightness = data.images[data.groups == 0], np.random.default_rng(0).uniform(0.6, 0.75, 2500)
    between = ((normal + 1) * brightness[: len(normal), None, None, None] - 1).astype(np.float32)
    for share, told in ((0.25, True), (1.0, False)):
        n = int(share * len(between))
        found = make_report(np.concatenate([between[:n], data.images[n:2000]]), None, instruments)[0]
        assert found.undecided < 0.2  # the classifier is sure of most images such as it has never seen
        assert (found.proportions is not None) is told
        why = " ".join(found.warnings)
        assert "finds another group than that of the real image most like it" in why
        assert ("The shares are not sure" in why) is told and ("Shares cannot be told" in why) is not told
