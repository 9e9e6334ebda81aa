"""Confusion counts of a classifier, made elsewhere."""

from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.reading import regular_file
from repfair_keras.core.settings import shortened, shown
from repfair_keras.data.columns import check_names

MOST_COUNTED = 1e12


def read_confusion(source, names=None):
    """Returns the groups, and the counts, shape `(k, k)`, rows true, of a CSV or DataFrame.

    Raises:
        InputError: if rows and columns are not the same groups, or a cell is no whole number >= 0.
    """
    import pandas as pd

    where = "the confusion counts" if isinstance(source, pd.DataFrame) else Path(source)
    if isinstance(source, pd.DataFrame):
        frame = source.reset_index() if source.shape[0] == source.shape[1] else source  # names in the index
    else:
        regular_file(where, "a CSV of confusion counts, a row for each true group")
        try:
            frame = pd.read_csv(where, dtype=str, keep_default_na=False, skipinitialspace=True)
        except (ValueError, OSError) as error:
            raise InputError(f"{where} is no CSV of confusion counts that can be read: {error}.") from error
    if frame.empty or frame.shape[1] < 2:
        raise InputError(f"{where} has no counts: expected a row and a column for each group.")
    rows, columns = frame.iloc[:, 0].astype(str).tolist(), [str(column) for column in frame.columns[1:]]
    names = tuple(names or rows)
    if sorted(rows) != sorted(names) or sorted(columns) != sorted(names):
        found = f"rows {shortened(', '.join(rows))} and columns {shortened(', '.join(columns))}"
        raise InputError(
            f"{where} has {found}: expected the same groups, {shortened(', '.join(names))}, as true ones in the first "
            "column and as predicted ones in the first line."
        )
    values = frame.iloc[:, 1:].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    if not np.all(np.isfinite(values) & (values >= 0) & (values == np.round(values))):
        raise InputError(
            f"{where} holds {shown(values.tolist())}: expected counts of images, whole numbers >= 0; rates do not say "
            "of how many images they are."
        )
    if values.max() > MOST_COUNTED:
        raise InputError(f"{where} counts {values.max():g} images, expected at most {MOST_COUNTED:g}.")
    check_names(names, "groups", where)
    order = [rows.index(name) for name in names], [columns.index(name) for name in names]
    return names, values[np.ix_(*order)].astype(np.int64)
