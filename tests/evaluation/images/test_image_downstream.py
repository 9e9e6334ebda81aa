"""Classifiers of generated digits whose colour is the group, on real digits."""

import dataclasses

import numpy as np
import pytest
from example_report import read_example

from repfair_keras.data.images.grouping import group
from repfair_keras.data.images.stored import PixelFile
from repfair_keras.evaluation.images.image_downstream import image_downstream, positive_classes, taken_out
from repfair_keras.figures import downstream as figure
from repfair_keras.reporting.markdown.image_report import to_markdown


@pytest.fixture(scope="module")
def reference(digit_images):
    return group(digit_images, "colour")


@pytest.fixture(scope="module")
def biased(digit_images):
    return group(digit_images, "biased_colour", strength=1.0)


@pytest.fixture(scope="module")
def found(reference, biased):
    """What classifiers learn from real digits in colours of their own, in the place of generated ones."""
    return image_downstream(reference.images, reference.groups, reference.labels, reference, biased)[0]


def test_the_colour_is_taken_out_and_no_other_group_is():
    images = np.zeros((3, 2, 2, 3))
    images[[0, 1, 2], :, :, [2, 0, 1]] = [[[0.5, 0.2], [0.1, 0.9]]]
    plain = taken_out("biased_colour")(images)
    assert plain.shape == (3, 2, 2, 1)
    np.testing.assert_array_equal(plain[0], plain[2])
    assert [taken_out(name) for name in ("invert", "shade", "a column of the user's")] == [None] * 3


@pytest.mark.slow
def test_digits_in_the_colour_of_their_class_teach_the_colour_and_others_do_not(found):
    for classifier, by_training in found.items():
        real, fair = by_training["real"], by_training["synthetic"]
        assert real["demographic_parity"][0] > 3 * fair["demographic_parity"][0], classifier
        assert real["ftu"][0] > 0.05 > fair["ftu"][0]
        assert fair["accuracy"][0] > 0.8
        assert 0.2 < by_training["real_equal"]["positive_rate"][0] < 0.8
    assert found["logistic_regression"]["real"]["ftu"][0] > 0.3


@pytest.mark.slow
def test_no_digit_is_trained_and_tested_on(reference, biased):
    """Random labels cannot be told on digits that are new, and a forest knows those that it has seen."""
    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=len(reference)).astype(np.int32)
    mixed = [dataclasses.replace(data, labels=labels) for data in (reference, biased)]
    found, tested = image_downstream(reference.images, reference.groups, labels, *mixed)
    assert found["random_forest"]["real"]["auroc"][0] == pytest.approx(0.5, abs=0.06)
    assert found["random_forest"]["synthetic"]["auroc"][0] > 0.6, "these are the very digits tested on"
    assert tested["majority"] == pytest.approx(0.5, abs=0.05)


def test_nothing_without_classes_or_where_the_group_stays(reference, biased, digit_images):
    sample = reference.images[:100], reference.groups[:100], reference.labels[:100]
    without = dataclasses.replace(reference, labels=None, class_names=())
    assert image_downstream(*sample, without, biased) == (None, None)
    assert image_downstream(*sample, reference, without) == (None, None)
    inverted = group(digit_images, "invert")
    assert image_downstream(*sample, inverted, inverted) == (None, None)
    same = dataclasses.replace(reference, pixels=np.zeros_like(reference.pixels))
    assert image_downstream(*sample, same, same) == (None, None), (
        "what is left to train on is what is tested on"
    )


@pytest.mark.slow
def test_report_row_and_figure(found):
    parts = {"downstream": found, "positive_classes": positive_classes(tuple("0123456789"))}
    report = read_example(groups=("blue", "red", "green"), classes=(), **parts)
    row = report.to_row()
    value = found["random_forest"]["real"]["ftu"][0]
    assert row["real_ftu/rf"] == value
    assert {"accuracy/lr", "augmented_disparate_impact/rf"} < set(row)
    text = to_markdown(report, ["downstream.png"])
    assert "They tell 5, 6, 7, 8, 9 from the other classes" in text
    assert f"| {value:.3f} (" in text
    assert "![Classifiers, tested on real images](figures/downstream.png)" in text
    assert len(figure.plot(report).axes) == 5
    assert "tested on real images" not in to_markdown(read_example())
    assert "accuracy/lr" not in read_example().to_row()
    assert figure.plot(read_example()) is None


@pytest.mark.slow
def test_digits_in_a_file_teach_what_those_in_memory_do(reference, biased):
    def first(data):
        return dataclasses.replace(
            data, pixels=data.pixels[:300], groups=data.groups[:300], labels=data.labels[:300]
        )

    real, trained = first(reference), first(biased)
    stored = PixelFile(trained.pixels.shape)
    stored[:300] = trained.pixels
    arguments = real.images, real.groups, real.labels, real
    assert image_downstream(*arguments, dataclasses.replace(trained, pixels=stored)) == image_downstream(
        *arguments, trained
    )
