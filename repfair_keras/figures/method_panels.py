"""Methods beside one another: several panels with a common axis of methods, a point per seed."""

from dataclasses import dataclass, field

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import as_it_is
from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.figures.over_seeds import by_method, spans_decades
from repfair_keras.figures.style import GREY, group_color, new_figure, plain
from repfair_keras.metrics.intervals import mean_interval

STRIP = 0.1  # of a panel's width, where there are no values but arrows
BELOW = 0.22  # where the mean of a method lies, beside its seeds
REAL = {"color": "black", "linestyle": "--", "linewidth": 1}


@dataclass(frozen=True)
class Panel:
    """One panel: what is drawn, and how.

    Args:
        title: said above it.
        column: column of the rows that is drawn.
        real: column of what real data reach; `None`: no line.
        even: value at which a thin line stands; `None`: none.
        worse_is_more: whether larger values are worse: runs without a value lie beyond the worse edge.
        always: whether it is drawn without values too, from 0 to the end of its scale.
        factor: values are drawn times this.
        low, high: ends of the scale, which no interval leaves.
        paper: dict of method to the value that the paper reports, drawn as a cross.
    """

    title: str
    column: str
    real: str | None = None
    even: float | None = None
    worse_is_more: bool = True
    always: bool = False
    factor: float = 1
    low: float = -np.inf
    high: float = np.inf
    paper: dict = field(default_factory=dict)


PERCENT = {"factor": 100, "low": 0, "high": 100}


def plot(rows, panels, title, real_label="real images", missing_label="a seed that could not be measured"):
    """Plots panels with a common axis of methods: a point per seed, and the mean with its interval.

    A run without a value in a panel is an open arrow in a strip beyond the worse edge: left out, it would
    make its method look better. Such a method has no mean there.

    Args:
        rows: dicts, one per run: `method`, `seed` and the columns of the panels, each of which may be `None`.
        panels: list of `Panel`; those without values are left out, unless they are drawn `always`.
        title: title of the figure, lines.
        real_label: what the line of real data is called.
        missing_label: what a run without a value is called.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there are no rows.
    """
    if not rows:
        raise InputError("no rows to draw methods from, expected at least one run.")
    methods = by_method(rows, lambda row: row["method"])
    panels = [panel for panel in panels if panel.always or _known(rows, panel.column)]
    figure = new_figure(2.5 * len(panels) + 1.6, 0.55 * len(methods) + 2.6)
    every = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, panel in zip(every, panels, strict=True):
        _plot_panel(axes, list(methods.values()), panel)
        _plot_paper(axes, list(methods), panel)
    names = [
        as_it_is(f"{method_name(method)}\n{count_of_seeds(len(runs))}") for method, runs in methods.items()
    ]
    every[0].set_yticks(range(len(names)), names)
    every[0].set_ylim(len(names) - 0.5, -0.5)
    _add_legend(figure, rows, panels, real_label, missing_label)
    figure.suptitle(title, fontsize=11)
    return figure


def _plot_panel(axes, rows_of_method, panel):
    column, factor = panel.column, panel.factor
    rows = [row for runs in rows_of_method for row in runs]
    # Only what has no largest value, as KID, may span decades.
    log = panel.high == np.inf and spans_decades(_known(rows, column))
    if log:
        axes.set_xscale("log")
    for place, runs in enumerate(rows_of_method):
        _plot_seeds(axes, [row.get(column) for row in runs], place, panel)
        if len(_known(runs, column)) == len(runs):
            _plot_mean(axes, [factor * value for value in _known(runs, column)], place, panel)
    real = _known(rows, panel.real)
    if real and (not log or np.mean(real) > 0):  # real images' KID may be below 0
        axes.axvline(factor * np.mean(real), **REAL)
    if panel.even is not None:
        axes.axvline(panel.even, color=GREY, linewidth=0.8)
    _finish_panel(axes, panel)
    if len(_known(rows, column)) < len(rows):
        _add_strip(axes, panel.worse_is_more)


def _plot_seeds(axes, values, place, panel):
    """Seeds lie above the mean, each at a height of its own; those without a value are arrows in a strip."""
    heights = place + (np.linspace(-0.3, 0.02, len(values)) if len(values) > 1 else np.array([-0.14]))
    known = [value is not None for value in values]
    points = [panel.factor * value for value in values if value is not None]
    look = {"color": "black", "linewidths": 0.8, "zorder": 3}
    axes.scatter(points, heights[known], s=18, alpha=0.6, **look)
    missing = heights[np.logical_not(known)]
    look |= {"color": None, "facecolor": "white", "edgecolor": "black", "clip_on": False}
    middle, arrow = (1 - STRIP / 2, ">") if panel.worse_is_more else (STRIP / 2, "<")
    edge = np.full(len(missing), middle)
    axes.scatter(edge, missing, s=22, marker=arrow, transform=axes.get_yaxis_transform(), **look)


def _add_strip(axes, worse):
    """Widens a panel on the side of the worse values by a strip that is no part of the axis."""
    scale = axes.xaxis.get_transform()
    low, high = scale.transform(axes.get_xlim())
    width = (high - low) * STRIP / (1 - STRIP)
    ends = (low, high + width) if worse else (low - width, high)
    axes.set_xlim(*scale.inverted().transform(np.array(ends)))
    place = (1 - STRIP, 0) if worse else (0, 0)
    axes.add_patch(Rectangle(place, STRIP, 1, transform=axes.transAxes, color="#EEEEEE", zorder=1.5))


def _plot_mean(axes, values, place, panel):
    interval = mean_interval(values, low=panel.low, high=panel.high)
    if interval.low is not None:
        ends = [[interval.mean - interval.low], [interval.high - interval.mean]]
        axes.errorbar(interval.mean, place + BELOW, xerr=ends, color=group_color(0), capsize=4, linewidth=1.5)
    axes.plot(interval.mean, place + BELOW, "D", color=group_color(0), markersize=7, markeredgecolor="white")


def _plot_paper(axes, methods, panel):
    for method, value in panel.paper.items():
        if method in methods:
            look = {"color": group_color(1), "markersize": 9, "mew": 2, "zorder": 5}
            axes.plot(panel.factor * value, methods.index(method) + BELOW, "x", **look)


def _finish_panel(axes, panel):
    plain(axes)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    axes.grid(axis="y", visible=False)
    axes.set_title(panel.title, fontsize=10)
    axes.tick_params(axis="y", length=0)
    if panel.always:
        axes.set_xlim(-4, 104)


def _add_legend(figure, rows, panels, real_label, missing_label):
    handles = [
        Line2D(
            [], [], linestyle="none", marker="o", color="black", alpha=0.6, markersize=4, label="one seed"
        ),
        Line2D(
            [], [], color=group_color(0), marker="D", markeredgecolor="white", label="mean, 95 % t interval"
        ),
    ]
    if any(len(_known(rows, panel.column)) < len(rows) for panel in panels):
        look = {"marker": ">", "color": "black", "markerfacecolor": "white", "markersize": 5}
        handles.append(Line2D([], [], linestyle="none", **look, label=missing_label))
    if any(panel.real and _known(rows, panel.real) for panel in panels):
        handles.append(Line2D([], [], **REAL, label=real_label))
    if any(panel.paper for panel in panels):
        handles.append(
            Line2D([], [], linestyle="none", marker="x", color=group_color(1), mew=2, label="the paper")
        )
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)


def _known(rows, column):
    return [row[column] for row in rows if row.get(column) is not None]
