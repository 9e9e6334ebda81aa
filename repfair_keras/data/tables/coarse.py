"""A finely numbered table in few categories a column: what counts and indicators of them are measured on."""

import dataclasses

import numpy as np

from repfair_keras.data.tables.column import Column
from repfair_keras.data.tables.fit_column import MOST_VALUES
from repfair_keras.data.tables.table_checks import N_BINS

OTHER = "other"


class Coarse:
    """Merges the codes of a finely numbered table: numbers into bins of equal size, rare categories into one.

    Args:
        data: `TableDataset`, finely numbered.
    """

    def __init__(self, data):
        kept = set(data.schema.told)
        self.maps, columns = [], []
        for place, column in enumerate(data.schema.columns):
            counts = np.bincount(data.codes[:, place], minlength=column.size)
            merged = np.arange(column.size) if place in kept else _merged(column, counts)
            self.maps.append(merged)
            columns.append(column if place in kept else _column(column, merged))
        self.schema = dataclasses.replace(data.schema, columns=tuple(columns), rules=(), keys=(), order=())

    def __call__(self, codes):
        """Returns merged codes, int32, shape `(N, n_columns)`."""
        columns = [merged[codes[:, place]] for place, merged in enumerate(self.maps)]
        return np.stack(columns, axis=1).astype(np.int32)

    def of(self, data):
        """Returns a `TableDataset` with merged codes."""
        return dataclasses.replace(
            data, schema=self.schema, codes=self(data.codes), test_codes=self(data.test_codes)
        )


def _merged(column, counts):
    """Code of each fine code, ascending for numbers; a missing value stays alone, the last."""
    n = column.size - column.missing
    if column.kind == "numeric":
        if n <= N_BINS:
            return np.arange(column.size)
        ends = np.cumsum(counts[:n]) - counts[:n] / 2
        part = np.minimum(ends * N_BINS // max(counts[:n].sum(), 1), N_BINS - 1).astype(int)
        merged = np.unique(part, return_inverse=True)[1]
    elif n <= MOST_VALUES:
        return np.arange(column.size)
    else:
        frequent = np.sort(np.argsort(-counts[:n], kind="stable")[: MOST_VALUES - 1])
        merged = np.full(n, MOST_VALUES - 1)
        merged[frequent] = np.arange(MOST_VALUES - 1)
    return np.append(merged, merged.max() + 1) if column.missing else merged


def _column(column, merged):
    """The column of merged codes, with the ends of each bin, or the names of what is not merged."""
    if (merged == np.arange(column.size)).all():
        return column
    n = column.size - column.missing
    if column.kind == "numeric":
        firsts = [int(np.flatnonzero(merged[:n] == code)[0]) for code in range(merged[:n].max() + 1)]
        lasts = [int(np.flatnonzero(merged[:n] == code)[-1]) for code in range(merged[:n].max() + 1)]
        knots = tuple((column.knots[a][0], column.knots[b][-1]) for a, b in zip(firsts, lasts, strict=True))
        return dataclasses.replace(column, edges=tuple(column.edges[a - 1] for a in firsts[1:]), knots=knots)
    names = list(column.names[:n])
    kept = tuple(names[int(np.flatnonzero(merged[:n] == code)[0])] for code in range(merged[:n].max()))
    return Column(column.name, "text", values=(*kept, OTHER), missing=column.missing)
