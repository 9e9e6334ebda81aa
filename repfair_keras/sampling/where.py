"""Conditions on rows that are wanted: `--where "age > 60 and sex == Female"`."""

import operator
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.column import PANDAS_DATE

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
EXPECTED = "expected COLUMN OPERATOR VALUE, several with ' and ' between them, as age > 60 and sex == Female"


class Condition(NamedTuple):
    """One comparison of a column with a value.

    Args:
        column: its name.
        sign: one of `COMPARE`.
        value: text, a number, or a date in the column's own format, as text.
        ordered: whether the column holds numbers or dates.
        date: format of its dates; empty for other columns.
    """

    column: str
    sign: str
    value: str
    ordered: bool
    date: str = ""

    def holds(self, series):
        """Returns whether the condition holds for each value, bool; for a missing one it does not."""
        compare = COMPARE[self.sign]
        if not self.ordered:
            return (
                compare(series.astype("object").map(str).str.strip(), self.value) & series.notna()
            ).to_numpy()
        if self.date:
            form = None if self.date == PANDAS_DATE else self.date
            values, wanted = (
                pd.to_datetime(series, format=form, errors="coerce"),
                pd.to_datetime(self.value, format=form),
            )
        else:
            values, wanted = pd.to_numeric(series, errors="coerce").astype("Float64"), float(self.value)
        return compare(values, wanted).fillna(False).to_numpy(bool)

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
        InputError: for what is no comparison, an unknown column, a value that is no number where the column has numbers,
            or an order among values that have none.

    Examples:
        >>> from repfair_keras.data.tables.column import Column
        >>> from repfair_keras.data.tables.schema import Schema
        >>> columns = Column("sex", "text", values=("f", "m")), Column("age", "int", knots=((20,), (30,)), edges=(30,))
        >>> [str(part) for part in read_conditions("age >= 25 and sex == 'f'", Schema(columns, "sex", "age"))]
        ['age >= 25', 'sex == f']
    """
    return [_read(part, schema) for part in re.split(r"\s+and\s+", text.strip())]


def _read(part, schema):
    match = FORM.fullmatch(part)
    if match is None:
        raise InputError(f"where: {part!r}: {EXPECTED}.")
    name, sign, value = match.group(1), match.group(2), match.group(3).strip("'\"")
    if name not in schema.all_names:
        raise InputError(f"where: no column {name!r}. Columns: {', '.join(schema.all_names)}.")
    columns = {column.name: column for column in schema.columns}
    column = columns.get(name)
    orders = {rule.high: rule.date for rule in schema.rules if rule.kind == "order"}
    sums = {rule.column for rule in schema.rules if rule.kind == "sum"}
    date = orders.get(name, column.date if column is not None else "")
    ordered = name in sums or name in orders or (column is not None and column.kind == "numeric")
    condition = Condition(name, sign, value, ordered, date)
    if ordered:
        _check_value(condition)
    elif sign not in ("==", "=", "!="):
        raise InputError(
            f"where: {name!r} holds categories, which have no order: expected == or !=, not {sign}."
        )
    elif column is not None and value not in map(str, (*column.values, *column.rare)):
        raise InputError(f"where: {name!r} is never {value!r}: expected one of {', '.join(column.names)}.")
    return condition


def _check_value(condition):
    try:
        if condition.date:
            form = None if condition.date == PANDAS_DATE else condition.date
            pd.to_datetime(condition.value, format=form)
        else:
            float(condition.value)
    except ValueError as error:
        kind = f"a date as {condition.date}" if condition.date else "a number"
        raise InputError(
            f"where: {condition.column!r} is compared with {condition.value!r}: expected {kind}."
        ) from error


def fulfilled(frame, conditions):
    """Returns whether each row fulfils all conditions, bool, shape `(N,)`."""
    masks = [condition.holds(frame[condition.column]) for condition in conditions]
    return np.logical_and.reduce(masks) if masks else np.ones(len(frame), bool)
