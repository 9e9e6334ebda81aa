"""Nothing is judged from images that cannot be told from clouds."""

from copy import deepcopy

import pytest
from toy_figures import digits, measured, photographs
from toy_records import toy_records

from repfair_keras.papers.clouds import are_clouds, clouds_text
from repfair_keras.papers.figure import UNTESTED
from repfair_keras.registry import lookup


def test_digits_that_show_their_label_are_none():
    assert clouds_text(digits()) == "" and not are_clouds([])


def test_images_without_the_label_asked_for_are_clouds():
    records = deepcopy(digits())  # parts of toy reports are shared
    for record in records[:3]:
        record["report"]["label_agreement"]["overall"] = 0.4
    assert not are_clouds(records), "three of six"
    records[3]["report"]["label_agreement"]["overall"] = 0.4
    assert clouds_text(records).startswith("The images of 4 of 6 runs are clouds")


@pytest.mark.parametrize(
    ("accuracy", "precision", "cloud"),
    [
        (0.9, 0.9, False),
        (0.56, 0.9, True),
        (0.9, 0.2, True),
        (None, 0.9, False),
        (None, 0.2, True),
        (0.9, None, False),
    ],
)
def test_without_labels_the_judge_has_to_tell_and_the_images_to_lie_among_real_ones(
    accuracy, precision, cloud
):
    records = deepcopy(photographs())
    for record in records:
        record["report"]["quality"]["extractor"]["label_accuracy"] = accuracy
        record["report"]["quality"]["overall"]["precision"] = precision
    assert are_clouds(records) is cloud


@pytest.mark.parametrize("name", ["1", "5", "6", "9"])
def test_no_figure_of_photographs_is_judged_from_clouds(name):
    records = deepcopy(photographs((0.5,) if name != "9" else (0.2, 0.3, 0.4)))
    for record in records:
        record["report"]["quality"]["extractor"]["label_accuracy"] = 0.56
    got = measured(lookup("paper_figure", name), records)
    assert got.verdict == UNTESTED and "clouds" in got.why and got.parts == ()


def test_nor_are_stacked_gans():
    records = toy_records(
        dataset=["cifar10"], grouping=["shade"], method=["stacked_gan"], seed=list(range(6))
    )
    for record in records:
        record["report"]["label_agreement"]["overall"] = 0.19
    got = measured(lookup("paper_figure", "gans_5"), records)
    assert got.verdict == UNTESTED and "fewer than 50 % show the label asked for" in got.why
