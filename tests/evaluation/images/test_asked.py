"""Purity of images that were made for a group, by hand."""

import numpy as np
import pytest

from repfair_keras.evaluation.images.asked import asked_groups, purity_of_counts
from repfair_keras.evaluation.report import ImageReport
from repfair_keras.figures.asked import plot
from repfair_keras.reporting.markdown.shares import asked as to_text

PERFECT = np.array([[100, 0], [0, 100]])


@pytest.fixture
def report():
    asked = np.array([0] * 6 + [1] * 4)
    seen = np.array([0, 0, 0, 1, -1, 0, 1, 1, 0, -1])
    labels = np.array([0, 0, 1, 1, 1, 0, 0, 0, 1, 1])
    right = np.array([1, 1, 0, 1, 1, 1, 1, 0, 0, 0], bool)
    leaning = np.where(seen < 0, asked, seen)  # the undecided ones lean to the group asked for
    return asked_groups(asked, seen, leaning, 2, PERFECT, right, labels, 2)


def test_counts_and_purity(report):
    assert report["n"] == [6, 4]
    assert report["seen"] == [[4, 1, 1], [1, 2, 1]]
    assert report["purity"] == [pytest.approx(4 / 5), pytest.approx(2 / 3)]
    assert report["undecided"] == [pytest.approx(1 / 6), pytest.approx(1 / 4)]
    assert report["corrected"] == [pytest.approx(5 / 6), pytest.approx(3 / 4)]
    for share, (low, high) in zip(report["purity"], report["intervals"], strict=True):
        assert low < share < high


def test_groups_by_classes(report):
    assert report["purity_by_class"] == [[1.0, 0.5], [1.0, 0.0]]
    assert report["decided_by_class"] == [[3, 2], [2, 1]]
    assert report["undecided_by_class"] == [[0.0, pytest.approx(1 / 3)], [0.0, 0.5]]
    assert report["right_label_by_class"] == [[1.0, pytest.approx(2 / 3)], [0.5, 0.0]]


def test_correction_undoes_the_classifiers_errors():
    confusion = np.array([[90, 10], [20, 80]])
    share, (low, high) = purity_of_counts(np.array([8800, 1200]), 0, confusion)
    assert share == pytest.approx((0.88 - 0.2) / 0.7, abs=1e-6)
    assert low < share < high


def test_a_group_that_was_not_asked_for_and_no_classes():
    report = asked_groups(np.zeros(5, int), np.array([0, 0, 0, -1, 0]), np.zeros(5, int), 2, PERFECT)
    assert report["n"] == [5, 0]
    assert report["purity"] == [1.0, None]
    assert report["purity_by_class"] == [[], []]
    assert purity_of_counts(np.zeros(2, int), 0, PERFECT) == (None, None)


def test_in_words_and_as_a_picture(report):
    whole = ImageReport.from_dict({"asked": report, "groups": ["black", "white"], "classes": ["cat", "dog"]})
    text = "\n".join(to_text(whole))
    assert "| black | 6 | 4 | 1 | 1 | 80.0 % |" in text
    assert "does bias move to subgroups" in text
    axes = plot(whole).axes[0]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["all", "cat", "dog"]
    assert "80.0 %" in axes.texts[0].get_text()
    assert to_text(ImageReport()) == []
    assert plot(ImageReport()) is None
