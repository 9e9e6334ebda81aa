"""Is the quality of the images the same in every group?"""

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from repfair_keras.figures.labels import label, metric_name
from repfair_keras.figures.style import GREY, group_bar, new_figure, plain
from repfair_keras.metrics.fidelity import HIGHER_IS_BETTER

OVERALL = {"facecolor": GREY, "edgecolor": "white"}
REAL = {"color": "black", "linestyle": "--", "linewidth": 1, "label": "real"}
MISSING = "too few images"


def draw(report):
    """Draws each metric of quality per group, over all images, and of real images in their place.

    Args:
        report: dict as in `report.json`.

    Returns:
        `matplotlib.figure.Figure`; `None` if quality was not measured.
    """
    quality = report.get("quality")
    if not quality or not quality.get("by_group"):
        return None
    bars = [group_bar(group) for group in range(len(report["groups"]))]
    return draw_panels(quality, "by_group", report["groups"], bars, "group")


def draw_panels(quality, key, names, bars, what):
    """Draws a panel for each metric: a bar per name, one over all images, and dashed what real images reach.

    Args:
        quality: dict as under `quality` in `report.json`.
        key: `"by_group"` or `"by_class"`.
        names: one name per bar.
        bars: keyword arguments for each bar: its colours.
        what: `"group"` or `"class"`, for the title.

    Returns:
        `matplotlib.figure.Figure`.
    """
    figure = new_figure(13, min(2 * (0.28 * (len(names) + 1) + 0.9) + 1, 40))
    panels = figure.subplots(2, 3, sharey=True).flat
    for axes, (metric, higher) in zip(panels, HIGHER_IS_BETTER.items(), strict=True):
        found, real = quality[key][metric], (quality.get("real") or {}).get(metric)
        real_split = (quality.get(f"real_{key}") or {}).get(metric, {key: [real] * len(names)})
        worst = [False, *(name == found["worst"] for name in names)]
        _draw_bars(axes, [found["overall"], *found[key]], [OVERALL, *bars], worst)
        _draw_real(axes, [real, *real_split[key]])
        axes.set_title(f"{metric_name(metric)} ({'higher' if higher else 'lower'} is better)", fontsize=11)
        axes.set_yticks(range(len(names) + 1), ["all images", *map(label, names)])
    axes.invert_yaxis()  # shared: the first name on top in every panel
    counts = f"{_count(quality.get('n'))} images overall, {_count(quality.get(f'n_{key}'))} of each {what}"
    figure.suptitle(f"Quality per {what}, measured on {counts}")
    handles = [
        Patch(**OVERALL, label="all images"),
        Line2D([], [], **{**REAL, "label": "real: as many real images in their place"}),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


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
