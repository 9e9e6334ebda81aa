"""Classifiers trained on real digits, once for all tests of this folder."""

import pytest

from repfair_keras.evaluation.classifier import attribute_classifier, label_classifier


@pytest.fixture(scope="session")
def attribute(digits):
    """`Classifier` of the background of 417 digits."""
    return attribute_classifier(digits, seed=0)


@pytest.fixture(scope="session")
def judge(digits):
    """`Classifier` of the labels of 417 digits."""
    return label_classifier(digits, seed=0)


@pytest.fixture(scope="session")
def half_and_half(digits):
    """40 pictures that no group should get: the left half of a black digit, the right half of a white one."""
    images = digits.images
    blotches = images[digits.groups == 0][:40].copy()
    blotches[:, :, 14:] = images[digits.groups == 1][:40, :, 14:]
    return blotches
