"""A table as it is read, numbered in few bins or finely."""

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.prepare_faithful import prepare_faithful
from repfair_keras.data.tables.preprocess import prepare
from repfair_keras.data.tables.table_checks import N_BINS

BINS, FAITHFUL = "bins", "faithful"


def encoded(table, encoding=BINS, rules=None, keys="renumber", missing="refuse", n_bins=N_BINS, **options):
    """Numbers a table.

    Args:
        table: `RawTable`.
        encoding: `"bins"`: see `preprocess.prepare`; `"faithful"`: see `prepare_faithful`.
        rules, keys: of `prepare_faithful`.
        missing, n_bins: of `prepare`; missing values of a faithful table are always values of their own.
        options: arguments of both.

    Returns:
        `TableDataset`.

    Raises:
        InputError: for options of the other encoding, and as these.
    """
    if encoding == FAITHFUL:
        if n_bins != N_BINS:
            raise InputError(
                f"n_bins is {n_bins}, but encoding is 'faithful', whose bins are fine: leave it out."
            )
        return prepare_faithful(table, rules=rules, keys=keys, **options)
    for name, value, usual in (("rules", rules, None), ("keys", keys, "renumber")):
        if value != usual:
            raise InputError(
                f"{name} is {value!r}, but encoding is 'bins': leave it out, or take encoding faithful."
            )
    return prepare(table, missing=missing, n_bins=n_bins, **options)
