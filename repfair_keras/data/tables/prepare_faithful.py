"""From a table as it is read to rows numbered so finely that they can be written again, with rules and keys."""

import dataclasses

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import Problems
from repfair_keras.data.columns import check_names as check_spelling
from repfair_keras.data.images.grouping import subset
from repfair_keras.data.shares import parse_shares
from repfair_keras.data.tables.blanks import without_blanks
from repfair_keras.data.tables.column import natural
from repfair_keras.data.tables.dataset import TableDataset
from repfair_keras.data.tables.declared_rules import declared_rules
from repfair_keras.data.tables.faithful import fit_faithful, is_scattered
from repfair_keras.data.tables.find_rules import find_rules
from repfair_keras.data.tables.fit_column import check_few, check_hardly_numbers, fit_column
from repfair_keras.data.tables.fit_rules import learnt
from repfair_keras.data.tables.infer import (
    CATEGORICAL,
    CONSTANT,
    DATE,
    EMPTY,
    KEY,
    NUMERIC,
    infer,
    nested_type,
)
from repfair_keras.data.tables.rules import in_order, reduced, typed_as
from repfair_keras.data.tables.schema import Key, Schema, sensitive_names, without_keys
from repfair_keras.data.tables.table_checks import check_columns, check_groups, split

NO_RULES = "none"
KEYS = ("renumber", "drop")


def prepare_faithful(
    table,
    sensitive=None,
    target=None,
    drop=(),
    categorical=(),
    numeric=(),
    share=None,
    seed=0,
    rules=None,
    keys="renumber",
):
    """Numbers a table's rows finely, by what its training rows hold, see `faithful`.

    Args:
        table: `RawTable`.
        sensitive: column of the groups, or several with commas between them; `None`: the data set's own.
        target: column to predict; `None`: the data set's own.
        drop: columns to leave out.
        categorical, numeric: columns to take as such, whatever the values say.
        share, seed: as in `preprocess.prepare`.
        rules: what is declared to hold between columns, as in `declared_rules`, beside what is found; `"none"`:
            nothing is looked for; `None`: nothing is declared.
        keys: `"renumber"` columns that tell rows apart, or `"drop"` them.

    Returns:
        `TableDataset`.

    Raises:
        InputError: lists every column, with the rows, that does not fit.
    """
    if keys not in KEYS:
        raise InputError(f"keys is {keys!r}: expected one of {', '.join(KEYS)}.")
    source = table.source.rstrip(".")
    sensitive, target = sensitive or table.sensitive, target or table.target
    check_columns(table, sensitive, target, drop=drop, categorical=categorical, numeric=numeric)
    frame = table.train.drop(columns=list(drop))
    kept = (*sensitive_names(sensitive, list(frame.columns)), target)
    _check_single(frame, source)
    for name in kept:
        check_spelling(frame[name].dropna().unique(), name, source)
    # What is decoded has no blanks around it: rows that have are like none of it, though they are the same.
    frame, held_out = without_blanks(frame), None if table.test is None else without_blanks(table.test)
    given = {**dict.fromkeys(categorical, CATEGORICAL), **dict.fromkeys(numeric, NUMERIC)}
    given |= dict.fromkeys(kept, CATEGORICAL)
    kinds, dates, key_columns, notes = _kinds(frame, given, keys)
    frame = frame[list(kinds)]
    others = [name for name in frame if name not in key_columns]
    whole = frame if held_out is None else pd.concat([frame, held_out], ignore_index=True)
    problems = Problems(source)
    with problems.collect():
        _check_kept(whole, kept, target, source)
    for name in (name for name in others if name not in kept):
        with problems.collect():
            _check_fits(whole[name], kinds[name], name in given, source)
    problems.raise_if_any()
    scattered = [name for name in others if name not in kept and _is_scattered(whole[name], kinds[name])]
    found = _rules(rules, whole[others], kinds, dates, kept, source)
    train, test = (
        (frame, held_out)
        if held_out is not None
        else split(frame, kept[:-1], target, kinds, (*key_columns, *scattered))
    )
    found = [learnt(rule, train, dates) for rule in found]
    if table.keep_dtypes:
        found = [typed_as(rule, frame) for rule in found]
    gaps = [name for name in key_columns if train[name].isna().any()]
    known = without_keys(train, gaps)
    modelled = reduced(known[[name for name in frame if name in others or name in gaps]], found)
    distances = {rule.column for rule in found if rule.kind == "order"}
    columns = []
    for name in modelled:
        with problems.collect():
            kind = NUMERIC if name in distances else CATEGORICAL if name in gaps else kinds[name]
            date = dates.get(name) if kind == DATE else None
            column = fit_faithful(modelled[name], kind, source, scattered=name in scattered, date=date)
            plain = table.keep_dtypes and name not in distances
            columns.append(column.typed_as(known[name]) if plain else column)
    problems.raise_if_any()
    made = tuple(
        _key(whole[name], str(frame[name].dtype) * table.keep_dtypes, name in gaps) for name in key_columns
    )
    schema = Schema(tuple(columns), sensitive, target, tuple(found), made, tuple(frame.columns))
    codes, test_codes = (schema.encode(rows, source) for rows in (train, test))
    # Of rows held out keys may be lacking: nothing is made of them.
    held_out_names = [name for name in frame if name in test]
    data = TableDataset(
        *(table.name, table.source, schema, codes, test_codes),
        train_frame=train.reset_index(drop=True),
        test_frame=test[held_out_names].reset_index(drop=True),
        notes=tuple(notes),
    )
    shares = parse_shares(share, data.group_names)
    check_groups(data)  # before rows are left out: of a group without any there are no shares
    if shares is not None:
        rows = subset(data.groups, data.labels, shares, np.random.default_rng(seed))
        data = dataclasses.replace(
            data, codes=codes[rows], train_frame=data.train_frame.iloc[rows].reset_index(drop=True)
        )
        check_groups(data)
    return data


def _check_single(frame, source):
    """Raises `InputError` for columns of lists and the like."""
    problems = Problems(source)
    for name in frame.columns:
        if kind := nested_type(frame[name]):
            what = f"column {name!r} holds values of type {kind}: expected one number or text in each row"
            problems.add(what, f"Take them apart, or leave it out: --drop {name}.", name)
    problems.raise_if_any()


def _kinds(frame, given, keys):
    """Returns `(kinds, dates, key columns, notes)` of the columns that are kept."""
    kinds, dates, key_columns, notes = {}, {}, [], []
    for name in frame.columns:
        found = infer(frame[name])
        kind = given.get(name, found.kind)
        if name not in given and (kind in (CONSTANT, EMPTY) or (kind == KEY and keys == "drop")):
            notes.append(f"{name}: left out, {found.why}")
            continue
        if kind == KEY:
            key_columns.append(name)
        kinds[name] = kind
        if kind == DATE:
            dates[name] = found.date
    return kinds, dates, key_columns, notes


def _check_kept(frame, kept, target, source):
    """Raises `InputError` if a target is missing, or groups or target are not at least two and few."""
    problems = Problems(source)
    for name in kept:
        with problems.collect():
            option = "target_column" if name == target else "grouping"
            fit_column(
                frame[name],
                CATEGORICAL,
                missing="refuse" if name == target else "category",
                source=source,
                option=option,
            )
            check_few(tuple(frame[name].dropna().unique()), False, name, source, option)
    problems.raise_if_any()


def _check_fits(series, kind, told, source):
    """Raises `InputProblems` for words among numbers, unless they are taken as categories, and what is no number."""
    if kind == CATEGORICAL and not told and infer(series).dtype == "text":
        check_hardly_numbers(series.dropna(), source)
    if kind in (NUMERIC, DATE):
        fit_faithful(series, kind, source)


def _is_scattered(series, kind):
    return kind == CATEGORICAL and is_scattered(series)


def _rules(text, frame, kinds, dates, kept, source):
    """Rules that are declared, and those that are found among the other columns."""
    if text == NO_RULES:
        return []
    declared = declared_rules(text, frame, kinds, dates, kept, source) if text else []
    busy = {name for rule in declared for name in (*rule.needs, rule.column)}
    others = [name for name in frame if name not in busy]
    found = find_rules(frame[others], kinds, dates, kept) if len(others) > 1 else []
    return in_order([*declared, *found])


def _key(series, dtype, gaps):
    """Returns the `Key` whose numbers go on after those that were seen."""
    present, text = natural(series.dropna()), f"{series.name}-"
    if pd.api.types.is_numeric_dtype(present):
        return Key(series.name, int(present.max()) + 1, original=dtype, gaps=gaps)
    present = present.astype(str).str.strip()
    numbers = present[present.str.startswith(text)].str.removeprefix(text)
    numbers = [int(number) for number in numbers if number.isascii() and number.isdigit()]
    return Key(series.name, max([len(series), *numbers]) + 1, text, dtype, gaps)
