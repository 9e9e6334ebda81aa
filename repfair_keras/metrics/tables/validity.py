"""Values that no real row has, and codes for "no number" that stand among numbers."""

import numpy as np

from repfair_keras.metrics.tables.columns import check_tables, codes, numbers

FEW_VALUES = 100  # distinct numbers of a column, up to which each number must be one that was observed
SHOWN = 5  # examples
MOST_CODES = 3  # isolated values at one end of a column
LEAST_ROWS = 5  # of an isolated value
ENOUGH_VALUES = 10  # ordinary ones, beside which any repeated value may be isolated
SPIKE_VALUES, SPIKE_ROWS, SPIKE_SHARE, SPIKE_FACTOR = 20, 10, 0.01, 10
NEIGHBOURS = 5  # distinct values, whose numbers of rows a spike is compared with


def values_never_seen(real, synthetic, kinds):
    """How much of each column of a synthetic table has no like among the real rows.

    Args:
        real, synthetic: DataFrames, of at least one row.
        kinds: dict of column to `"numeric"`, `"categorical"` or `"date"`.

    Returns:
        dict of column to a dict: `n`, synthetic rows with a value; `unseen`, how many of these have a category, or a
        number, that no real row has, and `share`, over `n`; `examples`, up to five such values, the most frequent
        first; `outside`, the share of numbers or dates below the smallest or above the largest real one, `None` of
        categories; `missing`, synthetic rows without a value, if no real row is without one, else 0. Numbers and
        dates have `unseen`, `share` and `examples` only where the real column has at most 100 distinct ones, else
        `None`. A share of no rows is `None`.

    Raises:
        InputError: if a table lacks a column or rows, or if a column is not of its kind.

    Examples:
        >>> import pandas as pd
        >>> real = pd.DataFrame({"sex": ["f", "m"], "children": [0, 3]})
        >>> synthetic = pd.DataFrame({"sex": ["f", "x"], "children": [2, 4]})
        >>> found = values_never_seen(real, synthetic, {"sex": "categorical", "children": "numeric"})
        >>> found["sex"]["share"], found["sex"]["examples"], found["children"]["outside"]
        (0.5, ['x'], 0.5)
    """
    check_tables(kinds, real=real, synthetic=synthetic)
    return {column: _never_seen(real[column], synthetic[column], kind) for column, kind in kinds.items()}


def sentinels(real, kinds):
    """Numbers that stand for something else, such as "none" or "not known": 0, -1, 9999 beside a range.

    Two rules, for columns of numbers and dates, of what the other has left, until nothing more is found. Neither
    sees a code in the middle of a range, and a sentinel is a suspicion: ask whoever made the table.

    `isolated`: up to three values at one end that are further from all others than these are from each other, each
    in at least five rows and in at least twice as many as the five values next to the gap have in the median. There
    are at least ten other values; or at least two, if the isolated one is written with nines (`99`, `-999`).

    `spike`: the smallest or largest value, of at least 1 % of the rows and ten of them, in more than ten times as
    many rows as expected: as any of the five values next to it has, times how much more frequent the first of these is
    than the second, for counts that fall like a geometric series. There are at least twenty other values.

    Args:
        real: DataFrame, of at least one row.
        kinds: dict of column to `"numeric"`, `"categorical"` or `"date"`.

    Returns:
        dict of column, those with a sentinel alone, to a list of dicts: `value`, a number or a `pandas.Timestamp`;
        `kind`, `"isolated"` or `"spike"`; `n` rows and their `share` of those with a value; `low`, `high`: the
        smallest and largest of the values that are none.

    Raises:
        InputError: if the table lacks a column or rows, or if a column is not of its kind.

    Examples:
        >>> import pandas as pd
        >>> real = pd.DataFrame({"years": [*range(40), *[9999] * 6], "age": range(20, 66)})
        >>> sentinels(real, {"years": "numeric", "age": "numeric"})["years"]
        [{'value': 9999.0, 'kind': 'isolated', 'n': 6, 'share': 0.13043478260869565, 'low': 0.0, 'high': 39.0}]
    """
    check_tables(kinds, real=real)
    found = {}
    for column, kind in kinds.items():
        if kind != "categorical":
            of_column = _sentinels(_finite(real[column], kind))
            if of_column:
                found[column] = [_told(each, kind) for each in of_column]
    return found


def sentinels_leaked(real, synthetic, kinds):
    """Synthetic numbers between the range of a column and an isolated sentinel, where no real row has any.

    Such numbers, 5000 years, come from a generator that takes the sentinel for a number.

    Args:
        real, synthetic: DataFrames, of at least one row.
        kinds: dict of column to `"numeric"`, `"categorical"` or `"date"`.

    Returns:
        dict of column, those with an isolated sentinel alone, to a list of dicts, one a gap: `between`, the last
        ordinary value and the first sentinel, ascending; `sentinels`, the values beyond the gap; `n` synthetic rows
        between them and their `share` of those with a value, `None` if there are none; `at_sentinel`, the share of
        synthetic rows that have one of the sentinels, and `at_sentinel_real`, of real ones.

    Raises:
        InputError: if a table lacks a column or rows, or if a column is not of its kind.

    Examples:
        >>> import pandas as pd
        >>> real = pd.DataFrame({"years": [*range(40), *[9999] * 10]})
        >>> synthetic = pd.DataFrame({"years": [10, 39, 40, 5000, 9999]})
        >>> sentinels_leaked(real, synthetic, {"years": "numeric"})["years"][0]["n"]
        2
    """
    check_tables(kinds, real=real, synthetic=synthetic)
    found = {}
    for column, kind in kinds.items():
        if kind == "categorical":
            continue
        values, made = (_finite(table[column], kind) for table in (real, synthetic))
        isolated = [each for each in _sentinels(values) if each["kind"] == "isolated"]
        gaps = [
            _leaked(
                [each for each in isolated if (each["value"] > each["high"]) == above],
                above,
                values,
                made,
                kind,
            )
            for above in (False, True)
            if any((each["value"] > each["high"]) == above for each in isolated)
        ]
        if gaps:
            found[column] = gaps
    return found


def _never_seen(real, synthetic, kind):
    n = int(synthetic.notna().sum())
    found = {"n": n, "unseen": None, "share": None, "examples": None, "outside": None}
    found["missing"] = 0 if real.isna().any() else len(synthetic) - n
    (seen, made), size = codes(kind, real, synthetic)
    is_known = made < size - 1
    if kind != "categorical":
        sides = [numbers(side, kind) for side in (real, synthetic)]
        values = sides[0][~np.isnan(sides[0])]
        if n and len(values):
            found["outside"] = float(
                np.mean((sides[1] < values.min()) | (sides[1] > values.max())) * len(made) / n
            )
        if len(np.unique(values)) > FEW_VALUES:
            return found
    unseen = is_known & ~np.isin(made, seen)
    _, first, counts = np.unique(made[unseen], return_index=True, return_counts=True)
    frequent = synthetic[unseen].iloc[first[np.argsort(-counts, kind="stable")][:SHOWN]]
    return found | {
        "unseen": int(unseen.sum()),
        "share": float(unseen.sum() / n) if n else None,
        "examples": [value.item() if hasattr(value, "item") else value for value in frequent],
    }


def _finite(series, kind):
    values = numbers(series, kind)
    return values[np.isfinite(values)]


def _sentinels(values):
    """Sentinels among numbers: list of dicts, as of `sentinels`, of numbers."""
    distinct, counts = np.unique(values, return_counts=True)
    kept, found, before = slice(0, len(distinct)), [], -1
    while len(found) > before:  # what is taken away may have hidden what is isolated at the other end
        before = len(found)
        for above in (False, True):
            for name, find in (("isolated", _isolated), ("spike", _spike)):
                side = (
                    (distinct[kept], counts[kept]) if above else (-distinct[kept][::-1], counts[kept][::-1])
                )
                n = find(*side, len(values))
                if n:
                    places = range(kept.stop - n, kept.stop) if above else range(kept.start, kept.start + n)
                    found += [(place, name) for place in places]
                    kept = slice(kept.start, kept.stop - n) if above else slice(kept.start + n, kept.stop)
    low, high = (float(distinct[kept][end]) for end in (0, -1)) if found else (None, None)
    return [
        {
            "value": float(distinct[place]),
            "kind": kind,
            "n": int(counts[place]),
            "share": float(counts[place] / len(values)),
            "low": low,
            "high": high,
        }
        for place, kind in sorted(found)
    ]


def _isolated(distinct, counts, n):
    """How many values at the upper end are isolated: 0 to `MOST_CODES`."""
    for codes_ in range(1, MOST_CODES + 1):
        others = distinct[:-codes_]
        if len(others) < 2:
            return 0
        last, first = others[-1], distinct[-codes_]
        usual = np.median(counts[:-codes_][-NEIGHBOURS:])
        enough = len(others) >= ENOUGH_VALUES or all(_is_nines(value) for value in distinct[-codes_:])
        repeated = counts[-codes_:].min() >= max(LEAST_ROWS, 2 * usual if len(others) >= ENOUGH_VALUES else 0)
        if first - last > last - others[0] and enough and repeated:
            return codes_
    return 0


def _spike(distinct, counts, n):
    """1 if the upper end is a spike, else 0."""
    if len(distinct) <= SPIKE_VALUES or counts[-1] < max(SPIKE_ROWS, SPIKE_SHARE * n):
        return 0
    near = counts[-1 - NEIGHBOURS : -1]
    expected = near.max() * max(1, near[-1] / near[-2])
    return int(counts[-1] > SPIKE_FACTOR * expected)


def _is_nines(value):
    """Whether a number is written with nines alone, at least two."""
    written = f"{abs(value):.0f}"
    return abs(value) == float(written) and len(written) > 1 and set(written) == {"9"}


def _told(sentinel, kind):
    return sentinel | {name: _value(sentinel[name], kind) for name in ("value", "low", "high")}


def _value(number, kind):
    """A number as it is, or as the date that it stands for."""
    if kind == "numeric":
        return number
    import pandas as pd

    return pd.Timestamp(np.datetime64(round(number * 1e6), "us"))


def _leaked(isolated, above, real, synthetic, kind):
    beyond = sorted(each["value"] for each in isolated)
    low, high = (isolated[0]["high"], beyond[0]) if above else (beyond[-1], isolated[0]["low"])
    between = (synthetic > low) & (synthetic < high)
    return {
        "between": [_value(low, kind), _value(high, kind)],
        "sentinels": [_value(value, kind) for value in beyond],
        "n": int(between.sum()),
        "share": float(between.mean()) if len(synthetic) else None,
        "at_sentinel": float(np.isin(synthetic, beyond).mean()) if len(synthetic) else None,
        "at_sentinel_real": float(np.isin(real, beyond).mean()),
    }
