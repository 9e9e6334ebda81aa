"""Runs side by side: means over seeds, paired differences, and one figure."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repfair_keras.comparison.comparison_text import to_html, to_markdown
from repfair_keras.comparison.kinds import Kind, kind_of
from repfair_keras.comparison.sources import check_comparable, read_sources
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import write_json, write_text
from repfair_keras.evaluation.report import ImageReport, TableReport
from repfair_keras.figures.comparison import check_column
from repfair_keras.figures.save import save_figure
from repfair_keras.metrics.catalog import metric_info, value_range
from repfair_keras.metrics.intervals import Interval, mean_interval, paired_difference
from repfair_keras.reporting.image_row import to_csv
from repfair_keras.runs.run_folder import RunDir


@dataclass(frozen=True)
class Comparison:
    """Rows of runs, and per method what they come to.

    Args:
        rows: one dict per run, see `Report.to_row`.
        baseline: name of the method that the others are compared with.
        means: dict of method to dict of column to `Interval`, cut to the range of the metric.
        differences: dict of method, without the baseline, to dict of column to `Interval` of its value minus
            the baseline's, over the seeds that both have; not cut.
        reports: the reports, in the order of the rows; empty of rows alone.
        x, y: columns of the figure of images; `None`: `gap` and `kid_worst`.

    Examples:
        >>> rows = [{"name": name, "seed": 0, "gap": gap} for name, gap in (("gan", 0.4), ("repfair", 0.1))]
        >>> frame = tabulate(rows, ("gap",)).to_frame()
        >>> frame[["method", "metric", "mean", "n"]].values.tolist()
        [['gan', 'gap', 0.4, 1], ['repfair', 'gap', 0.1, 1]]
    """

    rows: list[dict[str, Any]]
    baseline: str
    means: dict[str, dict[str, Interval]]
    differences: dict[str, dict[str, Interval]]
    reports: tuple[ImageReport | TableReport, ...] = ()
    x: str | None = None
    y: str | None = None

    @property
    def kind(self) -> Kind:
        """What is compared of these runs."""
        return kind_of(self.reports[0])

    @property
    def n_runs(self) -> dict[str, int]:
        """Dict of method to its number of runs."""
        return {name: sum(row["name"] == name for row in self.rows) for name in self.means}

    def to_frame(self):
        """Returns a pandas `DataFrame`, one row per method and metric.

        Returns:
            columns `method`, `metric`, `label`, `unit` (of the numbers, as measured: a share is in [0, 1]),
            `better`, `mean`, `low`, `high`, `n`, and the difference to the baseline with its interval:
            `difference`, `difference_low`, `difference_high`, `difference_n`, empty for the baseline.
        """
        import pandas as pd

        rows = [
            self._frame_row(method, column, interval)
            for method, cells in self.means.items()
            for column, interval in cells.items()
        ]
        ends = ("mean", "low", "high", "n")
        apart = ("difference", "difference_low", "difference_high", "difference_n")
        return pd.DataFrame(rows, columns=["method", "metric", "label", "unit", "better", *ends, *apart])

    def _frame_row(self, method, column, interval):
        info = metric_info(column)
        apart = self.differences.get(method, {}).get(column, (None,) * 4)
        return method, column, info.label, info.unit_of_values, info.better, *interval, *apart

    def plot(self):
        """Returns the figure, a `matplotlib.figure.Figure`; `None` if no run has a value on both axes."""
        return self.kind.plot(self.rows, self.x, self.y)

    def to_markdown(self) -> str:
        """Returns one table of means, and one of paired differences."""
        return to_markdown(self)

    def _repr_html_(self) -> str:
        return to_html(self)

    def write(self, out: str | Path) -> Path:
        """Writes `comparison.md`, `comparison.csv` (a row per run), `comparison.json` and `comparison.png`.

        Args:
            out: new folder.

        Returns:
            The folder.

        Raises:
            InputError: if it holds anything, or cannot be written.
        """
        text, figure = self.to_markdown(), self.plot()
        RunDir(out).create()
        out = Path(out)
        means, differences = _plain(self.means), _plain(self.differences)
        numbers = {"baseline": self.baseline, "means": means, "differences": differences}
        write_json(out / "comparison.json", numbers)
        write_text(out / "comparison.csv", to_csv(self.rows))
        picture = "No run has a value on both axes of the figure."
        if figure is not None:
            save_figure(figure, out / "comparison.png")
            picture = f"![{self.kind.caption}](comparison.png)"
        write_text(out / "comparison.md", f"{text}\n\n{picture}\n")
        return out


def compare(sources, out=None, baseline=None, x=None, y=None) -> Comparison:
    """Compares evaluated runs over their seeds.

    Args:
        sources: list of at least two runs in all, where runs of one name are one method. Each is the folder
            of a run or of an evaluation; the folder of a sweep, for the finished runs in it; an
            `ImageReport` or a `TableReport`; or an object whose `report` is one.
        out: new folder to write table, figure and numbers to, see `Comparison.write`; `None`: nothing is
            written.
        baseline: name of the method that the others are compared with; `None`: that of the first run.
        x, y: columns of the figure of images; `None`: `gap` and `kid_worst`.

    Returns:
        `Comparison`.

    Raises:
        InputError: if there are fewer than two, one has no report, they were measured differently, or a
            column is not known.
    """
    for column in filter(None, (x, y)):
        check_column(column)
    read = read_sources([sources] if isinstance(sources, str | Path) else sources)
    check_comparable(read)
    reports = tuple(source.report for source in read)
    kind, rows = kind_of(reports[0]), [report.to_row() for report in reports]
    columns = [column for column in kind.columns if any(column in row for row in rows)]
    compared = tabulate(rows, columns, baseline)
    compared = dataclasses.replace(compared, reports=reports, x=x, y=y)
    compared.plot()  # an axis that does not fit ends here, before anything is written
    if out is not None:
        compared.write(out)
    return compared


def tabulate(rows, columns, baseline=None):
    """Returns the `Comparison` of rows; pairs are runs with the same seed of training.

    Args:
        rows: dicts, one per run, with `name`, `seed` and the columns.
        columns: names of metrics.
        baseline: name of the method that the others are compared with; `None`: that of the first row.

    Raises:
        InputError: if no run is of the baseline.
    """
    methods = list(dict.fromkeys(row["name"] for row in rows))
    baseline = baseline or methods[0]
    if baseline not in methods:
        raise InputError(f"baseline {baseline!r} is none of the methods: {', '.join(methods)}.")
    of = {name: [row for row in rows if row["name"] == name] for name in methods}
    means = {
        name: {
            column: mean_interval([row.get(column) for row in of[name]], **value_range(column))
            for column in columns
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


def _plain(intervals):
    return {name: {key: cell._asdict() for key, cell in row.items()} for name, row in intervals.items()}
