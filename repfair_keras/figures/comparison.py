"""Representation against quality, a point per run: does a method buy one with the other?"""

import math

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.figures.labels import label
from repfair_keras.figures.style import MARKERS, group_color, new_figure, plain
from repfair_keras.metrics.catalog import QUALITY, metric_info
from repfair_keras.metrics.intervals import mean_interval

AXES = (
    *("gap", "corrected_gap", "class_gap", "tv", "fd", "l1", "kl", "chebyshev", "epsilon", "undecided"),
    *("label_agreement", "label_agreement_worst"),
    *(f"{metric}{ending}" for metric in QUALITY for ending in ("", "_worst", "_gap")),
)  # columns of a row that can be an axis


def plot(rows, x="gap", y="kid_worst"):
    """Draws a point per run, and the mean of each method with 95 % intervals over its seeds.

    A run without a value in `y`, because a group is too rare to be measured, is drawn open at the worse edge:
    left out, it would make its method look better. Such a method has no mean. The intervals are Student's t;
    each run of a method should have a seed of its own.

    Args:
        rows: list of dicts, one per run, as `reporting.image_row.to_row` makes them.
        x, y: columns to draw, by default representation against quality.

    Returns:
        `matplotlib.figure.Figure`; `None` if no run has a value in both columns.

    Raises:
        InputError: if a column is not known, or quality was measured with different extractors.
    """
    for column in (x, y):
        check_column(column)
    measured = [row for row in rows if _finite(row.get(x)) and _finite(row.get(y))]
    if not measured:
        return None
    if any(column.startswith(QUALITY) for column in (x, y)):
        _check_extractors(measured)
    figure = new_figure(8, 5)
    axes = figure.subplots()
    for index, method in enumerate(dict.fromkeys(map(_method, rows))):
        runs = [row for row in rows if _method(row) == method]
        style = {"color": group_color(index), "marker": MARKERS[index % len(MARKERS)]}
        _draw_method(axes, [row for row in runs if row in measured], len(runs), x, y, method, style)
        factor = metric_info(x).factor
        missing = [row[x] * factor for row in runs if row not in measured and _finite(row.get(x))]
        _draw_missing(axes, missing, y, index, style)
    _finish(axes, measured, x, y)
    return figure


def _draw_method(axes, rows, n, x, y, method, style):
    infos = metric_info(x), metric_info(y)
    points = np.array([[row[info.name] * info.factor for info in infos] for row in rows]).reshape(-1, 2)
    text = _legend(method, len(rows), n)
    whole = len(rows) == n and len({row["seed"] for row in rows}) > 1
    alpha = 0.45 if whole else 1
    axes.scatter(*points.T, s=30, alpha=alpha, linewidths=0, label=None if whole else text, **style)
    if whole:
        ranges = [{end: info.factor * limit for end, limit in info.range.items()} for info in infos]
        means = (mean_interval(values, **ends) for values, ends in zip(points.T, ranges, strict=True))
        mean, low, high = np.array([interval[:3] for interval in means]).T
        big = {"markersize": 10, "markeredgecolor": "white", "capsize": 3, "linewidth": 1.2, "label": text}
        xerr, yerr = np.stack([mean - low, high - mean], axis=1)[:, :, None]
        axes.errorbar(*mean, xerr=xerr, yerr=yerr, linestyle="none", **style, **big)


def _draw_missing(axes, values, y, index, style):
    edge, step = (1.0, -0.05) if metric_info(y).better == "lower" else (0.0, 0.05)
    level = np.full(len(values), edge + step * index)  # a line for each method, so that none hides another
    place = {"transform": axes.get_xaxis_transform(), "clip_on": False, "zorder": 3}
    (markers,) = axes.plot(values, level, linestyle="none", markerfacecolor="white", **style, **place)
    markers.set_in_layout(False)


def _legend(method, measured, n):
    runs = f"{n} {'run' if n == 1 else 'runs'}"
    missing = "" if measured == n else f", open: {n - measured} with a group too rare to be measured"
    return f"{label(method)}: {runs}{missing}"


def _finish(axes, rows, x, y):
    plain(axes)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.8)
    # Intervals of few runs reach far; what cannot be negative needs no room there.
    if all(row[x] >= 0 for row in rows):
        axes.set_xlim(left=max(axes.get_xlim()[0], -0.03 * axes.get_xlim()[1]))
    if all(row[y] >= 0 for row in rows):
        axes.set_ylim(bottom=max(axes.get_ylim()[0], -0.03 * axes.get_ylim()[1]))
    axes.set_xlabel(_axis_label(x, "left", "right"))
    axes.set_ylabel(_axis_label(y, "down", "up"))
    axes.set_title("Small: one run each; large: mean of a method with its 95 % interval", fontsize=11)
    axes.figure.legend(loc="outside lower center", ncols=1, frameon=False)


def _axis_label(column, low, high):
    info = metric_info(column)
    return f"{info.axis_label}; {info.advice} ({low if info.better == 'lower' else high})"


def _method(row):
    """Runs of one name are one method; images that another program generated have nothing but a name."""
    return row.get("name") or row.get("method") or "not named"


def _finite(value):
    return value is not None and math.isfinite(value)


def check_column(column):
    """Raises `InputError` if a column cannot be an axis."""
    if column not in AXES:
        raise InputError(f"no column {column!r} can be drawn, expected one of {', '.join(AXES)}.")


def _check_extractors(rows):
    hashes = sorted({str(row.get("extractor")) for row in rows})
    if len(hashes) > 1:
        raise InputError(
            f"quality was measured with different extractors, {' and '.join(hashes)}: such numbers cannot be "
            "compared. Evaluate all runs with the same extractor."
        )
