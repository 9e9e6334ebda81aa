"""Figures 4 and 5 of the paper: which share of the generated images each group has, overall and per class."""

import numpy as np
from matplotlib.patheffects import withStroke

from repfair_keras.figures.context import Figure
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import GREY, group_bar, new_figure, plain

OUTLINE = [withStroke(linewidth=3, foreground="white")]  # black marks are seen on black bars too


def plot(report):
    """Draws the share of each group with its 95 % interval and the undecided share, overall and per class.

    Shares of groups are of the decided images; the undecided share is of all. Where the report has shares
    corrected for the classifier's error, they stand beside the overall ones.

    Args:
        report: `ImageReport`.

    Returns:
        `matplotlib.figure.Figure`; without the part on the right if there are no classes.

    Reference: Kenfack et al., RepFair-GAN, Figures 4 and 5.
    """
    k, n_classes = len(report.groups), len(report.by_class)
    widths = [2.5 + 0.3 * k, n_classes * (0.4 + 0.1 * k)][: 1 + bool(n_classes)]
    width = min(max(sum(widths), 5), 18)
    figure = new_figure(width, 4.5)
    axes = figure.subplots(1, len(widths), squeeze=False, sharey=True, width_ratios=widths)[0]
    target = report.target or [1 / k] * k
    overall = (["all"], [report.proportions], [report.intervals], [report.undecided])
    bars = _draw_bars(axes[0], report.groups, target, *overall)
    if report.shares_are_corrected:
        _draw_corrected(axes[0], bars, report.corrected)
    _draw_numbers(axes[0], bars, report.intervals, getattr(report.corrected, "intervals", None))
    for right in axes[1:]:
        rows = (report.by_class, report.by_class_intervals, report.by_class_undecided)
        _draw_bars(right, report.groups, target, report.classes, *rows)
        right.set_xlabel("class")
    axes[0].set_ylabel("share of images (%)")
    highest = max(panel.dataLim.y1 for panel in axes)
    axes[0].set_ylim(0, min(max(200 / k, 1.1 * highest), 108))
    figure.suptitle(f"Groups in {report.n:,} generated images")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=int(width / 2), frameon=False)
    return figure


def _draw_bars(axes, groups, target, names, shares, intervals, undecided):
    """Draws one cluster of bars per name: a bar per group, and a grey one; returns the bars' containers."""
    k, n = len(groups), len(names)
    shares = 100 * _floats(shares, (n, k))
    low, high = np.moveaxis(100 * _floats(intervals, (n, k, 2)), -1, 0)
    width = 0.8 / (k + 1)
    left = np.arange(n) - 0.4 + width / 2
    containers = []
    for group, name in enumerate(groups):
        ends = np.stack([shares - low, high - shares])[:, :, group].clip(min=0)
        style = {"error_kw": {"elinewidth": 1, "capsize": 2}, **group_bar(group)}
        containers.append(
            axes.bar(left + group * width, shares[:, group], width, yerr=ends, label=label(name), **style)
        )
    grey = {"color": "white", "edgecolor": GREY, "hatch": "////"}
    undecided = 100 * _floats(undecided, (n,))
    containers.append(axes.bar(left + k * width, undecided, width, label="undecided (of all)", **grey))
    _draw_target(axes, target, left, width)
    turned = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if max(map(len, names)) > 4 else {}
    axes.set_xticks(np.arange(n), map(label, names), **turned)
    axes.set_xlim(-0.5, n - 0.5)
    plain(axes)
    return containers


def _draw_target(axes, target, left, width):
    """Draws the target as one line if it is the same for all groups, else as a line across each bar."""
    k = len(target)
    if np.allclose(target, 1 / k):
        axes.axhline(100 / k, color="black", linestyle="--", linewidth=1, label=f"balanced: {100 / k:.3g} %")
        return
    middles = left + width * np.arange(k)[:, None]  # k x n
    heights = np.broadcast_to(100 * np.array(target)[:, None], middles.shape)
    ends = (middles - width / 2).ravel(), (middles + width / 2).ravel()
    axes.hlines(heights.ravel(), *ends, "black", linewidth=2, path_effects=OUTLINE, label="target")


def _draw_corrected(axes, bars, corrected):
    """Draws the corrected share of each group with its interval, right of the middle of the group's bar."""
    shares, low, high = 100 * np.array([corrected.proportions, *zip(*corrected.intervals, strict=True)])
    place = [bar.get_x() + 0.8 * bar.get_width() for (bar,) in bars[: len(shares)]]
    ends = np.stack([shares - low, high - shares]).clip(min=0)
    look = {"color": "black", "markeredgecolor": "white", "markersize": 6, "elinewidth": 1, "capsize": 2}
    axes.errorbar(place, shares, ends, fmt="D", label="corrected for classifier error", **look)


def _draw_numbers(axes, bars, *intervals):
    """Writes the height of each bar above it and above its intervals."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # keeps numbers clear of the dashed line
    look = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center", "va": "bottom", "fontsize": 8}
    highs = 100 * _floats(intervals, (len(intervals), len(bars) - 1, 2))[:, :, 1]
    for group, (bar,) in enumerate(bars):
        if not np.isnan(bar.get_height()):
            top = np.nanmax([bar.get_height(), *highs[:, group : group + 1].flat])  # the last bar has none
            place = bar.get_x() + bar.get_width() / 2, top
            axes.annotate(f"{bar.get_height():.1f}", place, bbox=box, **look)


def _floats(values, shape):
    """Array of numbers that may be `None` (nothing decided), alone or for a whole row: these become NaN."""
    array = np.full(shape, np.nan)
    for row, value in enumerate(values):
        array[row] = np.array(value, dtype=float)
    return array


FIGURE = Figure(plot, needs=("report",), modalities=("images",))
