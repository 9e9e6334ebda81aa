"""A report of any kind as text for the console."""

from repfair_keras.reporting.image_console import format_table
from repfair_keras.reporting.markdown import table_report


def is_of_table(report):
    """Whether a report is one on a synthetic table."""
    return report.modality == "tables"


def to_text(report):
    """Returns the main numbers of a report, an `ImageReport` or a `TableReport`."""
    return "\n".join(table_report.to_lines(report)) if is_of_table(report) else format_table(report)
