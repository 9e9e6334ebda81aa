"""What classifiers learn from synthetic rows or images, as Markdown."""

from repfair_keras.reporting.markdown.text import NONE, table

METRICS = {
    "accuracy": "accuracy",
    "auroc": "AUROC",
    "demographic_parity": "DP",
    "disparate_impact": "disparate impact",
    "equal_opportunity": "equal opportunity",
    "equalised_odds": "equalised odds",
    "ftu": "FTU",
}


def downstream_table(report):
    """Markdown table: a line for each classifier and what it was trained on."""
    rows = [
        [classifier.replace("_", " "), trained_on, *(_interval(found[name]) for name in METRICS)]
        for classifier, by_training in report["downstream"].items()
        for trained_on, found in by_training.items()
    ]
    return table(["classifier", "trained on", *METRICS.values()], rows)


def explained(things):
    """Says what the columns are; `things` are what is tested on, `"rows"` or `"images"`."""
    return (
        f"Value (95 % interval over test {things}). DP, equal opportunity, equalised odds: differences "
        "between groups, 0 is equal. Disparate impact: a ratio, 1 is equal. FTU: how far the mean "
        f"prediction moves when the group of all {things} is changed, 0 for a classifier that ignores it."
    )


def _interval(value):
    return NONE if value is None else f"{value[0]:.3f} ({value[1]:.3f} to {value[2]:.3f})"
