"""Figures 4 and 5 of the paper: which share of the generated images each group has, overall and per class."""

import numpy as np

from repfair_keras.figures.style import GREY, group_bar, new_figure, plain


def draw(report):
    """Draws the share of each group with its 95 % interval and the undecided share, overall and per class.

    Shares of groups are of the decided images; the undecided share is of all.

    Args:
        report: dict as in `report.json`.

    Returns:
        `matplotlib.figure.Figure`; without the part on the right if there are no classes.

    Reference: Kenfack et al., RepFair-GAN, Figures 4 and 5.
    """
    k, n_classes = len(report["groups"]), len(report["by_class"])
    widths = [2.5 + 0.3 * k, n_classes * (0.4 + 0.1 * k)][: 1 + bool(n_classes)]
    width = min(max(sum(widths), 5), 18)
    figure = new_figure(width, 4.5)
    axes = figure.subplots(1, len(widths), squeeze=False, sharey=True, width_ratios=widths)[0]
    overall = (["all"], [report["proportions"]], [report["intervals"]], [report["undecided"]])
    bars = _draw_bars(axes[0], report["groups"], *overall)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # keeps numbers clear of the dashed line
    for container in bars:
        axes[0].bar_label(container, fmt=_percent, padding=3, fontsize=8, bbox=box)
    for right in axes[1:]:
        rows = (report["by_class"], report["by_class_intervals"], report["by_class_undecided"])
        _draw_bars(right, report["groups"], report["classes"], *rows)
        right.set_xlabel("class")
    axes[0].set_ylabel("share of images (%)")
    highest = max(each.dataLim.y1 for each in axes)
    axes[0].set_ylim(0, min(max(200 / k, 1.1 * highest), 108))
    figure.suptitle(f"Groups in {report['n']:,} generated images")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=int(width / 2), frameon=False)
    return figure


def _draw_bars(axes, groups, names, shares, intervals, undecided):
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
            axes.bar(left + group * width, shares[:, group], width, yerr=ends, label=name, **style)
        )
    grey = {"color": "white", "edgecolor": GREY, "hatch": "////"}
    undecided = 100 * _floats(undecided, (n,))
    containers.append(axes.bar(left + k * width, undecided, width, label="undecided (of all)", **grey))
    axes.axhline(100 / k, color="black", linestyle="--", linewidth=1, label=f"balanced: {100 / k:.3g} %")
    turned = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if max(map(len, names)) > 4 else {}
    axes.set_xticks(np.arange(n), names, **turned)
    axes.set_xlim(-0.5, n - 0.5)
    plain(axes)
    return containers


def _floats(values, shape):
    """Array of numbers that may be `None` (nothing decided), alone or for a whole row: these become NaN."""
    array = np.full(shape, np.nan)
    for row, value in enumerate(values):
        array[row] = np.array(value, dtype=float)
    return array


def _percent(share):
    return "" if np.isnan(share) else f"{share:.1f}"
