"""Words of a command line become values of the type that a setting has."""

import pytest

from repfair_keras.core.settings import settings_in
from repfair_keras.runs.config import modality_of


@pytest.mark.parametrize(("part", "name"), [("data_settings", "share"), ("evaluation_settings", "target")])
@pytest.mark.parametrize(
    ("text", "value"), [("[0.2, 0.8]", [0.2, 0.8]), ("0.3", 0.3), ("null", None), ("half", "half")]
)
def test_shares_are_a_number_or_a_list(part, name, text, value):
    setting = settings_in(getattr(modality_of("mnist_5k"), part))[name]
    assert setting.parse(text) == value
