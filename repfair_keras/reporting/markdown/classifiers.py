"""What classifiers learn from synthetic rows or images, as Markdown."""

from repfair_keras.metrics.catalog import DOWNSTREAM, metric_info
from repfair_keras.reporting.markdown.text import NONE, table


def downstream_table(report):
    """Markdown table: a line for each classifier and what it was trained on.

    Args:
        report: `TableReport`, or `ImageReport` of images that classifiers learn from.
    """
    infos = [metric_info(name) for name in DOWNSTREAM]
    rows = [
        [
            classifier.replace("_", " "),
            trained_on,
            *(_interval(metrics.get(info.name), info) for info in infos),
        ]
        for classifier, by_training in report.downstream.items()
        for trained_on, metrics in by_training.items()
    ]
    return table(["classifier", "trained on", *(info.label for info in infos)], rows)


def explained(things):
    """Says what the columns are; `things` are what is tested on, `"rows"` or `"images"`."""
    return (
        f"Value (95 % interval over test {things}). DP, equal opportunity, equalised odds: differences "
        "between groups, 0 is equal. Disparate impact: a ratio, 1 is equal. FTU: how far the mean "
        f"prediction moves when the group of all {things} is changed, 0 for a classifier that ignores it."
    )


def _interval(interval, info):
    if interval is None:
        return NONE
    value, low, high = map(info.shown, interval)
    return f"{value} ({low} to {high})"
