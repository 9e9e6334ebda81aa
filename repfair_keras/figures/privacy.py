"""Whose rows does a synthetic table tell? A rare group leaks first."""

from repfair_keras.figures.context import Figure
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import COLORS, GREY, new_figure, plain
from repfair_keras.figures.utility import draw_interval

SHOWN = 12  # groups, the rarest


def plot(report):
    """Draws for all rows and for each group how close synthetic rows come to training rows, with intervals.

    Args:
        report: `TableReport`.

    Returns:
        `matplotlib.figure.Figure`; `None` of a table in bins, which has no values.
    """
    if report.values is None:
        return None
    copying, attack = report.values.copying, report.values.membership
    parts = dict(sorted(copying["groups"].items(), key=lambda pair: pair[1]["n_half"])[:SHOWN])
    names = ["all", *parts]
    figure = new_figure(3.4 * 3, 2.6 + 0.08 * max(len(label(name)) for name in names))
    closer, copies, told = figure.subplots(1, 3)
    for place, (name, part) in enumerate(zip(names, (copying, *parts.values()), strict=True)):
        color = "black" if place == 0 else COLORS[0]
        draw_interval(closer, place, part["closer_to_training"], color)
        draw_interval(copies, place - 0.12, part["copies"], color, label="synthetic")
        draw_interval(copies, place + 0.12, part["copies_held_out"], GREY, "s", label="real, held out")
        distance = (attack if place == 0 else attack["groups"].get(name) or {}).get("distance")
        draw_interval(told, place, distance and distance["auroc"], color)
    closer.set_title("closer to a training row\nthan to a held-out one (0.5 is best)", fontsize=9)
    copies.set_title("equal to a training row\nin every column", fontsize=9)
    told.set_title("AUROC of a membership attack\n(0.5: nothing can be told)", fontsize=9)
    for axes in (closer, told):
        axes.axhline(0.5, color=GREY, linestyle="--", linewidth=1)
    handles, labels = copies.get_legend_handles_labels()
    if labels:
        copies.legend(handles[-2:], labels[-2:], fontsize=8, frameon=False)
    copies.set_ylim(bottom=0)
    for axes in (closer, copies, told):
        axes.set_xticks(range(len(names)), map(label, names), rotation=40, ha="right", rotation_mode="anchor")
        axes.set_xlim(-0.6, len(names) - 0.4)
        plain(axes)
    rarest = f", the {SHOWN} rarest groups" if len(copying["groups"]) > SHOWN else ""
    figure.suptitle(f"Whose rows can be told{rarest}")
    return figure


FIGURE = Figure(plot, needs=("report",), modalities=("tables",))
