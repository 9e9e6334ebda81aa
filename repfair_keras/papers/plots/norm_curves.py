"""The discriminator's gradient norm per group over training, a panel per method and a line per seed."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy import stats

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
from repfair_keras.figures.style import GREY, group_color, plain

CLIPPED = ("repfair", "clipping_only")  # the methods in which C bounds the norm
TITLE = "How strongly each group's real images pull at the discriminator"


def runs_by_method(records: list[dict]) -> dict:
    """Returns the records of each method; raises `InputError` without records."""
    if not records:
        raise InputError("no records to plot gradient norms from, expected at least one run.")
    return by_method(records, record_method)


def plot_norms(panels, methods: dict) -> None:
    """Plots the norms of each group, and the bound C of the methods that clip.

    Args:
        panels: matplotlib axes, one per method.
        methods: dict of method to its records, on the same groups.
    """
    records = [record for runs in methods.values() for record in runs]
    groups = records[0]["data"]["groups"]
    log = spans_decades(
        [norm for record in records for name in groups for norm in _norms(record, name).values()]
    )
    for axes, (method, runs) in zip(panels, methods.items(), strict=True):
        for group, name in enumerate(groups):
            _plot_curves(axes, [_norms(record, name) for record in runs], group_color(group), log)
        for bound in _bounds(runs) if method in CLIPPED else []:
            axes.axhline(bound, color="black", linestyle="--", linewidth=1)
        plain(axes)
        axes.set_title(f"{method_name(method)}, {count_of_seeds(len(runs))}", fontsize=11)
    if log:
        panels[0].set_yscale("log")
    else:
        panels[0].set_ylim(bottom=0)
    panels[0].set_ylabel("L2 norm of the discriminator's gradient\non real images, before clipping")


def plot_ratios(panels, methods: dict) -> None:
    """Plots how many times the larger of the groups' norms is, on a common logarithmic axis."""
    for axes, runs in zip(panels, methods.values(), strict=True):
        _plot_curves(axes, [_ratios(record) for record in runs], "black", True)
        axes.axhline(1, color=GREY, linewidth=0.8)
        plain(axes)
    panels[0].set_yscale("log")
    panels[0].set_ylabel("larger over smaller\ngroup's norm")


def label_steps(panels) -> None:
    """Labels the axes of steps."""
    for axes in panels:
        axes.set_xlabel("step")
        axes.ticklabel_format(axis="x", style="sci", scilimits=(-3, 4))


def finish(figure, panels, records: list[dict], note: str = "") -> None:
    """Adds the legend and the title.

    Args:
        figure: matplotlib figure.
        panels: those that `plot_norms` filled.
        records: all records that are shown.
        note: said below the title.
    """
    groups = records[0]["data"]["groups"]
    mean = "geometric mean" if panels[0].get_yscale() == "log" else "mean"
    handles = [Line2D([], [], color=group_color(k), label=label(name)) for k, name in enumerate(groups)]
    handles += [
        Line2D([], [], color=GREY, linewidth=2.5, label=f"thick: {mean} over at least two seeds"),
        Line2D([], [], color=GREY, linewidth=0.7, label="thin: one seed"),
        Patch(color=GREY, alpha=0.2, label="band: smallest to largest seed"),
    ]
    if clipped := [record for record in records if record_method(record) in CLIPPED]:
        text = f"bound C = {', '.join(f'{bound:g}' for bound in _bounds(clipped))}"
        handles.append(Line2D([], [], color="black", linestyle="--", linewidth=1, label=text))
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    figure.suptitle(f"{TITLE}\n{note}" if note else TITLE)


def _bounds(records):
    return sorted({record["config"]["max_grad_norm"] for record in records})


def _plot_curves(axes, curves, color, log):
    """A thin line per seed; of several seeds, their mean and the band from the smallest to the largest."""
    for points in filter(None, curves):
        style = {"color": color, "linewidth": 0.8, "alpha": 0.7, **marks(points)}
        axes.plot(list(points), list(points.values()), **style)
    steps, values = at_common_steps(curves)
    if steps:
        mean = stats.gmean(values, axis=1) if log else np.mean(values, axis=1)
        axes.plot(steps, mean, color=color, linewidth=2.5)
        axes.fill_between(steps, np.min(values, axis=1), np.max(values, axis=1), color=color, alpha=0.1, lw=0)


def _ratios(record):
    """Step to largest over smallest norm, where all groups have one above 0."""
    norms = [_norms(record, name) for name in record["data"]["groups"]]
    at_step = {step: [of_group[step] for of_group in norms if of_group.get(step)] for step in norms[0]}
    return {step: max(values) / min(values) for step, values in at_step.items() if len(values) == len(norms)}


def _norms(record, name):
    return curve(record["log"], f"d_grad_norm/{name}")
