"""Figure 8 of RepFair-GAN as a picture: what the bound C does to shares, undecided images and labels."""

import numpy as np
from matplotlib.figure import Figure

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import count_of_seeds
from repfair_keras.figures.style import COLORS, GREY, MARKERS, group_line, new_figure, plain
from repfair_keras.metrics.intervals import mean_interval

PAPER_UNIFORM = (2, 10)  # where the paper finds the groups sampled uniformly
AROUND = 1.2  # the band reaches beyond the points at its ends
GAP = {"color": "black", "marker": "P", "markersize": 5, "linewidth": 1.5}
UNDECIDED = {**GAP, "color": GREY, "marker": MARKERS[3]}
RIGHT = {**GAP, "color": COLORS[2], "marker": MARKERS[2]}
LIGHT = {"color": GREY, "alpha": 0.15, "linewidth": 0}


def plot_bounds(rows: list[dict], groups, note: str = "") -> Figure:
    """Plots late shares against C, and below them gaps, undecided images and right labels, and clipped steps.

    Shares of seeds that favour opposite groups cancel in a mean, their gaps do not. Each line is the mean
    over seeds with its 95 % t interval; the small points are single seeds.

    Args:
        rows: list of dicts, one per run: `max_grad_norm` (above 0), `seed`, and means over the second half of
            training, in [0, 1] or `None`: `late_share/<group>` (corrected), `late_gap`, `late_undecided`
            (of all), `late_right_label` and `late_clip_fraction/<group>`.
        groups: one name per group.
        note: said below the title.

    Raises:
        InputError: if there are no rows.

    Reference: Kenfack et al., RepFair-GAN, Figure 8.
    """
    if not rows:
        raise InputError("no rows to plot shares against C from, expected at least one run.")
    figure = new_figure(8.5, 9.5)
    shares, gap, state, clipped = figure.subplots(4, sharex=True, height_ratios=[1.8, 1.2, 1.2, 1])
    _plot_group_lines(shares, rows, groups, "late_share")
    shares.axhline(100 / len(groups), color="black", linestyle="--", linewidth=1, label="equal shares")
    _plot_line(gap, rows, "late_gap", 0, 1, "gap", GAP)
    _plot_line(state, rows, "late_undecided", 0, 2, "undecided", UNDECIDED)
    _plot_line(state, rows, "late_right_label", 1, 2, "right label", RIGHT)
    _plot_group_lines(clipped, rows, groups, "late_clip_fraction")
    first, last = PAPER_UNIFORM
    shares.axvspan(first / AROUND, last * AROUND, label=f"{first} to {last}: uniform\nin the paper", **LIGHT)
    _finish(shares, "Groups, corrected for the classifier's errors", "share (%)")
    _finish(gap, "Gap between the groups of each run: larger minus smaller share", "gap (points)")
    _finish(state, "All images", "share (%)")
    _finish(clipped, "Steps on real images whose gradient C clipped", "share (%)")
    _label_bounds(clipped, rows)
    figure.suptitle(_title(rows, note), fontsize=11)
    return figure


def _label_bounds(axes, rows):
    bounds = sorted({row["max_grad_norm"] for row in rows})
    axes.set_xticks(bounds, [f"{bound:g}" for bound in bounds])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("C, bound of the discriminator's gradient norm (log scale)")


def _title(rows, note):
    seeds = count_of_seeds(len({row["seed"] for row in rows}))
    title = f"RepFair-GAN with other bounds C: means over the second half of training, {seeds}"
    below = "lines, open marks: mean over seeds and its 95 % interval; small points: single seeds"
    return "\n".join(filter(None, [title, note, below]))


def _plot_group_lines(axes, rows, groups, column):
    for group, name in enumerate(groups):
        _plot_line(axes, rows, f"{column}/{name}", group, len(groups), label(name), group_line(group))


def _plot_line(axes, rows, column, index, n, name, style):
    """Plots one line of means; `n` lines are moved apart a little so that they do not hide one another."""
    bounds = sorted({row["max_grad_norm"] for row in rows})
    values = [
        [100 * row[column] for row in rows if row["max_grad_norm"] == bound and row.get(column) is not None]
        for bound in bounds
    ]
    places = np.array(bounds) * 1.09 ** (index - (n - 1) / 2)
    intervals = [mean_interval(of_seeds, low=0, high=100) for of_seeds in values]
    means = np.array([np.nan if mean.mean is None else mean.mean for mean in intervals])
    ends = np.array([[np.nan] * 2 if mean.low is None else (mean.low, mean.high) for mean in intervals])
    around = np.nan_to_num(np.abs(ends.T - means))
    if np.isnan(means).all():
        name = f"{name} (not measured)"
    open_marks = {**style, "markerfacecolor": "none", "markersize": 8}
    axes.errorbar(places, means, around, label=name, capsize=3, elinewidth=1, alpha=0.75, **open_marks)
    points = [(place, value) for place, of_seeds in zip(places, values, strict=True) for value in of_seeds]
    look = {"color": style["color"], "marker": ".", "edgecolors": "none"}
    axes.scatter(*np.reshape(points, (-1, 2)).T, s=30, zorder=3, **look)


def _finish(axes, title, ylabel):
    axes.set_xscale("log")
    axes.set_ylim(-4, 104)
    axes.set_ylabel(ylabel)
    axes.set_title(title, fontsize=10)
    plain(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
