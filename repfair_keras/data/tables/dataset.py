"""What every loader of tables returns, and what methods for tables train on."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from repfair_keras.data.base import Groups
from repfair_keras.data.tables.schema import Schema


@dataclass(frozen=True)
class RawTable:
    """A table as a loader finds it, before its columns are numbered.

    Args:
        name: name of the data set.
        source: one sentence that says what the rows are, for reports and model cards.
        train: rows to train on.
        test: rows held out; `None`: they are drawn from `train`.
        sensitive: name of the column that is the group if the user names none; `None` if one must be named.
        target: name of the column to predict, likewise.
        kinds: column name to `"categorical"` or `"numeric"`, where the values do not say it.
        edges: column name to the inner edges of its bins, where they are not quantiles.
        keep_dtypes: whether synthetic rows have the dtypes of these, not those that a file would give.

    Examples:
        >>> import pandas as pd, repfair_keras as rf
        >>> rf.RawTable("mine", "Two rows.", pd.DataFrame({"sex": ["f", "m"]}), sensitive="sex").target is None
        True
    """

    name: str
    source: str
    train: pd.DataFrame
    test: pd.DataFrame | None = None
    sensitive: str | None = None
    target: str | None = None
    kinds: dict | None = None
    edges: dict | None = None
    keep_dtypes: bool = False


@dataclass(frozen=True, repr=False)
class TableDataset(Groups):
    """A numbered table with a group for each row: the sensitive attribute S.

    Args:
        name: name of the data set.
        source: one sentence that says what the rows are.
        schema: `Schema`, of the training rows alone.
        codes: int32, shape `(N, n_columns)`: training rows.
        test_codes: int32, shape `(M, n_columns)`: rows that nothing is trained on.
        settings, raw: as in `ImageDataset`.
        train_frame, test_frame: the rows as they were read, where they are numbered finely; `None` of one in bins.
        notes: what was left out of the table, and why: sentences.

    Examples:
        >>> import pandas as pd, repfair_keras as rf
        >>> rows = {"sex": ["f", "m"] * 60, "age": range(20, 140), "income": ["low", "low", "high"] * 40}
        >>> data = rf.TableDataset.from_frame(pd.DataFrame(rows), sensitive="sex", target="income")
        >>> data.group_names, data.class_names, len(data)
        (('f', 'm'), ('high', 'low'), 84)
    """

    name: str
    source: str
    schema: Schema
    codes: np.ndarray
    test_codes: np.ndarray
    settings: dict | None = field(default=None, compare=False, repr=False)
    raw: RawTable | None = field(default=None, compare=False, repr=False)
    train_frame: pd.DataFrame | None = field(default=None, compare=False, repr=False)
    test_frame: pd.DataFrame | None = field(default=None, compare=False, repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def from_frame(cls, frame, sensitive, target, test=None, **settings):
        """Makes a data set of a DataFrame, see `data.tables.from_python.from_frame`."""
        from repfair_keras.data.tables.from_python import from_frame

        return from_frame(frame, sensitive, target, test, **settings)

    def __repr__(self):
        rows = f"{len(self):,} training rows, {len(self.test_codes):,} for the test"
        return f"TableDataset({rows}, groups by {self.grouping}: {self.shares_text()}, target {self.schema.target})"

    def _repr_html_(self):
        from repfair_keras.data.tables.html import to_html

        return to_html(self)

    def __len__(self):
        return len(self.codes)

    @property
    def groups(self):
        """int32, shape `(N,)`: group of each training row."""
        return self.schema.groups_of(self.codes)

    @property
    def group_names(self):
        """One name per group."""
        return self.schema.group_names

    @property
    def grouping(self):
        """Name of the column that is the group, or of several, with commas between them."""
        return self.schema.sensitive

    @property
    def labels(self):
        """int32, shape `(N,)`: target of each training row."""
        return self.codes[:, self.schema.place(self.schema.target)]

    @property
    def class_names(self):
        """One name per value of the target."""
        return self.schema.column(self.schema.target).names

    @property
    def fingerprint(self):
        """SHA-256 (16 hexadecimal digits) of schema and rows: equal for equal data alone."""
        digest = hashlib.sha256(self.schema.to_json().encode())
        for codes in (self.codes, self.test_codes):
            digest.update(np.ascontiguousarray(codes))
        return digest.hexdigest()[:16]
