"""A comparison as Markdown and as HTML."""

from repfair_keras.core import html
from repfair_keras.metrics.catalog import metric_info
from repfair_keras.reporting.markdown.text import escape, table


def to_markdown(comparison):
    """Returns a `Comparison` as Markdown: one table of means, one of paired differences."""
    pairs = _pairs(comparison.differences)
    header, rows = _cells(comparison.means, comparison.n_runs)
    parts = [
        f"# Comparison: {escape(_title(comparison.n_runs))}",
        comparison.kind.describe(comparison.reports),
        *(f"**{escape(text)}**" for text in untold(comparison.reports)),
        table(["", *header], rows),
        *_sizes(comparison.reports),
    ]
    if comparison.differences:
        counts = ", ".join(f"{escape(name)}: {n}" for name, n in pairs.items())
        header, rows = _cells(comparison.differences, pairs)
        parts += [
            f"Difference to {escape(comparison.baseline)}: mean over the seeds that both have ({counts}), "
            "95 % t interval. It shows a difference only where it does not hold 0; of this many intervals "
            "some miss 0 by chance.",
            table([f"minus {comparison.baseline}", *header], rows),
        ]
    return "\n\n".join(parts)


def to_html(comparison):
    """Returns the same tables as HTML, for a notebook; names are escaped."""
    header, rows = _cells(comparison.means, comparison.n_runs)
    title = f"Comparison: {_title(comparison.n_runs)}"
    told = map(html.heading, untold(comparison.reports))
    parts = [html.heading(title), *told, html.table(["", *header], rows)]
    if comparison.differences:
        header, rows = _cells(comparison.differences, _pairs(comparison.differences))
        text = f"Difference to {comparison.baseline}: mean over the seeds that both have, 95 % t interval."
        parts += [html.heading(text), html.table([f"minus {comparison.baseline}", *header], rows)]
    return f"<div>{''.join(parts)}</div>"


def untold(reports):
    """Yields a sentence for each run whose shares cannot be told: a mean is over the others alone."""
    for report in reports:
        note = getattr(report.corrected, "note", None) if report.modality == "images" else None
        if note:
            seed = "" if report.seed is None else f", seed {report.seed}"
            yield f"Shares of {report.name}{seed} cannot be told: {note}"


def _title(n_runs):
    return ", ".join(f"{name} ({n} {'run' if n == 1 else 'runs'})" for name, n in n_runs.items())


def _pairs(differences):
    """Dict of method to the number of seeds that it has in common with the baseline."""
    return {name: max(interval.n for interval in cells.values()) for name, cells in differences.items()}


def _sizes(reports):
    """A warning if quality per group was measured on different numbers of images, on which it depends."""
    sizes = sorted({getattr(report.quality, "n_by_group", None) for report in reports} - {None})
    if len(sizes) < 2:
        return []
    return [
        f"Quality per group was measured on {sizes[0]:,} to {sizes[-1]:,} images of a group, as many as the "
        "rarest one has: coverage depends on that; KID does not."
    ]


def _cells(intervals, expected):
    """Names of methods, and rows of text: a metric, and its interval of each method."""
    columns = next(iter(intervals.values()))
    rows = [
        [metric_info(column).heading]
        + [_cell(cells[column], metric_info(column), expected[name]) for name, cells in intervals.items()]
        for column in columns
    ]
    return list(intervals), rows


def _cell(interval, info, expected):
    if interval.mean is None:
        return "-"
    mean, low, high = (None if value is None else info.shown(value) for value in interval[:3])
    text = mean if low is None else f"{mean} ({low} to {high})"
    return text if interval.n == expected else f"{text}, n = {interval.n}"
