"""Shares, undecided images, right labels and KID over the steps of training: has anything settled?"""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.figures.over_seeds import (
    at_common_steps,
    by_method,
    curve,
    marks,
    record_method,
    spans_decades,
)
from repfair_keras.figures.style import GREY, group_color, new_figure, plain
from repfair_keras.metrics.over_training import late_mean
from repfair_keras.papers.run_rows import gap_of

LATE = {"color": "#F0F0F0", "zorder": 0, "linewidth": 0}


def plot_training(records: list[dict], since: float = 0.5, note: str = "") -> Figure:
    """Plots what was measured over training: a column per method, a thin line per seed.

    Rows: share of the second group, undecided images and, where logged, right labels and KID of each group.

    Args:
        records: runs on the same groups, with corrected shares.
        since: where the late part of training begins, as a share of all steps; it is shaded.
        note: said below the title.

    Raises:
        InputError: if there are no records.
    """
    if not records:
        raise InputError("no records to plot training from, expected at least one run.")
    groups, methods = records[0]["data"]["groups"], by_method(records, record_method)
    lines = [line for line in _lines(groups) if _logged(records, line)]
    figure = new_figure(max(2.7 * len(methods) + 1.5, 7.5), 2.1 * len(lines) + 1.6)
    panels = figure.subplots(len(lines), len(methods), squeeze=False, sharex="col", sharey="row")
    for axes_of_line, line in zip(panels, lines, strict=True):
        _plot_line(axes_of_line, list(methods.values()), line, since)
    for axes, (method, runs) in zip(panels[0], methods.items(), strict=True):
        seeds = f"{count_of_seeds(len(runs))}{_gap(runs, groups, since)}"
        axes.set_title(f"{method_name(method)}\n{seeds}", fontsize=10)
    for axes in panels[-1]:
        axes.set_xlabel("step")
        axes.ticklabel_format(axis="x", style="sci", scilimits=(-3, 4))
    _finish(figure, groups, lines, note)
    return figure


def _gap(runs, groups, since):
    """A mean share of a half may hide that every seed lost a group: the mean gap tells."""
    shares = [[late_mean(record["log"], f"share/{name}", since) for name in groups] for record in runs]
    gaps = [gap for gap in map(gap_of, shares) if gap is not None]
    return f", mean late gap {100 * np.mean(gaps):.0f} points" if gaps else ""


def _lines(groups):
    """What the panels of each row show: label and factor of the axis, columns with their colours."""
    black = "#333333"
    kid = {f"kid/{name}": group_color(k) for k, name in enumerate(groups)}
    share = {f"share/{groups[1]}": group_color(1)}
    return [
        {"label": f"share of {label(groups[1], 12)} (%)", "columns": share, "even": 50, "factor": 100},
        {"label": "undecided (%)", "columns": {"undecided": black}, "factor": 100},
        {"label": "right label (%)", "columns": {"right_label": black}, "factor": 100},
        {"label": "KID per group", "columns": kid, "factor": 1},
    ]


def _logged(records, line):
    """Shares and undecided images always have their panels, so that nothing missing goes unseen."""
    always = "even" in line or "undecided" in line["columns"]
    return always or any(curve(record["log"], column) for record in records for column in line["columns"])


def _plot_line(panels, runs_of_method, line, since):
    for axes, runs in zip(panels, runs_of_method, strict=True):
        for column, color in line["columns"].items():
            _plot_curves(axes, [curve(record["log"], column) for record in runs], color, line["factor"])
        if len(line["columns"]) > 1:
            _say_counts(axes, runs, line["columns"])
        last = max((row["step"] for record in runs for row in record["log"]), default=1)
        axes.axvspan(since * last, last, **LATE)
        axes.set_xlim(0, last)
        if "even" in line:
            axes.axhline(line["even"], color=GREY, linewidth=0.8, linestyle="--")
        plain(axes)
    if "even" in line:
        panels[0].set_ylim(-3, 103)
    elif "undecided" in line["columns"]:
        panels[0].set_ylim(bottom=0)
    elif spans_decades([y for axes in panels for points in axes.get_lines() for y in points.get_ydata()]):
        panels[0].set_yscale("log")
    panels[0].set_ylabel(line["label"])


def _plot_curves(axes, curves, color, factor):
    for points in filter(None, curves):
        values = [factor * value for value in points.values()]
        axes.plot(list(points), values, color=color, linewidth=0.8, alpha=0.55, **marks(points))
    steps, values = at_common_steps(curves)
    if steps:
        axes.plot(steps, factor * np.mean(values, axis=1), color=color, linewidth=2.5)


def _say_counts(axes, runs, columns):
    """A group that a run has lost has no KID there: says how many runs have a line."""
    counts = [sum(bool(curve(record["log"], column)) for record in runs) for column in columns]
    texts = [f"{label(name.partition('/')[2], 12)}: {n}" for name, n in zip(columns, counts, strict=True)]
    place = {"transform": axes.transAxes, "ha": "right", "va": "top", "fontsize": 8}
    axes.text(0.98, 0.97, f"seeds with {', '.join(texts)}", color=GREY, **place)


def _finish(figure, groups, lines, note):
    handles = [
        Line2D([], [], color=GREY, linewidth=2.5, label="thick: mean over at least two seeds"),
        Line2D([], [], color=GREY, linewidth=0.8, label="thin: one seed"),
        Patch(**{**LATE, "color": "#DDDDDD"}, label="late part, which averages are taken over"),
    ]
    if any(column.startswith("kid/") for line in lines for column in line["columns"]):
        handles += [
            Line2D([], [], color=group_color(k), label=f"KID of {label(name)} (lower is better)")
            for k, name in enumerate(groups)
        ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    title = "What the generator makes while it trains (shares corrected for the classifier's errors)"
    figure.suptitle(f"{title}\n{note}" if note else title)
