"""Rules between columns that a user declares: read, and checked on the table."""

import re

import numpy as np
import pandas as pd

from repfair_keras.core.problems import Problems
from repfair_keras.data.tables.column import rows_of
from repfair_keras.data.tables.fit_rules import fit_function, fit_order, fit_sum
from repfair_keras.data.tables.rule_values import plain_values
from repfair_keras.data.tables.rules import FunctionOf, in_order

FORMS = (
    (r"(.+?)\s*<=\s*(.+)", fit_order),
    (r"(.+?)\s*=\s*(.+\+.+)", fit_sum),
    (r"(.+?)\s+of\s+(.+)", fit_function),
)


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
        pd.Series(plain_values(frame[rule.column]), dtype=object),
        pd.Series(plain_values(frame[rule.of]), dtype=object),
    )
    return (
        values.notna() & givers.notna() & (values != values.groupby(givers).transform("first"))
    ).to_numpy()


def _read(part, frame, dates, kinds, problems):
    for form, make in FORMS:
        match = re.fullmatch(form, part)
        if match is None:
            continue
        first, second = (text.strip() for text in match.groups())
        names = [first, *(_split(second) if make is fit_sum else (second,))]
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
        wanted = {
            fit_sum: ("numbers", ("numeric",)),
            fit_order: ("numbers or dates", ("numeric", "date")),
        }.get(make)
        wrong = [name for name in names if wanted and kinds.get(name) not in wanted[1]]
        if wrong:
            problems.add(
                f"rule {part!r}: column {wrong[0]!r} holds no {wanted[0]}: expected such",
                f"Take it as numbers, if it is of numbers: --numeric {wrong[0]}.",
                wrong[0],
            )
            return None
        if make is fit_order and kinds[first] != kinds[second]:
            problems.add(
                f"rule {part!r}: {first!r} is {kinds[first]}, {second!r} {kinds[second]}: expected two of a kind"
            )
            return None
        return make(frame, first, _split(second) if make is fit_sum else second, dates)
    problems.add(f"rule {part!r}: expected 'a <= b', 'total = a + b' or 'b of a'")
    return None


def _split(text):
    return tuple(name.strip() for name in text.split("+"))
