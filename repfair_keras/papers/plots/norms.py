"""Figures 1 and 3 of RepFair-GAN: the discriminator's gradient norm per group, over training and seeds."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullFormatter
from scipy import stats

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.figures.style import GREY, group_color, new_figure, plain
from repfair_keras.papers.plots.over_seeds import (
    at_common_steps,
    by_method,
    curve,
    marks,
    record_method,
    spans_decades,
)

CLIPPED = ("repfair", "clipping_only")  # the methods in which C bounds the norm
WINS = {"color": "#E8F1E4", "zorder": 0, "linewidth": 0}


def draw(records, note=""):
    """Draws the gradient norm of each group over the steps, and below it how many times the larger one is.

    A panel per method, a thin line per seed. The ratio does not depend on which group a seed favours.

    Args:
        records: runs on the same groups.
        note: said below the title, for example that a data set stands in for another.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there are no records.

    Reference: Kenfack et al., RepFair-GAN, Figure 3.
    """
    methods = _methods(records)
    figure = new_figure(max(2.7 * len(methods) + 1, 6.5), 6.6)
    norms, ratios = figure.subplots(
        2, len(methods), squeeze=False, sharex="col", sharey="row", height_ratios=[3, 2]
    )
    _draw_norms(norms, methods)
    for axes, runs in zip(ratios, methods.values(), strict=True):
        _draw_curves(axes, [_ratios(record) for record in runs], "black", True)
        axes.axhline(1, color=GREY, linewidth=0.8)
        plain(axes)
    ratios[0].set_yscale("log")
    ratios[0].set_ylabel("larger over smaller\ngroup's norm")
    _label_steps(ratios)
    _finish(figure, norms, records, note)
    return figure


def draw_with_shares(records, rows, note=""):
    """Draws what `draw` does, and beside it whether the group with the larger norm is generated more often.

    Args:
        records: runs on the same two groups.
        rows: dicts, one per run, with `late_norm_ratio` and `early_norm_ratio` (second group over first) and
            `late_share` of the second group; `None` is left out.
        note: said below the title.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there are no records.

    Reference: Kenfack et al., RepFair-GAN, Figure 1.
    """
    methods = _methods(records)
    figure = new_figure(3.6 * len(methods) + 5, 4.8)
    *panels, beside = figure.subplots(1, len(methods) + 1, width_ratios=[1] * len(methods) + [1.1])
    for axes in panels[1:]:
        axes.sharey(panels[0])
    _draw_norms(panels, methods)
    _label_steps(panels)
    _draw_winners(beside, rows, records[0]["data"]["groups"][1])
    _finish(figure, panels, records, note)
    return figure


def _methods(records):
    if not records:
        raise InputError("no records to draw gradient norms from, expected at least one run.")
    return by_method(records, record_method)


def _draw_norms(panels, methods):
    records = [record for runs in methods.values() for record in runs]
    groups = records[0]["data"]["groups"]
    log = spans_decades(
        [value for each in records for name in groups for value in _norms(each, name).values()]
    )
    for axes, (method, runs) in zip(panels, methods.items(), strict=True):
        for group, name in enumerate(groups):
            _draw_curves(axes, [_norms(record, name) for record in runs], group_color(group), log)
        for bound in sorted({record["config"]["max_grad_norm"] for record in runs if method in CLIPPED}):
            axes.axhline(bound, color="black", linestyle="--", linewidth=1)
        plain(axes)
        axes.set_title(f"{method_name(method)}, {count_of_seeds(len(runs))}", fontsize=11)
    if log:
        panels[0].set_yscale("log")
    else:
        panels[0].set_ylim(bottom=0)
    panels[0].set_ylabel("L2 norm of the discriminator's gradient\non real images, before clipping")


def _label_steps(panels):
    for axes in panels:
        axes.set_xlabel("step")
        axes.ticklabel_format(axis="x", style="sci", scilimits=(-3, 4))


def _draw_curves(axes, curves, color, log):
    for each in filter(None, curves):
        axes.plot(list(each), list(each.values()), color=color, linewidth=0.8, alpha=0.7, **marks(each))
    steps, values = at_common_steps(curves)
    if steps:
        mean = stats.gmean(values, axis=1) if log else np.mean(values, axis=1)
        axes.plot(steps, mean, color=color, linewidth=2.5)
        axes.fill_between(steps, np.min(values, axis=1), np.max(values, axis=1), color=color, alpha=0.1, lw=0)


def _ratios(record):
    """Step to largest over smallest norm, where all groups have one above 0."""
    norms = [_norms(record, name) for name in record["data"]["groups"]]
    found = {step: [each[step] for each in norms if each.get(step)] for step in norms[0]}
    return {step: max(values) / min(values) for step, values in found.items() if len(values) == len(norms)}


def _norms(record, name):
    return curve(record["log"], f"d_grad_norm/{name}")


def _draw_winners(axes, rows, name):
    """Each seed's share against its ratio of norms; shaded where the group with the larger norm prevails."""
    plain(axes)
    axes.set_ylim(-5, 105)
    ends = _draw_seeds(axes, rows)
    axes.set_xscale("log")
    axes.set_xlim(1 / ends, ends)
    axes.xaxis.set_minor_formatter(NullFormatter())
    ticks = [0.25, 0.5, 1, 2, 4] if ends < 10 else [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1e3, 1e4]
    ticks = [tick for tick in ticks if 1 / ends <= tick <= ends]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.fill_between([1, ends], 50, 105, **WINS)
    axes.fill_between([1 / ends, 1], -5, 50, **WINS)
    for x, y, ha in ((0.97, 0.77, "right"), (0.03, 0.23, "left")):
        place = {"transform": axes.transAxes, "ha": ha, "va": "center"}
        axes.text(x, y, "larger norm,\nmore images", fontsize=9, color=GREY, **place)
    axes.axhline(50, color=GREY, linewidth=0.8)
    axes.axvline(1, color=GREY, linewidth=0.8)
    axes.set_xlabel(f"gradient norm of {label(name)} over the other's")
    axes.set_ylabel(f"corrected share of {label(name)} among the\nimages of the second half of training (%)")
    axes.set_title("Does the larger norm win? (one seed each)", fontsize=11)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower right", fontsize=8)


def _draw_seeds(axes, rows):
    """Draws the seeds' points; returns how far the axis of ratios must reach."""
    looks = {
        "early_norm_ratio": {"mfc": "white", "label": "norms of the first quarter"},
        "late_norm_ratio": {"mfc": "black", "label": "norms of the second half"},
    }
    reach = [2.0]
    for column, look in looks.items():
        known = [row for row in rows if row.get(column) and row.get("late_share") is not None]
        if known:
            ratios = [row[column] for row in known]
            shares = [100 * row["late_share"] for row in known]
            axes.plot(ratios, shares, "o", color="black", markersize=6, zorder=3, clip_on=False, **look)
            reach += [1.5 * max(ratio, 1 / ratio) for ratio in ratios]
    return max(reach)


def _finish(figure, panels, records, note):
    groups = records[0]["data"]["groups"]
    mean = "geometric mean" if panels[0].get_yscale() == "log" else "mean"
    handles = [Line2D([], [], color=group_color(k), label=label(name)) for k, name in enumerate(groups)]
    handles += [
        Line2D([], [], color=GREY, linewidth=2.5, label=f"thick: {mean} over at least two seeds"),
        Line2D([], [], color=GREY, linewidth=0.7, label="thin: one seed"),
        Patch(color=GREY, alpha=0.2, label="band: smallest to largest seed"),
    ]
    clipped = [record for record in records if record_method(record) in CLIPPED]
    if clipped:
        bounds = sorted({record["config"]["max_grad_norm"] for record in clipped})
        text = f"bound C = {', '.join(f'{bound:g}' for bound in bounds)}"
        handles.append(Line2D([], [], color="black", linestyle="--", linewidth=1, label=text))
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    title = "How strongly each group's real images pull at the discriminator"
    figure.suptitle(f"{title}\n{note}" if note else title)
