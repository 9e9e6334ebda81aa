"""The catalogue of metrics as text."""

import math
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


def metrics_markdown():
    """Returns the same as Markdown: a table, one row per metric; `docs/report.md` holds it."""
    header = ["name", "label", "range", "better", "definition"]
    rows = [
        [info.name, info.heading, _range(info), info.advice.split(" is ")[0], info.definition]
        for section in SECTIONS.values()
        for info in section
    ]
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _lines(info):
    """Two lines or more: name and what is short, then the definition."""
    short = filter(None, [info.heading, _range(info), info.advice])
    yield f"{info.name:20} {'; '.join(short)}"
    yield from textwrap.wrap(info.definition, WIDTH, initial_indent=" " * 21, subsequent_indent=" " * 21)


def _range(info):
    """The range of the values, before the factor; infinite ends are open."""
    low = f"[{info.low:.4g}" if math.isfinite(info.low) else "(-inf"
    high = f"{info.high:.4g}]" if math.isfinite(info.high) else "inf)"
    return f"{low}, {high}"
