"""Is every column of a synthetic table like the real one?"""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import COLORS, new_figure, plain


def plot(report):
    """Draws the similarity of each column, the least similar first.

    Args:
        report: `TableReport`.

    Returns:
        `matplotlib.figure.Figure`.
    """
    quality = report.quality
    columns = sorted(quality.columns.items(), key=lambda pair: pair[1], reverse=True)
    names, values = zip(*columns, strict=True)
    figure = new_figure(6, 1.2 + 0.25 * len(names))
    axes = figure.subplots()
    axes.barh(range(len(names)), values, color=COLORS[0], height=0.7)
    axes.axvline(quality.column_similarity_real, color="black", linestyle="--", linewidth=1)
    axes.set_yticks(range(len(names)), map(label, names))
    axes.set_xlim(min(0.5, *values), 1.0)
    axes.set_xlabel("1 - total variation distance (dashed: real training rows, mean)")
    plain(axes)
    return figure


FIGURE = Figure(plot, needs=("report",), modalities=("tables",))
