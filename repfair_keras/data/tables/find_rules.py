"""Rules that hold between columns in every row of a table, looked for."""

import numpy as np
import pandas as pd

from repfair_keras.data.tables.column import natural, read_dates, to_dates
from repfair_keras.data.tables.fit_rules import fit_function, fit_order, fit_sum
from repfair_keras.data.tables.rule_values import numbers_of, plain_values
from repfair_keras.data.tables.rules import TOLERANCE, in_order

FEWEST_ROWS = 100  # from which rules are looked for
FEWEST_REPEATS = 5  # rows for each value of a column that gives another, on average
FEWEST_BROKEN = 20  # rows that would break an order by chance, so that it says something
CHANCE = 0.02  # share of them, likewise
LIKELIEST = -20.0  # log of the chance that columns which are independent look like a function
SOME = 500  # rows that are looked at first


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
    copies = _copies(frame, dates, {*kept, *busy}, gone)
    busy |= {rule.column for rule in copies}
    found += copies
    # What gives a copy is not made from a lower column: values come out then that were never seen.
    not_high = {*kept, *gone, *(rule.of for rule in copies)}
    return in_order([*found, *_orders(frame, kinds, dates, not_high, busy)])


def _sums(frame, kinds, kept):
    """Totals of two or three numeric columns, in the rows in which none of them is missing."""
    names = [name for name in frame if kinds[name] == "numeric" and frame[name].nunique() > 2]
    values = {name: numbers_of(frame[name]) for name in names}
    found, used = [], set()
    for total in names:
        if total in kept or total in used:
            continue
        rest = [name for name in names if name != total and name not in used]
        parts = _parts_of(values[total], {name: values[name] for name in rest})
        if parts:
            found.append(fit_sum(frame, total, parts))
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
                found.append(fit_function(frame, name, giver))
                gone.add(name)
    return found


def _copies(frame, dates, fixed, gone):
    """Columns that are the same as one before: of values that seldom repeat no other function can be told from chance.

    Columns that are given are not looked at (`gone`), and those of other rules (`fixed`) are given by none.
    """
    found, taken = [], set(gone)
    for place, giver in enumerate(frame):
        values = frame[giver]
        if giver in taken or values.nunique() <= len(frame) / FEWEST_REPEATS or values.count() < FEWEST_ROWS:
            continue
        later = [name for name in list(frame)[place + 1 :] if name not in fixed | taken]
        twins = [name for name in later if frame[name].equals(values)]
        if twins and _comes_back(values, dates.get(giver)):
            found += [fit_function(frame, name, giver) for name in twins]
            taken.update(twins)
    return found


def _codes(series):
    """Numbers of values from 1, 0 where missing: int64."""
    return pd.factorize(pd.Series(plain_values(series), dtype=object))[0] + 1


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
    values = {name: numbers_of(frame[name], dates.get(name, "")) for name in names}
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
            found.append(fit_order(frame, low, high, dates))
            highs.add(high)
    return found


def _circular(rules, low, high):
    lows = {rule.high: rule.low for rule in rules}
    while low in lows:
        low = lows[low]
        if low == high:
            return True
    return low == high
