"""Published results of the arena, as the file beside this module has them."""

import functools
import math
from importlib import resources

import yaml
from scipy import stats

from repfair_keras.core.yaml_text import load_yaml
from repfair_keras.metrics.intervals import Interval

FILE = ("published", "arena.yaml")
REAL = ("real rows", "real rows, sensitive columns redrawn")
LEVEL = 0.95


@functools.cache
def published() -> dict:
    """Returns what the file holds: `source`, and `rows` by table and method, pairs of mean and standard deviation.

    Raises:
        ValueError: if the file is damaged.
    """
    text = resources.files("repfair_keras.papers.tables").joinpath(*FILE).read_text("utf-8")
    try:
        content = load_yaml(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{'/'.join(FILE)} is damaged: {error}") from error
    return content


def interval_of(pair: list[float] | None, n: int, level: float = LEVEL) -> Interval:
    """Returns the mean of `n` values and Student's t interval, from their mean and standard deviation.

    Args:
        pair: mean and standard deviation (n - 1); `None`: not known.
        n: number of values, at least 2.
        level: confidence.

    Examples:
        >>> [round(end, 3) for end in interval_of([0.5, 0.01], 3)[:3]]
        [0.5, 0.475, 0.525]
    """
    if pair is None:
        return Interval(None, None, None, 0)
    mean, deviation = pair
    half = stats.t.ppf((1 + level) / 2, n - 1) * deviation / math.sqrt(n)
    return Interval(mean, float(max(mean - half, 0)), float(min(mean + half, 1)), n)
