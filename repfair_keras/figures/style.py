"""Looks that all figures share: one colour and marker per group, told apart by colour-blind readers."""

from matplotlib.figure import Figure

# Okabe and Ito's palette, darkest and most different first.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", ":", "-.")
HATCHES = ("", "//", "..", "xx")
GREY = "#777777"


def new_figure(width, height):
    """Returns an empty figure of `width` x `height` inches whose parts do not overlap."""
    return Figure(figsize=(width, height), layout="constrained")


def group_color(group):
    """Returns the colour of a group; they repeat after seven."""
    return COLORS[group % len(COLORS)]


def group_line(group):
    """Returns the keyword arguments of a group's line: colour, marker, and another dash after each seven."""
    return {
        "color": group_color(group),
        "marker": MARKERS[group % len(MARKERS)],
        "linestyle": LINES[group // len(COLORS) % len(LINES)],
        "markersize": 4,
        "linewidth": 1.5,
    }


def group_bar(group):
    """Returns the keyword arguments of a group's bars: colour, and another hatch after each seven."""
    return {"color": group_color(group), "edgecolor": "white", "hatch": HATCHES[group // 7 % len(HATCHES)]}


def plain(axes):
    """Removes the frame's upper and right side, and puts a light grid behind the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.8)
    axes.set_axisbelow(True)
