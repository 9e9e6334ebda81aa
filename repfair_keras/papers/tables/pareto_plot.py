"""AUROC against demographic parity of every method of the arena, a panel for each table."""

import math

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from repfair_keras.core.errors import InputError
from repfair_keras.figures.style import COLORS, GREY, MARKERS, new_figure
from repfair_keras.papers.tables.arena_data import TABLES
from repfair_keras.papers.tables.arena_rows import OURS, PUBLISHED
from repfair_keras.papers.tables.engines import AS_IN_THE_DATA
from repfair_keras.papers.tables.pareto import REFERENCE, front
from repfair_keras.papers.tables.published_rows import REAL

COLUMNS = 2
REAL_ENGINE = "real"
OUTSIDE = 0.02  # of the axes, around points and intervals


def plot(rows: list[dict], metric: str = "dpr", label: str = "demographic parity ratio") -> Figure:
    """Plots the methods of each table by its first sensitive column; points without a value are left out.

    Args:
        rows: rows of one classifier per table, as `arena_rows` makes them.
        metric: `"dpr"` or `"eor"`, on the vertical axis.
        label: its name.

    Raises:
        InputError: if there are no rows.
    """
    shown = [row for row in rows if row["sensitive"] == TABLES[row["table"]].sensitive[0]]
    shown = [row for row in shown if None not in (row["auroc"], row[metric])]
    tables = list(dict.fromkeys(row["table"] for row in shown))
    if not tables:
        raise InputError("there are no rows to plot: expected at least one with an AUROC and a ratio.")
    numbers = {name: place + 1 for place, name in enumerate(_names(shown, PUBLISHED))}
    looks = _looks(_names(shown, OURS), shown)
    lines = math.ceil(len(tables) / COLUMNS)
    figure = new_figure(5.4 * min(COLUMNS, len(tables)), 4.3 * lines + 1.6)
    panels = figure.subplots(lines, min(COLUMNS, len(tables)), squeeze=False).ravel()
    for axes, table in zip(panels, tables, strict=False):
        _panel(axes, table, [row for row in shown if row["table"] == table], metric, numbers, looks)
        axes.set_xlabel("AUROC (better →)")
        axes.set_ylabel(f"{label} (better ↑)")
    for axes in panels[len(tables) :]:
        axes.set_visible(False)
    _legend(figure, numbers, looks)
    figure.suptitle("What classifiers learn from synthetic rows: how good, and how equal between groups")
    return figure


def _names(rows, origin):
    """Names of the methods of an origin, in order; yardsticks have looks of their own."""
    return list(dict.fromkeys(row["name"] for row in rows if row["origin"] == origin and row["method"]))


def _looks(names, rows):
    """Colour, marker and fill of each of our engines: one colour an engine, filled where S is independent."""
    of_name = {row["name"]: row for row in rows if row["origin"] == OURS}
    engines = list(dict.fromkeys(of_name[name]["engine"] for name in names))
    return {
        name: {
            "color": COLORS[engines.index(of_name[name]["engine"]) % len(COLORS)],
            "marker": MARKERS[engines.index(of_name[name]["engine"]) % len(MARKERS)],
            "markerfacecolor": "white" if of_name[name]["sampling"] == AS_IN_THE_DATA else None,
        }
        for name in names
    }


def _panel(axes, table, rows, metric, numbers, looks):
    published, ours = (
        [row for row in rows if row["origin"] == origin and row["method"]] for origin in (PUBLISHED, OURS)
    )
    comparable = all(row["comparable"] for row in rows)
    _limits(axes, rows, metric)
    _front(axes, published, metric, {"color": GREY, "linestyle": "--"})
    if ours:
        both = published + ours if comparable else ours
        _front(axes, both, metric, {"color": COLORS[0], "linewidth": 1})
    for row in published:
        _point(
            axes, row, metric, {"color": GREY, "marker": "o", "markersize": 12, "markerfacecolor": "white"}
        )
        place = (row["auroc"], row[metric])
        axes.annotate(str(numbers[row["name"]]), place, ha="center", va="center", fontsize=8, zorder=4)
    for row in ours:
        _point(axes, row, metric, {**looks[row["name"]], "markersize": 7, "zorder": 5})
    for row in rows:
        if not row["method"]:
            _point(axes, row, metric, _yardstick(row))
    note = (
        "" if comparable else "\npublished and own: of different rows" if published else "\nnothing published"
    )
    axes.set_title(f"{TABLES[table].title}, by {TABLES[table].sensitive[0]}{note}", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#E6E6E6", linewidth=0.8)
    axes.set_axisbelow(True)


def _yardstick(row):
    """The look of a line that is no method: a star for real rows, filled where S is drawn anew; else a cross."""
    published_one = row["origin"] == PUBLISHED
    look = {"color": GREY if published_one else "black", "zorder": 3 if published_one else 5}
    if not published_one and row["engine"] != REAL_ENGINE:
        return {**look, "marker": "x", "markersize": 8}
    as_data = row["name"] == REAL[0] if published_one else row["sampling"] == AS_IN_THE_DATA
    return {**look, "marker": "*", "markersize": 12, **({"markerfacecolor": "white"} if as_data else {})}


def _limits(axes, rows, metric):
    """As far as points go, but for ours that are no better than a guess; intervals may leave the panel."""
    rows = [row for row in rows if row["origin"] == PUBLISHED or row["auroc"] > REFERENCE[0]] or rows
    left, right = min(row["auroc"] for row in rows), max(row["auroc"] for row in rows)
    bottom, top = min(row[metric] for row in rows), max(row[metric] for row in rows)
    wide, high = max(right - left, 0.05), max(top - bottom, 0.1)
    axes.set_xlim(left - 0.08 * wide - OUTSIDE / 2, right + 0.08 * wide + OUTSIDE / 2)
    axes.set_ylim(max(bottom - 0.1 * high - OUTSIDE, -0.02), min(top + 0.1 * high + OUTSIDE, 1.04))


def _front(axes, rows, metric, look):
    """The edge of all that some point equals or exceeds."""
    points = front((row["auroc"], row[metric]) for row in rows)
    if points:
        x, y = [REFERENCE[0] - 1, *(x for x, _ in points)], [y for _, y in points]
        axes.step([*x, x[-1]], [y[0], *y, REFERENCE[1] - 1], where="pre", zorder=1, **look)


def _point(axes, row, metric, look):
    ends = [[row[name], row[f"{name}_low"], row[f"{name}_high"]] for name in ("auroc", metric)]
    errors = [None if None in three else [[three[0] - three[1]], [three[2] - three[0]]] for three in ends]
    marker = {"zorder": 3, "linestyle": "none", **look}
    style = {"elinewidth": 0.8, "ecolor": look["color"], "alpha": 1.0}
    lines = axes.errorbar(row["auroc"], row[metric], errors[1], errors[0], **style, **marker)
    for bar in lines[2]:
        bar.set_alpha(0.45)


def _legend(figure, numbers, looks):
    def handle(**look):
        return Line2D([], [], linestyle="none", **look)

    handles = [
        (Line2D([], [], color=GREY, linestyle="--"), "front of what is published"),
        (Line2D([], [], color=COLORS[0], linewidth=1), "front with ours"),
        (handle(color=GREY, marker="*", markersize=11, markerfacecolor="white"), "real rows, published"),
        (handle(color=GREY, marker="*", markersize=11), "published, S redrawn"),
        (handle(color="black", marker="*", markersize=11, markerfacecolor="white"), "real rows, ours"),
        (handle(color="black", marker="*", markersize=11), "ours, S redrawn"),
        (handle(color="black", marker="x", markersize=8), "independent columns, ours"),
        *((handle(markersize=7, **look), f"{name} (ours)") for name, look in looks.items()),
    ]
    note = (
        "Published: " + ", ".join(f"{number} {name}" for name, number in numbers.items()) if numbers else ""
    )
    title = f"{note}\nLines: 95 % intervals over seeds" if note else "Lines: 95 % intervals over seeds"
    place = {"loc": "outside lower center", "ncols": 3, "frameon": False, "fontsize": 9, "title_fontsize": 9}
    figure.legend(*zip(*handles, strict=True), title=title, **place)
