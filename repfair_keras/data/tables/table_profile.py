"""A table looked at before it is trained on: every column, what is wrong with it, and options that mend it."""

import json
import re
import shlex
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd

from repfair_keras.core.errors import InputError, readable
from repfair_keras.core.html import heading
from repfair_keras.core.html import table as html_table
from repfair_keras.core.problems import InputProblems, Problem, Problems
from repfair_keras.data.columns import check_names as check_spelling
from repfair_keras.data.images.grouping import MIN_GROUP_SIZE
from repfair_keras.data.tables.column import PANDAS_DATE, as_text
from repfair_keras.data.tables.encoded import FAITHFUL, encoded
from repfair_keras.data.tables.faithful import fit_faithful
from repfair_keras.data.tables.fit_column import check_hardly_numbers
from repfair_keras.data.tables.infer import CATEGORICAL, CONSTANT, DATE, EMPTY, KEY, NUMERIC, Inferred, infer
from repfair_keras.data.tables.rules import find_rules
from repfair_keras.data.tables.schema import AND, sensitive_names
from repfair_keras.data.tables.sdv_metadata import PERSONAL, to_sdv
from repfair_keras.data.tables.table_checks import MOST_GROUPS, TEST_SHARE

LEFT_OUT, MODELLED, RENUMBERED, GIVEN = "left out", "modelled", "renumbered", "given by a rule"
GROUPS, TARGET = "the groups", "the target"
LISTS = ("drop", "categorical", "numeric")  # options that name columns
SENSITIVE_NAMES = (  # of columns, the likeliest to be a sensitive attribute first
    r"(^|[^a-z])(sex|gender)([^a-z]|$)",
    r"(^|[^a-z])(race|ethnicity|ethnic)([^a-z]|$)",
    r"(^|[^a-z])(fe)?male([^a-z]|$)",
    r"(^|[^a-z])age([^a-z]|$)",
    r"(^|[^a-z])(religion|nationality|disability|marital)([^a-z]|$)",
)
ROUNDS = 8  # of mending: each may uncover what could not be seen before
FEW_TESTED = 0.5  # share of the usual rows to test on below which it is said
MANY = 20  # different numbers from which one that is frequent is a spike
SPIKE = 0.05  # share of rows that have it, at least
SPIKES_OF_MEAN = 5  # times the share that each of as many numbers would have, at least
MANY_WORDS = 100  # different texts from which they may be names of people
FEWEST_APART = 3  # rows that have a number far from all others, for it to be a sign of something
SHOWN_SPIKES, SHOWN_CANDIDATES, LONGEST_EXAMPLE, LONGEST_NAME = 3, 6, 24, 40
HOLDS = {
    NUMERIC: "numbers",
    CATEGORICAL: "categories",
    DATE: "dates",
    KEY: "keys",
    CONSTANT: "one value",
    EMPTY: "nothing",
}


@dataclass(frozen=True)
class ColumnProfile:
    """A column of a table, looked at.

    Args:
        name: its name.
        kind: what it is taken as: `"numeric"`, `"categorical"`, `"date"`, `"key"`, `"constant"` or `"empty"`.
        holds: the same in words.
        different: number of different values, without missing ones.
        missing: share of rows without a value, in [0, 1].
        example: a value.
        use: what it is for: `"the groups"`, `"the target"`, `"modelled"`, `"given by a rule"`, `"renumbered"` or
            `"left out"`.
        why: why it is left out or renumbered; empty: it is not.
        remarks: what to look at, such as a number that may stand for a missing value.
        date: format of its dates; empty: it holds none.
    """

    name: str
    kind: str
    holds: str
    different: int
    missing: float
    example: str
    use: str
    why: str = ""
    remarks: tuple[str, ...] = ()
    date: str = ""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a table.

    Args:
        what: what was seen, and what is expected.
        cure: a sentence, how to mend it.
        column: the column; empty: it is not about one.
        mend: option of the command that mends it, as `"--drop age"`; empty: none does.
    """

    what: str
    cure: str = ""
    column: str = ""
    mend: str = ""


@dataclass(frozen=True)
class TableProfile:
    """A table looked at: what each column holds, what is wrong, and how to train on it.

    Args:
        source: what the table is.
        rows: number of rows.
        columns: `ColumnProfile` of each column.
        rules: what holds between columns, in every row.
        problems: everything that is wrong, with the option that mends it.
        grouping, target_column: columns of the groups and of the target; `None`: none was named or can be proposed.
        proposed: for those of both that were not named, other candidates.
        options: columns by `"drop"`, `"categorical"` and `"numeric"`, as the command has them.
        command: what trains on the table, for a shell or, of a table in memory, for Python.
        notes: what else to know: sentences.
        metadata: the same for SDV and SDMetrics, see `sdv_metadata.to_sdv`.
    """

    source: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    rules: tuple[str, ...]
    problems: tuple[Finding, ...]
    grouping: str | None
    target_column: str | None
    proposed: dict[str, tuple[str, ...]]
    options: dict[str, tuple[str, ...]]
    command: str
    notes: tuple[str, ...]
    metadata: dict

    @property
    def usable(self) -> bool:
        """Whether the table can be trained on as the command says."""
        return all(problem.mend for problem in self.problems)

    def to_frame(self) -> pd.DataFrame:
        """Returns one row per column."""
        frame = pd.DataFrame([asdict(column) for column in self.columns])
        return frame.assign(remarks=["; ".join(column.remarks) for column in self.columns])

    def to_dict(self) -> dict:
        """Returns everything as values that JSON knows."""
        return json.loads(json.dumps({**asdict(self), "usable": self.usable}))

    def _repr_html_(self):
        names = ("name", "holds", "different", "missing", "example", "use", "remarks")
        rows = [list(map(str, row)) for row in self.to_frame()[list(names)].to_numpy()]
        problems = [(each.what, each.mend or each.cure) for each in self.problems]
        shown = html_table(("problem", "mended by"), problems) if problems else ""
        return heading(f"{self.source}: {self.rows:,} rows") + html_table(names, rows) + shown

    def __str__(self):
        """The profile as text, for a terminal."""
        return "\n".join(_lines(self))


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
    if data is not None and len(data.test_codes) < FEW_TESTED * TEST_SHARE * len(frame):
        notes.append(
            f"{len(data.test_codes):,} of {len(frame):,} rows are left to test on: a row with a text that no other has "
            "is trained on; leave out columns of many different texts (--drop)"
        )
    if data is None:
        _find_the_rest(frame, found, kept, given, findings, source)
    kinds = _kinds(found, kept, given)
    rules = _rules_of(data, frame, kinds, found, kept, given, findings)
    _check_names_can_be_given(given, grouping, target_column, place, findings)
    mended = {finding.column for finding in findings if finding.mend}
    columns = tuple(
        _column(frame[name], found[name], kinds[name], kept, target_column, given, rules, mended)
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
    try:
        return infer(series)
    except TypeError:  # they cannot be compared with each other
        kind = type(series.dropna().iloc[0]).__name__
        what = f"column {series.name!r} holds values of type {kind}: expected one number or text in each row"
        findings.append(
            Finding(what, "Take them apart, or leave it out.", series.name, f"--drop {series.name}")
        )
        return Inferred(EMPTY, "text", why=f"values of type {kind}")


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


def _column(series, found, kind, kept, target, given, rules, mended):
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
    example = _short(as_text(present.iloc[0]), LONGEST_EXAMPLE) if len(present) else ""
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


def _short(text, most):
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _lines(profile):
    """Yields the lines of the text."""
    yield readable(f"{profile.source}: {profile.rows:,} rows, {len(profile.columns)} columns")
    yield ""
    header = ("column", "holds", "different", "missing", "example", "use")
    rows = [
        (
            _short(column.name, LONGEST_NAME),
            column.holds,
            f"{column.different:,}",
            f"{column.missing:.1%}" if column.missing else "",
            column.example,
            column.use,
        )
        for column in profile.columns
    ]
    rows = [header, *(tuple(map(readable, row)) for row in rows)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(header))]
    for row in rows:
        cells = (
            cell.rjust(width) if place in (2, 3) else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
    remarks = [f"{column.name}: {text}" for column in profile.columns for text in column.remarks]
    apart = {
        use: [f"{c.name}: {c.why}" for c in profile.columns if c.use == use] for use in (LEFT_OUT, RENUMBERED)
    }
    yield from _part("Left out", apart[LEFT_OUT])
    yield from _part("Keys, numbered anew in synthetic rows", apart[RENUMBERED])
    yield from _part("Rules between columns, kept in every synthetic row", profile.rules)
    yield from _part("Worth a look", remarks)
    yield from _part("Notes", profile.notes)
    what = [
        " ".join(filter(None, (f"{each.what}.", each.cure, f"Below: {each.mend}." if each.mend else "")))
        for each in profile.problems
    ]
    yield from _part("Problems", what)
    yield from _part("Groups and target", list(_own(profile)))
    yield ""
    unmended = sum(not each.mend for each in profile.problems)
    yield "Train on it" + (f", once {_counted(unmended)} gone" if unmended else "")
    for line in profile.command.splitlines():  # whole, and without what a terminal obeys
        yield "  " + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def _counted(number):
    return (
        f"the {number} problems that no option mends are"
        if number > 1
        else "the problem that no option mends is"
    )


def _part(title, lines):
    if lines:
        yield ""
        yield title
        yield from (f"  {readable(line)}" for line in lines)


def _own(profile):
    for option, name in (("grouping", profile.grouping), ("target_column", profile.target_column)):
        if option not in profile.proposed:
            yield f"--{option} {name}"
            continue
        others = ", ".join(profile.proposed[option][:SHOWN_CANDIDATES])
        more = f"; other candidates: {others}" if others else ""
        yield f"--{option} {name or 'COLUMN'} (a proposal: name the one that you mean{more})"
