"""Instruments made from real digits, once for all tests of this folder."""

import pytest

from repfair_keras.data.images.reference import load_reference
from repfair_keras.evaluation.images.instruments import prepare_instruments


def pytest_collection_modifyitems(items):
    """What needs instruments of their real size takes a minute for these."""
    for item in items:
        if "five_thousand" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def instruments(digits, digit_instruments):
    """`Instruments` made from 417 digits; no second attribute."""
    return prepare_instruments(digit_instruments, digits)


@pytest.fixture(scope="session")
def attribute(instruments):
    """`AttributeClassifier` of the background of 417 digits."""
    return instruments.attribute.classifier


@pytest.fixture(scope="session")
def five_thousand(five_thousand_instruments):
    """`Instruments` made from all 5,000 digits."""
    return prepare_instruments(five_thousand_instruments, load_reference("mnist_5k", None)[0])


@pytest.fixture(scope="session")
def half_and_half(digits):
    """40 pictures that no group should get: the left half of a black digit, the right half of a white one."""
    images = digits.images
    blotches = images[digits.groups == 0][:40].copy()
    blotches[:, :, 14:] = images[digits.groups == 1][:40, :, 14:]
    return blotches
