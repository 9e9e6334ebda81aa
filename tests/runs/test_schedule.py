"""How long an epoch is: a pass over the data, but of few rows not so short that logging takes the time."""

import pytest

from repfair_keras.runs.config import TrainingSettings
from repfair_keras.runs.schedule import steps_per_epoch, steps_per_execution, total_steps


@pytest.mark.parametrize(
    ("n", "total", "expected"),
    [
        (60_000, 9_375, 117),  # a pass
        (3_700, 6_000, 60),  # a hundredth of the run
        (3_700, 100_000, 100),  # a hundred steps
        (3_700, 30, 7),  # a short run
        (300, 30, 1),
    ],
)
def test_steps_per_epoch(n, total, expected):
    assert steps_per_epoch(TrainingSettings(batch_size=512), n, total) == expected


def test_an_epoch_that_is_asked_for_is_a_pass():
    assert total_steps(TrainingSettings(batch_size=512, epochs=1000), 3_700) == 7_000


def test_steps_of_one_call_divide_epoch_and_whole():
    assert steps_per_execution(TrainingSettings(), 60, 6_000) == 15
    assert steps_per_execution(TrainingSettings(), 117, 9_375) == 3
    assert steps_per_execution(TrainingSettings(steps_per_execution=10), 60, 6_000) == 10
