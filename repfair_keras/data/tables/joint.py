"""How often the values that an engine is told occur together, and how often they shall."""

import math
from dataclasses import dataclass, replace

import numpy as np

from repfair_keras.core.errors import InputError

ROUNDING = 1e-6  # of numbers of rows: below it a number is whole


@dataclass(frozen=True)
class Joint:
    """Shares of the values of some columns together: those of the groups, then the target.

    Args:
        names: of the columns.
        values: names of the values of each.
        rows: training rows of each combination, int, shape `(values of the first, ..., values of the last)`.
        shares: wanted share of each combination, the same shape; `None`: as in the data.
        changes: what was changed, sentences.
        held: numbers of the columns, ascending, whose shares together were asked for: conditions do not move them.
        asked: the same for each request of shares by number (`with_shares`), see `check_asked`.

    Examples:
        >>> joint = Joint(("sex", "rich"), (("f", "m"), ("no", "yes")), np.array([[30, 10], [20, 40]]))
        >>> joint.independent(["sex"]).wanted.round(2).tolist()
        [[0.2, 0.2], [0.3, 0.3]]
    """

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    rows: np.ndarray
    shares: np.ndarray | None = None
    changes: tuple[str, ...] = ()
    held: tuple[int, ...] = ()
    asked: frozenset[tuple[int, ...]] = frozenset()

    @classmethod
    def of(cls, data, places):
        """Returns the `Joint` of columns of a `TableDataset`."""
        columns = [data.schema.columns[place] for place in places]
        sizes = [column.size for column in columns]
        cells = (
            np.ravel_multi_index([data.codes[:, place] for place in places], sizes)
            if places
            else np.zeros(len(data.codes), int)  # one combination: nothing is told
        )
        rows = np.bincount(cells, minlength=int(np.prod(sizes))).reshape(sizes)
        return cls(tuple(c.name for c in columns), tuple(tuple(c.names) for c in columns), rows)

    @property
    def wanted(self):
        """float64: share of each combination; their sum is 1."""
        shares = self.rows if self.shares is None else self.shares
        return shares / shares.sum()

    def independent(self, names):
        """Returns the joint in which the named columns are independent of each other and of all others.

        Raises:
            InputError: for a column that is not told, or combinations that no training row has.
        """
        unknown = [name for name in names if name not in self.names]
        if unknown:
            known = ", ".join(self.names)
            raise InputError(
                f"independent: {', '.join(map(repr, unknown))} is no column that this generator is told: expected "
                f"{known}. Train with --grouping {','.join([*self.names[:-1], *unknown])} to have it told."
            )
        wanted, axes = self.wanted, [self.names.index(name) for name in dict.fromkeys(names)]
        rest = wanted.sum(axis=tuple(axes), keepdims=True)
        for axis in axes:
            rest = rest * wanted.sum(axis=tuple(i for i in range(wanted.ndim) if i != axis), keepdims=True)
        what = f"{', '.join(names)} independent of all other columns that are told"
        return self._changed(rest, what, range(wanted.ndim))

    def with_shares(self, shares, axes, what):
        """Returns the joint in which the combinations of some columns have given shares; the rest, given them, stays.

        Args:
            shares: float, of the shape of these columns.
            axes: their numbers, ascending.
            what: what is said of it.
        """
        wanted = self.wanted
        others = tuple(i for i in range(wanted.ndim) if i not in axes)
        now = wanted.sum(axis=others, keepdims=True)
        shares = np.asarray(shares, float).reshape(now.shape)
        lacking = (now == 0) & (shares > 0)
        if lacking.any():
            raise InputError(
                f"{what}: no training row has {self._cell(np.argwhere(lacking)[0], axes)}: leave it out."
            )
        wanted = wanted * np.divide(shares, now, out=np.zeros_like(now), where=now > 0)
        return replace(self._changed(wanted, what, axes), asked=self.asked | {tuple(axes)})

    def only(self, axis, mask, what):
        """Returns the joint of rows in which a column has one of some values, bool, shape `(values,)`.

        Shares of other columns that were asked for stay: rows are left out of each of their combinations alike.
        """
        shape = [-1 if i == axis else 1 for i in range(self.rows.ndim)]
        kept = self.wanted * np.asarray(mask).reshape(shape)
        if kept.sum() == 0:
            raise InputError(
                f"where: no row may have {what}. Values of {self.names[axis]}: {', '.join(self.values[axis])}."
            )
        if self.held and axis not in self.held:
            asked, now = self._left(kept, self.held, what)
            kept = kept * np.divide(asked, now, out=np.zeros_like(now), where=now > 0)
        return self._changed(kept, f"only rows with {what}")

    def check_asked(self, kept, what):
        """Raises `InputError` if in another joint, `kept`, a combination is gone whose share was asked for."""
        for axes in sorted(self.asked):
            self._left(kept.wanted, axes, what)

    def _left(self, kept, axes, what):
        """Returns shares of combinations of some columns, as wanted and of what is kept; none may be left out."""
        others = tuple(i for i in range(kept.ndim) if i not in axes)
        asked, now = (shares.sum(axis=others, keepdims=True) for shares in (self.wanted, kept))
        lacking = (now == 0) & (asked > 0)
        if lacking.any():
            raise InputError(
                f"where: no row with {self._cell(np.argwhere(lacking)[0], axes)} may have {what}, but such rows are "
                "asked for: leave them out, or the condition."
            )
        return asked, now

    def held_cells(self, codes):
        """Returns which combination of the columns with shares that were asked for each row has, int, shape `(n,)`.

        Args:
            codes: as `draw` returns them.
        """
        if not self.held:
            return np.zeros(len(codes), int)
        return np.ravel_multi_index([codes[:, axis] for axis in self.held], self._held_shape)

    def in_numbers(self, counts):
        """Returns the joint in which such combinations are as frequent as counts, shape `(combinations,)`, are."""
        if not self.held:
            return self
        shares = (counts / counts.sum()).reshape(self._held_shape)
        return self.with_shares(shares, self.held, "numbers of rows")

    def named_cell(self, cell):
        """Returns what a number of `held_cells` stands for: `"sex = f and race = black"`."""
        values = np.unravel_index(cell, self._held_shape)
        return self._cell(dict(zip(self.held, values, strict=True)), self.held)

    @property
    def n_held(self):
        """Number of such combinations; 1 where no shares were asked for."""
        return math.prod(self._held_shape)

    @property
    def _held_shape(self):
        return tuple(self.rows.shape[axis] for axis in self.held)

    def draw(self, n, rng):
        """Draws n combinations, int32, shape `(n, columns)`."""
        cells = rng.choice(self.rows.size, n, p=self.wanted.ravel())
        return self.codes_of(cells)

    def exact(self, n, rng):
        """Returns n combinations in a random order, as many of each as its share says, rounded up or down.

        So are the numbers of each value of the last column, as far as can be, and of combinations of those before it.
        """
        shares = self.wanted.reshape(-1, self.rows.shape[-1]) if self.names else self.wanted.reshape(1, 1)
        counts = rounded(n * shares)
        return self.codes_of(rng.permutation(np.repeat(np.arange(self.rows.size), counts.ravel())))

    def codes_of(self, cells):
        """Returns the values of combinations by their number, int32, shape `(n, columns)`."""
        if not self.names:
            return np.zeros((len(cells), 0), np.int32)
        return np.stack(np.unravel_index(cells, self.rows.shape), axis=1).astype(np.int32)

    def _changed(self, shares, what, held=()):
        empty = (shares > 0) & (self.rows == 0)
        if empty.any():
            cells = [self._cell(cell, range(self.rows.ndim)) for cell in np.argwhere(empty)[:3]]
            more = f" and {empty.sum() - 3} more" if empty.sum() > 3 else ""
            raise InputError(
                f"{what}: no training row has {'; '.join(cells)}{more}, so that no such row can be made. Name fewer, "
                "or merge values in the table."
            )
        held = tuple(sorted({*self.held, *held}))
        return replace(self, shares=shares / shares.sum(), changes=(*self.changes, what), held=held)

    def _cell(self, cell, axes):
        return " and ".join(f"{self.names[axis]} = {self.values[axis][cell[axis]]}" for axis in axes)

    def to_dict(self):
        """Returns the rows of the training as values that JSON knows."""
        return {"columns": list(self.names), "rows": self.rows.tolist()}


def rounded(quotas):
    """Whole numbers near a table's, so that the sums of rows, and as far as can be of columns, are near theirs too.

    Args:
        quotas: float, shape `(rows, columns)`, with a whole sum.

    Returns:
        int64, the same shape: each number is rounded up or down, one without decimals, as 0, stays.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_flow

    counts = np.floor(quotas + ROUNDING).astype(np.int64)
    total = round(float(quotas.sum()))
    rest = np.where(quotas - counts > ROUNDING, quotas - counts, 0.0)
    sums = [_allotted(total, quotas.sum(axis=axis)) - counts.sum(axis=axis) for axis in (1, 0)]
    n_rows, n_columns = quotas.shape
    # Who is rounded up is a flow from rows to columns, one at most through each number that has decimals.
    edges = np.zeros((n_rows + n_columns + 2,) * 2, np.int32)
    edges[-2, :n_rows], edges[n_rows:-2, -1] = np.maximum(sums[0], 0), np.maximum(sums[1], 0)
    edges[:n_rows, n_rows:-2] = rest > 0
    flow = maximum_flow(csr_matrix(edges), n_rows + n_columns, n_rows + n_columns + 1).flow.toarray()
    counts += np.maximum(flow[:n_rows, n_rows:-2], 0)
    left = _allotted(total, quotas.sum(axis=1)) - counts.sum(axis=1)
    for row in np.flatnonzero(
        left > 0
    ):  # where the columns' sums cannot be had: the largest remainders that are left
        order = np.argsort(counts[row] - quotas[row], kind="stable")
        counts[row, order[: left[row]]] += 1
    return counts


def _allotted(total, quotas):
    """As `data.shares.allot`, of numbers that are whole but for their last digits."""
    counts = np.floor(quotas + ROUNDING).astype(np.int64)
    up = np.argsort(counts - quotas, kind="stable")[: total - counts.sum()]
    counts[up] += 1
    return counts
