"""A report as HTML that needs nothing else: what a notebook shows of it."""

from html import escape

from repfair_keras.core.html import heading
from repfair_keras.metrics.catalog import QUALITY, metric_info
from repfair_keras.reporting.markdown.text import interval, percent

BAR = 160  # pixels of a share of 100 %
DOWNSTREAM = ("accuracy", "demographic_parity", "ftu")


def report_html(report):
    """Returns title, warnings, shares with their intervals as bars, and a line on quality.

    Args:
        report: `ImageReport` or `TableReport`.

    Returns:
        str, HTML without style sheets or scripts; names are escaped.
    """
    of_table = report.modality == "tables"
    parts = [
        heading(_title(report)),
        *(f"<p><strong>Warning:</strong> {escape(text)}</p>" for text in getattr(report, "warnings", ())),
        _table(["group", "share", "", f"{100 * report.level:.0f} % interval"], _share_rows(report)),
        f"<p>{escape(_table_line(report) if of_table else _image_line(report))}</p>",
    ]
    return f"<div>{''.join(parts)}</div>"


def _table(header, rows):
    """Returns a table; cells are HTML, the header is text."""
    head = _cells("th", (escape(str(cell)) for cell in header))
    body = "".join(_cells("td", row) for row in rows)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _cells(tag, cells):
    """A row of a table."""
    row = "".join(f"<{tag} style='text-align:left'>{cell}</{tag}>" for cell in cells)
    return f"<tr>{row}</tr>"


def _title(report):
    name = report.name or report.method or "report"
    things = "synthetic rows" if report.modality == "tables" else "generated images"
    count = "" if report.n is None else f": {report.n:,} {things}"
    of = f" of {report.dataset}" if report.dataset else ""
    return f"{name}{count}{of}"


def _share_rows(report):
    for name, share in report.shares.items():
        ends = None if share.low is None else (share.low, share.high)
        yield escape(str(name)), percent(share.value), _bar(share), interval(ends)


def _bar(share):
    """A bar as long as the share, with its interval as a line across."""
    if share.value is None:
        return ""
    low, high = (share.value if end is None else end for end in (share.low, share.high))
    place = f"left:{BAR * low:.0f}px;width:{max(BAR * (high - low), 1):.0f}px"
    return (
        f"<div style='position:relative;width:{BAR}px;height:12px;background:#eee'>"
        f"<div style='width:{BAR * share.value:.0f}px;height:12px;background:#0072B2'></div>"
        f"<div style='position:absolute;{place};top:5px;height:2px;background:#222'></div></div>"
    )


def _image_line(report):
    counted = "corrected for classifier error" if report.shares_are_corrected else "as counted"
    parts = [f"Shares {counted}"]
    if report.undecided is not None:
        parts.append(f"{percent(report.undecided)} of the images undecided")
    overall = (report.quality.overall if report.quality else None) or {}
    real = (report.quality.real if report.quality else None) or {}
    for metric in QUALITY:
        if overall.get(metric) is not None:
            info = metric_info(metric)
            reached = "" if real.get(metric) is None else f" (real {info.shown(real[metric])})"
            parts.append(f"{info.heading} {info.shown(overall[metric])}{reached}")
    return "; ".join(parts) + "."


def _table_line(report):
    parts = [f"Groups by {report.sensitive}, target {report.target}"]
    row = report.to_row()
    for metric in DOWNSTREAM:
        column = f"{metric}/lr"
        if row.get(column) is not None:
            info, real = metric_info(column), row.get(f"real_{column}")
            reached = "" if real is None else f" (trained on real rows {info.shown(real)})"
            parts.append(f"{info.label} {info.shown(row[column])}{reached}")
    if row["similarity"] is not None:
        info = metric_info("similarity")
        parts.append(f"{info.label} {info.shown(row['similarity'])}")
    return "; ".join(parts) + "."
