"""Whether images show the group that was asked for, in every class."""

import numpy as np

from repfair_keras.figures.context import Figure
from repfair_keras.figures.heat_map import draw_table, table_size
from repfair_keras.figures.style import new_figure


def plot(report):
    """Draws the share of the images made for each group, and class, that show that group.

    Args:
        report: `ImageReport`.

    Returns:
        `matplotlib.figure.Figure`; `None` if the generator is told no groups.
    """
    asked = report.asked
    if not asked:
        return None
    groups, classes = report.groups, ["all", *report.classes]
    purity = [[whole, *row] for whole, row in zip(asked.purity, asked.purity_by_class, strict=True)]
    shares = np.array(purity, dtype=float)  # None becomes NaN
    figure = new_figure(*table_size(groups, classes))
    axes = figure.subplots()
    counts = [[sum(seen[:-1]), *row] for seen, row in zip(asked.seen, asked.decided_by_class, strict=True)]
    draw_table(axes, shares, counts, groups, classes, "share of the decided images (%)")
    axes.set_ylabel("made for")
    axes.set_xlabel("class")
    figure.suptitle("Images that show the group they were made for,\nof those whose group is clear")
    return figure


FIGURE = Figure(plot, needs=("report",), modalities=("images",))
