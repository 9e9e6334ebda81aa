"""The catalogue of metrics as text."""

import textwrap

from repfair_keras.metrics.catalog_entries import SECTIONS

WIDTH = 100


def metrics_table():
    """Returns every metric with its unit, range, direction and definition, as text for the console.

    Returns:
        str, at most 100 columns wide, without a newline at its end.

    Examples:
        >>> print(metrics_table().splitlines()[0])
        Representation of the groups
    """
    blocks = []
    for title, section in SECTIONS.items():
        lines = [line for info in section for line in _lines(info)]
        blocks.append("\n".join([title, "-" * len(title), *lines]))
    return "\n\n".join(blocks)


def _lines(info):
    """Two lines or more: name and what is short, then the definition."""
    told = [info.heading, f"{_end(info.low, '[')}, {_end(info.high, ']')}", info.advice]
    yield f"{info.name:20} {'; '.join(filter(None, told))}"
    yield from textwrap.wrap(info.definition, WIDTH, initial_indent=" " * 21, subsequent_indent=" " * 21)


def _end(value, bracket):
    """An end of a range; infinite ends are open."""
    text = f"{value:.4g}"
    if value in (float("inf"), float("-inf")):
        bracket = "(" if bracket == "[" else ")"
    return f"{bracket}{text}" if bracket in "[(" else f"{text}{bracket}"
