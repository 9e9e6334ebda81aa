"""A column of a table as a finite number of values, and back."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from repfair_keras.core.problems import refusal
from repfair_keras.data.columns import name_numbers

SHOWN_VALUES = 3
KNOWN_VALUES = 20  # of a column of many, that a message lists
N_KNOTS = 17  # quantiles that stand for the values of a bin
PANDAS_DATE = "datetime"
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
        original: pandas dtype of the column in memory, where a file would not give it, as `"int32"`.
        observed: whether a bin is decoded as one of its knots, values that were observed, and not between them.
        rare: values of a categorical column, sorted, that share one code after those of `values`.
        date: format of a column of dates, whose bins are of seconds since 1970; `"datetime"` for pandas' own dtype.
    """

    name: str
    dtype: str
    values: tuple = ()
    edges: tuple[float, ...] = ()
    knots: tuple[tuple[float, ...], ...] = ()
    decimals: int = 0
    missing: bool = False
    original: str = ""
    observed: bool = False
    rare: tuple = ()
    date: str = ""

    def typed_as(self, series):
        """Returns the column that is decoded in the pandas dtype of a series."""
        usual = {"text": ("object", "str"), "bool": ("bool",), "int": ("int64",), "float": ("float64",)}
        dtype = str(series.dtype)
        if self.observed and self.missing and not self.date and dtype == "float64":
            return dataclasses.replace(self, original=dtype)  # whose missing values pandas reads as NaN
        if self.date:
            usual = {self.dtype: ("datetime64[ns]",) if self.date == PANDAS_DATE else usual["text"]}
        return self if dtype in usual[self.dtype] else dataclasses.replace(self, original=dtype)

    @property
    def kind(self):
        """`"categorical"` or `"numeric"`."""
        return "numeric" if self.knots else "categorical"

    @property
    def size(self):
        """Number of codes."""
        return len(self.knots or self.values) + bool(self.rare) + self.missing

    @property
    def names(self):
        """Text of every code, for figures and reports."""
        shown = [self._bin_name(i) for i in range(len(self.knots))] if self.knots else map(str, self.values)
        rest = (
            (f"{len(self.rare)} rare values" if len(self.rare) > 1 else str(*self.rare),) if self.rare else ()
        )
        return (*shown, *rest, *((MISSING,) if self.missing else ()))

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
            raise refusal(
                source,
                f"column {self.name!r} has no value in {rows_of(series, absent)}",
                "Fill it in, leave out the row, or train with --missing category.",
                self.name,
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
        if self.observed or self.rare:
            decoded = self._observed(codes, uniforms)
        elif self.knots:
            places = np.linspace(0, 1, N_KNOTS)
            decoded = np.full(len(codes), np.nan)
            for number, knots in enumerate(self.knots):
                chosen = codes == number
                decoded[chosen] = np.interp(uniforms[chosen], places, knots)
            decoded = np.round(decoded, self.decimals)
        else:
            decoded = np.array([*self.values, *((None,) if self.missing else ())], object)[codes]
        if self.date:
            dates = to_dates(pd.Series(decoded, name=self.name, dtype=float), self.date)
            return as_dtype(dates, self.original)
        series = _typed(pd.Series(decoded, name=self.name), self.dtype, absent)
        return as_dtype(series, self.original, (*self.values, *self.rare))

    def to_dict(self):
        """Returns the column as values that JSON knows."""
        stored = dataclasses.asdict(self)
        later = ("original", "observed", "rare", "date")  # which early schemas do not have
        return {name: value for name, value in stored.items() if value or name not in later}

    @classmethod
    def from_dict(cls, stored):
        """Returns the column that `to_dict` has stored."""
        tuples = {name: tuple(stored[name]) for name in ("values", "edges", "rare") if name in stored}
        return cls(**{**stored, **tuples, "knots": tuple(map(tuple, stored["knots"]))})

    def _observed(self, codes, uniforms):
        """Values of codes, each one of those observed in its bin, or one of the rare ones."""
        bins = [*self.knots, *((value,) for value in self.values), *((self.rare,) if self.rare else ())]
        bins += [(np.nan if self.knots else None,)] if self.missing else []
        sizes = np.array([len(values) for values in bins])
        flat = np.fromiter(
            (value for values in bins for value in values), float if self.knots else object, sizes.sum()
        )
        return flat[(np.cumsum(sizes) - sizes)[codes] + np.floor(uniforms * sizes[codes]).astype(int)]

    def _bins(self, series, source):
        if self.date:
            return np.searchsorted(self.edges, seconds_of(series, self.name, self.date, source), side="right")
        numbers = to_numbers(series, self.name, source)
        check_finite(numbers, series, source)
        return np.searchsorted(self.edges, numbers, side="right")

    def _places(self, series, source):
        known = {value: place for place, value in enumerate(self.values)}
        known |= dict.fromkeys(self.rare, len(self.values))
        # What training did not have is rare, where there are such.
        other = len(self.values) if self.rare else -1
        values = [known.get(value, other) for value in plain(series, self.dtype)]
        unknown = np.array(values, int) < 0
        if unknown.any():
            raise refusal(
                source,
                f"column {self.name!r} is {shown(series, unknown)}, which training did not have",
                f"Known: {', '.join(self.names[:KNOWN_VALUES])}"
                + (f" and {self.size - KNOWN_VALUES} more." if self.size > KNOWN_VALUES else "."),
                self.name,
            )
        return values

    def _bin_name(self, number):
        low, high = self.knots[number][0], self.knots[number][-1]
        if self.date:
            ends = to_dates(pd.Series([low, high]), PANDAS_DATE).dt.strftime("%Y-%m-%d")
            return " to ".join(dict.fromkeys(ends))
        return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def natural(series):
    """Returns values without missing ones in the type that they have, not in that of a container: object, category."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    return series.infer_objects() if series.dtype == object else series


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
    except (TypeError, ValueError, OverflowError):  # of an infinite number as a whole one the last
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
        InputError: names the rows that are no number.
    """
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(float)
    wrong = np.isnan(numbers)
    if wrong.any():
        raise refusal(
            source,
            f"column {name!r} is {shown(series, wrong)}: expected a number",
            f"Mend the row, or make the column one of categories: --categorical {name}.",
            name,
        )
    return numbers


def seconds_of(series, name, date, source):
    """Returns a column of dates as seconds since 1970, float64.

    Args:
        series: `pandas.Series` without missing values.
        name: of the column.
        date: as in `Column`.
        source: where it comes from, for the message.

    Raises:
        InputError: names the rows that are no date of the format.
    """
    seconds = read_dates(series, date)
    wrong = np.isnan(seconds)
    if wrong.any():
        what = f"column {name!r} is {shown(series, wrong)}: expected dates as {date}"
        raise refusal(
            source, what, f"Write them so, or make the column one of categories: --categorical {name}.", name
        )
    return seconds


def read_dates(series, date):
    """Returns a column of dates as seconds since 1970, float64; NaN where there is none of the format.

    Years that nanoseconds do not reach, as in 9999-12-31 for "never", are read too.
    """
    if date == PANDAS_DATE:
        dates = pd.to_datetime(series)
        dates = dates if dates.dt.tz is None else dates.dt.tz_convert("UTC").dt.tz_localize(None)
        return _seconds(dates)
    texts = series.astype("object").where(series.notna(), "").astype(str).str.strip()
    numbers = _seconds(pd.to_datetime(texts, format=date, errors="coerce"))
    for text in texts[np.isnan(numbers) & (texts != "").to_numpy()].unique():
        try:
            years = (datetime.strptime(text, date) - datetime(1970, 1, 1)).total_seconds()
        except ValueError:
            continue
        numbers[(texts == text).to_numpy()] = years
    return numbers


def _seconds(dates):
    numbers = dates.to_numpy().astype("datetime64[us]").astype(np.int64) / 1e6
    return np.where(dates.isna(), np.nan, numbers)


def to_dates(seconds, date):
    """Returns seconds since 1970, NaN where missing, as dates in a format, see `Column`; to microseconds."""
    numbers = np.rint(1e6 * seconds.to_numpy(float, na_value=0.0)).astype(np.int64)
    if date != PANDAS_DATE:
        numbers = np.rint(numbers / 1e6).astype(np.int64) * 1_000_000
    dates = pd.Series(numbers.astype("datetime64[us]"), seconds.index, name=seconds.name)
    dates = dates.where(seconds.notna().to_numpy())
    if date == PANDAS_DATE:
        return as_dtype(dates, "datetime64[ns]")
    return dates.dt.strftime(date).where(dates.notna(), None)


def as_dtype(series, dtype, categories=()):
    """Returns a column in a pandas dtype, or as it is where its values cannot be so; `""`: as it is.

    Args:
        series: `pandas.Series`.
        dtype: name of a pandas dtype; `"category"` gets all `categories`, so that parts of a table fit together.
        categories: values that the column may have.
    """
    if not dtype:
        return series
    try:
        if dtype == "category" and len(categories):
            return series.astype(pd.CategoricalDtype(sorted(categories)))
        if dtype == "object":
            return series.astype(object).where(series.notna(), None)
        if dtype.startswith("datetime64[") and "," in dtype and pd.api.types.is_datetime64_dtype(series):
            return series.dt.tz_localize("UTC").astype(dtype)
        return series.astype(dtype)
    except (TypeError, ValueError, OverflowError):  # a missing value among whole numbers, say
        return series


def check_finite(numbers, series, source):
    """Raises `InputError` if a number of a column is infinite."""
    infinite = ~np.isfinite(numbers)
    if infinite.any():
        what = f"column {series.name!r} is infinite in {rows_of(series, infinite)}: expected numbers"
        raise refusal(source, what, "Mend the row.", series.name)


def rows_of(series, mask):
    """Says which rows of a table a mask selects, by their numbers in it; the first is 1."""
    return name_numbers(series.index[mask] + 1)


def shown(series, mask):
    """Says which values a mask selects, and in which rows: `"'?' in row 3 (the first is 1)"`."""
    values = list(dict.fromkeys(map(as_text, series[mask])))
    more = ", ..." if len(values) > SHOWN_VALUES else ""
    return f"{', '.join(values[:SHOWN_VALUES])}{more} in {rows_of(series, mask)}"


def as_text(value):
    """Returns a value as text for a message, NumPy's as Python's own."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def _typed(series, dtype, absent):
    if dtype == "text":
        return series  # of the type that this pandas gives text
    if absent.any():
        return series.astype({"int": "Int64", "float": "Float64", "bool": "boolean"}[dtype])
    return series.astype({"int": "int64", "float": "float64", "bool": bool}[dtype])
