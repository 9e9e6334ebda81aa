"""A column of a table as a finite number of values, and back."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.data.columns import name_numbers

N_KNOTS = 17  # quantiles that stand for the values of a bin
MAX_DECIMALS = 6
FEW_WORDS = 0.1  # share of words among numbers below which they are taken for mistakes
MISSING = "missing"  # how a missing value is named where values are shown


@dataclass(frozen=True)
class Column:
    """How the values of a column are numbered.

    A categorical column has its values, a numeric one has bins. Both have codes 0, 1, ... in that order, and
    where `missing` is set one more, the last, for a missing value.

    Args:
        name: its name in the table.
        dtype: `"text"`, `"bool"`, `"int"` or `"float"`: what is decoded.
        values: values of a categorical column, sorted; empty for a numeric one.
        edges: inner edges of a numeric column's bins, ascending: bin i has edges[i-1] <= x < edges[i].
        knots: for each bin, quantiles of the training values in it, ascending.
        decimals: decimals of a numeric column's values.
        missing: whether missing values are a category.
    """

    name: str
    dtype: str
    values: tuple = ()
    edges: tuple[float, ...] = ()
    knots: tuple[tuple[float, ...], ...] = ()
    decimals: int = 0
    missing: bool = False

    @property
    def kind(self):
        """`"categorical"` or `"numeric"`."""
        return "numeric" if self.knots else "categorical"

    @property
    def size(self):
        """Number of codes."""
        return len(self.knots or self.values) + self.missing

    @property
    def names(self):
        """Text of every code, for figures and reports."""
        shown = [self._bin_name(i) for i in range(len(self.knots))] if self.knots else map(str, self.values)
        return (*shown, *((MISSING,) if self.missing else ()))

    def encode(self, series, source):
        """Numbers the values of a column.

        Args:
            series: `pandas.Series`.
            source: where it comes from, for the message.

        Returns:
            int32 codes, shape `(N,)`.

        Raises:
            InputError: names the rows of missing values, if those are no category, of values that training
                did not have, and of text where numbers are expected.
        """
        absent = series.isna().to_numpy()
        if absent.any() and not self.missing:
            raise InputError(
                f"{source}: column {self.name!r} has no value in {rows_of(series, absent)}. Fill it in, "
                "leave out the row, or train with --missing category."
            )
        codes = np.full(len(series), self.size - 1, np.int32)
        present = series[~absent]
        codes[~absent] = self._bins(present, source) if self.knots else self._places(present, source)
        return codes

    def decode(self, codes, uniforms):
        """Returns the values of codes: of a bin, the quantile of its training values at a uniform number.

        Args:
            codes: int, shape `(N,)`, 0 to `size - 1`.
            uniforms: float in [0, 1), shape `(N,)`; numeric columns alone use it.

        Returns:
            `pandas.Series` of the column's type; with missing values, of one that can hold them.
        """
        codes = np.asarray(codes)
        absent = codes == self.size - 1 if self.missing else np.zeros(len(codes), bool)
        if self.knots:
            places = np.linspace(0, 1, N_KNOTS)
            decoded = np.full(len(codes), np.nan)
            for number, knots in enumerate(self.knots):
                chosen = codes == number
                decoded[chosen] = np.interp(uniforms[chosen], places, knots)
            decoded = np.round(decoded, self.decimals)
        else:
            decoded = np.array([*self.values, *((None,) if self.missing else ())], object)[codes]
        return _typed(pd.Series(decoded, name=self.name), self.dtype, absent)

    def to_dict(self):
        """Returns the column as values that JSON knows."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, stored):
        """Returns the column that `to_dict` has stored."""
        tuples = {name: tuple(stored[name]) for name in ("values", "edges")}
        return cls(**{**stored, **tuples, "knots": tuple(map(tuple, stored["knots"]))})

    def _bins(self, series, source):
        numbers = to_numbers(series, self.name, source)
        infinite = ~np.isfinite(numbers)
        if infinite.any():
            where = rows_of(series, infinite)
            raise InputError(f"{source}: column {self.name!r} is infinite in {where}: expected numbers.")
        return np.searchsorted(self.edges, numbers, side="right")

    def _places(self, series, source):
        known = {value: place for place, value in enumerate(self.values)}
        values = [known.get(value, -1) for value in plain(series, self.dtype)]
        unknown = np.array(values, int) < 0
        if unknown.any():
            first = np.flatnonzero(unknown)[0]
            raise InputError(
                f"{source}: column {self.name!r} is {shown(series.iloc[first])} in row "
                f"{series.index[first] + 1} (the first is 1), a value that training did not have. Known: "
                f"{', '.join(self.names)}."
            )
        return values

    def _bin_name(self, number):
        low, high = self.knots[number][0], self.knots[number][-1]
        return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def fit_column(series, kind=None, n_bins=8, missing="refuse", edges=None, source="table", option=None):
    """Finds out how to number a column.

    Args:
        series: `pandas.Series` of the training rows.
        kind: `"categorical"` or `"numeric"`; `None`: numeric for numbers.
        n_bins: bins of a numeric column at most.
        missing: `"category"` keeps missing values as one; `"refuse"` raises.
        edges: inner edges of a numeric column's bins; `None`: see `even_edges`.
        source: where the column comes from, for messages.
        option: option that names this column, which can then not be left out; `None`: it can.

    Returns:
        `Column`.

    Raises:
        InputError: names the column, and the rows, that cannot be used.
    """
    absent = series.isna().to_numpy()
    if absent.any() and missing == "refuse":
        raise InputError(
            f"{source}: column {series.name!r} has no value in {rows_of(series, absent)}. Fill it in, "
            f"{_INSTEAD.get(option, _INSTEAD[None])}."
        )
    present = series[~absent]
    if len(set(plain(present, dtype_of(present)))) < 2:
        value = shown(present.iloc[0]) if len(present) else "missing"
        every = "every row that has a value" if absent.any() and len(present) else "every row"
        cure = f"Name another one with --{option}" if option else f"Leave it out: --drop {series.name}"
        raise InputError(
            f"{source}: column {series.name!r} is {value} in {every}: expected at least two values. {cure}."
        )
    dtype = dtype_of(present)
    if kind is None and dtype == "text":
        _check_hardly_numbers(present, source)
    if kind == "numeric" and dtype in ("text", "bool"):
        present = pd.Series(to_numbers(present, series.name, source), present.index, name=series.name)
        dtype = dtype_of(present)
    if kind == "numeric" or (kind is None and dtype in ("int", "float")):
        return _numeric(present, dtype, n_bins, absent.any(), edges, source)
    values = tuple(sorted(set(plain(present, dtype))))
    return Column(series.name, dtype, values=values, missing=bool(absent.any()))


_INSTEAD = {
    None: "leave out the row or the column (--drop), or keep such values as a category: --missing category",
    "grouping": "leave out the row, or keep such values as a category: --missing category",
    "target_column": "or leave out the row",
}


def _check_hardly_numbers(series, source):
    """Raises `InputError` for numbers among which a word or two stand, most likely for a missing value."""
    wrong = pd.to_numeric(series, errors="coerce").isna().to_numpy()
    if 0 < wrong.mean() < FEW_WORDS and series[wrong].nunique() <= 2:
        first = np.flatnonzero(wrong)[0]
        raise InputError(
            f"{source}: column {series.name!r} is {shown(series.iloc[first])} in row "
            f"{series.index[first] + 1} (the first is 1), where nearly all others are numbers: expected a "
            "number. Leave the value empty if it is missing, or make the column one of categories: "
            f"--categorical {series.name}."
        )


def _numeric(series, dtype, n_bins, missing, edges, source):
    numbers = to_numbers(series, series.name, source)
    if not np.isfinite(numbers).all():
        rows = series.index[~np.isfinite(numbers)]
        raise InputError(
            f"{source}: column {series.name!r} is infinite in row {rows[0] + 1} (the first is 1): expected "
            "numbers. Mend the row."
        )
    if edges is None:
        edges = even_edges(numbers, n_bins)
    places = np.searchsorted(edges, numbers, side="right")
    edges, places = _without_empty(np.asarray(edges, float), places)
    at = np.linspace(0, 1, N_KNOTS)
    knots = tuple(tuple(np.quantile(numbers[places == i], at).tolist()) for i in range(len(edges) + 1))
    return Column(
        series.name,
        dtype,
        edges=tuple(edges.tolist()),
        knots=knots,
        decimals=0 if dtype == "int" else decimals_of(numbers),
        missing=bool(missing),
    )


def even_edges(numbers, n_bins):
    """Inner edges of bins with equally many values, as far as can be: a frequent value has its own.

    Args:
        numbers: float, shape `(N,)`.
        n_bins: number of bins; fewer where there are fewer different values.

    Returns:
        Float, ascending, each a value that occurs.
    """
    values, counts = np.unique(numbers, return_counts=True)
    if len(values) <= n_bins:
        return values[1:]
    edges, size, left = [], 0, len(numbers)  # size: of the bin being filled; left: of it and those after it
    for value, count in zip(values, counts, strict=True):
        bins_left = n_bins - len(edges)
        if size and bins_left > 1 and size + count / 2 > left / bins_left:
            edges.append(value)
            size, left = 0, left - size
        size += count
    return np.array(edges)


def _without_empty(edges, places):
    """Merges bins that no value falls into with the one before, or the first with the next."""
    full = np.bincount(places, minlength=len(edges) + 1) > 0
    kept = [place for place in range(1, len(edges) + 1) if full[place] and full[:place].any()]
    edges = edges[[place - 1 for place in kept]]
    new = np.cumsum(full) - 1
    return edges, new[places]


def dtype_of(series):
    """Returns `"bool"`, `"int"`, `"float"` or `"text"`; whole numbers are int, whatever pandas says."""
    if pd.api.types.is_bool_dtype(series):
        return "bool"
    if not pd.api.types.is_numeric_dtype(series):
        return "text"
    numbers = series.to_numpy(float)
    return "int" if np.isfinite(numbers).all() and (numbers == np.rint(numbers)).all() else "float"


def plain(series, dtype):
    """Returns a column's values as Python's own, those that are not of the type as text without spaces.

    Args:
        series: `pandas.Series` without missing values.
        dtype: type of the column, `"text"`, `"bool"`, `"int"` or `"float"`.

    Returns:
        list.
    """
    convert = {"text": str.strip, "bool": _to_bool, "int": _to_int, "float": float}[dtype]
    return [_converted(convert, value) for value in series]


def _converted(convert, value):
    try:
        return convert(value) if convert is not str.strip else str(value).strip()
    except (TypeError, ValueError):
        return str(value).strip()


def _to_bool(value):
    if str(value).strip() in ("True", "False"):
        return str(value).strip() == "True"
    raise ValueError


def _to_int(value):
    if float(value) != round(float(value)):
        raise ValueError
    return int(float(value))


def to_numbers(series, name, source):
    """Returns a column as float64.

    Raises:
        InputError: names the first row that is no number.
    """
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(float)
    wrong = np.isnan(numbers)
    if wrong.any():
        first = np.flatnonzero(wrong)[0]
        raise InputError(
            f"{source}: column {name!r} is {shown(series.iloc[first])} in row {series.index[first] + 1} (the "
            "first is 1): expected a number. Mend the row, or make the column one of categories: "
            f"--categorical {name}."
        )
    return numbers


def rows_of(series, mask):
    """Says which rows of a table a mask selects, by their numbers in it; the first is 1."""
    return name_numbers(series.index[mask] + 1)


def shown(value):
    """Returns a value as text for a message, NumPy's as Python's own."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def decimals_of(numbers):
    """Returns the fewest decimals that all numbers are written with, up to 6 digits of the largest."""
    largest = np.abs(numbers).max()
    most = MAX_DECIMALS + max(0, -int(np.floor(np.log10(largest)))) if largest > 0 else 0
    for decimals in range(most):
        if np.allclose(numbers, np.round(numbers, decimals), rtol=0, atol=0.5 * 10.0**-most):
            return decimals
    return most


def _typed(series, dtype, absent):
    if dtype == "text":
        return series  # of the type that this pandas gives text
    if absent.any():
        return series.astype({"int": "Int64", "float": "Float64", "bool": "boolean"}[dtype])
    return series.astype({"int": "int64", "float": "float64", "bool": bool}[dtype])
