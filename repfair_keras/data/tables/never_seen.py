"""A real table whose codes also know what rows of another program have, and no real one has: to count it."""

import dataclasses

import numpy as np

from repfair_keras.data.tables.column import plain
from repfair_keras.data.tables.rules import reduced

NEVER_SEEN = "never seen"


def open_to(data, frame):
    """Gives each column a code for the values of a table that no real row has.

    Args:
        data: `TableDataset`, finely numbered.
        frame: DataFrame of rows that are to be measured.

    Returns:
        The `TableDataset`, of which columns of categories have a code for all values that training did not have, and
        columns one for missing values, where the frame has such. Groups and the target stay as they are: a row of
        another group has no place in a report.
    """
    schema, told = data.schema, set(data.schema.told)
    if not set(schema.all_names) - {key.name for key in schema.keys} <= set(frame.columns):
        return data  # which is said where the rows are numbered
    rows = reduced(schema.without_keys(frame.reset_index(drop=True)), schema.rules)
    columns = tuple(
        column if place in told else _opened(column, rows[column.name])
        for place, column in enumerate(schema.columns)
    )
    if columns == schema.columns:
        return data
    schema = dataclasses.replace(schema, columns=columns)
    moved = [_moved(old, new) for old, new in zip(data.schema.columns, columns, strict=True)]

    def recoded(codes):
        pairs = zip(moved, np.asarray(codes).T, strict=True)
        return np.stack([places[column] for places, column in pairs], axis=1).astype(np.int32)

    return dataclasses.replace(
        data, schema=schema, codes=recoded(data.codes), test_codes=recoded(data.test_codes)
    )


def _opened(column, series):
    missing = column.missing or bool(series.isna().any())
    rare = column.rare
    if not column.knots and not rare:
        known = set(column.values)
        if any(value not in known for value in plain(series.dropna(), column.dtype)):
            rare = (NEVER_SEEN,)
    return dataclasses.replace(column, missing=missing, rare=rare)


def _moved(old, new):
    """New code of each old one: a missing value stays the last."""
    places = np.arange(old.size)
    if old.missing:
        places[-1] = new.size - 1
    return places
