"""How long a run is, and how many of its steps are made in one call."""

import math

from repfair_keras.core.errors import InputError

ENOUGH = 100  # steps, or parts of a run, between two lines of its log


def steps_per_pass(config, n_images):
    """Iterations of one pass over the data."""
    return max(n_images // config.batch_size, 1)


def steps_per_epoch(config, n_images, total):
    """Iterations from one line of the log, and one checkpoint, to the next.

    A pass over the data; if that is hardly anything, 100 steps or a hundredth of the run.

    Args:
        config: resolved `Config`.
        n_images: rows of the data.
        total: iterations in all.
    """
    return max(steps_per_pass(config, n_images), min(ENOUGH, -(-total // ENOUGH)))


def total_steps(config, n_images):
    """Iterations in all."""
    return config.steps or config.epochs * steps_per_pass(config, n_images)


def check_steps_per_execution(config, n_images):
    """Raises `InputError` unless the configured number divides the epoch and the whole."""
    total = total_steps(config, n_images)
    per_epoch = steps_per_epoch(config, n_images, total)
    if math.gcd(per_epoch, total) % (config.steps_per_execution or 1):
        raise InputError(
            f"steps_per_execution is {config.steps_per_execution}: expected a divisor of the epoch's "
            f"{per_epoch} steps and of {total} in all. Leave it out to have one chosen."
        )


def steps_per_execution(config, per_epoch, total):
    """As configured, if that divides the epoch and the whole; else the most steps, up to 16, that do."""
    common = math.gcd(per_epoch, total)
    if config.steps_per_execution is not None and common % config.steps_per_execution == 0:
        return config.steps_per_execution
    return max(steps for steps in range(1, 17) if common % steps == 0)
