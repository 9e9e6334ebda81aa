"""Bars of means over seeds, pale beside a point per seed: a mean alone hides a run that lost a group."""

import numpy as np

from repfair_keras.figures.labels import label
from repfair_keras.figures.style import GREY, group_bar, plain
from repfair_keras.metrics.intervals import mean_interval

UNDECIDED = "undecided (of all images)"
WIDTH = 0.84  # of a cluster, whose neighbours are 1 apart


def plot_clusters(axes, clusters, groups, prefix: str = "", intervals: bool = False) -> None:
    """Plots a bar per group and one of the undecided images for each cluster, and labels the percent axis.

    Args:
        axes: matplotlib axes.
        clusters: list of lists of dicts, one dict per seed: `seed`, `<prefix>share/<group>` and
            `<prefix>undecided` in [0, 1], which may be `None`.
        groups: one name per group.
        prefix: what the names of the columns begin with.
        intervals: whether to show the 95 % t interval of the mean, which takes room.
    """
    bars = [(f"{prefix}share/{name}", label(name), group_bar(group)) for group, name in enumerate(groups)]
    grey = {"color": "white", "edgecolor": GREY, "hatch": "////"}
    width = bar_width(len(groups))
    for index, (column, name, style) in enumerate([*bars, (f"{prefix}undecided", UNDECIDED, grey)]):
        places = bar_places(len(clusters), len(groups), index)
        values = [_percent(rows, column) for rows in clusters]
        _plot_means(axes, places, values, width, name, style, intervals)
        _plot_points(axes, places, clusters, values, width)
    axes.set_xlim(-0.55, len(clusters) - 0.45)
    axes.set_ylim(-3, 103)
    plain(axes)


def bar_width(n_groups: int) -> float:
    """Returns the width of a bar, where a cluster has one per group and one of the undecided images.

    Examples:
        >>> round(bar_width(2), 2)
        0.28
    """
    return WIDTH / (n_groups + 1)


def bar_places(n_clusters: int, n_groups: int, index: int) -> np.ndarray:
    """Returns the middles of a group's bars, or, where `index` is `n_groups`, of the undecided images."""
    return np.arange(n_clusters) - WIDTH / 2 + (index + 0.5) * bar_width(n_groups)


def _percent(rows, column):
    return [None if row.get(column) is None else 100 * row[column] for row in rows]


def _plot_means(axes, places, values, width, name, style, intervals):
    means = [mean_interval(of_seeds, low=0, high=100) for of_seeds in values]
    heights = [np.nan if mean.mean is None else mean.mean for mean in means]
    axes.bar(places, heights, width, label=name, alpha=0.4, **style)
    ends = [(place, mean) for place, mean in zip(places, means, strict=True) if mean.low is not None]
    if intervals and ends:
        x, y = [place for place, _ in ends], [mean.mean for _, mean in ends]
        around = [[mean.mean - mean.low for _, mean in ends], [mean.high - mean.mean for _, mean in ends]]
        axes.errorbar(x, y, around, fmt="none", ecolor="black", elinewidth=1.2, capsize=4, zorder=3)


def _plot_points(axes, places, clusters, values, width):
    """Each seed has its own place within a bar, the same in all, so that points do not hide one another."""
    seeds = sorted({row["seed"] for rows in clusters for row in rows})
    steps = np.arange(len(seeds)) - (len(seeds) - 1) / 2
    offsets = dict(zip(seeds, steps * 0.7 * width / len(seeds), strict=True))
    points = [
        (place + offsets[row["seed"]], value)
        for place, rows, of_seeds in zip(places, clusters, values, strict=True)
        for row, value in zip(rows, of_seeds, strict=True)
        if value is not None
    ]
    look = {"color": "black", "edgecolors": "white", "linewidths": 0.6, "zorder": 4, "clip_on": False}
    axes.scatter(*np.reshape(points, (-1, 2)).T, s=24, **look)


def legend_below(figure, axes, points: str = "bar: mean; point: one seed") -> None:
    """Adds one legend below all panels, and what the points are."""
    handles, labels = axes.get_legend_handles_labels()
    (dot,) = axes.plot([], [], "o", color="black", markeredgecolor="white", markersize=5)
    columns = max(2, int(figure.get_figwidth() / 2.6))
    place = {"loc": "outside lower center", "ncols": columns, "frameon": False}
    figure.legend([*handles, dot], [*labels, points], **place)
