"""What classifiers learn from synthetic rows or images, as Markdown."""

from repfair_keras.metrics.catalog import DOWNSTREAM, metric_info
from repfair_keras.reporting.markdown.text import NONE, count, percent, table


def downstream_table(report):
    """Markdown table: a line for each classifier and what it was trained on.

    Args:
        report: `TableReport`, or `ImageReport` of images that classifiers learn from.
    """
    infos = [metric_info(name) for name in DOWNSTREAM]
    rows = [
        [
            classifier.replace("_", " "),
            trained_on.replace("_", ", "),
            *(shown_interval(metrics.get(info.name), info) for info in infos),
        ]
        for classifier, by_training in report.downstream.items()
        for trained_on, metrics in by_training.items()
    ]
    parts = [table(["classifier", "trained on", *(info.label for info in infos)], rows)]
    if report.tested:
        majority, positive = percent(report.tested["majority"]), percent(report.tested["positive"])
        parts.append(
            f"**Predicting the same for everybody has an accuracy of {majority}**: {positive} of the "
            f"{count(report.tested['n'])} that are tested on are positive. *Real, equal*: real ones in groups of equal "
            "size, no more than there are synthetic ones."
        )
    return "\n\n".join(parts)


def explained(things):
    """Says what the columns are; `things` are what is tested on, `"rows"` or `"images"`."""
    return (
        f"Value (95 % interval over test {things}). DP, equal opportunity, equalised odds: differences "
        "between groups, 0 is equal. DP ratio (disparate impact), EO ratio (of equalised odds): smallest over largest "
        "group, 1 is equal. FTU: how far the mean "
        f"prediction moves when the group of all {things} is changed, 0 for a classifier that ignores it."
    )


def shown_interval(interval, info):
    """Returns `[value, low, high]` of a metric as text.

    Args:
        interval: the three numbers, or `None`.
        info: `MetricInfo` of the metric.
    """
    if interval is None:
        return NONE
    value, low, high = map(info.shown, interval)
    return f"{value} ({low} to {high})"
