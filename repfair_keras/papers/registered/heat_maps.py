"""Maps of a registered block: a cell for each arm and each value of a setting."""

import numpy as np
from matplotlib.figure import Figure

from repfair_keras.figures.heat_map import draw_table
from repfair_keras.figures.style import new_figure
from repfair_keras.papers.registered.block_text import by_value

PANELS = {
    "images": (
        ("lost", "runs that lost a group (%)"),
        ("class_gap", "gap within classes (points)"),
        ("undecided", "undecided images (%)"),
    ),
    "tables": (
        ("dp", "demographic parity (points)"),
        ("ftu", "FTU (points)"),
        ("accuracy", "accuracy (%)"),
        ("leak", "AUROC of the group from codes (%)"),
    ),
}


def plot(runs: dict, label: str, title: str, of: str = "images") -> Figure:
    """Plots means over the runs of each cell, with their number.

    Args:
        runs: name of each arm to what `endpoints` has measured of its runs, with `across`.
        label: what the setting is called.
        title: heading.
        of: `images` or `tables`.
    """
    panels = PANELS[of]
    values = sorted({run["across"] for mine in runs.values() for run in mine})
    figure = new_figure(2 + 1.1 * len(values) * len(panels), 2 + 0.7 * len(runs))
    for axes, (endpoint, name) in zip(figure.subplots(1, len(panels)), panels, strict=True):
        cells = [[by_value(mine).get(value, []) for value in values] for mine in runs.values()]
        known = [
            [[run[endpoint] for run in cell if run[endpoint] is not None] for cell in row] for row in cells
        ]
        means = np.array([[np.mean(cell) if cell else np.nan for cell in row] for row in known])
        counts = np.array([[len(cell) for cell in row] for row in known])
        unit = "" if "(points)" in name else " %"
        draw_table(axes, means, counts, list(runs), [f"{value:g}" for value in values], name, unit)
        axes.set_xlabel(label)
        axes.set_title(name, fontsize=10)
    figure.suptitle(f"{title} Means, and below them the number of runs.")
    return figure
