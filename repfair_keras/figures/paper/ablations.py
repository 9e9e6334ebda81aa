"""Algorithm 1 and its parts beside the plain GAN: shares, and what they cost."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from repfair_keras.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.names import count_of_seeds, method_name
from repfair_keras.figures.paper.over_seeds import by_method, spans_decades
from repfair_keras.figures.style import GREY, group_color, new_figure, plain
from repfair_keras.metrics.intervals import mean_interval

PERCENT = {"factor": 100, "low": 0, "high": 100}
STRIP = 0.1  # of a panel's width, where there are no values but arrows
BELOW = 0.22  # where the mean of a method lies, beside its seeds
REAL = {"color": "black", "linestyle": "--", "linewidth": 1}

TITLE = "Algorithm 1, its parts and the plain GAN"
SUBTITLE = (
    "shares, corrected for the classifier's errors, their gap and undecided images: mean of the second half "
    "of training; the others: at its end"
)


def draw(rows, group, paper=None, note="", title=TITLE, subtitle=SUBTITLE, when="late"):
    """Draws up to six panels with a common axis of methods: a point per seed, and the mean with its interval.

    A run without a value in a panel, because a group is too rare to be measured, is an open arrow in a strip
    beyond the worse edge: left out, it would make its method look better. Such a method has no mean there.

    Args:
        rows: dicts, one per run: `method`, `seed`, `<when>_share` (of `group`), `<when>_gap`, `class_gap`,
            `<when>_undecided`, `label_agreement_worst`, `kid_worst`, and what real images reach:
            `real_undecided`, `real_label_agreement_worst`, `real_kid_worst`; each may be `None`.
        group: name of the group whose share is drawn.
        paper: dict of method to the gap that the paper reports, in [0, 1], drawn as a cross.
        note: said below the title.
        title: title of the figure.
        subtitle: said below it: what was measured when.
        when: prefix of the columns of shares, gaps and undecided images: `late` or `end`.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        InputError: if there are no rows.
    """
    if not rows:
        raise InputError("no rows to draw methods from, expected at least one run.")
    methods = by_method(rows, lambda row: row["method"])
    panels = [panel for panel in _panels(group, when) if panel["always"] or _known(rows, panel["column"])]
    figure = new_figure(2.5 * len(panels) + 1.6, 0.55 * len(methods) + 2.6)
    every = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, panel in zip(every, panels, strict=True):
        _draw_panel(axes, list(methods.values()), panel)
    _draw_paper(every[1], list(methods), paper or {})
    names = [f"{method_name(method)}\n{count_of_seeds(len(mine))}" for method, mine in methods.items()]
    every[0].set_yticks(range(len(names)), names)
    every[0].set_ylim(len(names) - 0.5, -0.5)
    _finish(figure, rows, panels, paper)
    figure.suptitle("\n".join(filter(None, [title, note, subtitle])), fontsize=11)
    return figure


def _panels(group, when):
    def panel(title, column, real=None, even=None, worse=1.0, always=False, **scale):
        found = {"title": title, "column": column, "real": real, "even": even, "worse": worse}
        return {**found, "always": always, "factor": 1, "low": -np.inf, "high": np.inf, **scale}

    return [
        panel(f"share of {label(group)} (%)", f"{when}_share", even=50, always=True, **PERCENT),
        panel("gap between groups (points)\n← better", f"{when}_gap", always=True, **PERCENT),
        panel("gap within classes (points)\n← better", "class_gap", **PERCENT),
        panel("undecided (%)\n← better", f"{when}_undecided", "real_undecided", **PERCENT),
        panel(
            "right label, worst group (%)\nbetter →",
            "label_agreement_worst",
            "real_label_agreement_worst",
            worse=0.0,
            **PERCENT,
        ),
        panel("KID, worst group\n← better", "kid_worst", "real_kid_worst"),
    ]


def _draw_panel(axes, rows_of_method, panel):
    column, factor = panel["column"], panel["factor"]
    rows = [row for mine in rows_of_method for row in mine]
    # Of the panels without a fixed range only KID, which is no percentage, may span decades.
    log = panel["factor"] == 1 and spans_decades(_known(rows, column))
    if log:
        axes.set_xscale("log")
    for place, mine in enumerate(rows_of_method):
        _draw_seeds(axes, [row.get(column) for row in mine], place, panel)
        if len(_known(mine, column)) == len(mine):
            _draw_mean(axes, [factor * value for value in _known(mine, column)], place, panel)
    real = _known(rows, panel["real"])
    if real and (not log or np.mean(real) > 0):  # real images' KID may be below 0
        axes.axvline(factor * np.mean(real), **REAL)
    if panel["even"] is not None:
        axes.axvline(panel["even"], color=GREY, linewidth=0.8)
    _finish_panel(axes, panel)
    if len(_known(rows, column)) < len(rows):
        _add_strip(axes, panel["worse"])


def _draw_seeds(axes, values, place, panel):
    """Seeds lie above the mean, each at a height of its own; those without a value are arrows in a strip."""
    heights = place + (np.linspace(-0.3, 0.02, len(values)) if len(values) > 1 else np.array([-0.14]))
    known = [value is not None for value in values]
    found = [panel["factor"] * value for value in values if value is not None]
    look = {"color": "black", "linewidths": 0.8, "zorder": 3}
    axes.scatter(found, heights[known], s=18, alpha=0.6, **look)
    missing = heights[np.logical_not(known)]
    look |= {"color": None, "facecolor": "white", "edgecolor": "black", "clip_on": False}
    middle, arrow = (1 - STRIP / 2, ">") if panel["worse"] else (STRIP / 2, "<")
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


def _draw_mean(axes, values, place, panel):
    found = mean_interval(values, low=panel["low"], high=panel["high"])
    if found.low is not None:
        ends = [[found.mean - found.low], [found.high - found.mean]]
        axes.errorbar(found.mean, place + BELOW, xerr=ends, color=group_color(0), capsize=4, linewidth=1.5)
    axes.plot(found.mean, place + BELOW, "D", color=group_color(0), markersize=7, markeredgecolor="white")


def _draw_paper(axes, methods, paper):
    for method, gap in paper.items():
        if method in methods:
            axes.plot(
                100 * gap,
                methods.index(method) + BELOW,
                "x",
                color=group_color(1),
                markersize=9,
                mew=2,
                zorder=5,
            )


def _finish_panel(axes, panel):
    plain(axes)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    axes.grid(axis="y", visible=False)
    axes.set_title(panel["title"], fontsize=10)
    axes.tick_params(axis="y", length=0)
    if panel["always"]:
        axes.set_xlim(-4, 104)


def _finish(figure, rows, panels, paper):
    handles = [
        Line2D(
            [], [], linestyle="none", marker="o", color="black", alpha=0.6, markersize=4, label="one seed"
        ),
        Line2D(
            [], [], color=group_color(0), marker="D", markeredgecolor="white", label="mean, 95 % t interval"
        ),
    ]
    if any(len(_known(rows, panel["column"])) < len(rows) for panel in panels):
        text = "a seed with a group too rare to be measured"
        look = {"marker": ">", "color": "black", "markerfacecolor": "white", "markersize": 5}
        handles.append(Line2D([], [], linestyle="none", **look, label=text))
    if any(panel["real"] and _known(rows, panel["real"]) for panel in panels):
        handles.append(Line2D([], [], **REAL, label="real images"))
    if paper:
        handles.append(
            Line2D([], [], linestyle="none", marker="x", color=group_color(1), mew=2, label="the paper")
        )
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)


def _known(rows, column):
    return [row[column] for row in rows if row.get(column) is not None]
