"""Instruments made from real digits, once for all tests of this folder."""

import pytest

from repfair_keras.evaluation.images.instruments import prepare_instruments


@pytest.fixture(scope="session")
def instruments(digits, tmp_path_factory):
    """`Instruments` made from 417 digits; no second attribute."""
    return prepare_instruments(tmp_path_factory.mktemp("instruments"), digits)
