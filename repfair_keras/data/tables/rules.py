"""What holds between columns in every row of a table, and how synthetic rows keep it.

A column that others give is not modelled, but made of them again; one that is never below another is modelled as its
distance from it. So a rule is kept by construction, whichever engine makes the rows.
"""

import re
from dataclasses import asdict, dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from repfair_keras.core.problems import Problems
from repfair_keras.data.tables.column import PANDAS_DATE, rows_of, to_dates

FEWEST_ROWS = 100  # from which rules are looked for
FEWEST_REPEATS = 5  # rows for each value of a column that gives another, on average
CHANCE = (
    0.02  # share of pairs of values from different rows that must break an order, so that it says something
)
TOLERANCE = 1e-6  # of a sum, relative to the largest value


@dataclass(frozen=True)
class FunctionOf:
    """One column is a function of another, as the number of years of school is of its name.

    Args:
        column: the one that is given.
        of: the one that gives it.
        values: pairs of a value of `of` and that of `column`; `None` for a missing one.
    """

    kind: ClassVar[str] = "function"
    column: str
    of: str
    values: tuple = ()

    def __str__(self):
        return f"{self.column} is a function of {self.of}"

    def reduce(self, frame):
        """Returns a frame without what the rule gives."""
        return frame.drop(columns=self.column)

    def restore(self, frame):
        """Returns a frame with it."""
        known = dict(self.values)
        given = [known.get(value) for value in _plain(frame[self.of])]
        return frame.assign(**{self.column: _as_before(given)})

    def broken(self, frame):
        """Returns whether each row breaks the rule, bool, shape `(N,)`; a value that is not known breaks none."""
        known, unknown = dict(self.values), object()
        pairs = zip(_plain(frame[self.of]), _plain(frame[self.column]), strict=True)
        return np.array([known.get(key, unknown) not in (unknown, value) for key, value in pairs], bool)


@dataclass(frozen=True)
class SumOf:
    """One column is the sum of others: a total.

    Args:
        column: the sum.
        parts: the columns that are added.
        decimals: decimals of the sum.
    """

    kind: ClassVar[str] = "sum"
    column: str
    parts: tuple[str, ...]
    decimals: int = 0

    def __str__(self):
        return f"{self.column} = {' + '.join(self.parts)}"

    def reduce(self, frame):
        """Returns a frame without the sum."""
        return frame.drop(columns=self.column)

    def restore(self, frame):
        """Returns a frame with it."""
        total = sum(pd.to_numeric(frame[part]).astype("Float64") for part in self.parts).round(self.decimals)
        whole = self.decimals == 0
        if not total.isna().any():
            return frame.assign(**{self.column: total.astype("int64" if whole else "float64")})
        return frame.assign(**{self.column: total.astype("Int64") if whole else total})

    def broken(self, frame):
        """Returns whether each row breaks the rule; rows with a missing value do not."""
        total = pd.to_numeric(frame[self.column], errors="coerce").to_numpy(float, na_value=np.nan)
        parts = sum(
            pd.to_numeric(frame[part], errors="coerce").to_numpy(float, na_value=np.nan)
            for part in self.parts
        )
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
    """

    kind: ClassVar[str] = "order"
    low: str
    high: str
    date: str = ""
    low_date: str = ""
    decimals: int = 0

    def __str__(self):
        return f"{self.low} <= {self.high}"

    @property
    def column(self):
        """The column that is modelled as a distance."""
        return self.high

    def reduce(self, frame):
        """Returns a frame in which the higher column is its distance from the lower one."""
        distance = _numbers(frame[self.high], self.date) - _numbers(frame[self.low], self.low_date)
        return frame.assign(**{self.high: pd.Series(distance, frame.index).round(6)})

    def restore(self, frame):
        """Returns a frame with the higher column as it was."""
        distance = pd.to_numeric(frame[self.high]).astype("Float64").to_numpy(float, na_value=np.nan)
        value = pd.Series(distance + _numbers(frame[self.low], self.low_date), frame.index)
        if self.date:
            return frame.assign(**{self.high: to_dates(value, self.date)})
        value = value.round(self.decimals)
        if not value.isna().any():
            return frame.assign(**{self.high: value.astype("int64") if self.decimals == 0 else value})
        return frame.assign(**{self.high: value.astype("Int64" if self.decimals == 0 else "Float64")})

    def broken(self, frame):
        """Returns whether each row breaks the rule; rows with a missing value do not."""
        return _numbers(frame[self.high], self.date) < _numbers(frame[self.low], self.low_date)


KINDS = {rule.kind: rule for rule in (FunctionOf, SumOf, AtMost)}


def to_dict(rule):
    """Returns a rule as values that JSON knows."""
    return {"kind": rule.kind, **asdict(rule)}


def from_dict(stored):
    """Returns the rule that `to_dict` has stored."""
    stored = dict(stored)
    rule = KINDS[stored.pop("kind")]
    for name in ("values", "parts"):
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


def find_rules(frame, kinds, dates, kept):
    """Looks for what holds in every row of a table.

    A rule counts if chance would break it: a function needs values that repeat, an order values of which some would be
    the other way round in other rows.

    Args:
        frame: training rows, without keys.
        kinds: column to `"numeric"`, `"categorical"` or `"date"`.
        dates: column to the format of its dates.
        kept: columns that are not given by others, such as groups and target; they may give others.

    Returns:
        list of rules in the order in which `reduced` applies them.
    """
    if len(frame) < FEWEST_ROWS:
        return []
    found = [*_sums(frame, kinds, kept)]
    gone = {rule.column for rule in found}
    found += _functions(frame, kinds, {*kept, *gone, *(part for rule in found for part in rule.parts)})
    gone |= {rule.column for rule in found}
    busy = {name for rule in found for name in _names(rule)}
    return [*found, *_orders(frame, kinds, dates, {*kept, *gone}, busy)]


def declared_rules(text, frame, kinds, dates, kept, source):
    """Reads rules that a user declares, and checks that the table keeps them.

    Args:
        text: `"a <= b; total = x + y; b of a"`, with semicolons between: an order, a sum, a function.
        frame, kinds, dates, kept: as in `find_rules`.
        source: what the table is, for messages.

    Returns:
        list of rules.

    Raises:
        InputError: lists what is no rule, columns that are not there, and the rows that break a rule.
    """
    problems, rules = Problems(source), []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        rule = _read(part, frame, dates, kinds, problems)
        if rule is None:
            continue
        if rule.column in kept or rule.column in {other.column for other in rules}:
            problems.add(
                f"rule {part!r} would make column {rule.column!r}, which is a group, the target or given by another",
                "Write it the other way round, or leave it out.",
                rule.column,
            )
            continue
        broken = rule.broken(frame)
        if isinstance(rule, FunctionOf):
            broken = ~frame.groupby(rule.of, dropna=False)[rule.column].transform("first").eq(
                frame[rule.column]
            )
            broken = (broken & frame[rule.column].notna()).to_numpy()
        if broken.any():
            share = f"{broken.sum():,} of {len(broken):,} rows break it"
            problems.add(
                f"rule {part!r} does not hold: {share}, such as {rows_of(frame.iloc[:, 0], broken)}",
                "Mend the rows, or leave the rule out.",
                rule.column,
            )
        rules.append(rule)
    problems.raise_if_any()
    return sorted(rules, key=lambda rule: (SumOf, FunctionOf, AtMost).index(type(rule)))


def _read(part, frame, dates, kinds, problems):
    forms = (
        (r"(.+?)\s*<=\s*(.+)", lambda a, b: _order(frame, a, b, dates)),
        (r"(.+?)\s*=\s*(.+\+.+)", lambda a, b: SumOf(a, _split(b), _decimals(frame, a, kinds))),
        (r"(.+?)\s+of\s+(.+)", lambda a, b: FunctionOf(a, b, _pairs(frame, a, b))),
    )
    for form, make in forms:
        match = re.fullmatch(form, part)
        if match is None:
            continue
        first, second = (text.strip() for text in match.groups())
        names = [first, *(_split(second) if "+" in second and "=" in part and "<" not in part else (second,))]
        lacking = [name for name in names if name not in frame.columns]
        if lacking:
            problems.add(
                f"rule {part!r}: no column {', '.join(map(repr, lacking))}",
                f"Columns: {', '.join(frame.columns)}.",
            )
            return None
        numeric = [name for name in names if kinds.get(name) == "categorical"]
        if form is not forms[2][0] and numeric:
            problems.add(f"rule {part!r}: column {numeric[0]!r} holds no numbers or dates: expected such")
            return None
        return make(first, second)
    problems.add(f"rule {part!r}: expected 'a <= b', 'total = a + b' or 'b of a'")
    return None


def _split(text):
    return tuple(name.strip() for name in text.split("+"))


def _sums(frame, kinds, kept):
    """Totals of two or more whole-table numeric columns."""
    names = [name for name in frame if kinds[name] == "numeric"]
    names = [name for name in names if frame[name].notna().all() and frame[name].nunique() > 2]
    values = {name: pd.to_numeric(frame[name]).to_numpy(float) for name in names}
    found, used = [], set()
    for total in names:
        if total in kept or total in used:
            continue
        rest = [name for name in names if name != total and name not in used]
        parts = _parts_of(values[total], {name: values[name] for name in rest})
        if parts:
            found.append(SumOf(total, parts, _decimals(frame, total, kinds)))
            used |= {total, *parts}
    return found


def _parts_of(total, others):
    """Names of two or three columns whose sum a column is, or of none."""
    names = list(others)
    scale = 1e-9 + TOLERANCE * np.abs(total).max()
    some = np.linspace(0, len(total) - 1, min(len(total), 50)).astype(int)
    for i, first in enumerate(names):
        for j in range(i + 1, len(names)):
            left = total - others[first] - others[names[j]]
            if np.abs(left[some]).max() <= scale and np.abs(left).max() <= scale:
                return first, names[j]
            for third in names[j + 1 :] if len(names) <= 20 else ():
                if (
                    np.abs(left[some] - others[third][some]).max() <= scale
                    and np.abs(left - others[third]).max() <= scale
                ):
                    return first, names[j], third
    return ()


def _functions(frame, kinds, fixed):
    """Columns that one other gives: each of the giver's values goes with one of theirs."""
    found, gone = [], set()
    sizes = {name: frame[name].nunique(dropna=False) for name in frame}
    repeating = [
        name for name in frame if sizes[name] * FEWEST_REPEATS <= len(frame) and _is_plain(frame[name])
    ]
    givers = sorted(repeating, key=sizes.get, reverse=True)
    for giver in givers:
        for name in frame:
            if (
                name == giver
                or name in fixed
                or name in gone
                or giver in gone
                or not 1 < sizes[name] <= sizes[giver]
            ):
                continue
            if any(rule.of == name for rule in found) or sizes[giver] == 2 or not _is_plain(frame[name]):
                continue
            pairs = frame[[giver, name]].drop_duplicates()
            if len(pairs) == sizes[giver]:
                found.append(FunctionOf(name, giver, _pairs(frame, name, giver)))
                gone.add(name)
    return found


def _orders(frame, kinds, dates, gone, busy):
    """Pairs of columns of which one is never above the other, each higher one beside one lower."""
    names = [n for n in frame if kinds[n] in ("numeric", "date") and n not in busy and frame[n].nunique() > 2]
    values = {name: _numbers(frame[name], dates.get(name, "")) for name in names}
    shuffled = np.random.default_rng(0).permutation(len(frame))
    candidates = []
    for low in names:
        for high in names:
            if low == high or high in gone or (kinds[low] != kinds[high]):
                continue
            a, b = values[low], values[high]
            both = ~np.isnan(a) & ~np.isnan(b)
            if (np.isnan(a) & ~np.isnan(b)).any() or both.sum() < FEWEST_ROWS or (a[both] > b[both]).any():
                continue
            if np.array_equal(a[both], b[both]):
                continue
            chance = np.nanmean(np.where(np.isnan(a[shuffled]) | np.isnan(b), np.nan, a[shuffled] > b))
            if chance >= CHANCE:
                candidates.append((float(np.median(b[both] - a[both])), low, high))
    found, highs = [], set()
    for _, low, high in sorted(candidates):
        if high not in highs and not _circular(found, low, high):
            found.append(_order(frame, low, high, dates))
            highs.add(high)
    return _sorted_chain(found)


def _circular(rules, low, high):
    lows = {rule.high: rule.low for rule in rules}
    while low in lows:
        low = lows[low]
        if low == high:
            return True
    return low == high


def _sorted_chain(rules):
    """Orders in which a column is measured from another before that is itself made a distance: highest first."""
    lows = {rule.high: rule.low for rule in rules}

    def height(name):
        return 1 + height(lows[name]) if name in lows else 0

    return sorted(rules, key=lambda rule: -height(rule.high))


def _order(frame, low, high, dates):
    numbers = _numbers(frame[high], dates.get(high, ""))
    present = numbers[~np.isnan(numbers)]
    decimals = 0 if (present == np.rint(present)).all() else 6
    return AtMost(low, high, dates.get(high, ""), dates.get(low, ""), decimals)


def _decimals(frame, name, kinds):
    numbers = pd.to_numeric(frame[name], errors="coerce").dropna().to_numpy(float)
    return next((d for d in range(7) if np.allclose(numbers, np.round(numbers, d), rtol=0, atol=1e-9)), 6)


def _pairs(frame, column, of):
    pairs = frame[[of, column]].drop_duplicates(subset=of)
    return tuple(zip(_plain(pairs[of]), _plain(pairs[column]), strict=True))


def _plain(series):
    """Values as JSON knows them, missing ones as `None`."""
    values = [value.item() if isinstance(value, np.generic) else value for value in series]
    return [None if missing else _known(value) for value, missing in zip(values, series.isna(), strict=True)]


def _known(value):
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, bool | int | float | str) else str(value)


def _as_before(values):
    """A column of plain values, typed as pandas would read them; whole numbers with missing ones stay whole."""
    series = pd.Series(values, dtype=object)
    present = series.dropna()
    if (
        len(present)
        and present.map(lambda value: isinstance(value, int) and not isinstance(value, bool)).all()
    ):
        return series.astype("Int64" if series.isna().any() else "int64").to_numpy()
    return pd.Series(values).to_numpy()


def _is_plain(series):
    return not pd.api.types.is_datetime64_any_dtype(series)


def _names(rule):
    return (rule.column, *(rule.parts if isinstance(rule, SumOf) else (rule.of,)))


def _numbers(series, date):
    """Numbers, or dates as seconds since 1970; NaN where missing: float64."""
    if not date:
        return pd.to_numeric(series, errors="coerce").astype("Float64").to_numpy(float, na_value=np.nan)
    dates = (
        series
        if date == PANDAS_DATE
        else pd.to_datetime(series.astype("object"), format=date, errors="coerce")
    )
    return (dates - pd.Timestamp(0)).dt.total_seconds().to_numpy()
