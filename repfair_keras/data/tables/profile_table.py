"""Looking at a table before it is trained on: everything that is wrong with it, and options that mend it."""

import re
import shlex
from dataclasses import replace

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.problems import InputProblems, Problem, Problems
from repfair_keras.data.columns import check_names as check_spelling
from repfair_keras.data.images.grouping import MIN_GROUP_SIZE
from repfair_keras.data.tables.column import PANDAS_DATE
from repfair_keras.data.tables.encoded import FAITHFUL, encoded
from repfair_keras.data.tables.faithful import fit_faithful
from repfair_keras.data.tables.find_rules import find_rules
from repfair_keras.data.tables.fit_column import check_hardly_numbers
from repfair_keras.data.tables.infer import (
    CATEGORICAL,
    CONSTANT,
    DATE,
    EMPTY,
    KEY,
    NUMERIC,
    Inferred,
    infer,
    nested_type,
)
from repfair_keras.data.tables.profile_column import HOLDS, profile_column
from repfair_keras.data.tables.schema import AND, sensitive_names
from repfair_keras.data.tables.sdv_metadata import PERSONAL, to_sdv
from repfair_keras.data.tables.table_checks import MOST_GROUPS, TEST_SHARE
from repfair_keras.data.tables.table_profile import Finding, TableProfile

LISTS = ("drop", "categorical", "numeric")  # options that name columns
SENSITIVE_NAMES = (  # of columns, the likeliest to be a sensitive attribute first
    r"(^|[^a-z])(sex|gender)([^a-z]|$)",
    r"(^|[^a-z])(race|ethnicity|ethnic)([^a-z]|$)",
    r"(^|[^a-z])(fe)?male([^a-z]|$)",
    r"(^|[^a-z])age([^a-z]|$)",
    r"(^|[^a-z])(religion|nationality|disability|marital)([^a-z]|$)",
)
ROUNDS = 8  # of mending: each may uncover what could not be seen before


def profile_table(
    table,
    place: str | None = None,
    grouping: str | None = None,
    target_column: str | None = None,
    drop=(),
    categorical=(),
    numeric=(),
    declared=None,
    problems=(),
) -> TableProfile:
    """Looks at a table: types, rules, everything that is wrong, and the options with which it can be trained on.

    The options are tried: the table is numbered with them, as a training would number it.

    Args:
        table: `RawTable`.
        place: path of its file, for the command; `None`: it is in memory.
        grouping, target_column: columns of the groups, with commas between several, and of the target; `None`: likely
            ones are proposed.
        drop, categorical, numeric: as in training.
        declared: `SdvMetadata`; `None` without.
        problems: `Problem`s that were seen when the table was read.

    Returns:
        `TableProfile`.

    Raises:
        InputError: for columns named here that there are not.
    """
    source, frame = table.source.rstrip("."), table.train
    findings = [_finding(problem) for problem in problems]
    frame = _without_twins(frame, findings)
    table = replace(table, train=frame)
    given = {"drop": list(drop), "categorical": list(categorical), "numeric": list(numeric)}
    _check_given(frame, grouping, target_column, given, declared, source)
    found = {name: _inferred(frame[name], findings) for name in frame}
    notes = _declare(declared, found, given, (grouping, target_column), list(frame))
    nested = [each.column for each in findings if each.mend.startswith("--drop")]
    given["drop"] += [name for name in nested if name not in given["drop"]]
    usual = [name for name in frame if name not in given["drop"]]
    grouping, target_column, proposed = _proposals(frame[usual], found, grouping, target_column)
    kept = (*sensitive_names(grouping, list(frame)), target_column) if grouping and target_column else ()
    data = None
    if kept:
        data = _mended(table, grouping, target_column, kept, given, findings)
    else:
        lacking = {"grouping": grouping, "target_column": target_column}
        for option, name in lacking.items():
            if name is None:
                what = f"no column can be proposed for --{option}: none has 2 to {MOST_GROUPS} values, often enough"
                findings.append(Finding(what, f"Name one with --{option}, or add one."))
    if data is None:
        _find_the_rest(frame, found, kept, given, findings, source)
    kinds = _kinds(found, kept, given)
    rules = _rules_of(data, frame, kinds, found, kept, given, findings)
    _check_names_can_be_given(given, grouping, target_column, place, findings)
    mended = {finding.column for finding in findings if finding.mend}
    columns = tuple(
        profile_column(frame[name], found[name], kinds[name], kept, target_column, given, rules, mended)
        for name in frame
    )
    options = {name: tuple(given[name]) for name in LISTS}
    return TableProfile(
        source=source,
        rows=len(frame),
        columns=columns,
        rules=tuple(map(str, rules)),
        problems=tuple(findings),
        grouping=grouping,
        target_column=target_column,
        proposed=proposed,
        options=options,
        command=_command(place, grouping, target_column, options),
        notes=tuple(notes),
        metadata=_metadata(frame, found, kinds),
    )


def _finding(problem, mend=""):
    return Finding(problem.what, problem.cure, str(problem.about or ""), mend)


def _without_twins(frame, findings):
    """Returns a frame in which every column has a name of its own, and notes those that had not."""
    names, seen = [], set()
    for name in map(str, frame.columns):
        number, new = 0, name
        while new in seen:
            number += 1
            new = f"{name}.{number}"
        if new != name:
            findings.append(
                Finding(
                    f"two columns are named {name!r}", "Rename one of them; here it is shown as " + new + "."
                )
            )
        seen.add(new)
        names.append(new)
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        findings.append(
            Finding(f"there is one column, {names[0]!r}", "Save the file with commas between values.")
        )
    return frame.set_axis(names, axis=1).reset_index(drop=True)


def _check_given(frame, grouping, target_column, given, declared, source):
    """Raises `InputError` for names that are no columns."""
    problems, names = Problems(source), list(frame)
    asked = [("grouping", name) for name in (sensitive_names(grouping, names) if grouping else ())]
    asked += [("target_column", target_column)] if target_column else []
    asked += [(option, name) for option in LISTS for name in given[option]]
    asked += [("metadata", name) for name in (declared.names if declared else ())]
    for option, name in asked:
        if name not in names:
            problems.add(f"{option}: no column {name!r}", f"Columns: {', '.join(names)}.", kind="wrong names")
    problems.raise_if_any()


def _inferred(series, findings):
    """What a column holds; of lists and the like, which no column may have, that they are such."""
    if kind := nested_type(series):
        what = f"column {series.name!r} holds values of type {kind}: expected one number or text in each row"
        findings.append(
            Finding(what, "Take them apart, or leave it out.", series.name, f"--drop {series.name}")
        )
        return Inferred(EMPTY, "text", why=f"values of type {kind}")
    return infer(series)


def _declare(declared, found, given, own, names):
    """Adds to the options what metadata say and the values do not; returns what else is to be said."""
    notes = []
    if declared is None:
        return notes
    taken = {*own, *(name for option in LISTS for name in given[option])}
    for name, kind in declared.kinds.items():
        seen = found[name].kind
        if name in taken or seen in (kind, CONSTANT, EMPTY):
            told = declared.dates.get(name)
            if name not in taken and told and found[name].date not in ("", PANDAS_DATE, told):
                notes.append(f"{name}: metadata say dates as {told}, most rows have {found[name].date}")
            continue
        if kind == PERSONAL:
            given["drop"].append(name)
            notes.append(f"{name}: left out, it is of people, as metadata say, and rows would copy it")
        elif kind == KEY:
            given["drop"].append(name)
            notes.append(
                f"{name}: left out, it is a key, as metadata say, whose values are not all different"
            )
        elif kind == DATE:
            notes.append(f"{name}: metadata say dates, but its values are {HOLDS[seen]}: taken as such")
        else:
            given[kind].append(name)
            notes.append(f"{name}: {kind}, as metadata say")
    if len(declared.primary_key) > 1:
        together = " and ".join(declared.primary_key)
        notes.append(
            f"{together}: together they tell rows apart, as metadata say; that is not kept, so that synthetic rows may "
            "have the same in all of them"
        )
    lacking = [name for name in names if name not in declared.names]
    if lacking:
        notes.append(f"metadata lack {', '.join(lacking)}")
    return notes


def _proposals(frame, found, grouping, target_column):
    """Returns the columns of groups and target, and for those that were proposed the other candidates."""
    proposed = {}
    named = sensitive_names(grouping, list(frame)) if grouping else ()
    few = [name for name in frame if _has_few(frame[name], found[name])]
    if target_column is None:
        whole = [name for name in few if name not in named and frame[name].notna().all()]
        two = [name for name in whole if frame[name].nunique() == 2]
        likely = [name for name in two or whole if _rank(name) == len(SENSITIVE_NAMES)] or two or whole
        if len(few) > 1 or named:
            target_column = likely[-1] if likely else None
        proposed["target_column"] = tuple(name for name in two if name != target_column)
    if grouping is None:
        candidates = sorted((name for name in few if name != target_column), key=_rank)
        grouping = candidates[0] if candidates else None
        proposed["grouping"] = tuple(candidates[1:])
    return grouping, target_column, proposed


def _rank(name):
    """Place of a column among likely sensitive attributes, by its name; the last for none."""
    snake = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
    matches = (place for place, form in enumerate(SENSITIVE_NAMES) if re.search(form, snake))
    return next(matches, len(SENSITIVE_NAMES))


def _has_few(series, found):
    """Whether a column has as many values as groups may have, each often enough, and spelt in one way."""
    if found.kind not in (CATEGORICAL, NUMERIC):
        return False
    sizes = series.value_counts(dropna=False)
    if not 2 <= len(sizes) <= MOST_GROUPS or round((1 - TEST_SHARE) * sizes.min()) < MIN_GROUP_SIZE:
        return False
    try:
        check_spelling(series.dropna().unique(), series.name, "table")
    except InputError:
        return False
    return found.dtype != "float" or bool(np.isfinite(series.dropna().to_numpy(float)).all())


def _mended(table, grouping, target_column, kept, given, findings):
    """Numbers a table, and adds options until nothing is wrong with it; returns the data set, or `None`."""
    known = {finding.what for finding in findings}
    for _ in range(ROUNDS):
        try:
            return encoded(
                table,
                FAITHFUL,
                sensitive=grouping,
                target=target_column,
                **{n: tuple(given[n]) for n in LISTS},
            )
        except InputProblems as error:
            problems = error.problems
        except InputError as error:
            problems = (Problem(str(error).removesuffix(".")),)
        changed = False
        for problem in problems:
            mend = _mend(problem, kept, given)
            changed = changed or bool(mend)
            if problem.what not in known:
                known.add(problem.what)
                findings.append(_finding(problem, mend))
            elif mend:
                for place, finding in enumerate(findings):
                    if finding.what == problem.what:
                        findings[place] = _finding(problem, mend)
        if not changed:
            return None
    return None


def _mend(problem, kept, given):
    """Adds the option that mends a problem, and returns it; empty if there is none."""
    name = problem.about
    if name is None or name in kept or name in given["drop"]:
        return ""
    as_categories = f"--categorical {name}" in problem.cure and name not in given["categorical"]
    for option in LISTS:
        given[option] = [other for other in given[option] if other != name]
    option = "categorical" if as_categories else "drop"
    given[option].append(name)
    return f"--{option} {name}"


def _find_the_rest(frame, found, kept, given, findings, source):
    """Notes what is wrong with columns and groups that could not be seen, since something else forbids to go on."""
    known = {finding.what for finding in findings}
    kinds = _kinds(found, kept, given)
    for name in frame:
        if name in kept or kinds[name] not in (NUMERIC, DATE, CATEGORICAL) or name in given["drop"]:
            continue
        try:
            if kinds[name] != CATEGORICAL:
                fit_faithful(frame[name], kinds[name], source)
            elif name not in given["categorical"] and found[name].dtype == "text":
                check_hardly_numbers(frame[name].dropna(), source)
        except InputProblems as error:
            for problem in error.problems:
                if problem.what not in known:
                    findings.append(_finding(problem, _mend(problem, kept, given)))
    if not kept or any("rows to train on" in finding.what for finding in findings):
        return
    for value, size in frame.groupby(list(kept[:-1]), dropna=False).size().items():
        if round((1 - TEST_SHARE) * size) < MIN_GROUP_SIZE:
            value = value if isinstance(value, tuple) else (value,)
            what = (
                f"group {AND.join(map(str, value))!r} has {size} rows, {TEST_SHARE:.0%} of them for the test"
            )
            cure = f"Merge groups, or leave out its rows: {MIN_GROUP_SIZE} to train on are needed."
            findings.append(Finding(what, cure))


def _kinds(found, kept, given):
    """What each column is taken as."""
    kinds = {name: each.kind for name, each in found.items()}
    kinds |= dict.fromkeys(given["categorical"], CATEGORICAL) | dict.fromkeys(given["numeric"], NUMERIC)
    return kinds | dict.fromkeys(kept, CATEGORICAL)


def _rules_of(data, frame, kinds, found, kept, given, findings):
    """What holds between columns: of the data set, or of the columns that nothing is wrong with."""
    if data is not None:
        return data.schema.rules
    wrong = {*(finding.column for finding in findings), *given["drop"]}
    names = [name for name in frame if kinds[name] in (NUMERIC, DATE, CATEGORICAL) and name not in wrong]
    dates = {name: found[name].date for name in names if kinds[name] == DATE}
    return find_rules(frame[names], kinds, dates, kept) if len(names) > 1 else []


def _check_names_can_be_given(given, grouping, target_column, place, findings):
    """Notes names that an option of a command line would read as something else."""
    if place is None:
        return
    for option in LISTS:
        for name in given[option]:
            if "," in name or name != name.strip("[] '\"\t\n") or not name.isprintable():
                cure = "Rename the column: the command cannot name it."
                findings.append(Finding(f"column {name!r} is to be given to --{option}", cure, name))
    for option, name in (("grouping", grouping), ("target_column", target_column)):
        if name is not None and (name.lower() in ("null", "none", "") or not name.isprintable()):
            cure = "Rename the column: the command cannot name it."
            findings.append(Finding(f"column {name!r} is to be given to --{option}", cure, name))


def _command(place, grouping, target_column, options):
    """Returns what trains on the table."""
    if place is None:
        lists = "".join(f", {name}={list(options[name])!r}" for name in LISTS if options[name])
        return (
            f"data = rf.TableDataset.from_frame(frame, sensitive={grouping or '...'!r}, "
            f"target={target_column or '...'!r}{lists}, encoding='faithful')\n"
            "run = rf.train(data, method='cart')"
        )
    words = ["python", "-m", "repfair_keras.train", "--dataset", "csv", *_words("data_dir", place)]
    words += _words("grouping", grouping or "COLUMN") + _words("target_column", target_column or "COLUMN")
    for name in LISTS:
        words += _words(name, f"[{', '.join(options[name])}]") if options[name] else []
    return shlex.join([*words, "--method", "cart"])


def _words(name, value):
    return [f"--{name}={value}"] if value.startswith("--") else [f"--{name}", value]


def _metadata(frame, found, kinds):
    """What SDV calls metadata; what is left out is in it, since it is in the table."""
    dates = {name: each.date for name, each in found.items() if kinds[name] == DATE}
    booleans = [name for name, each in found.items() if each.dtype == "bool"]
    unique = [
        name for name in frame if kinds[name] == KEY and frame[name].notna().all() and frame[name].is_unique
    ]
    return to_sdv(kinds, dates, booleans, unique)
