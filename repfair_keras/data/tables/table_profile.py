"""A table looked at: what each column holds, what is wrong with it and what mends it, as objects and as text."""

import json
from dataclasses import asdict, dataclass

import pandas as pd

from repfair_keras.core.errors import readable
from repfair_keras.core.html import heading
from repfair_keras.core.html import table as html_table

LEFT_OUT, MODELLED, RENUMBERED, GIVEN = "left out", "modelled", "renumbered", "given by a rule"
SHOWN_CANDIDATES, LONGEST_NAME = 6, 40


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


def shortened(text, most):
    """Returns a text, of which at most so many characters are shown."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _lines(profile):
    """Yields the lines of the text."""
    yield readable(f"{profile.source}: {profile.rows:,} rows, {len(profile.columns)} columns")
    yield ""
    header = ("column", "holds", "different", "missing", "example", "use")
    rows = [
        (
            shortened(column.name, LONGEST_NAME),
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
