"""Rules as the rows of a table say them: values of a function, decimals of a sum, what an order is measured from."""

from dataclasses import replace

import numpy as np

from repfair_keras.data.tables.fit_column import decimals_of
from repfair_keras.data.tables.rule_values import numbers_of, plain_values
from repfair_keras.data.tables.rules import AtMost, FunctionOf, SumOf

MOST_KNOWN = 2000  # values of the higher column of an order that are kept, so that no other is made


def learnt(rule, frame, dates):
    """Returns a rule that knows the values of training rows alone, though it holds in others too."""
    if rule.kind == "function":
        return replace(rule, values=fit_function(frame, rule.column, rule.of, gaps=rule.gaps).values)
    if rule.kind == "order":
        of_training = fit_order(frame, rule.low, rule.high, dates)
        return replace(rule, base=of_training.base, known=of_training.known)
    return rule


def fit_order(frame, low, high, dates):
    low_date, date = dates.get(low, ""), dates.get(high, "")
    lows, highs = numbers_of(frame[low], low_date), numbers_of(frame[high], date)
    present = highs[~np.isnan(highs)]
    known = np.unique(present)
    decimals = 0 if date or not len(present) else decimals_of(present)
    base = float(np.nanmin(lows)) if not np.isnan(lows).all() else 0.0
    known = tuple(known.tolist()) if len(known) <= MOST_KNOWN else ()
    return AtMost(low, high, date, low_date, decimals, base, known)


def fit_sum(frame, total, parts, dates=None):
    values = {name: numbers_of(frame[name]) for name in (total, *parts)}
    absent = np.any([np.isnan(values[part]) for part in parts], axis=0)
    present = (value[~np.isnan(value)] for value in values.values())
    decimals = max((decimals_of(value) for value in present if len(value)), default=0)
    return SumOf(total, tuple(parts), decimals, gaps=bool((absent != np.isnan(values[total])).any()))


def fit_function(frame, column, of, dates=None, gaps=False):
    """The function, of the rows in which neither is missing; a missing value is like others where it always goes so."""
    known, lost, both = {}, set(), set()
    for giver, value in zip(plain_values(frame[of]), plain_values(frame[column]), strict=True):
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
