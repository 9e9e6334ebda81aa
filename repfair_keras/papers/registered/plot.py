"""A point for every run of a registered block, an arm beside another: a mean would hide what is all or nothing."""

import numpy as np
from matplotlib.figure import Figure

from repfair_keras.figures.style import COLORS, GREY, new_figure, plain
from repfair_keras.papers.registered.endpoints import LOST_BELOW

PANELS = {
    "images": (
        ("share", "smallest group's share (%)"),
        ("class_gap", "gap within classes (points)"),
        ("undecided", "undecided images (%)"),
        ("right_label", "label asked for is seen (%)"),
    ),
    "tables": (
        ("dp", "demographic parity (points)"),
        ("ftu", "FTU (points)"),
        ("accuracy", "accuracy (%)"),
        ("leak", "AUROC of the group from codes (%)"),
    ),
}
ENDS = {"accuracy": None, "leak": 48}  # where an axis begins, if not at 0
LOST, KEPT = COLORS[1], COLORS[0]
WIDTH = 0.28  # over which the points of an arm are spread


def plot(runs: dict, groups: list[str], title: str, of: str = "images") -> Figure:
    """Plots the endpoints of all runs.

    Args:
        runs: name of each arm to what `endpoints` has measured of its runs, a list of dicts.
        groups: names of the groups.
        title: heading.
        of: `images` or `tables`.
    """
    panels_of = PANELS[of]
    shown = [
        panel
        for panel in panels_of
        if any(run[panel[0]] is not None for mine in runs.values() for run in mine)
    ]
    figure = new_figure(2.4 + 2.6 * len(shown), 1.8 + 0.55 * len(runs))
    panels = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    for axes, (endpoint, name) in zip(panels, shown, strict=True):
        for place, mine in enumerate(runs.values()):
            _plot_arm(axes, place, [run for run in mine if run[endpoint] is not None], endpoint)
        axes.set_title(name, fontsize=10)
        _set_ends(axes, endpoint, [run[endpoint] for mine in runs.values() for run in mine])
        plain(axes)
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.8)
        if endpoint == "share":
            axes.axvline(100 * LOST_BELOW[1], color=GREY, linestyle=":", linewidth=1)
            axes.set_xlim(-2, 100 / len(groups) + 4)
    panels[0].set_yticks(range(len(runs)), [arm.replace("_", " ") for arm in runs], fontsize=9)
    panels[0].set_ylim(len(runs) - 0.5, -0.5)  # the first arm above
    figure.suptitle(title)
    if of == "tables":
        return figure
    marks = [
        figure.axes[0].scatter([], [], s=18, color=color, label=text)
        for color, text in ((KEPT, "a run that keeps all groups"), (LOST, "one that has lost a group"))
    ]
    figure.legend(handles=marks, loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    return figure


def _set_ends(axes, endpoint, values):
    """Room for whole points on either side."""
    known = [100 * value for value in values if value is not None]
    low = min(known) if ENDS.get(endpoint, 0) is None else ENDS.get(endpoint, 0)
    high = max(*known, low + 1)  # where all are equal too
    room = max(0.04 * (high - low), 0.2)
    axes.set_xlim(low - room, high + room)


def _plot_arm(axes, place, runs, endpoint):
    runs = sorted(runs, key=lambda run: run[endpoint])
    offsets = np.random.default_rng(place).permutation(np.linspace(-WIDTH, WIDTH, max(len(runs), 2)))[
        : len(runs)
    ]
    values = np.array([100 * run[endpoint] for run in runs])
    colors = [{True: LOST, False: KEPT}.get(run["lost"], GREY) for run in runs]
    axes.scatter(values, place + offsets, s=18, color=colors, alpha=0.8, linewidths=0, zorder=3)
    if len(values):
        axes.vlines(np.median(values), place - 0.38, place + 0.38, color="black", linewidth=1.2, zorder=2)
