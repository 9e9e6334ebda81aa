"""What holds between columns in every row of a table, and how synthetic rows keep it.

A column that others give is not modelled, but made of them again; one that is never below another is modelled as its
distance from it. So a rule is kept by construction, whichever engine makes the rows. Where values are missing and the
others do not say all of a column, it is modelled, and what they do say is put in its place.
"""

from dataclasses import asdict, dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from repfair_keras.data.tables.column import as_dtype, to_dates
from repfair_keras.data.tables.rule_values import as_numbers, as_read, numbers_of, plain_values

TOLERANCE = 1e-12  # of a sum, relative to the largest value: what is lost in adding


@dataclass(frozen=True)
class FunctionOf:
    """One column is a function of another, as the number of years of school is of its name.

    Args:
        column: the one that is given.
        of: the one that gives it.
        values: pairs of a value of `of` and that of `column`; `None` for a missing one.
        gaps: whether either is missing where the other is not, so that `column` is modelled too.
        original: pandas dtype of `column` in memory; empty: as a file would give it.
    """

    kind: ClassVar[str] = "function"
    column: str
    of: str
    values: tuple = ()
    gaps: bool = False
    original: str = ""

    def __str__(self):
        return f"{self.column} is a function of {self.of}"

    @property
    def needs(self):
        """The columns that this one is made of."""
        return (self.of,)

    def reduce(self, frame):
        """Returns a frame without what the rule gives."""
        return frame if self.gaps else frame.drop(columns=self.column)

    def restore(self, frame):
        """Returns a frame with it."""
        known = dict(self.values)
        givers = plain_values(frame[self.of])
        given = [known.get(value) for value in givers]
        if self.gaps:
            rows = zip(givers, plain_values(frame[self.column]), strict=True)
            given = [was if was is None or giver not in known else known[giver] for giver, was in rows]
        values = as_dtype(
            as_read(given, frame.index),
            self.original,
            {value for _, value in self.values if value is not None},
        )
        return frame.assign(**{self.column: values})

    def broken(self, frame):
        """Returns whether each row breaks the rule, bool, shape `(N,)`; a value that is not known breaks none."""
        known, unknown = dict(self.values), object()
        pairs = zip(plain_values(frame[self.of]), plain_values(frame[self.column]), strict=True)
        wrong = [
            known.get(key, unknown) not in (unknown, value) and not (self.gaps and value is None)
            for key, value in pairs
        ]
        return np.array(wrong, bool)


@dataclass(frozen=True)
class SumOf:
    """One column is the sum of others: a total.

    Args:
        column: the sum.
        parts: the columns that are added.
        decimals: decimals of the sum.
        gaps: whether it is missing where no part is, or is not where one is, so that it is modelled too.
        original: as in `FunctionOf`.
    """

    kind: ClassVar[str] = "sum"
    column: str
    parts: tuple[str, ...]
    decimals: int = 0
    gaps: bool = False
    original: str = ""

    def __str__(self):
        return f"{self.column} = {' + '.join(self.parts)}"

    @property
    def needs(self):
        """The columns that this one is made of."""
        return self.parts

    def reduce(self, frame):
        """Returns a frame without the sum."""
        return frame if self.gaps else frame.drop(columns=self.column)

    def restore(self, frame):
        """Returns a frame with it."""
        total = sum(numbers_of(frame[part]) for part in self.parts)
        if self.gaps:
            old = numbers_of(frame[self.column])
            total = np.where(np.isnan(total) | np.isnan(old), old, total)
        return frame.assign(**{self.column: as_numbers(total, frame.index, self.decimals, self.original)})

    def broken(self, frame):
        """Returns whether each row breaks the rule; rows with a missing value do not."""
        total, parts = numbers_of(frame[self.column]), sum(numbers_of(frame[part]) for part in self.parts)
        present = np.abs(total[np.isfinite(total)])
        allowed = 0.6 * 10.0**-self.decimals + TOLERANCE * (present.max() if len(present) else 0)
        return np.abs(total - parts) > allowed  # a missing value compares as not broken


@dataclass(frozen=True)
class AtMost:
    """One column is never above another, as the day of entry is never after that of leaving.

    Args:
        low, high: the two columns.
        date: format of the dates in `high`; empty for numbers.
        low_date: the same of `low`.
        decimals: decimals of `high`.
        base: what `high` is measured from where `low` is missing.
        known: values that `high` may have, ascending, numbers or seconds since 1970; empty: any.
        original: pandas dtype of `high` in memory, as in `FunctionOf`.
    """

    kind: ClassVar[str] = "order"
    low: str
    high: str
    date: str = ""
    low_date: str = ""
    decimals: int = 0
    base: float = 0.0
    known: tuple[float, ...] = ()
    original: str = ""

    def __str__(self):
        return f"{self.low} <= {self.high}"

    @property
    def column(self):
        """The column that is modelled as a distance."""
        return self.high

    @property
    def needs(self):
        """The columns that this one is made of."""
        return (self.low,)

    @property
    def gaps(self):
        """Whether the higher column is modelled: always, as a distance."""
        return True

    def reduce(self, frame):
        """Returns a frame in which the higher column is its distance from the lower one."""
        distance = numbers_of(frame[self.high], self.date) - self._from(frame)[0]
        return frame.assign(**{self.high: pd.Series(distance, frame.index).round(max(self.decimals, 6))})

    def restore(self, frame):
        """Returns a frame with the higher column as it was."""
        start, low = self._from(frame)
        value = start + numbers_of(frame[self.high])
        value = np.fmax(value, low)  # NaN of `low` alone is passed over: what was measured from `base` stays
        value = np.where(np.isnan(numbers_of(frame[self.high])), np.nan, value)
        if self.known:
            value = self._nearest(value, low)
        if self.date:
            return frame.assign(
                **{self.high: as_dtype(to_dates(pd.Series(value, frame.index), self.date), self.original)}
            )
        rounded = np.round(value, self.decimals)
        value = np.where(rounded < low, np.ceil(low * 10.0**self.decimals) / 10.0**self.decimals, rounded)
        return frame.assign(**{self.high: as_numbers(value, frame.index, self.decimals, self.original)})

    def broken(self, frame):
        """Returns whether each row breaks the rule; rows with a missing value do not."""
        return numbers_of(frame[self.high], self.date) < numbers_of(frame[self.low], self.low_date)

    def _from(self, frame):
        low = numbers_of(frame[self.low], self.low_date)
        return np.where(np.isnan(low), self.base, low), low

    def _nearest(self, value, low):
        """The known value that is nearest, and not below the lower column; the value itself where all are below."""
        known = np.asarray(self.known)
        after = np.minimum(np.searchsorted(known, value), len(known) - 1)
        before = np.maximum(after - 1, 0)
        place = np.where(np.abs(known[before] - value) < np.abs(known[after] - value), before, after)
        place = np.maximum(place, np.where(np.isnan(low), 0, np.searchsorted(known, low)))
        found = known[np.minimum(place, len(known) - 1)]
        return np.where(np.isnan(value) | (place >= len(known)), value, found)


KINDS = {rule.kind: rule for rule in (FunctionOf, SumOf, AtMost)}


def to_dict(rule):
    """Returns a rule as values that JSON knows."""
    return {"kind": rule.kind, **asdict(rule)}


def from_dict(stored):
    """Returns the rule that `to_dict` has stored."""
    stored = dict(stored)
    rule = KINDS[stored.pop("kind")]
    for name in ("values", "parts", "known"):
        if name in stored:
            stored[name] = tuple(tuple(part) if isinstance(part, list) else part for part in stored[name])
    return rule(**stored)


def reduced(frame, rules):
    """Returns a frame as it is modelled: rules are applied in order."""
    for rule in rules:
        frame = rule.reduce(frame)
    return frame


def restored(frame, rules):
    """Returns a frame as it was, from one as it is modelled: the last rule first."""
    for rule in reversed(rules):
        frame = rule.restore(frame)
    return frame


def in_order(rules):
    """Returns rules so that each comes before those that make what it needs; `None` if they go in a circle."""
    left, ordered = list(rules), []
    while left:
        free = [rule for rule in left if not any(rule.column in other.needs for other in left)]
        if not free:
            return None
        ordered.append(free[0])
        left.remove(free[0])
    return ordered


def typed_as(rule, frame):
    """Returns a rule whose column is made in the pandas dtype that it has in a frame."""
    return replace(rule, original=str(frame[rule.column].dtype))
