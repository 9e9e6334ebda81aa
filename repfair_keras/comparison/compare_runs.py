"""Runs side by side: means over seeds, paired differences, and one figure."""

import json
from pathlib import Path
from typing import NamedTuple

from repfair_keras.comparison.kinds import kind_of
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import write_json, write_text
from repfair_keras.figures.comparison import check_column
from repfair_keras.figures.save import save_figure
from repfair_keras.metrics.intervals import Interval, mean_interval, paired_difference
from repfair_keras.reporting.image_row import to_csv
from repfair_keras.reporting.markdown.text import escape, table
from repfair_keras.runs.run_folder import RunDir


class Comparison(NamedTuple):
    """Rows of runs, and per method what they come to.

    Args:
        rows: one dict per run.
        baseline: name of the method that the others are compared with.
        means: dict of method to dict of column to `Interval`.
        differences: dict of method, without the baseline, to dict of column to `Interval`.
    """

    rows: list[dict]
    baseline: str
    means: dict[str, dict[str, Interval]]
    differences: dict[str, dict[str, Interval]]


def compare(paths, out, baseline=None, x=None, y=None):
    """Compares evaluated runs, and writes table, figure and numbers to a new folder.

    Args:
        paths: folders of runs, or of evaluations, at least two; runs of one name are one method.
        out: new folder: `comparison.md`, `comparison.csv` (a row per run), `comparison.json`, `.png`.
        baseline: name of the method that the others are compared with; `None`: that of the first run.
        x, y: columns of the figure of images; `None`: `gap` and `kid_worst`.

    Returns:
        `(Path, text)`: the folder, and the table as Markdown.

    Raises:
        InputError: if there are fewer than two, one has no report, they were measured differently, or a
            column is not known.
    """
    for column in filter(None, (x, y)):
        check_column(column)
    reports = [read_report(path) for path in paths]
    check_comparable(paths, reports)
    kind = kind_of(reports[0])
    rows = [kind.to_row(report) for report in reports]
    columns = {name: kind.columns[name] for name in kind.columns if any(name in row for row in rows)}
    found = tabulate(rows, columns, baseline)
    figure, text = kind.draw(found.rows, x, y), to_markdown(found, reports)
    RunDir(out).create()
    out = Path(out)
    numbers = {
        "baseline": found.baseline,
        "means": _plain(found.means),
        "differences": _plain(found.differences),
    }
    write_json(out / "comparison.json", numbers)
    write_text(out / "comparison.csv", to_csv(found.rows))
    picture = "No run has a value on both axes of the figure."
    if figure is not None:
        save_figure(figure, out / "comparison.png")
        picture = f"![{kind.caption}](comparison.png)"
    write_text(out / "comparison.md", f"{text}\n\n{picture}\n")
    return out, text


def read_report(path):
    """Returns the report of a folder.

    Raises:
        InputError: if there is none, or it is damaged or of another version.
    """
    file = RunDir(path).report
    if not file.is_file():
        raise InputError(f"{path} has no report.json. Make it: python -m repfair_keras.evaluate {path}")
    try:
        report = json.loads(file.read_text("utf-8"))
        for name in (*kind_of(report).cures, "name", "seed"):
            _at(report, *name.split("."))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{file} cannot be compared ({type(error).__name__}: {error}): it is damaged, or another version "
            f"wrote it. Make it anew: python -m repfair_keras.evaluate {path}"
        ) from error
    return report


def _at(report, *keys):
    for key in keys:
        report = report[key]
    return report


def check_comparable(paths, reports):
    """Raises `InputError` unless all reports are measured alike, with the same extractor."""
    if len(reports) < 2:
        raise InputError(f"{len(reports)} run is given: expected at least two to compare.")
    first, known = reports[0], {}
    cures = kind_of(first).cures
    if len({Path(path).resolve() for path in paths}) < len(paths):
        raise InputError("a run is named twice: expected different ones.")
    for path, report in zip(paths, reports, strict=True):
        if kind_of(report) is not kind_of(first):
            raise InputError(f"{path} and {paths[0]} are of a table and of images: expected one kind.")
        for name in cures:
            mine, theirs = (_at(each, *name.split(".")) for each in (report, first))
            if mine != theirs:
                raise InputError(
                    f"{path} has {name} {mine}, but {paths[0]} has {theirs}: expected the same. {cures[name]}"
                )
        key = (report["name"], report["seed"])
        if report["seed"] is not None and key in known:
            raise InputError(
                f"{path} and {known[key]} are both {key[0]!r} with seed {key[1]}. Leave one out, or give it "
                "another --name when it is evaluated."
            )
        known[key] = path


def tabulate(rows, columns, baseline=None):
    """Returns the `Comparison` of rows; pairs are runs with the same seed of training."""
    methods = list(dict.fromkeys(row["name"] for row in rows))
    baseline = baseline or methods[0]
    if baseline not in methods:
        raise InputError(f"baseline {baseline!r} is none of the methods: {', '.join(methods)}.")
    of = {name: [row for row in rows if row["name"] == name] for name in methods}
    means = {
        name: {
            column: mean_interval([row.get(column) for row in of[name]], low=known.low, high=known.high)
            for column, known in columns.items()
        }
        for name in methods
    }
    differences = {
        name: {column: paired_difference(*_by_seed(column, of[baseline], of[name])) for column in columns}
        for name in methods
        if name != baseline
    }
    return Comparison(rows, baseline, means, differences)


def _by_seed(column, *sides):
    """For each side a dict of seed to value; images of other programs, without a seed, are in no pair."""
    return [{row["seed"]: row.get(column) for row in side if row["seed"] is not None} for side in sides]


def to_markdown(found, reports):
    """Returns the comparison as Markdown: one table of means, one of paired differences.

    Args:
        found: `Comparison`.
        reports: the reports, for what they have in common and where they differ.
    """
    kind = kind_of(reports[0])
    seeds = {name: sum(row["name"] == name for row in found.rows) for name in found.means}
    title = ", ".join(f"{name} ({n} {'run' if n == 1 else 'runs'})" for name, n in seeds.items())
    pairs = {name: max(cell.n for cell in row.values()) for name, row in found.differences.items()}
    parts = [
        f"# Comparison: {escape(title)}",
        kind.describe(reports),
        _table("", found.means, seeds, kind.columns),
        *_sizes(reports),
    ]
    if found.differences:
        parts += [
            f"Difference to {escape(found.baseline)}: mean over the seeds that both have ({_counts(pairs)}), "
            "95 % t interval. It shows a difference only where it does not hold 0; of this many intervals "
            "some miss 0 by chance.",
            _table(f"minus {found.baseline}", found.differences, pairs, kind.columns),
        ]
    return "\n\n".join(parts)


def _sizes(reports):
    """A warning if quality per group was measured on different numbers of images, on which it depends."""
    sizes = sorted({report["quality"].get("n_by_group") for report in reports} - {None})
    if len(sizes) < 2:
        return []
    return [
        f"Quality per group was measured on {sizes[0]:,} to {sizes[-1]:,} images of a group, as many as the "
        "rarest one has: coverage depends on that; KID does not."
    ]


def _table(corner, cells, expected, columns):
    rows = [
        [known.heading, *(_cell(row[column], known, expected[name]) for name, row in cells.items())]
        for column, known in columns.items()
        if all(column in row for row in cells.values())
    ]
    return table([corner, *cells], rows)


def _counts(pairs):
    return ", ".join(f"{escape(name)}: {n}" for name, n in pairs.items())


def _cell(interval, column, expected):
    if interval.mean is None:
        return "-"
    mean, low, high = (
        "" if value is None else f"{column.factor * value:.{column.digits}f}" for value in interval[:3]
    )
    text = f"{mean} ({low} to {high})" if low else mean
    return text if interval.n == expected else f"{text}, n = {interval.n}"


def _plain(table):
    return {name: {key: cell._asdict() for key, cell in row.items()} for name, row in table.items()}
