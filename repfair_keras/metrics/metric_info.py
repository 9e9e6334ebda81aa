"""What a number means: its label, unit, range and direction."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class MetricInfo:
    """A number of a report, as rows, tables and figures name it.

    Values are kept as they were measured (a share is in [0, 1]). They are shown times `factor`, in `unit`,
    with `digits` decimals.

    Args:
        name: column of a row, or key of a report.
        label: short name, for the head of a table.
        definition: what it is, in one sentence or two.
        unit: unit of the number as it is shown: `%`, `points`, `nats`; empty for a plain number.
        factor: what a value is multiplied by to be shown.
        digits: decimals that are shown.
        low: smallest possible value, before the factor.
        high: largest possible value, before the factor.
        better: `"lower"`, `"higher"`, `"target"` (the closer to `target`), or `None` where neither is better.
        target: the best value where `better` is `"target"`.
        axis: longer name, for the axis of a figure; empty: the label.

    Examples:
        >>> gap = MetricInfo("gap", "gap", "Largest minus smallest share.", "points", 100, 1, better="lower")
        >>> gap.heading, gap.shown(0.1234)
        ('gap (points)', '12.3')
        >>> gap.higher_is_better
        False
    """

    name: str
    label: str
    definition: str
    unit: str = ""
    factor: float = 1.0
    digits: int = 3
    low: float = 0.0
    high: float = 1.0
    better: str | None = None
    target: float | None = None
    axis: str = ""

    def __post_init__(self):
        if self.better not in ("lower", "higher", "target", None):
            raise ValueError(f"better is {self.better!r} of {self.name}: expected lower, higher or target")
        if (self.better == "target") != (self.target is not None) or self.low > self.high:
            raise ValueError(f"{self.name}: a target goes with better='target', and low is not above high")

    @property
    def heading(self):
        """Label and unit, for numbers that are shown times the factor."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def axis_label(self):
        """Longer name and unit, for the axis of a figure."""
        name = self.axis or self.label
        return f"{name} ({self.unit})" if self.unit else name

    @property
    def higher_is_better(self):
        """Whether a larger value is better; `False` where none is."""
        return self.better == "higher"

    @property
    def advice(self):
        """Which values are better, in words: `lower is better`, `0.5 is best`; empty where none is."""
        if self.better == "target":
            return f"{self.target:g} is best"
        return f"{self.better} is better" if self.better else ""

    @property
    def unit_of_values(self):
        """Unit of a value as it is kept: that which is shown, `fraction` of what is shown in percent."""
        if self.factor == 1:
            return self.unit
        return "fraction" if self.factor == 100 else ""

    @property
    def range(self):
        """`low` and `high` as keyword arguments of `mean_interval`, which cuts an interval to them."""
        return {"low": self.low, "high": self.high}

    def shown(self, value):
        """Returns a value as text, without its unit; `-` for `None`."""
        if value is None:
            return "-"
        return f"{self.factor * value:.{self.digits}f}" if math.isfinite(value) else "infinite"
