"""What the samples of a run are compared with: loaded and checked before any training."""

from typing import NamedTuple

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.data.images.reference import load_reference
from repfair_keras.data.shares import parse_shares
from repfair_keras.data.tables.load import TableStandard, load_table
from repfair_keras.evaluation.images.instruments import check_source, prepare_instruments
from repfair_keras.registry import is_table


class Standard(NamedTuple):
    """What a sample is compared with.

    Args:
        reference: `ImageDataset`, real images.
        cross: `ImageDataset`, the same images by a second attribute; `None` without.
        target: shares asked for, shape `(k,)`; `None`: uniform.
    """

    reference: ImageDataset
    cross: ImageDataset | None
    target: np.ndarray | None

    def instruments(self, folder, source=None, verbose=0):
        """`Instruments` of a folder, see `evaluation.instruments.prepare_instruments`."""
        return prepare_instruments(folder, self.reference, self.cross, source, verbose)


def load_standard(config):
    """Loads what a configuration's samples are compared with.

    Args:
        config: resolved `Config`.

    Returns:
        `Standard`, or of a table `TableStandard`.

    Raises:
        InputError: if target, second attribute or instruments do not fit the data.
    """
    if is_table(config.dataset):
        return TableStandard(load_table(config, as_it_is=True))
    where = (config.dataset, config.data_dir, config.grouping, config.use_labels)
    reference, cross = load_reference(*where, cross=config.cross)
    target = _named("target", parse_shares, config.target, reference.group_names)
    if config.instruments is not None:
        check_source(config.instruments, reference)
    return Standard(reference, cross, target)


def _named(name, function, *arguments):
    try:
        return function(*arguments)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
