"""What a classifier of the values as they are learns from synthetic rows, beside real ones: how good, how equal."""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.labels import as_it_is
from repfair_keras.figures.style import COLORS, MARKERS, new_figure, plain

METRICS = {
    "auroc": "AUROC",
    "accuracy": "accuracy",
    "demographic_parity_ratio": "demographic-parity ratio\n(1 is equal)",
    "equalized_odds_ratio": "equalised-odds ratio\n(1 is equal)",
}


def plot(report):
    """Draws each metric after training on real and on synthetic rows, with intervals over the test rows.

    Args:
        report: `TableReport`.

    Returns:
        `matplotlib.figure.Figure`; `None` of a table in bins, which has no values.
    """
    if report.values is None:
        return None
    sides = report.values.utility
    figure = new_figure(2.5 * len(METRICS), 2.8)
    for axes, (metric, title) in zip(figure.subplots(1, len(METRICS)), METRICS.items(), strict=True):
        for place, side in enumerate(sides):
            draw_interval(axes, place, sides[side][metric], COLORS[place], MARKERS[place])
        axes.set_xticks(range(len(sides)), sides)
        axes.set_xlim(-0.6, len(sides) - 0.4)
        axes.set_title(title, fontsize=9)
        plain(axes)
    figure.suptitle(
        as_it_is(
            f"{report.target}: gradient boosting trained on real and on synthetic rows, tested on real ones"
        )
    )
    return figure


def draw_interval(axes, place, value, color, marker="o", label=None):
    """Draws `[value, low, high]` at a place of the x axis; where it is `None`, "unknown"."""
    if value is None:
        axes.text(place, 0.5, "unknown", transform=axes.get_xaxis_transform(), ha="center", fontsize=8)
        return
    middle, low, high = value
    ends = [[max(middle - low, 0)], [max(high - middle, 0)]]
    axes.errorbar(place, middle, ends, fmt=marker, color=color, capsize=3, label=label)


FIGURE = Figure(plot, needs=("report",), modalities=("tables",))
