"""How long a run is, and how many of its steps are made in one call."""

import math

from repfair_keras.core.errors import InputError

ENOUGH = 100  # steps, or parts of a run, between two lines of its log


def steps_per_pass(training, n_rows):
    """Iterations of one pass over the data."""
    return max(n_rows // training.batch_size, 1)


def steps_per_epoch(training, n_rows, total):
    """Iterations from one line of the log, and one checkpoint, to the next.

    A pass over the data; if that is hardly anything, 100 steps or a hundredth of the run.

    Args:
        training: `TrainingSettings`.
        n_rows: rows of the data.
        total: iterations in all.
    """
    return max(steps_per_pass(training, n_rows), min(ENOUGH, -(-total // ENOUGH)))


def total_steps(training, n_rows):
    """Iterations in all."""
    return training.steps or training.epochs * steps_per_pass(training, n_rows)


def check_steps_per_execution(training, n_rows):
    """Raises `InputError` unless the configured number divides the epoch and the whole."""
    total = total_steps(training, n_rows)
    per_epoch = steps_per_epoch(training, n_rows, total)
    if math.gcd(per_epoch, total) % (training.steps_per_execution or 1):
        raise InputError(
            f"steps_per_execution is {training.steps_per_execution}: expected a divisor of the epoch's "
            f"{per_epoch} steps and of {total} in all. Leave it out to have one chosen."
        )


def steps_per_execution(training, per_epoch, total):
    """As configured, if that divides the epoch and the whole; else the most steps, up to 16, that do."""
    common = math.gcd(per_epoch, total)
    if training.steps_per_execution is not None and common % training.steps_per_execution == 0:
        return training.steps_per_execution
    return max(steps for steps in range(1, 17) if common % steps == 0)
