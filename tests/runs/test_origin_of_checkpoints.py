"""A checkpoint goes on only in the run that it is of."""

import re
from types import SimpleNamespace

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.runs.config import configure
from repfair_keras.runs.origin import check_same_origin, origin_of

DATA = SimpleNamespace(fingerprint="0123456789abcdef")


def origin(**settings):
    return origin_of(configure(method="repfair", **settings), DATA)


def without(told, *names):
    """What a version that did not know some settings wrote."""
    return {name: value for name, value in told.items() if name not in names}


def test_the_same_run_goes_on_also_for_longer():
    check_same_origin(origin(steps=5).told, origin(steps=50), "run.npz")


def test_a_setting_younger_than_the_checkpoint_was_at_its_default():
    check_same_origin(without(origin().told, "norm_conditions", "clip_fake"), origin(), "run.npz")


@pytest.mark.parametrize(
    ("stored", "present", "told"),
    [
        (origin().told, origin(max_grad_norm=3.0), "max_grad_norm was 2.0 and is 3.0"),
        (without(origin().told, "clip_fake"), origin(clip_fake=True), "clip_fake was False and is True"),
        ({**origin().told, "gone": 1}, origin(), "gone was 1 and is null"),
        ({**origin().told, "numbers": 0}, origin(), "the version of the package's numbers was 0"),
        ({**origin().told, "data": "f" * 16}, origin(), "the data was"),
        (None, origin(), "does not say what run it is of"),
    ],
)
def test_another_run_is_refused_with_what_differs(stored, present, told):
    with pytest.raises(InputError, match=re.escape(told)):
        check_same_origin(stored, present, "run.npz")
