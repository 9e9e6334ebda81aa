"""Figure 8 of the paper: what the bound C does to shares, undecided images and labels."""

import numpy as np

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


def draw(rows, groups, note=""):
    """Draws late shares against C, and below them gaps, undecided images and right labels, and clipped steps.

    Shares of seeds that favour opposite groups cancel in a mean, their gaps do not. Each line is the mean
    over seeds with its 95 % t interval; the small points are single seeds.

    Args:
        rows: list of dicts, one per run: `max_grad_norm` (above 0), `seed`, and means over the second half of
            training, in [0, 1] or `None`: `late_share/<group>` (corrected), `late_gap`, `late_undecided`
            (of all), `late_right_label` and `late_clip_fraction/<group>`.
        groups: one name per group.
        note: said below the title.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there are no rows.

    Reference: Kenfack et al., RepFair-GAN, Figure 8.
    """
    if not rows:
        raise InputError("no rows to draw shares against C from, expected at least one run.")
    figure = new_figure(8.5, 9.5)
    panels = figure.subplots(4, sharex=True, height_ratios=[1.8, 1.2, 1.2, 1])
    shares, gap, state, clipped = panels
    _draw_group_lines(shares, rows, groups, "late_share")
    shares.axhline(100 / len(groups), color="black", linestyle="--", linewidth=1, label="equal shares")
    _draw_line(gap, rows, "late_gap", 0, 1, "gap", GAP)
    _draw_line(state, rows, "late_undecided", 0, 2, "undecided", UNDECIDED)
    _draw_line(state, rows, "late_right_label", 1, 2, "right label", RIGHT)
    _draw_group_lines(clipped, rows, groups, "late_clip_fraction")
    first, last = PAPER_UNIFORM
    shares.axvspan(first / AROUND, last * AROUND, label=f"{first} to {last}: uniform\nin the paper", **LIGHT)
    _finish(shares, "Groups, corrected for the classifier's errors", "share (%)")
    _finish(gap, "Gap between the groups of each run: larger minus smaller share", "gap (points)")
    _finish(state, "All images", "share (%)")
    _finish(clipped, "Steps on real images whose gradient C clipped", "share (%)")
    bounds = sorted({row["max_grad_norm"] for row in rows})
    clipped.set_xticks(bounds, [f"{bound:g}" for bound in bounds])
    clipped.set_xticks([], minor=True)
    clipped.set_xlabel("C, bound of the discriminator's gradient norm (log scale)")
    seeds = count_of_seeds(len({row["seed"] for row in rows}))
    title = f"RepFair-GAN with other bounds C: means over the second half of training, {seeds}"
    below = "lines, open marks: mean over seeds and its 95 % interval; small points: single seeds"
    figure.suptitle("\n".join(filter(None, [title, note, below])), fontsize=11)
    return figure


def _draw_group_lines(axes, rows, groups, column):
    for group, name in enumerate(groups):
        _draw_line(axes, rows, f"{column}/{name}", group, len(groups), label(name), group_line(group))


def _draw_line(axes, rows, column, index, n, name, style):
    """Draws one line of means; `n` lines are moved apart a little so that they do not hide one another."""
    bounds = sorted({row["max_grad_norm"] for row in rows})
    values = [
        [100 * row[column] for row in rows if row["max_grad_norm"] == bound and row.get(column) is not None]
        for bound in bounds
    ]
    places = np.array(bounds) * 1.09 ** (index - (n - 1) / 2)
    found = [mean_interval(mine, low=0, high=100) for mine in values]
    means = np.array([np.nan if each.mean is None else each.mean for each in found])
    ends = np.array([[np.nan] * 2 if each.low is None else (each.low, each.high) for each in found])
    around = np.nan_to_num(np.abs(ends.T - means))
    if np.isnan(means).all():
        name = f"{name} (not measured)"
    open_marks = {**style, "markerfacecolor": "none", "markersize": 8}
    axes.errorbar(places, means, around, label=name, capsize=3, elinewidth=1, alpha=0.75, **open_marks)
    points = [(place, value) for place, mine in zip(places, values, strict=True) for value in mine]
    look = {"color": style["color"], "marker": ".", "edgecolors": "none"}
    axes.scatter(*np.reshape(points, (-1, 2)).T, s=30, zorder=3, **look)


def _finish(axes, title, ylabel):
    axes.set_xscale("log")
    axes.set_ylim(-4, 104)
    axes.set_ylabel(ylabel)
    axes.set_title(title, fontsize=10)
    plain(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
