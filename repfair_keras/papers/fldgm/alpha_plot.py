"""Fairness, accuracy and what latents tell of the group, against the exponent of the penalty's weight."""

import numpy as np
from matplotlib.figure import Figure

from repfair_keras.core.errors import InputError
from repfair_keras.figures.names import count_of_seeds
from repfair_keras.figures.style import GREY, group_line, new_figure, plain
from repfair_keras.metrics.intervals import mean_interval

PANELS = {
    "Inequality of the classifier (0: none)": {
        "demographic_parity/lr": "demographic parity",
        "ftu/lr": "FTU",
        "demographic_parity/codes": "demographic parity, from real codes and group",
        "demographic_parity/blind": "demographic parity, from real codes alone",
    },
    "Accuracy of the classifier": {
        "accuracy/lr": "accuracy",
        "accuracy/codes": "accuracy, from real codes and group",
        "accuracy/blind": "accuracy, from real codes alone",
    },
    "The group from codes (0.5: nothing can be told)": {"leak": "AUROC"},
}
LEARNT_FROM = {"lr": 0, "codes": 2, "blind": 3}  # the colour of a classifier by what it learns from
CHOSEN = 7


def plot_alphas(rows: list[dict]) -> Figure:
    """Plots each metric against alpha: lines are means over seeds with 95 % t intervals, points single seeds.

    Args:
        rows: dicts, one per run, see `papers.fldgm.fair_rows`, with `alpha`.

    Raises:
        InputError: if there are no rows.

    Reference: FLDGM, supplement, ablation of alpha.
    """
    if not rows:
        raise InputError("no rows to plot against alpha, expected at least one run.")
    figure = new_figure(10, 8)
    alphas = sorted({row["alpha"] for row in rows})
    for axes, (title, columns) in zip(figure.subplots(len(PANELS), sharex=True), PANELS.items(), strict=True):
        _plot_panel(axes, rows, alphas, columns)
        axes.set_title(title, fontsize=10)
        axes.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
        plain(axes)
    axes.set_xticks(alphas)
    axes.set_xlabel("alpha: the penalty's weight is 10^alpha (the paper takes 7)")
    title = f"FLD-WGAN-GP on {rows[0]['dataset']}: the weight of the penalty, {_seeds(rows, alphas)}"
    figure.suptitle(title, fontsize=11)
    return figure


def _plot_panel(axes, rows, alphas, columns):
    """A line per metric, dotted ones at what real rows reach, and one at the paper's choice."""
    for column, name in columns.items():
        index = 1 if column.startswith("ftu") else LEARNT_FROM.get(column.partition("/")[2], 0)
        _plot_line(axes, rows, alphas, column, name, index)
        real = [row.get(f"real_{column}") for row in rows]
        if None not in real:
            style = {"color": group_line(index)["color"], "linestyle": ":", "linewidth": 1.5}
            axes.axhline(np.mean(real), label=f"{name}, real rows", **style)
    axes.axvline(CHOSEN, color=GREY, linewidth=0.8)


def _seeds(rows, alphas):
    numbers = [sum(row["alpha"] == alpha for row in rows) for alpha in alphas]
    seeds = count_of_seeds(max(numbers))
    return seeds if min(numbers) == max(numbers) else f"{min(numbers)} to {seeds}"


def _plot_line(axes, rows, alphas, column, name, index):
    values = [
        [row[column] for row in rows if row["alpha"] == alpha and row.get(column) is not None]
        for alpha in alphas
    ]
    if not any(values):
        return
    intervals = [mean_interval(of_seeds, low=0, high=1) for of_seeds in values]
    means = [np.nan if mean.mean is None else mean.mean for mean in intervals]
    ends = [
        [0 if mean.low is None else mean.mean - mean.low for mean in intervals],
        [0 if mean.low is None else mean.high - mean.mean for mean in intervals],
    ]
    style = group_line(index)
    axes.errorbar(alphas, means, ends, label=name, capsize=3, elinewidth=1, **style)
    points = [(alpha, value) for alpha, of_seeds in zip(alphas, values, strict=True) for value in of_seeds]
    axes.scatter(*zip(*points, strict=True), s=12, color=style["color"], alpha=0.5, linewidths=0)
