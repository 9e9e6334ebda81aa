"""The model card says what the report says."""

from types import SimpleNamespace

import numpy as np
from example_report import empty_report, example_report

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.reporting.image_card import model_card
from repfair_keras.runs.config import configure

DATA = SimpleNamespace(
    n_classes=3,
    image_shape=(28, 28, 1),
    source="Digits.",
    grouping="invert",
    group_names=("black", "white"),
    shares=np.array([0.5, 0.5]),
)


def card(report):
    return model_card(report_from_dict(report), configure(), DATA)


def test_shares_and_quality_are_the_reports():
    report = example_report()
    text = card(report)
    quality, corrected = report["quality"], report["corrected"]
    for group, name in enumerate(report["groups"]):
        (line,) = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
        assert f"| {100 * corrected['proportions'][group]:.1f} % |" in line
        for metric in ("fid", "coverage"):
            assert f"| {quality['by_group'][metric]['by_group'][group]:.3g} |" in line
    for metric, name in (("fid", "FID"), ("coverage", "coverage")):
        overall, real = quality["overall"][metric], quality["real"][metric]
        assert f"{name} {overall:.3g} (real images: {real:.3g})" in text
    assert quality["extractor"]["hash"] in text


def test_uncorrected_shares_are_called_so():
    text = card(example_report(corrected={"note": "singular"}))
    assert "Shares not corrected" in text


def test_nothing_decided_and_nothing_measured():
    assert "none of the 1000 images has a clear group" in card(empty_report())
    assert "with 99 % intervals" in card(example_report())


def test_a_generator_that_is_told_groups_says_how_to_ask():
    text = card(example_report())
    assert 'generator.sample_groups(groups=[0, 0, 1], seed=0)["images"]' in text
    assert "0 is black (97.0 % of its images show it), 1 is white" in text
    text = card(example_report(asked=None))
    assert 'generator.sample_labels(labels=[3, 3, 7], seed=0)["images"]' in text
    assert "Groups by number" not in text
