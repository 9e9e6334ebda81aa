"""The groups crossed with a second attribute."""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.heat_map import draw_table, table_size
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import new_figure


def plot(report):
    """Draws the table of two attributes: the share that each combination has of the images, and its count.

    Args:
        report: `ImageReport`.

    Returns:
        `matplotlib.figure.Figure`; `None` if no second attribute was measured, or cannot be told.
    """
    table = report.intersections
    if not table or table.note:
        return None
    groups, values = report.groups, table.values
    shares = [[float("nan") if share is None else share for share in row] for row in table.shares]
    figure = new_figure(*table_size(groups, values))
    axes = figure.subplots()
    draw_table(axes, shares, table.counts, groups, values, "share of these images (%)")
    axes.set_ylabel("group")
    axes.set_xlabel(label(table.attribute))
    total, v = sum(map(sum, table.counts)), table.cramers_v
    related = "" if v is None else f"\nCramér's V {v:.2f} (0: unrelated, 1: one fixes the other)"
    figure.suptitle(f"Two attributes in {total:,} generated images{related}")
    return figure


FIGURE = Figure(plot, needs=("report",), modalities=("images",))
