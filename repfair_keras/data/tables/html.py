"""A data set of a table as something worth looking at in Jupyter."""

from repfair_keras.core.html import heading, table


def to_html(dataset):
    """Returns the shares of the groups and of the target, and what the columns hold, as HTML."""
    schema = dataset.schema
    shares = [
        (name, f"{100 * share:.1f} %")
        for name, share in zip(dataset.group_names, dataset.shares, strict=True)
    ]
    columns = [line.partition(": ")[::2] for line in schema.describe()]
    title = f"{dataset.name}: {len(dataset):,} rows to train on, {len(dataset.test_codes):,} to test"
    groups = table((f"group ({schema.sensitive})", "share"), shares)
    return heading(title) + groups + table(("column", "holds"), columns)
