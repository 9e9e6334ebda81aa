"""Instruments made from real digits, once for all tests of this folder."""

import pytest

from repfair_keras.evaluation.images.instruments import prepare_instruments


@pytest.fixture(scope="session")
def instruments(digits, digit_instruments):
    """`Instruments` made from 417 digits; no second attribute."""
    return prepare_instruments(digit_instruments, digits)
