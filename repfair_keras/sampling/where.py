"""Conditions on rows that are wanted: `--where "age > 60 and sex == Female"`."""

import operator
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.column import KNOWN_VALUES, MISSING, PANDAS_DATE, read_dates

COMPARE = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
FORM = re.compile(r"\s*(.+?)\s*(>=|<=|!=|==|=|>|<)\s*(.+?)\s*")
BETWEEN = re.compile(
    r"""\s+and\s+(?=(?:[^'"]*(?:"[^"]*"|'[^']*'))*[^'"]*$)""", re.IGNORECASE
)  # outside quotation marks
EXPECTED = "expected COLUMN OPERATOR VALUE, several with ' and ' between them, as age > 60 and sex == Female"


class Condition(NamedTuple):
    """One comparison of a column with a value.

    Args:
        column: its name.
        sign: one of `COMPARE`.
        value: text, a number, or a date in the column's own format, as text.
        ordered: whether the column holds numbers or dates.
        date: format of its dates; empty for other columns.
        missing: whether the value is that there is none.
    """

    column: str
    sign: str
    value: str
    ordered: bool
    date: str = ""
    missing: bool = False

    def holds(self, series):
        """Returns whether the condition holds for each value, bool; for a missing one only where that is asked for."""
        compare, present = COMPARE[self.sign], series.notna().to_numpy()
        if self.missing:
            return ~present if compare is operator.eq else present
        if not self.ordered:
            texts = np.array([as_category(value) for value in series.astype("object")], object)
            return compare(texts, self.value).astype(bool) & present
        if self.date:
            values, wanted = read_dates(series, self.date), _date(self.value, self.date)
        else:
            numbers = pd.to_numeric(series, errors="coerce").astype("Float64")
            values, wanted = numbers.to_numpy(float, na_value=np.nan), float(self.value)
        return compare(values, wanted) & present

    def __str__(self):
        return f"{self.column} {self.sign} {self.value}"


def read_conditions(text, schema):
    """Reads conditions on rows.

    Args:
        text: comparisons of a column with a value, with ` and ` between them; values may stand in quotation marks.
        schema: `Schema` of the rows.

    Returns:
        list of `Condition`.

    Raises:
        InputError: for what is no comparison, an unknown column, a value that is no number where the column has such,
            or an order among values that have none.

    Examples:
        >>> from repfair_keras.data.tables.column import Column
        >>> from repfair_keras.data.tables.schema import Schema
        >>> columns = Column("sex", "text", values=("f", "m")), Column("age", "int", knots=((20,), (30,)), edges=(30,))
        >>> [str(part) for part in read_conditions("age >= 25 and sex == 'f'", Schema(columns, "sex", "age"))]
        ['age >= 25', 'sex == f']
    """
    return [_read(part, schema) for part in BETWEEN.split(text.strip())]


def as_category(value):
    """Returns a value of a categorical column as it is typed; a whole number has no decimals, whatever pandas says."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def _date(text, date):
    """Seconds since 1970 of a date; `ValueError` if it is none of the format."""
    if date == PANDAS_DATE:
        return float(read_dates(pd.Series([pd.Timestamp(text)]), date)[0])
    seconds = float(read_dates(pd.Series([text]), date)[0])
    if np.isnan(seconds):
        raise ValueError(text)
    return seconds


def _read(part, schema):
    match = FORM.fullmatch(part)
    if match is None:
        raise InputError(f"where: {part!r}: {EXPECTED}.")
    name, sign, value = match.group(1).strip("'\""), match.group(2), match.group(3).strip("'\"")
    if name in {key.name for key in schema.keys}:
        raise InputError(f"where: {name!r} tells rows apart and is numbered anew: name another column.")
    if name not in schema.all_names:
        raise InputError(f"where: no column {name!r}. Columns: {', '.join(schema.all_names)}.")
    columns = {column.name: column for column in schema.columns}
    column, rules = columns.get(name), {rule.column: rule for rule in schema.rules}
    given = getattr(rules.get(name), "values", None)
    given = None if given is None else [as_category(value) for _, value in given if value is not None]
    numbers = given is not None and all(
        _is_number(value) for _, value in rules[name].values if value is not None
    )
    if (
        value == MISSING
        and sign in ("==", "=", "!=")
        and value not in map(str, column.values if column else ())
    ):
        return Condition(name, sign, value, False, missing=True)
    orders = {rule.high: rule.date for rule in schema.rules if rule.kind == "order"}
    sums = {rule.column for rule in schema.rules if rule.kind == "sum"}
    date = orders.get(name, column.date if column is not None else "")
    ordered = name in sums or name in orders or numbers or (column is not None and column.kind == "numeric")
    condition = Condition(name, sign, value, ordered, date)
    if ordered:
        _check_value(condition)
    elif sign not in ("==", "=", "!="):
        raise InputError(
            f"where: {name!r} holds categories, which have no order: expected == or !=, not {sign}."
        )
    else:
        known = dict.fromkeys(
            [*(given or ()), *map(as_category, (*column.values, *column.rare) if column else ())]
        )
        if value not in known:
            shown = ", ".join(list(known)[:KNOWN_VALUES]) + (", ..." if len(known) > KNOWN_VALUES else "")
            raise InputError(f"where: {name!r} is never {value!r}: expected one of {shown}; or {MISSING}.")
    return condition


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_value(condition):
    try:
        number = _date(condition.value, condition.date) if condition.date else float(condition.value)
        if not np.isfinite(number):
            raise ValueError(condition.value)
    except (ValueError, OverflowError) as error:
        shown = "2024-01-31" if condition.date == PANDAS_DATE else condition.date
        kind = f"a date as {shown}" if condition.date else "a number"
        equal = f", or {MISSING}" if condition.sign in ("==", "=", "!=") else ""
        raise InputError(
            f"where: {condition.column!r} is compared with {condition.value!r}: expected {kind}{equal}."
        ) from error


def fulfilled(frame, conditions):
    """Returns whether each row fulfils all conditions, bool, shape `(N,)`."""
    masks = [condition.holds(frame[condition.column]) for condition in conditions]
    return np.logical_and.reduce(masks) if masks else np.ones(len(frame), bool)
