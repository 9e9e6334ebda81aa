"""Predictions of somebody else's classifier, and features of somebody else's network, in a report on images."""

import numpy as np
import pandas as pd
import pytest

import repfair_keras as rf
from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.predictions import read_predictions
from repfair_keras.evaluation.report import report_from_dict

NAMES = np.array(["black", "white"])
CONFUSION = pd.DataFrame({"black": [98, 3], "white": [2, 97]}, index=["black", "white"])


@pytest.fixture(scope="module")
def real(digits):
    return rf.ImageDataset.from_arrays(digits.pixels, groups=NAMES[digits.groups], labels=digits.labels)


@pytest.fixture(scope="module")
def evaluated(real, digits):
    """Function that evaluates 60 black and 240 white digits; instruments are made once, in few steps."""
    order = np.argsort(digits.groups, kind="stable")
    rows = np.concatenate([order[:60], order[-140:]])

    def evaluate(**options):
        return rf.evaluate(digits.pixels[rows], real, instrument_steps=30, figures=False, **options)

    return rows, evaluate


@pytest.mark.slow
def test_shares_are_those_of_the_predictions(evaluated, digits):
    rows, evaluate = evaluated
    said = pd.DataFrame({"group": NAMES[digits.groups[rows]]})
    report = evaluate(predictions=said, confusion=CONFUSION)
    assert report.proportions == [0.3, 0.7]
    assert report.shares["white"].low < 0.7 < report.shares["white"].high
    assert report.classifier.made_elsewhere and report.classifier.confusion == CONFUSION.to_numpy().tolist()
    assert report.undecided == 0
    assert "predictions made elsewhere" in report_from_dict(report.to_dict()).classifier.candidate
    some = evaluate(predictions=said, confusion=CONFUSION, n=100, seed=3)
    chosen = np.sort(np.random.default_rng(3).permutation(200)[:100])
    assert some.proportions[1] == np.mean(digits.groups[rows[chosen]])


@pytest.mark.slow
def test_features_are_those_of_the_arrays(evaluated, digits):
    rows, evaluate = evaluated
    rng = np.random.default_rng(0)
    report = evaluate(features=(rng.normal(size=(len(digits), 3)), rng.normal(9, 1, (len(rows), 3))))
    assert report.quality.extractor.name == "made elsewhere"
    assert report.quality.overall["coverage"] == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"predictions": "p.csv"}, "nothing says how often they are wrong"),
        ({"confusion": CONFUSION}, "confusion is given without predictions"),
        (
            {"predictions": "p.csv", "confusion": CONFUSION, "judges": 3},
            "predictions and judges are both given",
        ),
        ({"features": ("a.npz",)}, "features names 1 files, expected two"),
        (
            {"features": ("a.npz", "b.npz"), "extractor": "inception"},
            "features and extractor 'inception' are both",
        ),
        ({"features": ("a.npz", "b.npz")}, "a.npz is not there"),
    ],
)
def test_what_does_not_go_together_is_refused_before_anything_is_trained(options, message, evaluated):
    with pytest.raises(InputError, match=message):
        evaluated[1](**options)


def test_predictions_are_matched_by_the_names_of_images():
    said = pd.DataFrame({"image": ["b.png", "a.png", "c.png"], "group": ["white", "black", "white"]})
    found = read_predictions(said, ("black", "white")).of(["a.png", "b.png", "c.png"], "made")
    assert found.likeliest.tolist() == [0, 1, 1]
    assert read_predictions(said, ("black", "white")).of(3, "made.npz").likeliest.tolist() == [1, 0, 1]


def test_images_without_a_prediction_and_predictions_without_an_image_are_named():
    said = read_predictions(
        pd.DataFrame({"image": ["a.png", "a.png", "x.png"], "group": ["white", "black", "white"]})
    )
    with pytest.raises(InputError) as refused:
        said.of(["a.png", "b.png"], "made")
    for part in ("'a.png' is in row 1 and 2", "there is none of 'b.png'", "'x.png' is no image there"):
        assert part in str(refused.value)
    with pytest.raises(InputError, match=r"predictions of 3 images, but 4 in made.npz"):
        said.of(4, "made.npz")
