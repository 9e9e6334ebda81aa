"""What a table must have to be used, and which of its rows are for the test."""

import difflib

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import Problems
from repfair_keras.data.images.grouping import MIN_GROUP_SIZE
from repfair_keras.data.tables.read_csv import check_names
from repfair_keras.data.tables.schema import sensitive_names

TEST_SHARE = 0.3  # of the rows, where a data set does not say which are for testing
SPLIT = 0  # seed of that choice: it belongs to the data, so that runs compare
MOST_GROUPS = 8  # of one column: metrics look at every combination of predictions under each group
MOST_INTERSECTIONS = 10  # of several
FEWEST_TEST_ROWS = 10
N_BINS = 8  # of a numeric column, where neither user nor data set says otherwise


def split(frame, sensitive, target, kinds, leave=()):
    """Parts a table into rows to train on and rows to test, the same share of every group and target.

    Args:
        frame: `pandas.DataFrame`.
        sensitive: names of the columns that make the groups.
        target: name of the target's column.
        kinds: column name to `"categorical"` or `"numeric"`, where the values do not say it.
        leave: columns that need not have the same values in both parts.

    Returns:
        Two `pandas.DataFrame`; a category of the second is one of the first too.
    """
    rng = np.random.default_rng(SPLIT)
    cells = frame.groupby([*sensitive, target], dropna=False, sort=True, observed=True).indices.values()
    parts = [rng.permutation(rows)[: round(TEST_SHARE * len(rows))] for rows in cells]
    for_test = np.zeros(len(frame), bool)
    for_test[np.concatenate(parts)] = True
    text = set(frame.select_dtypes(exclude="number"))
    for name in (name for name in frame.columns if name not in leave):
        if kinds.get(name, "categorical" if name in text else "numeric") == "categorical":
            for_test &= frame[name].isin(frame.loc[~for_test, name]).to_numpy()
        elif not frame.loc[~for_test, name].isna().any():
            for_test &= frame[name].notna().to_numpy()
    return frame[~for_test], frame[for_test]


def check_columns(table, sensitive, target, **options):
    names = list(table.train.columns)
    check_names(names, table.source.rstrip("."))
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise InputError(
            f"{table.source.rstrip('.')}: there is one column, {names[0]!r}, expected several. Save the file with "
            "commas between values."
        )
    named = {"grouping": sensitive, "target_column": target}
    for option, name in named.items():
        if name is None:
            raise InputError(
                f"data set {table.name!r} needs --{option}: the column of its "
                f"{'groups' if option == 'grouping' else 'target'}. Columns: {', '.join(names)}."
            )
    columns = sensitive_names(sensitive, names)
    own = [*(("grouping", name) for name in columns), ("target_column", target)]
    pairs = [*own, *((option, name) for option, given in options.items() for name in given)]
    problems = Problems(table.source.rstrip("."))
    for option, name in pairs:
        if name not in names:
            close = difflib.get_close_matches(str(name), names, n=1)
            hint = f"Did you mean {close[0]!r}? " if close else ""
            problems.add(
                f"{option}: no column {name!r}", f"{hint}Columns: {', '.join(names)}.", kind="wrong names"
            )
    problems.raise_if_any()
    if target in columns:
        raise InputError(f"grouping and target_column are both {sensitive!r}: expected two columns.")
    for option, name in own:
        if name in options["drop"]:
            raise InputError(f"drop: {name!r} is the column of --{option}: keep it, or name another.")
    for option, name in (("numeric", name) for name in options["numeric"]):
        if name in (*columns, target, *options["categorical"]):
            raise InputError(f"{option}: {name!r} is one of categories: leave it out there, or here.")


def check_bins(n_bins, columns, edges):
    if n_bins != N_BINS and all(column.kind == "categorical" or column.name in edges for column in columns):
        why = "has bins of its own here" if edges else "would have so many, and there is none"
        raise InputError(
            f"n_bins is {n_bins}, but every numeric column {why}: leave it out (a run that has it: set it to "
            f"{N_BINS} in its config.yaml)."
        )


def check_groups(data):
    most = MOST_GROUPS if len(data.schema.sensitive_names) == 1 else MOST_INTERSECTIONS
    if data.n_groups > most:
        raise InputError(
            f"column {data.grouping!r} has {data.n_groups} groups: expected at most {most}. Merge some."
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
    for name in (*data.schema.sensitive_names, data.schema.target):
        column, codes = data.schema.column(name), data.test_codes[:, data.schema.place(name)]
        lacking, last = set(range(column.size)) - set(codes.tolist()), column.size - 1  # the positive one
        if lacking and (name != data.schema.target or last in lacking or len(set(codes.tolist())) < 2):
            problems.add(
                f"no row to test on has {name} = {column.names[max(lacking)]!r}: expected some",
                "Add rows, or merge values.",
            )
    sizes = {place: data.schema.sizes[place] for place in data.schema.sensitive_places}
    if any(len(np.unique(data.test_codes[:, place])) < size for place, size in sizes.items()):
        return  # a value that no row has is in no intersection, which is said above
    lacking = set(data.groups.tolist()) - set(data.schema.groups_of(data.test_codes).tolist())
    for group in sorted(lacking):
        problems.add(
            f"no row to test on is of group {data.group_names[group]!r} of column {data.grouping!r}: expected some",
            "Add rows, or merge groups.",
        )
