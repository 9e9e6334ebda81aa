"""All columns of a table, and which of them are the group and the target."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import Problems
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.tables.column import Column

FORMAT = 1


@dataclass(frozen=True)
class Schema:
    """How the rows of a table are numbered.

    Args:
        columns: `Column` of each column, in the table's order.
        sensitive: name of the column whose values are the groups: S.
        target: name of the column that downstream classifiers predict: Y.
    """

    columns: tuple[Column, ...]
    sensitive: str
    target: str

    @property
    def names(self):
        """Names of the columns, in order."""
        return [column.name for column in self.columns]

    @property
    def sizes(self):
        """Number of codes of each column, in order."""
        return [column.size for column in self.columns]

    def place(self, name):
        """Position of a column."""
        return self.names.index(name)

    def column(self, name):
        """The `Column` of a name."""
        return self.columns[self.place(name)]

    def encode(self, frame, source="table"):
        """Numbers rows.

        Args:
            frame: `pandas.DataFrame` with all columns; others are left out.
            source: where it comes from, for messages.

        Returns:
            int32, shape `(N, len(columns))`.

        Raises:
            InputError: lists columns that are not there, or all values that training did not have, with their
                rows.
        """
        lacking = [name for name in self.names if name not in frame.columns]
        if lacking:
            raise InputError(
                f"{source} has no column {', '.join(map(repr, lacking))}: expected {', '.join(self.names)}. Found: "
                f"{', '.join(map(str, frame.columns))}."
            )
        if not pd.api.types.is_integer_dtype(frame.index):
            frame = frame.reset_index(drop=True)
        codes, problems = [], Problems(source)
        for column in self.columns:
            with problems.collect():
                codes.append(column.encode(frame[column.name], source))
        problems.raise_if_any()
        return np.stack(codes, axis=1)

    def decode(self, codes, seed):
        """Turns codes into a table with the original columns, categories and types.

        Args:
            codes: int, shape `(N, len(columns))`.
            seed: seed of the places of values within their bins.

        Returns:
            `pandas.DataFrame`.
        """
        uniforms = np.random.default_rng((seed, Stream.BIN_PLACES)).random(np.shape(codes))
        pairs = enumerate(self.columns)
        return pd.DataFrame({each.name: each.decode(codes[:, i], uniforms[:, i]) for i, each in pairs})

    def one_hot(self, codes, leave_out=()):
        """Indicators of all values of all columns, but those left out.

        Args:
            codes: int, shape `(N, len(columns))`.
            leave_out: names of columns.

        Returns:
            float32, shape `(N, sum of sizes)`.
        """
        kept = [i for i, name in enumerate(self.names) if name not in leave_out]
        return np.concatenate([np.eye(self.sizes[i], dtype=np.float32)[codes[:, i]] for i in kept], axis=1)

    def to_json(self):
        """Returns the schema as text."""
        stored = {"format": FORMAT, "sensitive": self.sensitive, "target": self.target}
        columns = [column.to_dict() for column in self.columns]
        return json.dumps({**stored, "columns": columns}, allow_nan=False)

    @classmethod
    def from_json(cls, text):
        """Returns the schema that `to_json` wrote."""
        stored = json.loads(text)
        if stored.get("format") != FORMAT:
            raise ValueError(f"format {stored.get('format')} of a schema, expected {FORMAT}")
        columns = tuple(map(Column.from_dict, stored["columns"]))
        return cls(columns, stored["sensitive"], stored["target"])

    def describe(self):
        """Returns one line per column: what it holds and what it is for."""
        purpose = {self.sensitive: ", the groups", self.target: ", the target"}
        for column in self.columns:
            what = f"{column.size} bins" if column.kind == "numeric" else f"{column.size} values"
            shown = ", ".join(column.names[:6]) + (", ..." if column.size > 6 else "")
            yield f"{column.name}: {column.kind}, {what} ({shown}){purpose.get(column.name, '')}"
