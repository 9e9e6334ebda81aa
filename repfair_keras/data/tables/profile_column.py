"""A column of a table looked at: what it holds, what it is for, and what to look at in it."""

import numpy as np
import pandas as pd

from repfair_keras.data.tables.column import as_text
from repfair_keras.data.tables.infer import CATEGORICAL, CONSTANT, DATE, EMPTY, KEY, NUMERIC
from repfair_keras.data.tables.table_profile import (
    GIVEN,
    LEFT_OUT,
    MODELLED,
    RENUMBERED,
    ColumnProfile,
    shortened,
)

GROUPS, TARGET = "the groups", "the target"
MANY = 20  # different numbers from which one that is frequent is a spike
SPIKE = 0.05  # share of rows that have it, at least
SPIKES_OF_MEAN = 5  # times the share that each of as many numbers would have, at least
MANY_WORDS = 100  # different texts from which they may be names of people
FEWEST_APART = 3  # rows that have a number far from all others, for it to be a sign of something
SHOWN_SPIKES, LONGEST_EXAMPLE = 3, 24
HOLDS = {
    NUMERIC: "numbers",
    CATEGORICAL: "categories",
    DATE: "dates",
    KEY: "keys",
    CONSTANT: "one value",
    EMPTY: "nothing",
}


def profile_column(series, found, kind, kept, target, given, rules, mended):
    """Returns the `ColumnProfile` of a column."""
    name, present = series.name, series.dropna()
    try:
        different = present.nunique()
    except TypeError:  # lists and the like
        different = present.astype(str).nunique()
    use, why = MODELLED, ""
    by_rule = next((rule for rule in rules if rule.column == name), None)
    if name in kept:
        use = TARGET if name == target else GROUPS
    elif name in given["drop"]:
        use, why = LEFT_OUT, "see Problems" if name in mended else "as --drop says"
    elif kind in (CONSTANT, EMPTY):
        use, why = LEFT_OUT, found.why
    elif kind == KEY:
        use, why = RENUMBERED, f"tells rows apart: {found.why}"
    elif by_rule is not None and by_rule.kind != "order":  # of an order the distance is modelled
        use, why = GIVEN, str(by_rule)
    holds = HOLDS[kind]
    if kind == NUMERIC and found.dtype == "int":
        holds = "whole numbers"
    if kind == DATE:
        holds = f"dates, {found.date}"
    elif kind == CATEGORICAL and found.dtype == "bool":
        holds = "true or false"
    missing = float(series.isna().mean())
    example = shortened(as_text(present.iloc[0]), LONGEST_EXAMPLE) if len(present) else ""
    remarks = tuple(_remarks(present, kind, len(series))) if use != LEFT_OUT else ()
    return ColumnProfile(
        name,
        kind,
        holds,
        int(different),
        missing,
        example,
        use,
        why,
        remarks,
        found.date if kind == DATE else "",
    )


def _remarks(present, kind, rows):
    """Says what to look at in a column: numbers that are frequent or far from all others, and those among words."""
    if kind == NUMERIC:
        numbers = pd.to_numeric(present, errors="coerce").to_numpy(float)
        numbers = numbers[np.isfinite(numbers)]
        if not len(numbers):
            return
        values, counts = np.unique(numbers, return_counts=True)
        apart = _apart(values, counts)
        for value in apart:
            share = counts[values == value][0] / rows
            yield f"{value:g} in {share:.1%} of rows, far from all others: does it stand for a missing value?"
        least = rows * max(SPIKE, SPIKES_OF_MEAN / len(values))
        order = [place for place in np.argsort(-counts, kind="stable") if values[place] not in apart]
        spikes = [place for place in order[:SHOWN_SPIKES] if counts[place] >= least]
        if len(values) > MANY and spikes:
            yield f"{', '.join(f'{values[at]:g} in {counts[at] / rows:.1%}' for at in spikes)} of rows"
    elif kind == CATEGORICAL and not pd.api.types.is_numeric_dtype(present):
        share = pd.to_numeric(present, errors="coerce").notna().mean() if len(present) else 0
        if 0 < share < 1:
            yield f"{share:.1%} are numbers, the others words"
        if share < 1 and present.nunique() > MANY_WORDS:
            yield f"{present.nunique():,} different texts, which synthetic rows copy: leave out names of people, --drop"


def _apart(values, counts):
    """The ends of sorted numbers, where they occur often and lie as far from the rest as it is wide."""
    if len(values) < 4:
        return []
    found = []
    if counts[-1] >= FEWEST_APART and values[-1] - values[-2] >= max(values[-2] - values[0], 1):
        found.append(values[-1])
    if counts[0] >= FEWEST_APART and values[1] - values[0] >= max(values[-1] - values[1], 1):
        found.append(values[0])
    return found
