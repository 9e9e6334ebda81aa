"""Markdown for numbers, names and tables, where `None` and names with Markdown in them are ordinary."""

import math
import re

NONE = "-"


def escape(text):
    """Returns text that a Markdown renderer shows as it is: on one line, without tables, links or HTML.

    An underscore within a word never starts emphasis (CommonMark, 6.2), and a console shows it as it is.
    """
    one_line = " ".join(str(text).split())
    return re.sub(r"([\\`*\[\]<>|~#$&]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", one_line)


def code(text):
    """Returns text as code, on one line: nothing is escaped there, so its fence is longer than any in it."""
    one_line = " ".join(str(text).split())
    fence = "`" * (1 + max(map(len, re.findall("`+", one_line)), default=0))
    space = " " if "`" in one_line else ""  # a renderer takes it away
    return f"{fence}{space}{one_line}{space}{fence}"


def table(header, rows):
    """Returns a Markdown table; every cell is escaped.

    Args:
        header: names of the columns; that of the names at the left, the others of numbers at the right.
        rows: lists of text, as long as the header.
    """
    if any(len(row) != len(header) for row in rows):
        raise ValueError(f"rows of {[len(row) for row in rows]} cells below a header of {len(header)}")
    rule = ["---", *["---:"] * (len(header) - 1)]
    lines = [map(escape, header), rule, *(map(escape, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def number(value, digits=4):
    """Returns a number as text."""
    if value is None:
        return NONE
    return f"{value:.{digits}g}" if math.isfinite(value) else "infinite"


def percent(share):
    """Returns a share, in [0, 1], as text."""
    return NONE if share is None else f"{100 * share:.1f} %"


def points(share):
    """Returns a difference of shares as text."""
    return NONE if share is None else f"{100 * share:.1f} points"


def interval(ends):
    """Returns the interval of a share as text; `None`, or ends that are `None`, are not known."""
    return NONE if ends is None or None in ends else f"{percent(ends[0])} to {percent(ends[1])}"


def count(n):
    """Returns a number of images as text."""
    return NONE if n is None else f"{n:,}"


def warning(text):
    """Returns a paragraph that stands out; its text is escaped."""
    return f"> **Warning:** {escape(text)}"
