"""From a configuration to a table's rows, and to what samples of it are compared with."""

from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.dataset import TableDataset
from repfair_keras.data.tables.preprocess import prepare
from repfair_keras.registry import is_table, lookup
from repfair_keras.runs.config import Config

FEWEST = 50  # synthetic rows that a report is worth something of
OF_IMAGES = ("use_labels", "cross", "target", "strength", "confidence")
OF_TABLES = ("target_column", "drop", "categorical", "numeric", "missing", "n_bins")


def load_table(config, as_it_is=False):
    """Returns the `TableDataset` that a configuration names.

    Args:
        config: resolved `Config` whose data set is a table.
        as_it_is: whether the share asked for is left aside: all rows.

    Raises:
        InputError: if a setting or a column does not fit.
    """
    plain = Config()
    for name in OF_IMAGES:
        if getattr(config, name) != getattr(plain, name):
            raise InputError(
                f"{name} is {getattr(config, name)}, but {config.dataset!r} is a table: leave it out."
            )
    check_n(config.n)
    return prepare(
        lookup("dataset", config.dataset)(config.data_dir),
        config.grouping,
        config.target_column,
        config.drop or (),
        config.categorical or (),
        config.numeric or (),
        config.missing,
        config.n_bins,
        None if as_it_is else config.share,
        config.seed,
    )


def check_n(n):
    """Raises `InputError` for fewer synthetic rows than can be reported on."""
    if n < FEWEST:
        raise InputError(f"n is {n}: expected at least {FEWEST} synthetic rows to report on.")


def check_no_instruments(config, instruments):
    """Raises `InputError` if classifiers of images are named for a table."""
    if instruments is not None and is_table(config.dataset):
        raise InputError(
            f"instruments is {instruments}, but {config.dataset!r} is a table, whose classifiers are made "
            "anew from each synthetic one: leave it out (--instruments null, if a --config file has it)."
        )


def check_no_table(config):
    """Raises `InputError` if a setting of tables is given for images, where it would change nothing."""
    plain = Config()
    for name in OF_TABLES:
        given = getattr(config, name)
        if given != getattr(plain, name):
            raise InputError(f"{name} is {given}, but {config.dataset!r} holds images: leave it out.")


class TableStandard(NamedTuple):
    """What samples of a table are compared with: all of its rows, whatever the run's seed and share.

    Args:
        reference: `TableDataset`.
    """

    reference: TableDataset

    def instruments(self, folder, source=None, verbose=0):
        """Nothing: classifiers of tables are trained on each synthetic one. Makes the folder alone."""
        folder.mkdir(parents=True, exist_ok=True)
