"""How bright the samples of each training are, as On the Fairness of GANs shows them."""

import numpy as np
from matplotlib.figure import Figure

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import GREY, group_color, new_figure

COLUMNS = 5


def columns_of(report: dict) -> dict:
    """Returns the columns `brightness` and `share/<group>` of a row for `plot` from a report."""
    shares = report.get("proportions") or [None] * len(report["groups"])
    columns = {f"share/{name}": share for name, share in zip(report["groups"], shares, strict=True)}
    return {**columns, "brightness": report.get("brightness")}


def plot(rows: list[dict], groups, threshold: float | None = None, note: str = "") -> Figure:
    """Plots the distribution of mean pixels of the samples of each run, a panel per run.

    Args:
        rows: list of dicts, one per run: `seed`, `training_share` (of the second group in the training
            data), `brightness` (counts in equal bins from 0 to 1, or `None`), and `share/<group>` (of the
            same samples, of those whose group is clear), in [0, 1] or `None`.
        groups: names of the two groups.
        threshold: brightness at which the paper parts the groups; `None`: it names none.
        note: said below the title.

    Raises:
        InputError: if there are no rows.

    Reference: Kenfack and Arapov, On the Fairness of GANs, Figures 3 to 5.
    """
    if not rows:
        raise InputError("no rows to plot samples from, expected at least one run.")
    rows = sorted(rows, key=lambda row: (row["training_share"], row["seed"]))
    lines = -(-len(rows) // COLUMNS)
    figure = new_figure(2.5 * min(len(rows), COLUMNS) + 0.6, 2.1 * lines + 0.9)
    panels = figure.subplots(lines, min(len(rows), COLUMNS), sharex=True, squeeze=False)
    for axes in panels.flat[len(rows) :]:
        axes.set_axis_off()
    for axes, row in zip(panels.flat, rows, strict=False):
        _plot_run(axes, row, groups, threshold)
    figure.supxlabel("mean pixel of a sample (0 black, 1 white)", fontsize=10)
    figure.supylabel("share of the samples per bin (%)", fontsize=10)
    title = "Samples of each training, by their brightness"
    figure.suptitle(f"{title}\n{note}" if note else title)
    return figure


def _plot_run(axes, row, groups, threshold):
    counts = row["brightness"]
    second = row.get(f"share/{groups[1]}")
    share = "" if second is None else f"\n{label(groups[1])} {100 * second:.0f} %"
    axes.set_title(f"seed {row['seed']}, data {100 * row['training_share']:g} %{share}", fontsize=9)
    if counts is None:
        axes.text(0.5, 0.5, "not measured", ha="center", color=GREY, transform=axes.transAxes)
        return
    edges = np.linspace(0, 1, len(counts) + 1)
    axes.stairs(100 * np.array(counts) / max(sum(counts), 1), edges, fill=True, color=group_color(0))
    if threshold is not None:
        axes.axvline(threshold, color="black", linestyle="--", linewidth=1)
