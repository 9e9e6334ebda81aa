"""All columns of a table, and which of them are the group and the target."""

import json
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import Problems
from repfair_keras.core.random_streams import Stream
from repfair_keras.data.tables.column import Column, as_dtype
from repfair_keras.data.tables.rules import from_dict, reduced, restored, to_dict

FORMAT = 1
AND, SEPARATOR = " & ", ","  # between the values of an intersection, and between columns


THERE = "there"  # a key where some rows have none


@dataclass(frozen=True)
class Key:
    """A column that tells rows apart and nothing else; synthetic rows are numbered anew.

    Args:
        name: of the column.
        first: number of the first synthetic row, above all that were seen.
        text: what stands before the number; empty: the column is of numbers.
        original: pandas dtype of the column in memory, as of `Column`.
        gaps: whether some rows have none: then a `Column` of the same name says which.
    """

    name: str
    first: int
    text: str = ""
    original: str = ""
    gaps: bool = False

    def values(self, frame):
        """Returns the keys of the rows of a frame, a `pandas.Series`."""
        numbers = pd.Series(np.arange(self.first, self.first + len(frame)))
        if not self.gaps:
            return as_dtype(self.text + numbers.astype(str) if self.text else numbers, self.original)
        there = frame[self.name].notna().to_numpy()
        numbers = pd.Series(self.first + np.cumsum(there) - 1, dtype="Int64")
        return as_dtype(
            (self.text + numbers.astype(str) if self.text else numbers).where(there), self.original
        )


@dataclass(frozen=True)
class Schema:
    """How the rows of a table are numbered.

    Args:
        columns: `Column` of each column that is numbered, in the table's order.
        sensitive: name of the column whose values are the groups: S; several with commas between them: `"sex,race"`.
        target: name of the column that downstream classifiers predict: Y.
        rules: what makes other columns of these, see `rules`.
        keys: `Key` of each column of keys.
        order: names of all columns of the table, where there are others than `columns`; empty: the same.
    """

    columns: tuple[Column, ...]
    sensitive: str
    target: str
    rules: tuple = ()
    keys: tuple[Key, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def all_names(self):
        """Names of all columns of the table, those that rules and keys give too."""
        return list(self.order) or self.names

    @property
    def sensitive_names(self):
        """Names of the columns that make the groups."""
        return sensitive_names(self.sensitive, self.names)

    @property
    def sensitive_places(self):
        """Places of the columns that make the groups."""
        return tuple(map(self.place, self.sensitive_names))

    @property
    def told(self):
        """Places of the columns that an engine is told: those of the groups, then the target."""
        return (*self.sensitive_places, self.place(self.target))

    @property
    def group_sizes(self):
        """Number of values of each column that makes the groups."""
        return tuple(self.sizes[place] for place in self.sensitive_places)

    @property
    def group_names(self):
        """Name of each group; of intersections the values of every column: `"Female & Black"`."""
        names = [""]
        for place in self.sensitive_places:
            names = [
                f"{left}{AND if left else ''}{value}" for left in names for value in self.columns[place].names
            ]
        return tuple(names)

    def groups_of(self, codes):
        """Returns the group of each row, int32, shape `(N,)`."""
        parts = [np.asarray(codes)[:, place] for place in self.sensitive_places]
        return np.ravel_multi_index(parts, self.group_sizes).astype(np.int32)

    def values_of_groups(self, groups):
        """Returns the codes of the columns that make the groups, int32, shape `(N, number of them)`."""
        return np.stack(np.unravel_index(np.asarray(groups), self.group_sizes), axis=1).astype(np.int32)

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
        keys = [key.name for key in self.keys]
        lacking = [name for name in self.all_names if name not in frame.columns and name not in keys]
        if lacking:
            raise InputError(
                f"{source} has no column {', '.join(map(repr, lacking))}: expected {', '.join(self.all_names)}. Found: "
                f"{', '.join(map(str, frame.columns))}."
            )
        if not pd.api.types.is_integer_dtype(frame.index):
            frame = frame.reset_index(drop=True)
        frame = reduced(self.without_keys(frame), self.rules)
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
        frame = pd.DataFrame({each.name: each.decode(codes[:, i], uniforms[:, i]) for i, each in pairs})
        if not self.order:
            return frame
        frame = restored(frame, self.rules)
        return self.with_keys(frame)[list(self.order)]

    def with_keys(self, frame):
        """Returns rows whose keys are numbered anew, in the order of the rows."""
        return frame.assign(**{key.name: key.values(frame) for key in self.keys})

    def without_keys(self, frame):
        """Returns rows in which a key says no more than that it is there; where all have one it is left as it is."""
        return without_keys(frame, [key.name for key in self.keys if key.gaps])

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
        stored["columns"] = [column.to_dict() for column in self.columns]
        if self.order:
            stored |= {"rules": list(map(to_dict, self.rules)), "keys": list(map(asdict, self.keys))}
            stored["order"] = self.order
        return json.dumps(stored, allow_nan=False)

    @classmethod
    def from_json(cls, text):
        """Returns the schema that `to_json` wrote."""
        stored = json.loads(text)
        if stored.get("format") != FORMAT:
            raise ValueError(f"format {stored.get('format')} of a schema, expected {FORMAT}")
        columns = tuple(map(Column.from_dict, stored["columns"]))
        schema = cls(columns, stored["sensitive"], stored["target"])
        if "order" not in stored:
            return schema
        rules, keys = (
            tuple(map(make, stored[name])) for name, make in (("rules", from_dict), ("keys", _key))
        )
        return replace(schema, rules=rules, keys=keys, order=tuple(stored["order"]))

    def describe(self):
        """Returns one line per column: what it holds and what it is for."""
        purpose = {**dict.fromkeys(self.sensitive_names, ", the groups"), self.target: ", the target"}
        for column in self.columns:
            what = f"{column.size} {'bins' if column.kind == 'numeric' else 'values'}"
            shown = ", ".join(column.names[:6]) + (", ..." if column.size > 6 else "")
            yield f"{column.name}: {column.kind}, {what} ({shown}){purpose.get(column.name, '')}"
        for rule in self.rules:
            yield f"rule: {rule}, kept in every row"
        for key in self.keys:
            yield f"{key.name}: tells rows apart, numbered anew from {key.text}{key.first}"


def without_keys(frame, names):
    """Returns rows with `THERE` in the place of the values of some columns, everywhere if the column is not there."""
    there = {name: frame[name].notna() if name in frame else pd.Series(True, frame.index) for name in names}
    return frame.assign(**{name: pd.Series(THERE, frame.index).where(mask) for name, mask in there.items()})


def sensitive_names(grouping, names):
    """Returns the columns that a grouping names: one, or several with commas between them."""
    if grouping in names:
        return (grouping,)
    return tuple(part.strip() for part in str(grouping).split(SEPARATOR))


def _key(stored):
    return Key(**stored)
