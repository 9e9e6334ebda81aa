"""All files of a report: Markdown, a page, a row of CSV, and JSON, which comes last: where it is, all is there."""

from repfair_keras.core.files import write_json, write_text
from repfair_keras.reporting.image_row import to_csv
from repfair_keras.reporting.report_page import report_page


def write_report(out, report, markdown):
    """Writes `report.md`, `report.html`, `report.csv` and `report.json`.

    Args:
        out: `RunDir`, its figures are there.
        report: `ImageReport` or `TableReport`.
        markdown: the report as Markdown.
    """
    write_text(out.report_md, markdown)
    write_text(out.report_html, report_page(report, markdown, out.path))
    write_text(out.report_csv, to_csv([report.to_row()]))
    write_json(out.report, report.to_dict())
