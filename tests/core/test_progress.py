"""What the progress line of a command says of the time that is left."""

import io

from repfair_keras.core.progress import Progress, advance, clock_of, finish


class Clock:
    """A clock that stands where a test puts it."""

    now = 0.0

    def __call__(self):
        return self.now


def progress_of(stages):
    clock = Clock()
    return Progress(stages, io.StringIO(), clock), clock


def test_a_slow_first_step_is_not_taken_for_the_speed():
    progress, clock = progress_of({"training": (1000, 10.0)})
    clock.now = 60.0  # the graph is made
    progress.advance("training")
    assert progress.seconds_left() < 11
    for _ in range(9):
        clock.now += 0.1
        progress.advance("training")
    assert abs(progress.seconds_left() - 99) < 1e-6  # 990 steps of .1 s


def test_guesses_of_later_stages_follow_the_speed_so_far():
    progress, clock = progress_of({"training": (10, 10.0), "report": (5, 4.0)})
    for _ in range(10):
        clock.now += 3  # three times as slow as guessed
        progress.advance("training")
    assert abs(progress.seconds_left() - 12) < 1e-6


def test_a_finished_stage_leaves_nothing():
    progress, clock = progress_of({"training": (10, 10.0), "report": (1, 4.0)})
    clock.now = 1.0
    with progress:
        advance("training", 2)
        finish("training")
        clock.now = 3.0
        advance("report", 1)
    assert progress.seconds_left() == 0
    assert progress.line() == "report, about 100 % of all, 0:00 left"


def test_nothing_is_told_where_no_command_shows_progress():
    advance("training")
    finish("training")
    assert clock_of(3909) == "1:05:09"
