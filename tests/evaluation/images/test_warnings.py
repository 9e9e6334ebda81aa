"""Signs that images are not like those that the classifier was tested on."""

import numpy as np

from repfair_keras.evaluation.images import image_report
from repfair_keras.evaluation.images.warnings import warnings_of
from repfair_keras.evaluation.report import ImageReport


def make_report(*arguments, **keywords):
    """The report as it is stored."""
    return image_report.make_report(*arguments, **keywords)[0].to_dict()


def test_images_unlike_real_ones_are_warned_of(five_thousand, half_and_half):
    data = five_thousand.reference
    assert make_report(data.images, data.labels, five_thousand)["warnings"] == []
    noise = np.random.default_rng(0).uniform(-1, 1, (500, 28, 28, 1)).astype(np.float32)
    assert "far from real ones" in " ".join(make_report(noise, None, five_thousand)["warnings"])
    blotches = np.concatenate([data.images[:200], half_and_half])
    assert "16.7 % of the images are undecided" in make_report(blotches, None, five_thousand)["warnings"][0]
    same = make_report(np.repeat(data.images[:1], 50, axis=0), None, five_thousand)
    assert same["duplicates"] == 0.98
    assert "98.0 % of the images are exact copies" in same["warnings"][-1]


def test_a_rule_that_contradicts_the_classifier_is_told():
    report = {
        "corrected": None,
        "undecided": 0.0,
        "proportions": [0.8, 0.2],
        "rules": {
            "mean": {"accuracy": 0.99, "proportions": [0.5, 0.5]},
            "poor": {"accuracy": 0.8, "proportions": [0.1, 0.9]},
            "same": {"accuracy": 1.0, "proportions": [0.78, 0.22]},
        },
        "quality": {"overall": None, "real": None},
        "duplicates": 0.0,
    }
    (warning,) = warnings_of(ImageReport.from_dict(report))
    assert "The rule 'mean', right for 99.0 % of real images" in warning
