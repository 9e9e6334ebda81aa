"""Loads an exported generator of rows and samples from it."""

from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.tables.joint import Joint
from repfair_keras.data.tables.schema import Schema
from repfair_keras.export.saved_model import METADATA, SCHEMA, check_indices, load_saved_model

ENDPOINTS = {"uniform": "sample", "marginal": "sample_marginal"}  # of the groups' shares
ROWS_AT_ONCE = 65_536
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
        self.group_names = self.schema.group_names
        self.joint = self._joint()

    @property
    def usual_shares(self):
        """Shares of the groups where none are asked for: `"marginal"` if the generator is told more, else uniform."""
        return "marginal" if self.joint is not None else "uniform"

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
        if self.joint is not None:
            return self.told_ids(self._told_of_groups(n, seed, groups), seed)
        seed = tf.constant(seed, tf.int32)
        if not isinstance(groups, str):
            groups = self._checked(groups, n)
            return self._model.sample_groups(tf.constant(groups, tf.int32), seed)[IDS].numpy()
        check_shares_name(groups)
        return getattr(self._model, ENDPOINTS[groups])(tf.constant(n, tf.int32), seed)[IDS].numpy()

    def told_ids(self, told: np.ndarray, seed: int) -> np.ndarray:
        """Generates rows as numbers, given the columns that the generator is told, a part of them at a time.

        Args:
            told: int32, shape `(n, columns of joint)`.
            seed: seed of all else.

        Returns:
            int32, shape `(n, n_columns)`.
        """
        parts = []
        for start in range(0, len(told), ROWS_AT_ONCE):
            key = seed if start == 0 else int(np.random.SeedSequence((seed, start)).generate_state(1)[0] >> 1)
            part = tf.constant(told[start : start + ROWS_AT_ONCE], tf.int32)
            parts.append(self._model.sample_told(part, tf.constant(key, tf.int32))[IDS].numpy())
        return np.concatenate(parts)

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

    def _joint(self):
        """The `Joint` of what the generator is told; `None` of one of latents, which is told the group alone."""
        stored = self.metadata.get("told")
        if stored is None:
            return None
        try:
            columns = [self.schema.column(name) for name in stored["columns"]]
            rows = np.array(stored["rows"], np.int64).reshape([column.size for column in columns])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"`told` in {self.folder / METADATA} is damaged: {error}. Export the generator again."
            ) from error
        return Joint(tuple(stored["columns"]), tuple(tuple(column.names) for column in columns), rows)

    def _told_of_groups(self, n, seed, groups):
        """What the generator is told of n rows of groups: the target as often as it occurs in each."""
        rng = np.random.default_rng((seed, Stream.TOLD))
        if isinstance(groups, str):
            check_shares_name(groups)
            joint = self.joint if groups == "marginal" else of_groups(self.joint, self.schema, None)
            return joint.draw(n, rng)
        groups, told = self._checked(groups, n), np.zeros((n, len(self.joint.names)), np.int32)
        for group in np.unique(groups):
            shares = np.eye(len(self.group_names))[group]
            told[groups == group] = of_groups(self.joint, self.schema, shares).draw(
                int((groups == group).sum()), rng
            )
        return told

    def _checked(self, groups, n):
        groups = check_indices("groups", groups, self.group_names)
        if len(groups) != n:
            raise InputError(f"n is {n}, but there are {len(groups)} groups: expected one for each row.")
        return groups


def check_shares_name(groups):
    """Raises `InputError` for a word that names no shares of groups."""
    if groups not in ENDPOINTS:
        expected = ", ".join(map(repr, ENDPOINTS))
        raise InputError(f"groups is {groups!r}: expected {expected}, or one for each row.")


def of_groups(joint, schema, shares):
    """Returns a `Joint` in which the groups have given shares, `None`: equal ones.

    Raises:
        InputError: if the generator is not told the groups.
    """
    n = len(schema.sensitive_names)
    if joint.names[:n] != schema.sensitive_names:
        raise InputError(
            "this generator makes the columns of the groups itself, so their shares cannot be chosen: leave shares "
            "out, or train a method that is told them, as cart."
        )
    shares = (
        np.full(len(schema.group_names), 1 / len(schema.group_names))
        if shares is None
        else np.asarray(shares)
    )
    what = ", ".join(
        f"{name} {100 * share:.4g} %" for name, share in zip(schema.group_names, shares, strict=True)
    )
    return joint.with_shares(shares, tuple(range(n)), f"shares of groups: {what}")
