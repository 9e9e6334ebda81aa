"""Loads an exported generator of rows and samples from it."""

from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.schema import Schema
from repfair_keras.export.saved_model import SCHEMA, check_indices, load_saved_model

ENDPOINTS = {"uniform": "sample", "marginal": "sample_marginal"}  # of the groups' shares
IDS = "codes"  # key of the category ids in what an endpoint returns, fixed by stored exports


class TableSampler:
    """An exported generator of rows, loaded.

    Args:
        folder: folder of the SavedModel.

    Attributes:
        metadata: dict, `repfair.json` of the export: configuration, steps, groups, columns.
        schema: `Schema` of the rows.
        group_names: tuple of text.

    Raises:
        InputError: if there is no SavedModel of a table in it.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        if not (self.folder / SCHEMA).is_file():
            raise InputError(f"{folder} is not a SavedModel of a table: there is no {SCHEMA} in it.")
        self._model, self.metadata = load_saved_model(self.folder)
        try:
            self.schema = Schema.from_json((self.folder / SCHEMA).read_text("utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{self.folder / SCHEMA} cannot be read: {error}. Export the generator again."
            ) from error
        self.group_names = tuple(self.schema.column(self.schema.sensitive).names)

    def category_ids(self, n: int, seed: int, groups="uniform") -> np.ndarray:
        """Generates rows as numbers: of each column, which of its categories or bins.

        Args:
            n: number of rows.
            seed: seed of the noise.
            groups: `"uniform"`, `"marginal"`: as often as in the training rows; or one for each row, int,
                shape `(n,)`.

        Returns:
            int32, shape `(n, n_columns)`, columns in the order of the schema.

        Raises:
            InputError: for groups that are none of these, or that there are not.
        """
        seed = tf.constant(seed, tf.int32)
        if not isinstance(groups, str):
            groups = self._checked(groups, n)
            return self._model.sample_groups(tf.constant(groups, tf.int32), seed)[IDS].numpy()
        if groups not in ENDPOINTS:
            expected = ", ".join(map(repr, ENDPOINTS))
            raise InputError(f"groups is {groups!r}: expected {expected}, or one for each row.")
        return getattr(self._model, ENDPOINTS[groups])(tf.constant(n, tf.int32), seed)[IDS].numpy()

    def generate(self, n: int, seed: int, groups="uniform") -> pd.DataFrame:
        """Generates rows.

        Args:
            n, seed, groups: as for `category_ids`.

        Returns:
            `pandas.DataFrame` with the columns, their order and their types in the table of training.

        Raises:
            InputError: as `category_ids`.
        """
        return self.schema.decode(self.category_ids(n, seed, groups), seed)

    def _checked(self, groups, n):
        groups = check_indices("groups", groups, self.group_names)
        if len(groups) != n:
            raise InputError(f"n is {n}, but there are {len(groups)} groups: expected one for each row.")
        return groups
