"""What the classifier that counted the groups gets wrong."""

import numpy as np

from repfair_keras.figures.context import Figure
from repfair_keras.figures.heat_map import draw_table, table_size
from repfair_keras.figures.style import new_figure


def plot(report):
    """Draws the group classifier's confusion matrix on held-out real images: shares of each row, and counts.

    Args:
        report: `ImageReport`.

    Returns:
        `matplotlib.figure.Figure`; `None` if the report has no classifier.
    """
    if not report.classifier:
        return None
    groups, counts = report.groups, np.array(report.classifier.confusion, dtype=float)
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)
    figure = new_figure(*table_size(groups, groups))
    axes = figure.subplots()
    draw_table(axes, shares, counts, groups, groups, "share of the true group (%)")
    axes.set_ylabel("true group")
    axes.set_xlabel("group by the classifier")
    right = 100 * np.trace(counts) / max(counts.sum(), 1)
    figure.suptitle(f"Group classifier on {int(counts.sum()):,} held-out\nreal images: {right:.1f} % right")
    return figure


FIGURE = Figure(plot, needs=("report",), modalities=("images",))
