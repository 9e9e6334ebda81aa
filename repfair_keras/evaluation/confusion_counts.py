"""Confusion counts of a classifier, made elsewhere."""

from pathlib import Path

import numpy as np

from repfair_keras.core.errors import InputError


def read_confusion(source, names=None):
    """Returns the groups, and the counts, shape `(k, k)`, rows true, of a CSV or DataFrame.

    Raises:
        InputError: if rows and columns are not the same groups, or a cell is no whole number >= 0.
    """
    import pandas as pd

    where = "the confusion counts" if isinstance(source, pd.DataFrame) else Path(source)
    if isinstance(source, pd.DataFrame):
        frame = source.reset_index() if source.shape[0] == source.shape[1] else source  # names in the index
    elif not where.is_file():
        raise InputError(
            f"{where} is not there: expected a CSV of confusion counts, a row for each true group."
        )
    else:
        try:
            frame = pd.read_csv(where, skipinitialspace=True)
        except (ValueError, OSError) as error:
            raise InputError(f"{where} is no CSV of confusion counts that can be read: {error}.") from error
    rows, columns = frame.iloc[:, 0].astype(str).tolist(), [str(column) for column in frame.columns[1:]]
    names = tuple(names or rows)
    if sorted(rows) != sorted(names) or sorted(columns) != sorted(names):
        raise InputError(
            f"{where} has rows {', '.join(rows)} and columns {', '.join(columns)}: expected the same groups, "
            f"{', '.join(names)}, as true ones in the first column and as predicted ones in the first line."
        )
    values = frame.iloc[:, 1:].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    if not np.all(np.isfinite(values) & (values >= 0) & (values == np.round(values))):
        raise InputError(
            f"{where} holds {values.tolist()}: expected counts of images, whole numbers >= 0; rates do not say of how "
            "many images they are."
        )
    order = [rows.index(name) for name in names], [columns.index(name) for name in names]
    return names, values[np.ix_(*order)].astype(np.int64)
