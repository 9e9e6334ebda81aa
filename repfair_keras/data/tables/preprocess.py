"""From a table as it is read to numbered rows with groups."""

import contextlib
import dataclasses
import math
import shlex

import numpy as np
import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import InputProblems, Problems
from repfair_keras.data.columns import check_names as check_spelling
from repfair_keras.data.images.grouping import subset
from repfair_keras.data.in_memory import DATAFRAME
from repfair_keras.data.shares import parse_shares
from repfair_keras.data.tables.dataset import TableDataset
from repfair_keras.data.tables.fit_column import fit_column
from repfair_keras.data.tables.schema import Schema, sensitive_names
from repfair_keras.data.tables.table_checks import N_BINS, check_bins, check_columns, check_groups, split


def prepare(
    table,
    sensitive=None,
    target=None,
    drop=(),
    categorical=(),
    numeric=(),
    missing="refuse",
    n_bins=N_BINS,
    share=None,
    seed=0,
):
    """Numbers a table's rows by what its training rows hold.

    Args:
        table: `RawTable`.
        sensitive: column of the groups; `None`: the data set's own.
        target: column to predict; `None`: the data set's own.
        drop: columns to leave out.
        categorical, numeric: columns to take as such, whatever the data set or the values say.
        missing: `"refuse"`, or `"category"`: missing values are one more value.
        n_bins: bins of a numeric column.
        share: share of the second of two groups in the training rows, or one per group: rows are left out,
            as few as can be. `None`: as in the data.
        seed: seed of the choice of those rows.

    Returns:
        `TableDataset`.

    Raises:
        InputError: lists every column, with the rows, that does not fit, and options that would mend all.
    """
    options = {"drop": drop, "categorical": categorical, "numeric": numeric, "missing": missing}
    others = {"sensitive": sensitive, "target": target, "n_bins": n_bins, "share": share, "seed": seed}
    try:
        return _prepared(table, **options, **others)
    except InputProblems as error:
        raise _with_options(error, table, options, others) from None


def _prepared(table, sensitive, target, drop, categorical, numeric, missing, n_bins, share, seed):
    source = table.source.rstrip(".")
    sensitive, target = sensitive or table.sensitive, target or table.target
    kinds = {
        **(table.kinds or {}),
        **dict.fromkeys(categorical, "categorical"),
        **dict.fromkeys(numeric, "numeric"),
    }
    check_columns(table, sensitive, target, drop=drop, categorical=categorical, numeric=numeric)
    groups = sensitive_names(sensitive, list(table.train.columns))
    kinds |= dict.fromkeys((*groups, target), "categorical")
    frame = table.train.drop(columns=list(drop))  # first of all: a column of names would forbid every split
    for name in (*groups, target):
        check_spelling(frame[name].dropna().unique(), name, source)
    train, test = (frame, table.test) if table.test is not None else split(frame, groups, target, kinds)
    columns, problems = [], Problems(source)
    for name in frame.columns:
        edges = (table.edges or {}).get(name)
        keep = "refuse" if name == target else missing
        option = {**dict.fromkeys(groups, "grouping"), target: "target_column"}.get(name)
        with problems.collect():
            columns.append(fit_column(train[name], kinds.get(name), n_bins, keep, edges, source, option))
    problems.raise_if_any()
    if table.keep_dtypes:
        columns = [column.typed_as(train[column.name]) for column in columns]
    check_bins(n_bins, columns, table.edges or {})
    schema = Schema(tuple(columns), sensitive, target)
    codes, test_codes = (schema.encode(rows, source) for rows in (train, test))
    data = TableDataset(table.name, table.source, schema, codes, test_codes)
    shares = parse_shares(share, data.group_names)
    check_groups(data)  # before rows are left out: of a group without any there are no shares
    if shares is not None:
        kept = subset(data.groups, data.labels, shares, np.random.default_rng(seed))
        data = dataclasses.replace(data, codes=codes[kept])
        check_groups(data)
    return data


def _with_options(error, table, options, others):
    """Returns an error of several problems with options that mend all of them, if there are any."""
    names = list(dict.fromkeys(problem.about for problem in error.problems))
    groups, target = others["sensitive"] or table.sensitive, others["target"] or table.target
    groups = sensitive_names(groups, list(table.train.columns))
    if len(error.problems) == 1 or not set(names) <= {*table.train.columns} - {target}:
        return error
    mended = options
    for name in names:
        kind = "categorical" if name in groups else (table.kinds or {}).get(name)
        mended = _mended(table.train[name], mended, kind, may_go=name not in groups)
    try:
        _prepared(table, **mended, **others)
    except InputError:
        return error
    return InputProblems(error.source, error.problems, f"This works: {_as_typed(mended, options, table)}")


def _mended(series, options, kind, may_go):
    """Returns options with what makes a column fit: missing values, or all, as categories; or without it."""
    name = series.name
    kind = next((kind for kind in ("categorical", "numeric") if name in options[kind]), kind)
    as_category = {
        "categorical": [*options["categorical"], name],
        "numeric": [other for other in options["numeric"] if other != name],
    }
    changes = {kind: {}} if kind == "categorical" else {kind: {}, "categorical": as_category}
    for missing in dict.fromkeys((options["missing"], "category")):
        for tried, change in changes.items():
            with contextlib.suppress(InputError):
                fit_column(series, tried, missing=missing)
                return {**options, **change, "missing": missing}
    return {**options, "drop": [*options["drop"], name]} if may_go else options


def _as_typed(options, before, table):
    """Returns the options that have changed as they are typed, for a table in memory as Python's keywords."""
    changed = {name: value for name, value in options.items() if list(value) != list(before[name])}
    if table.name == DATAFRAME:
        return ", ".join(f"{name}={value!r}" for name, value in changed.items())
    return " ".join(f"--{name} {_quoted(value)}" for name, value in changed.items())


def _quoted(value):
    if isinstance(value, str):
        return value
    text = yaml.safe_dump(list(value), default_flow_style=True, width=math.inf, allow_unicode=True).strip()
    return shlex.quote(text) if set('"$`\\!') & set(text) else f'"{text}"'
