"""The catalogue of metrics: label, unit, range and direction of every number, from the name of its column.

>>> from repfair_keras.metrics.catalog import metric_info
>>> metric_info("kid_worst").heading
'KID, worst group (x 1000)'
"""

import dataclasses
import math

from repfair_keras.core.errors import InputError
from repfair_keras.metrics import catalog_entries as entries
from repfair_keras.metrics.metric_info import MetricInfo

METRICS = {info.name: info for section in entries.SECTIONS.values() for info in section}
QUALITY = tuple(info.name for info in entries.QUALITY)
DOWNSTREAM = tuple(info.name for info in entries.CLASSIFIERS)
# Columns of a row that say what was measured, and are no metrics.
IDENTITY = {
    "name": "Name in tables and comparisons.",
    "method": "Method that trained the generator.",
    "dataset": "Data set.",
    "grouping": "What the groups are.",
    "seed": "Seed of training.",
    "sample_seed": "Seed of the sample.",
    "extractor": "Hash of the network of features: quality compares within one only.",
}
CLASSIFIERS = {
    "lr": "logistic regression",
    "rf": "random forest",
    "gb": "gradient boosting",
    "values": "boosting of values as they are",
    "codes": "latents and group",
    "blind": "latents alone",
}
SIDES = {
    "real": "real data",
    "real_equal": "real data in equal groups",
    "augmented": "real and synthetic data",
}
WHEN = ("late", "end", "raw")  # prefixes of shares, gaps and quality that pages of papers take means of


def metric_info(column):
    """Returns what a column of a row means.

    A column is a metric of `METRICS`; one of those in a group, `share/white`; in its worst group,
    `fid_worst`; its difference between groups, `fid_gap`; by a classifier, `ftu/lr`; on real data,
    `real_ftu/lr`.

    Args:
        column: name of a column.

    Returns:
        `MetricInfo`.

    Raises:
        InputError: if no metric has this name.

    Examples:
        >>> metric_info("real_demographic_parity/rf").label
        'DP, random forest, real data'
        >>> metric_info("share/white").shown(0.25)
        '25.0'
    """
    info = _find(column)
    if info is None:
        raise InputError(
            f"no metric is named {column!r}, expected one of {', '.join(METRICS)}, maybe with `_worst`, "
            "`_gap`, `real_` or a group: `share/white`. See repfair_keras.reporting.metrics_table."
        )
    return info


def is_metric(column):
    """Whether a column of a row is a metric of the catalogue."""
    return _find(column) is not None


def value_range(column):
    """Returns the range of a column, for intervals of means: `{"low": ..., "high": ...}`.

    Prefixes that say when a mean was taken (`late_`, `end_`) are left aside. A column that is no metric has
    no ends.

    Examples:
        >>> value_range("late_kid/white")
        {'low': -inf, 'high': inf}
        >>> value_range("fid/white")
        {'low': 0.0, 'high': inf}
    """
    info = _find(column)
    while info is None and column.split("_", 1)[0] in WHEN and "_" in column:
        column = column.split("_", 1)[1]
        info = _find(column)
    return {"low": -math.inf, "high": math.inf} if info is None else info.range


def _find(column):
    """The `MetricInfo` of a column, `None` if it is no metric."""
    if column in METRICS:
        return METRICS[column]
    for side, named in SIDES.items():
        if column.startswith(f"{side}_") and (info := _find(column.removeprefix(f"{side}_"))) is not None:
            return _with(info, column, named)
    if "/" in column:
        return _in_part(column)
    for ending, change in (("_worst", _worst), ("_gap", _difference)):
        metric = column.removesuffix(ending)
        if metric != column and metric in (*QUALITY, "label_agreement"):
            return change(METRICS[metric], column)
    return None


def _in_part(column):
    metric, part = column.split("/", 1)
    if metric not in METRICS:
        return None
    of_classifier = metric in DOWNSTREAM and part in CLASSIFIERS
    return _with(METRICS[metric], column, CLASSIFIERS[part] if of_classifier else part)


def _with(info, column, addition):
    axis = f"{info.axis}, {addition}" if info.axis else ""
    return dataclasses.replace(info, name=column, label=f"{info.label}, {addition}", axis=axis)


def _worst(info, column):
    axis = f"{info.axis or info.label} of the worst group"
    definition = f"{info.definition} In the worst group, where every group has a value."
    return dataclasses.replace(
        info, name=column, label=f"{info.label}, worst group", axis=axis, definition=definition
    )


def _difference(info, column):
    high = info.high - info.low if math.isfinite(info.high) else math.inf
    return dataclasses.replace(
        info,
        name=column,
        label=f"{info.label}, difference",
        axis=f"{info.axis or info.label}: largest minus smallest group",
        definition=f"{info.definition} Largest minus smallest group.",
        low=0.0,
        high=high,
        better="lower",
        target=None,
    )


__all__ = [
    "CLASSIFIERS",
    "DOWNSTREAM",
    "IDENTITY",
    "METRICS",
    "QUALITY",
    "MetricInfo",
    "is_metric",
    "metric_info",
    "value_range",
]
