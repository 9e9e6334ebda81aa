"""A random search: settings of runs that are drawn, in the place of a grid of all combinations."""

import itertools
import math
from collections.abc import Iterator

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.random_streams import Stream
from repfair_keras.core.settings import shown

KEYS = ("runs", "draw_seed", "settings")
SCALES = ("log", "linear")
DIGITS = 3  # of a drawn number: a value that can be read, and typed again
MOST_RUNS = 10_000
EXPECTED = "a list of values to choose from, {log: [low, high]} or {linear: [low, high]}"


def draw_settings(drawn: dict) -> Iterator[dict]:
    """Returns settings of runs of a random search, without an end: two may be alike.

    Every setting is drawn by itself: one value of a list, each as likely; of `linear`, uniformly between the two; of
    `log`, with a uniform logarithm (Bergstra and Bengio 2012, section 4). Numbers are rounded to three digits. What is
    drawn depends on `draw_seed` and the order of the settings alone.

    Args:
        drawn: dict of `runs`, how many; `draw_seed`, an integer of at least 0; `settings`, dict of setting to what it
            is drawn from.

    Raises:
        InputError: names what does not fit.

    Examples:
        >>> rates = {"d_learning_rate": {"log": [1e-4, 1e-2]}}
        >>> next(draw_settings({"runs": 24, "draw_seed": 0, "settings": {"method": ["gan"], **rates}}))
        {'method': 'gan', 'd_learning_rate': ...}
    """
    if not isinstance(drawn, dict) or set(drawn) != set(KEYS):
        raise InputError(f"draw holds {shown(drawn)}: expected {', '.join(KEYS)}.")
    runs, seed, settings = (drawn[key] for key in KEYS)
    for name, value, least, most in (("runs", runs, 1, MOST_RUNS), ("draw_seed", seed, 0, 2**31 - 1)):
        if type(value) is not int or not least <= value <= most:
            raise InputError(
                f"{name} of draw is {shown(value)}: expected an integer from {least} to {most:,}."
            )
    if not isinstance(settings, dict) or not settings:
        raise InputError(f"settings of draw is {shown(settings)}: expected settings, each with {EXPECTED}.")
    for name, source in settings.items():
        _check(name, source)
    rng = np.random.default_rng((seed, Stream.DRAWN_SETTINGS))
    return ({name: _drawn(rng, source) for name, source in settings.items()} for _ in itertools.count())


def _check(name, source):
    if isinstance(source, list) and source:
        return
    if isinstance(source, dict) and len(source) == 1:
        ((scale, bounds),) = source.items()
        if scale in SCALES and isinstance(bounds, list) and len(bounds) == 2 and all(map(_is_number, bounds)):
            low, high = bounds
            if low < high and (scale == "linear" or low > 0):
                return
    raise InputError(
        f"{name} is {shown(source)} in draw: expected {EXPECTED}, low below high, and above 0 for a logarithm."
    )


def _is_number(value):
    return type(value) in (int, float) and math.isfinite(value)


def _drawn(rng, source):
    if isinstance(source, list):
        return source[rng.integers(len(source))]
    ((scale, (low, high)),) = source.items()
    value = math.exp(rng.uniform(math.log(low), math.log(high))) if scale == "log" else rng.uniform(low, high)
    return min(max(float(f"{value:.{DIGITS}g}"), low), high)
