"""Is the quality of the images the same in every group?"""

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from repfair_keras.figures.context import Figure
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import GREY, group_bar, new_figure, plain
from repfair_keras.metrics.catalog import QUALITY, metric_info

OVERALL = {"facecolor": GREY, "edgecolor": "white"}
REAL = {"color": "black", "linestyle": "--", "linewidth": 1, "label": "real"}
MISSING = "too few images"


def plot(report):
    """Draws each metric of quality per group, over all images, and of real images in their place.

    Args:
        report: `ImageReport`.

    Returns:
        `matplotlib.figure.Figure`; `None` if quality was not measured.
    """
    quality = report.quality
    if not quality or not quality.by_group:
        return None
    bars = [group_bar(group) for group in range(len(report.groups))]
    return draw_panels(quality, "group", report.groups, bars)


def draw_panels(quality, what, names, bars):
    """Draws a panel for each metric: a bar per name, one over all images, and dashed what real images reach.

    Args:
        quality: `ImageQuality`.
        what: `"group"` or `"class"`.
        names: one name per bar.
        bars: keyword arguments for each bar: its colours.

    Returns:
        `matplotlib.figure.Figure`.
    """
    figure = new_figure(13, min(2 * (0.28 * (len(names) + 1) + 0.9) + 1, 40))
    panels = figure.subplots(2, 3, sharey=True).flat
    splits = getattr(quality, f"by_{what}")
    for axes, metric in zip(panels, QUALITY, strict=True):
        info, split = metric_info(metric), splits[metric]
        worst = [False, *(name == split.worst for name in names)]
        _draw_bars(axes, [split.overall, *split.values], [OVERALL, *bars], worst)
        _draw_real(axes, _reached(quality, what, metric, len(names)))
        axes.set_title(f"{info.label} ({info.advice})", fontsize=11)
        axes.set_yticks(range(len(names) + 1), ["all images", *map(label, names)])
    axes.invert_yaxis()  # shared: the first name on top in every panel
    counts = f"{_count(quality.n)} images overall, {_count(getattr(quality, f'n_by_{what}'))} of each {what}"
    figure.suptitle(f"Quality per {what}, measured on {counts}")
    handles = [
        Patch(**OVERALL, label="all images"),
        Line2D([], [], **{**REAL, "label": "real: as many real images in their place"}),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _reached(quality, what, metric, n):
    """What real images reach in the place of all images, and of each group or class."""
    real = (quality.real or {}).get(metric)
    split = (getattr(quality, f"real_by_{what}") or {}).get(metric)
    return [real, *(split.values if split else [real] * n)]


def _draw_bars(axes, values, bars, worst):
    for place, (value, bar, is_worst) in enumerate(zip(values, bars, worst, strict=True)):
        axes.barh(place, float("nan") if value is None else value, 0.75, **bar)
        text = MISSING if value is None else f"{value:.3g}"
        style = {"color": GREY if value is None else "black", "fontweight": "bold" if is_worst else "normal"}
        # In a column at the right, where neither bars nor the dashed line come.
        at_right = {"transform": axes.get_yaxis_transform(), "ha": "right", "va": "center", "fontsize": 8}
        axes.text(1, place, f"worst  {text}" if is_worst else text, **at_right, **style)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    plain(axes)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.8)


def _draw_real(axes, values):
    """Draws a dashed line across each bar, at what as many real images reach; leaves room for the numbers."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    places, real = zip(*known, strict=True) if known else ((), ())
    axes.vlines(real, [place - 0.5 for place in places], [place + 0.5 for place in places], **REAL)
    low, high = min(0, axes.dataLim.x0), max(0, axes.dataLim.x1)
    span = high - low or 1
    axes.set_xlim(low - 0.05 * span * (low < 0), low + 1.45 * span)


def _count(n):
    return "?" if n is None else f"{n:,}"


FIGURE = Figure(plot, needs=("report",), modalities=("images",))
