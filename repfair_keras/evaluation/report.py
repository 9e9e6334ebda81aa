"""The report on a sample of images, or on a synthetic table: an object, and `report.json` when written."""

import dataclasses
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import read_json
from repfair_keras.core.settings import shown
from repfair_keras.evaluation.json_part import Part
from repfair_keras.evaluation.report_parts import (
    AskedGroups,
    BalanceTestResult,
    ClassifierErrors,
    CopyCheck,
    CorrectedShares,
    EpsilonResult,
    ImageQuality,
    Intersections,
    Judges,
    LabelAgreement,
    Latents,
    NearestReal,
    Privacy,
    RuleCount,
    Split,
    TableQuality,
    Values,
)


class Share(NamedTuple):
    """Share of a group, and the ends of its interval; `None` where they are not known."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Report(Part):
    """What reports on images and on tables have in common.

    Args:
        name: name in tables and comparisons.
        method, dataset, grouping: what was measured: method of training, data set, what the groups are.
        seed, sample_seed: seed of training and of the sample.
        n: images, or rows, that were measured.
        groups: names of the groups; lists run over them in this order.
        proportions: share of each group as counted; `None` if none could be counted.
        downstream: dict of classifier to dict of what it was trained on (`real`, `synthetic`, `augmented`) to
            dict of metric to `[value, low, high]`; `None` where no classifier was trained.
        tested: what they were tested on: `n`, the share that is `positive`, and the accuracy of the `majority`.
        warnings: what a reader must know first.
        latents: `Latents`, under the key `codes` of JSON; `None` for a method without them.
        timings: dict of `train` and `evaluate`, seconds.
        wall_seconds: their sum.
    """

    modality: ClassVar[str]

    KEYS: ClassVar[dict[str, str]] = {"latents": "codes"}
    OPTIONAL: ClassVar[tuple[str, ...]] = ("tested", "timings", "wall_seconds")

    name: str | None = None
    method: str | None = None
    dataset: str | None = None
    grouping: str | None = None
    seed: int | None = None
    sample_seed: int | None = None
    n: int | None = None
    groups: list[str] = field(default_factory=list)
    proportions: list[float] | None = None
    downstream: dict[str, Any] | None = None
    tested: dict[str, float | None] | None = None
    latents: Latents | None = None
    warnings: list[str] = field(default_factory=list)
    timings: dict[str, float | None] | None = None
    wall_seconds: float | None = None

    @property
    def shares(self) -> dict[str, Share]:
        """Dict of group to `Share`: corrected for the classifier's errors where that is known."""
        source = self._source_of_shares()
        unknown = [None] * len(self.groups)
        intervals = getattr(source, "intervals", None) or [(None, None)] * len(self.groups)
        columns = zip(self.groups, source.proportions or unknown, intervals, strict=True)
        return {name: Share(value, *ends) for name, value, ends in columns}

    def to_frame(self):
        """Returns the main numbers as a pandas `DataFrame`, one row per metric, groups included.

        Returns:
            columns `metric`, `label`, `value` (as measured: a share is in [0, 1]), `unit` (of that value),
            `better` (`lower`, `higher`, `target` or `None`), `definition`, and `shown` (with the factor and
            unit that tables use).

        Examples:
            >>> report = ImageReport(groups=["black", "white"], proportions=[0.25, 0.75], gap=0.5)
            >>> frame = report.to_frame().set_index("metric")
            >>> float(frame.value["gap"]), frame.shown["share/white"]
            (0.5, '75.0 %')
        """
        from repfair_keras.reporting.frame import report_frame

        return report_frame(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}: n={self.n}, groups={self.groups}>"

    def __str__(self) -> str:
        from repfair_keras.reporting.console import to_text

        return to_text(self)

    def _repr_html_(self) -> str:
        from repfair_keras.reporting.html import report_html

        return report_html(self)

    @property
    def level(self) -> float:
        """Level of the intervals of `shares`."""
        return 0.95

    def _source_of_shares(self):
        """The part that has `proportions`, and maybe `intervals`."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class ImageReport(Report):
    """How the groups are represented in a sample of images, how good these are, how sure that is.

    `docs/report.md` says what each part holds. What could not be known is `None`.

    Examples:
        >>> report = ImageReport(groups=["black", "white"], proportions=[0.4, 0.6],
        ...                      intervals=[[0.3, 0.5], [0.5, 0.7]])
        >>> report.shares["white"].low
        0.5
        >>> report == report_from_dict(report.to_dict())
        True
    """

    modality: ClassVar[str] = "images"

    OPTIONAL: ClassVar[tuple[str, ...]] = (*Report.OPTIONAL, "note", "nearest_real", "judges")

    n_decided: int | None = None
    undecided: float | None = None
    target: list[float] | None = None
    intervals: list[list[float]] | None = None
    bounds: list[list[float]] | None = None
    gap: float | None = None
    l1: float | None = None
    kl: float | None = None
    tv: float | None = None
    fd: float | None = None
    chebyshev: float | None = None
    noise_floor: float | None = None
    test: BalanceTestResult | None = None
    epsilon: EpsilonResult | None = None
    note: str | None = None
    undecided_reasons: dict[str, int] = field(default_factory=dict)
    undecided_by_group: Split | None = None
    classifier: ClassifierErrors | None = None
    corrected: CorrectedShares | None = None
    classes: list[str] = field(default_factory=list)
    by_class: list[list] = field(default_factory=list)
    by_class_intervals: list[list] = field(default_factory=list)
    by_class_undecided: list = field(default_factory=list)
    by_class_gap: list = field(default_factory=list)
    by_class_kl: list = field(default_factory=list)
    by_class_n: list[int] = field(default_factory=list)
    by_class_noise_floor: list = field(default_factory=list)
    intersections: Intersections | None = None
    rules: dict[str, RuleCount] = field(default_factory=dict)
    asked: AskedGroups | None = None
    label_agreement: LabelAgreement | None = None
    positive_classes: list[str] | None = None
    nearest_real: NearestReal | None = None
    judges: Judges | None = None
    quality: ImageQuality | None = None
    memorisation: CopyCheck | None = None
    duplicates: float | None = None
    brightness: list[int] | None = None

    @property
    def shares_are_corrected(self) -> bool:
        """Whether `shares` are corrected for the errors of the classifier that counted."""
        return self.corrected is not None and self.corrected.proportions is not None

    @property
    def p_value(self) -> float | None:
        """P-value of a generator on target, seen through the classifier; of early reports, that of the counts."""
        if self.shares_are_corrected and self.corrected.p_value is not None:
            return self.corrected.p_value
        return self.test.p_value if self.test else None

    @property
    def level(self) -> float:
        """Level of the intervals of `shares`."""
        return (self.corrected.level if self.shares_are_corrected else None) or super().level

    def to_row(self) -> dict[str, Any]:
        """Returns the main numbers, flat; see `reporting.image_row`."""
        from repfair_keras.reporting.image_row import to_row

        return to_row(self)

    def _source_of_shares(self):
        return self.corrected if self.shares_are_corrected else self


@dataclass(frozen=True, kw_only=True, repr=False)
class TableReport(Report):
    """Likeness and privacy of a synthetic table, and what classifiers learn from it.

    Args:
        sensitive: column of the groups.
        target: column that classifiers predict.
        positive: its value that counts as positive.
        positive_by_group: dict of `real`, `test`, `synthetic` to the share of positive rows in each group.
        quality: `TableQuality`.
        privacy: `Privacy`.
        proxy: dict of `real`, `synthetic` to the association of a proxy with predictions.
        group_column: what logistic regressions reach without the column of the group, or with it shuffled; see
            `metrics.downstream.without_the_group`.
        values: `Values` of a finely numbered table; `None` of one in bins.
    """

    modality: ClassVar[str] = "tables"
    OPTIONAL: ClassVar[tuple[str, ...]] = (*Report.OPTIONAL, "values")

    sensitive: str | None = None
    target: str | None = None
    positive: str | None = None
    positive_by_group: dict[str, list] = field(default_factory=dict)
    quality: TableQuality | None = None
    privacy: Privacy | None = None
    proxy: dict[str, float | None] = field(default_factory=dict)
    group_column: dict[str, Any] = field(default_factory=dict)
    values: Values | None = None

    def to_row(self) -> dict[str, Any]:
        """Returns the main numbers, flat; see `reporting.table_row`."""
        from repfair_keras.reporting.table_row import to_row

        return to_row(self)


def with_timings(report: Report, train_seconds: float, started: float) -> Report:
    """Returns a report with the seconds of training, and those since `time.monotonic()` was `started`."""
    timings = {"train": round(train_seconds, 1), "evaluate": round(time.monotonic() - started, 1)}
    return dataclasses.replace(report, timings=timings, wall_seconds=round(sum(timings.values()), 1))


def report_from_dict(stored: dict[str, Any]) -> ImageReport | TableReport:
    """Returns the report that was written as `report.json`, or into a record.

    Keys that early reports lack become `None`, or empty; keys that are not known are kept in `extra`.

    Args:
        stored: dict as in `report.json`.

    Raises:
        InputError: if it is no report.

    Examples:
        >>> report_from_dict({"sensitive": "sex", "groups": ["f", "m"]}).modality
        'tables'
    """
    try:
        report = (TableReport if "sensitive" in stored else ImageReport).from_dict(stored)
        _check_lengths(report)
        return report
    except (TypeError, AttributeError) as error:
        raise InputError(
            f"this is no report ({error}), expected a dict as in report.json. Make one: "
            "python -m repfair_keras.evaluate <run>"
        ) from error


def _check_lengths(report):
    """Raises `TypeError` where what has a value for each group has another number of them."""
    n = len(report.groups)
    for name, part in {"": report, "corrected.": getattr(report, "corrected", None)}.items():
        for column in ("proportions", "intervals"):
            values = getattr(part, column, None)
            if values is not None and len(values) != n:
                raise TypeError(f"{name}{column} has {len(values)} values, but there are {n} groups")
        for ends in getattr(part, "intervals", None) or ():
            if ends is None or len(ends) != 2:
                raise TypeError(f"{name}intervals has {shown(ends)}, expected two ends")


def read_report_file(path: str | Path) -> ImageReport | TableReport:
    """Returns the report in a file.

    Args:
        path: a `report.json`, or the folder of a run or an evaluation that holds one.

    Raises:
        InputError: if there is none, or it is damaged.
    """
    path = Path(path)
    file = path / "report.json" if path.is_dir() else path
    if not path.exists():
        raise InputError(
            f"{path} has no report.json, nor is it there: expected a run, or the folder of an evaluation."
        )
    if not file.is_file():
        raise InputError(f"{path} has no report.json. Make it: python -m repfair_keras.evaluate {path}")
    try:
        return report_from_dict(read_json(file, "a report"))
    except InputError as error:
        raise InputError(
            f"{file} cannot be read: it is damaged, or another version wrote it ({error}). Make it anew: "
            f"python -m repfair_keras.evaluate {file.parent}"
        ) from error
