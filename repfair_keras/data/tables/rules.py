"""What holds between columns in every row of a table, and how synthetic rows keep it.

A column that others give is not modelled, but made of them again; one that is never below another is modelled as its
distance from it. So a rule is kept by construction, whichever engine makes the rows. Where values are missing and the
others do not say all of a column, it is modelled, and what they do say is put in its place.
"""

import re
from dataclasses import asdict, dataclass, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from repfair_keras.core.problems import Problems
from repfair_keras.data.tables.column import as_dtype, natural, read_dates, rows_of, to_dates
from repfair_keras.data.tables.fit_column import decimals_of

FEWEST_ROWS = 100  # from which rules are looked for
FEWEST_REPEATS = 5  # rows for each value of a column that gives another, on average
FEWEST_BROKEN = 20  # rows that would break an order by chance, so that it says something
CHANCE = 0.02  # share of them, likewise
LIKELIEST = -20.0  # log of the chance that columns which are independent look like a function
TOLERANCE = 1e-12  # of a sum, relative to the largest value: what is lost in adding
MOST_KNOWN = 2000  # values of the higher column of an order that are kept, so that no other is made
SOME = 500  # rows that are looked at first


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
        givers = _plain(frame[self.of])
        given = [known.get(value) for value in givers]
        if self.gaps:
            rows = zip(givers, _plain(frame[self.column]), strict=True)
            given = [was if was is None or giver not in known else known[giver] for giver, was in rows]
        values = as_dtype(
            _as_before(given, frame.index),
            self.original,
            {value for _, value in self.values if value is not None},
        )
        return frame.assign(**{self.column: values})

    def broken(self, frame):
        """Returns whether each row breaks the rule, bool, shape `(N,)`; a value that is not known breaks none."""
        known, unknown = dict(self.values), object()
        pairs = zip(_plain(frame[self.of]), _plain(frame[self.column]), strict=True)
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
        total = sum(_numbers(frame[part]) for part in self.parts)
        if self.gaps:
            old = _numbers(frame[self.column])
            total = np.where(np.isnan(total) | np.isnan(old), old, total)
        return frame.assign(**{self.column: _numeric(total, frame.index, self.decimals, self.original)})

    def broken(self, frame):
        """Returns whether each row breaks the rule; rows with a missing value do not."""
        total, parts = _numbers(frame[self.column]), sum(_numbers(frame[part]) for part in self.parts)
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
        distance = _numbers(frame[self.high], self.date) - self._from(frame)[0]
        return frame.assign(**{self.high: pd.Series(distance, frame.index).round(max(self.decimals, 6))})

    def restore(self, frame):
        """Returns a frame with the higher column as it was."""
        start, low = self._from(frame)
        value = start + _numbers(frame[self.high])
        value = np.fmax(value, low)  # NaN of `low` alone is passed over: what was measured from `base` stays
        value = np.where(np.isnan(_numbers(frame[self.high])), np.nan, value)
        if self.known:
            value = self._nearest(value, low)
        if self.date:
            return frame.assign(
                **{self.high: as_dtype(to_dates(pd.Series(value, frame.index), self.date), self.original)}
            )
        rounded = np.round(value, self.decimals)
        value = np.where(rounded < low, np.ceil(low * 10.0**self.decimals) / 10.0**self.decimals, rounded)
        return frame.assign(**{self.high: _numeric(value, frame.index, self.decimals, self.original)})

    def broken(self, frame):
        """Returns whether each row breaks the rule; rows with a missing value do not."""
        return _numbers(frame[self.high], self.date) < _numbers(frame[self.low], self.low_date)

    def _from(self, frame):
        low = _numbers(frame[self.low], self.low_date)
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
    frame = frame.reset_index(drop=True)
    found = [*_sums(frame, kinds, kept)]
    gone = {rule.column for rule in found}
    fixed = {*kept, *gone, *(part for rule in found for part in rule.parts)}
    found += _functions(frame, kinds, dates, fixed, gone)
    gone |= {rule.column for rule in found}
    busy = {name for rule in found for name in (rule.column, *rule.needs)}
    return in_order([*found, *_orders(frame, kinds, dates, {*kept, *gone}, busy)])


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


def learnt(rule, frame, dates):
    """Returns a rule that knows the values of training rows alone, though it holds in others too."""
    if rule.kind == "function":
        return replace(rule, values=_function(frame, rule.column, rule.of, gaps=rule.gaps).values)
    if rule.kind == "order":
        of_training = _order(frame, rule.low, rule.high, dates)
        return replace(rule, base=of_training.base, known=of_training.known)
    return rule


def typed_as(rule, frame):
    """Returns a rule whose column is made in the pandas dtype that it has in a frame."""
    return replace(rule, original=str(frame[rule.column].dtype))


def declared_rules(text, frame, kinds, dates, kept, source):
    """Reads rules that a user declares, and checks that the table keeps them.

    Args:
        text: `"a <= b; total = x + y; b of a"`, with semicolons between: an order, a sum, a function.
        frame, kinds, dates, kept: as in `find_rules`.
        source: what the table is, for messages.

    Returns:
        list of rules, in the order in which `reduced` applies them.

    Raises:
        InputError: lists what is no rule, columns that are not there, rows that break a rule, and rules that go in a
            circle.
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
        broken = _not_given(rule, frame) if isinstance(rule, FunctionOf) else rule.broken(frame)
        if broken.any():
            share = f"{broken.sum():,} of {len(broken):,} rows break it"
            problems.add(
                f"rule {part!r} does not hold: {share}, such as {_some_rows(frame, broken)}",
                "Mend the rows, or leave the rule out.",
                rule.column,
            )
        rules.append(rule)
    problems.raise_if_any()
    made = {rule.column for rule in rules if rule.kind != "function"}
    for rule in rules:
        if rule.kind == "function" and rule.of in made:
            problems.add(
                f"rule '{rule}': {rule.of!r} is made by another rule, with values that the table need not have",
                "Leave one of the two out.",
                rule.column,
            )
    ordered = in_order(rules)
    if ordered is None:
        shown = "; ".join(map(str, rules))
        problems.add(f"rules go in a circle: {shown}", "Leave one of them out.")
    problems.raise_if_any()
    return ordered


def _some_rows(frame, broken):
    """Says which rows break a rule, a few of many."""
    places = np.flatnonzero(broken)
    few = np.zeros(len(broken), bool)
    few[places[:10]] = True
    return rows_of(frame.iloc[:, 0], few)


def _not_given(rule, frame):
    """Whether each row has another value than the first one of the same giver, both not missing; bool."""
    values, givers = (
        pd.Series(_plain(frame[rule.column]), dtype=object),
        pd.Series(_plain(frame[rule.of]), dtype=object),
    )
    return (
        values.notna() & givers.notna() & (values != values.groupby(givers).transform("first"))
    ).to_numpy()


def _read(part, frame, dates, kinds, problems):
    for form, make in _FORMS:
        match = re.fullmatch(form, part)
        if match is None:
            continue
        first, second = (text.strip() for text in match.groups())
        names = [first, *(_split(second) if make is _sum else (second,))]
        lacking = [name for name in names if name not in frame.columns]
        if lacking:
            problems.add(
                f"rule {part!r}: no column {', '.join(map(repr, lacking))}",
                f"Columns: {', '.join(frame.columns)}.",
            )
            return None
        if len(set(names)) < len(names):
            problems.add(f"rule {part!r} names a column twice: expected different ones")
            return None
        wanted = {_sum: ("numbers", ("numeric",)), _order: ("numbers or dates", ("numeric", "date"))}.get(
            make
        )
        wrong = [name for name in names if wanted and kinds.get(name) not in wanted[1]]
        if wrong:
            problems.add(
                f"rule {part!r}: column {wrong[0]!r} holds no {wanted[0]}: expected such",
                f"Take it as numbers, if it is of numbers: --numeric {wrong[0]}.",
                wrong[0],
            )
            return None
        if make is _order and kinds[first] != kinds[second]:
            problems.add(
                f"rule {part!r}: {first!r} is {kinds[first]}, {second!r} {kinds[second]}: expected two of a kind"
            )
            return None
        return make(frame, first, _split(second) if make is _sum else second, dates)
    problems.add(f"rule {part!r}: expected 'a <= b', 'total = a + b' or 'b of a'")
    return None


def _split(text):
    return tuple(name.strip() for name in text.split("+"))


def _sums(frame, kinds, kept):
    """Totals of two or three numeric columns, in the rows in which none of them is missing."""
    names = [name for name in frame if kinds[name] == "numeric" and frame[name].nunique() > 2]
    values = {name: _numbers(frame[name]) for name in names}
    found, used = [], set()
    for total in names:
        if total in kept or total in used:
            continue
        rest = [name for name in names if name != total and name not in used]
        parts = _parts_of(values[total], {name: values[name] for name in rest})
        if parts:
            found.append(_sum(frame, total, parts))
            used |= {total, *parts}
    return found


def _parts_of(total, others):
    """Names of two or three columns whose sum a column is, or of none."""
    names = list(others)
    scale = 1e-9 + TOLERANCE * np.nanmax(np.abs(total))
    some = np.linspace(0, len(total) - 1, min(len(total), 50)).astype(int)

    def is_zero(left, part):
        if (np.abs(left[some] - part[some]) > scale).any():  # NaN is not
            return False
        left = np.abs(left - part)
        return (~np.isnan(left)).sum() >= FEWEST_ROWS and np.nanmax(left) <= scale

    for i, first in enumerate(names):
        left = total - others[first]
        if is_zero(left, np.zeros(len(left))):
            continue  # a copy, to which parts that are nearly always 0 add nothing
        for j in range(i + 1, len(names)):
            second = names[j]
            if is_zero(left, others[second]):
                return first, second
            for third in names[j + 1 :] if len(names) <= 20 else ():
                if is_zero(left - others[second], others[third]):
                    return first, second, third
    return ()


def _functions(frame, kinds, dates, fixed, totals):
    """Columns that one other gives: each of the giver's values goes with one of theirs."""
    found, gone = [], set()
    codes = {name: _codes(frame[name]) for name in frame}
    sizes = {name: int(code.max()) for name, code in codes.items()}
    givers = [
        name
        for name in frame
        if 2 < sizes[name] <= len(frame) / FEWEST_REPEATS
        and name not in totals
        and _comes_back(frame[name], dates.get(name))
    ]
    for giver in sorted(givers, key=sizes.get, reverse=True):
        for name in frame:
            if name == giver or name in fixed or name in gone or giver in gone:
                continue
            if any(rule.of == name for rule in found) or not 1 < sizes[name] <= sizes[giver]:
                continue
            if not pd.api.types.is_datetime64_any_dtype(frame[name]) and _gives(codes[giver], codes[name]):
                found.append(_function(frame, name, giver))
                gone.add(name)
    return found


def _codes(series):
    """Numbers of values from 1, 0 where missing: int64."""
    return pd.factorize(pd.Series(_plain(series), dtype=object))[0] + 1


def _gives(giver, given):
    """Whether one column gives another where both are there, and more than by chance."""
    for some in (slice(SOME), slice(None)):
        both = (giver[some] > 0) & (given[some] > 0)
        a, b = giver[some][both], given[some][both]
        pairs = np.unique(np.stack([a, b], axis=1), axis=0)
        if len(pairs) > len(np.unique(a)):
            return False
    if len(a) < FEWEST_ROWS:
        return False
    # By chance all rows of a giver's value have what the first of them has, with the share that this has.
    repeats, shares = np.bincount(a), np.bincount(b) / len(b)
    return float(np.sum((repeats[pairs[:, 0]] - 1) * np.log(shares[pairs[:, 1]]))) < LIKELIEST


def _comes_back(series, date):
    """Whether values are decoded as they were, so that they are found again; pandas' own dates are not looked up."""
    if pd.api.types.is_datetime64_any_dtype(series):
        return False
    if not date:
        return True
    present = natural(series.dropna()).astype(str).str.strip()
    again = to_dates(pd.Series(read_dates(present, date), present.index), date)
    return bool((again == present).all())


def _orders(frame, kinds, dates, gone, busy):
    """Pairs of columns of which one is never above the other, each higher one beside one lower."""
    names = [n for n in frame if kinds[n] in ("numeric", "date") and n not in busy and frame[n].nunique() > 2]
    values = {name: _numbers(frame[name], dates.get(name, "")) for name in names}
    candidates = []
    for low in names:
        for high in names:
            if low == high or high in gone or kinds[low] != kinds[high]:
                continue
            a, b = values[low], values[high]
            both = ~np.isnan(a) & ~np.isnan(b)
            if both.sum() < FEWEST_ROWS or (a[both] > b[both]).any() or np.array_equal(a[both], b[both]):
                continue
            a, b = np.sort(a[both]), b[both]
            chance = np.mean(len(a) - np.searchsorted(a, b, side="right")) / len(a)
            if chance >= CHANCE and chance * len(a) >= FEWEST_BROKEN:
                candidates.append((float(np.median(values[high][both] - values[low][both])), low, high))
    found, highs = [], set()
    for _, low, high in sorted(candidates):
        if high not in highs and not _circular(found, low, high):
            found.append(_order(frame, low, high, dates))
            highs.add(high)
    return found


def _circular(rules, low, high):
    lows = {rule.high: rule.low for rule in rules}
    while low in lows:
        low = lows[low]
        if low == high:
            return True
    return low == high


def _order(frame, low, high, dates):
    low_date, date = dates.get(low, ""), dates.get(high, "")
    lows, highs = _numbers(frame[low], low_date), _numbers(frame[high], date)
    present = highs[~np.isnan(highs)]
    known = np.unique(present)
    decimals = 0 if date or not len(present) else decimals_of(present)
    base = float(np.nanmin(lows)) if not np.isnan(lows).all() else 0.0
    known = tuple(known.tolist()) if len(known) <= MOST_KNOWN else ()
    return AtMost(low, high, date, low_date, decimals, base, known)


def _sum(frame, total, parts, dates=None):
    values = {name: _numbers(frame[name]) for name in (total, *parts)}
    absent = np.any([np.isnan(values[part]) for part in parts], axis=0)
    present = (value[~np.isnan(value)] for value in values.values())
    decimals = max((decimals_of(value) for value in present if len(value)), default=0)
    return SumOf(total, tuple(parts), decimals, gaps=bool((absent != np.isnan(values[total])).any()))


def _function(frame, column, of, dates=None, gaps=False):
    """The function, of the rows in which neither is missing; a missing value is like others where it always goes so."""
    known, lost, both = {}, set(), set()
    for giver, value in zip(_plain(frame[of]), _plain(frame[column]), strict=True):
        if value is None:
            lost.add(giver)
        else:
            both.add((giver, value))
            known.setdefault(giver, value)
    free = sum(giver is None for giver, _ in both) > 1
    gaps = gaps or free or bool(lost & set(known))
    if free:
        del known[None]
    values = {**dict.fromkeys(sorted(lost - set(known), key=str)), **known}
    if gaps:
        values.pop(None, None)
    return FunctionOf(column, of, tuple(values.items()), gaps)


_FORMS = (
    (r"(.+?)\s*<=\s*(.+)", _order),
    (r"(.+?)\s*=\s*(.+\+.+)", _sum),
    (r"(.+?)\s+of\s+(.+)", _function),
)


def _plain(series):
    """Values as JSON knows them, text without the spaces around it, missing ones as `None`."""
    present = natural(series.dropna())
    values = np.full(len(series), None, object)
    values[series.notna().to_numpy()] = [_known(value) for value in present.tolist()]
    return values.tolist()


def _known(value):
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool | int | float):
        return value
    return str(value).strip()


def _as_before(values, index):
    """A column of plain values, typed as pandas would read them; whole numbers with missing ones stay whole."""
    series = pd.Series(values, index, dtype=object)
    kinds = {type(value) for value in values if value is not None}
    missing = bool(series.isna().any())
    if kinds == {int}:
        return series.astype("Int64" if missing else "int64")
    if kinds and kinds <= {int, float}:
        return series.astype("Float64" if missing else "float64")
    if kinds == {bool}:
        return series.astype("boolean" if missing else "bool")
    return series.infer_objects()


def _numeric(values, index, decimals, original):
    """A column of numbers, NaN where missing; whole ones as integers."""
    series = pd.Series(np.round(values, decimals), index)
    missing = bool(series.isna().any())
    if original.startswith("float"):
        return series.astype(original)
    series = series.astype("Float64" if missing else "float64")
    return as_dtype(series.astype("Int64" if missing else "int64") if decimals == 0 else series, original)


def _numbers(series, date=""):
    """Numbers, or dates as seconds since 1970; NaN where missing: float64."""
    if date:
        return read_dates(series, date)
    return pd.to_numeric(series, errors="coerce").astype("Float64").to_numpy(float, na_value=np.nan)
