"""The main numbers of a report as a pandas DataFrame."""

from repfair_keras.metrics.catalog import is_metric, metric_info

COLUMNS = ("metric", "label", "value", "unit", "better", "definition", "shown")


def report_frame(report):
    """Returns a row per metric of the flat row of a report.

    Args:
        report: `ImageReport` or `TableReport`.

    Returns:
        `pandas.DataFrame`, see `Report.to_frame`.
    """
    import pandas as pd

    rows = [_row(column, value) for column, value in report.to_row().items() if is_metric(column)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"value": float})


def _row(column, value):
    info = metric_info(column)
    shown = f"{info.shown(value)} {info.unit}".strip() if value is not None else ""
    return column, info.label, value, info.unit_of_values, info.better, info.definition, shown
