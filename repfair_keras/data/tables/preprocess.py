"""From a table as it is read to numbered rows with groups."""

import contextlib
import dataclasses
import difflib
import math
import shlex

import numpy as np
import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import InputProblems, Problems
from repfair_keras.data.columns import check_names as check_spelling
from repfair_keras.data.images.grouping import MIN_GROUP_SIZE, subset
from repfair_keras.data.in_memory import DATAFRAME
from repfair_keras.data.shares import parse_shares
from repfair_keras.data.tables.dataset import TableDataset
from repfair_keras.data.tables.fit_column import fit_column
from repfair_keras.data.tables.read_csv import check_names
from repfair_keras.data.tables.schema import Schema

TEST_SHARE = 0.3  # of the rows, where a data set does not say which are for testing
SPLIT = 0  # seed of that choice: it belongs to the data, so that runs compare
MOST_GROUPS = 8  # metrics look at every combination of predictions under each group
FEWEST_TEST_ROWS = 10
N_BINS = 8  # of a numeric column, where neither user nor data set says otherwise


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
    kinds |= dict.fromkeys((sensitive, target), "categorical")
    _check_columns(table, sensitive, target, drop=drop, categorical=categorical, numeric=numeric)
    frame = table.train.drop(columns=list(drop))  # first of all: a column of names would forbid every split
    for name in (sensitive, target):
        check_spelling(frame[name].dropna().unique(), name, source)
    train, test = (frame, table.test) if table.test is not None else split(frame, sensitive, target, kinds)
    columns, problems = [], Problems(source)
    for name in frame.columns:
        edges = (table.edges or {}).get(name)
        keep = "refuse" if name == target else missing
        option = {sensitive: "grouping", target: "target_column"}.get(name)
        with problems.collect():
            columns.append(fit_column(train[name], kinds.get(name), n_bins, keep, edges, source, option))
    problems.raise_if_any()
    if table.keep_dtypes:
        columns = [column.typed_as(train[column.name]) for column in columns]
    _check_bins(n_bins, columns, table.edges or {})
    schema = Schema(tuple(columns), sensitive, target)
    codes, test_codes = (schema.encode(rows, source) for rows in (train, test))
    data = TableDataset(table.name, table.source, schema, codes, test_codes)
    shares = parse_shares(share, data.group_names)
    if shares is not None:
        kept = subset(data.groups, data.labels, shares, np.random.default_rng(seed))
        data = dataclasses.replace(data, codes=codes[kept])
    _check_groups(data)
    return data


def _with_options(error, table, options, others):
    """Returns an error of several problems with options that mend all of them, if there are any."""
    names = list(dict.fromkeys(problem.about for problem in error.problems))
    sensitive, target = others["sensitive"] or table.sensitive, others["target"] or table.target
    if len(error.problems) == 1 or not set(names) <= {*table.train.columns} - {target}:
        return error
    mended = options
    for name in names:
        kind = "categorical" if name == sensitive else (table.kinds or {}).get(name)
        mended = _mended(table.train[name], mended, kind, may_go=name != sensitive)
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


def split(frame, sensitive, target, kinds):
    """Parts a table into rows to train on and rows to test, the same share of every group and target.

    Args:
        frame: `pandas.DataFrame`.
        sensitive, target: names of columns.
        kinds: column name to `"categorical"` or `"numeric"`, where the values do not say it.

    Returns:
        Two `pandas.DataFrame`; a category of the second is one of the first too.
    """
    rng = np.random.default_rng(SPLIT)
    cells = frame.groupby([sensitive, target], dropna=False, sort=True).indices.values()
    parts = [rng.permutation(rows)[: round(TEST_SHARE * len(rows))] for rows in cells]
    for_test = np.zeros(len(frame), bool)
    for_test[np.concatenate(parts)] = True
    text = set(frame.select_dtypes(exclude="number"))
    for name in frame.columns:
        if kinds.get(name, "categorical" if name in text else "numeric") == "categorical":
            for_test &= frame[name].isin(frame.loc[~for_test, name]).to_numpy()
        elif not frame.loc[~for_test, name].isna().any():
            for_test &= frame[name].notna().to_numpy()
    return frame[~for_test], frame[for_test]


def _check_columns(table, sensitive, target, **options):
    names = list(table.train.columns)
    check_names(names, table.source.rstrip("."))
    named = {"grouping": sensitive, "target_column": target}
    for option, name in named.items():
        if name is None:
            raise InputError(
                f"data set {table.name!r} needs --{option}: the column of its "
                f"{'groups' if option == 'grouping' else 'target'}. Columns: {', '.join(names)}."
            )
    pairs = [*named.items(), *((option, name) for option, given in options.items() for name in given)]
    problems = Problems(table.source.rstrip("."))
    for option, name in pairs:
        if name not in names:
            close = difflib.get_close_matches(str(name), names, n=1)
            hint = f"Did you mean {close[0]!r}? " if close else ""
            problems.add(
                f"{option}: no column {name!r}", f"{hint}Columns: {', '.join(names)}.", kind="wrong names"
            )
    problems.raise_if_any()
    if sensitive == target:
        raise InputError(f"grouping and target_column are both {sensitive!r}: expected two columns.")
    for option, name in pairs[:2]:
        if name in options["drop"]:
            raise InputError(f"drop: {name!r} is the column of --{option}: keep it, or name another.")
    for option, name in (("numeric", name) for name in options["numeric"]):
        if name in (sensitive, target, *options["categorical"]):
            raise InputError(f"{option}: {name!r} is one of categories: leave it out there, or here.")


def _check_bins(n_bins, columns, edges):
    if n_bins != N_BINS and all(column.kind == "categorical" or column.name in edges for column in columns):
        why = "has bins of its own here" if edges else "would have so many, and there is none"
        raise InputError(
            f"n_bins is {n_bins}, but every numeric column {why}: leave it out (a run that has it: set it to "
            f"{N_BINS} in its config.yaml)."
        )


def _check_groups(data):
    if data.n_groups > MOST_GROUPS:
        raise InputError(
            f"column {data.grouping!r} has {data.n_groups} groups: expected at most {MOST_GROUPS}. Merge "
            "some."
        )
    problems = Problems(data.source.rstrip("."))
    if len(data.schema.columns) < 3:
        problems.add("the table has no column beside group and target: expected at least one")
    if len(data.test_codes) < FEWEST_TEST_ROWS:
        problems.add(
            f"there are {len(data.test_codes)} rows to test on: expected at least {FEWEST_TEST_ROWS}",
            "Add rows, or leave out columns of text that is different in every row (--drop).",
        )
    else:
        _check_test_rows(data, problems)
    for name, size in zip(data.group_names, np.bincount(data.groups, minlength=data.n_groups), strict=True):
        if size < MIN_GROUP_SIZE:
            problems.add(
                f"group {name!r} of column {data.grouping!r} has {size} rows to train on, expected at least "
                f"{MIN_GROUP_SIZE}",
                "Merge groups, or leave out its rows.",
            )
    problems.raise_if_any()


def _check_test_rows(data, problems):
    for name in (data.schema.sensitive, data.schema.target):
        column, codes = data.schema.column(name), data.test_codes[:, data.schema.place(name)]
        lacking, last = set(range(column.size)) - set(codes.tolist()), column.size - 1  # the positive one
        if lacking and (name == data.schema.sensitive or last in lacking or len(set(codes.tolist())) < 2):
            problems.add(
                f"no row to test on has {name} = {column.names[max(lacking)]!r}: expected some",
                "Add rows, or merge values.",
            )
