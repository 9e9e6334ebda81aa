"""Cells of the arena: a table, an engine, a sampling and a seed; a small JSON record each, written when it is made."""

import math
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import ConfigDict, TypeAdapter
from typing_extensions import TypedDict

from repfair_keras import __version__
from repfair_keras.core.errors import InputError, TrainingStopped
from repfair_keras.core.files import make_folder, write_json
from repfair_keras.core.progress import clock_of
from repfair_keras.core.reading import read_json
from repfair_keras.papers.tables.arena_data import ARENA, TABLES, ArenaTable, arena_table
from repfair_keras.papers.tables.arena_protocol import PROTOCOL, Split, measure_rows, split
from repfair_keras.papers.tables.engines import AS_IN_THE_DATA, ENGINES, Draw, trained
from repfair_keras.runs.numbers import NUMBERS
from repfair_keras.runs.versions import commit, versions

FORMAT = 1
SEEDS = (2024, 2025, 2026)
FOLDER = "tables"  # in the folder of records
STRICT = ConfigDict(strict=True, allow_inf_nan=False)


class Cell(NamedTuple):
    """What is measured together."""

    table: str
    engine: str
    sampling: str
    seed: int

    @property
    def id(self) -> str:
        """Its name, which is that of its file."""
        return "-".join(map(str, self))

    def __str__(self):
        return f"{self.table}, {self.engine}, {self.sampling}, seed {self.seed}"


class Grid(NamedTuple):
    """Which cells there are; a first seed of all engines comes before the second of any.

    Args:
        tables: names of tables.
        seeds: seeds of training and sampling.
        engines: names of engines; `None`: all that there are.
        samplings: samplings; `None`: those of each engine.
    """

    tables: tuple[str, ...] = ARENA
    seeds: tuple[int, ...] = SEEDS
    engines: tuple[str, ...] | None = None
    samplings: tuple[str, ...] | None = None

    def cells(self) -> list[Cell]:
        """Returns all cells, in the order in which they are made."""
        return [
            Cell(table, engine, sampling, seed)
            for seed in self.seeds
            for table in self.tables
            for engine in (ENGINES if self.engines is None else self.engines)
            for sampling in ENGINES[engine].samplings
            if self.samplings is None or sampling in self.samplings
        ]


WHOLE = Grid()
SMOKE = Grid(("diabetes",), SEEDS[:1], ("real", "cart"), (AS_IN_THE_DATA,))


class _Asked(TypedDict):
    __pydantic_config__ = STRICT
    auroc: float
    dpr: dict[str, float | None]
    eor: dict[str, float | None]


class _Measured(TypedDict):
    __pydantic_config__ = STRICT
    classifiers: dict[str, _Asked]
    shape: float | None
    trend: float | None
    copies: float
    copies_held_out: float


class _Data(TypedDict):
    __pydantic_config__ = STRICT
    rows: int
    train: int
    test: int
    fingerprint: str


class _Record(TypedDict):
    __pydantic_config__ = STRICT
    format: int
    protocol: int
    numbers: int
    id: str
    table: str
    engine: str
    sampling: str
    seed: int
    commit: str | None
    command: str
    data: _Data
    measured: _Measured
    seconds: float
    seconds_measuring: float


RECORD = TypeAdapter(_Record)


class Recorded(NamedTuple):
    """Records of a grid.

    Args:
        found: records of its cells, in the order of the grid.
        missing: `Cell`s without a record.
        old: ids among those found whose code has moved since: of an earlier protocol or version of the numbers.
        damaged: paths of files that cannot be read; their cells are missing.
    """

    found: list[dict]
    missing: list[Cell]
    old: list[str]
    damaged: list[Path]


class Outcome(NamedTuple):
    """What making cells has come to: ids that have a record, those made now, and a line for each failure."""

    done: list[str]
    made: list[str]
    failed: list[str]


def load_cells(folder: str | Path, grid: Grid) -> Recorded:
    """Reads the records of a grid.

    Args:
        folder: folder of records.
        grid: the grid.

    Raises:
        InputError: if records of one table are of different rows.
    """
    found, missing, old, damaged = [], [], [], []
    for cell in grid.cells():
        path = Path(folder) / f"{cell.id}.json"
        record = read_cell(path) if path.is_file() else None
        if record is None:
            missing.append(cell)
            damaged += [path] if path.is_file() else []
        else:
            found.append(record)
            old += [cell.id] if is_old(record) else []
    _check_one_kind_of_rows(found, folder)
    return Recorded(found, missing, old, damaged)


def is_old(record: dict) -> bool:
    """Whether a record was made by an earlier protocol or version of the numbers."""
    return (record["protocol"], record["numbers"]) != (PROTOCOL, NUMBERS)


def read_cell(path: Path) -> dict | None:
    """Returns the record in a file; `None` if it is half-written, damaged or none."""
    try:
        record = RECORD.validate_python(read_json(path))
    except (ValueError, TypeError):  # InputError and pydantic's errors are ValueErrors
        return None
    cell = Cell(*(record[name] for name in Cell._fields))
    return record if record["format"] == FORMAT and record["id"] == cell.id == path.stem else None


def run_cells(
    folder: str | Path,
    grid: Grid,
    data_dir: str | Path | None = None,
    command: str = "",
    tell: Callable[[str], None] | None = None,
) -> Outcome:
    """Makes the cells that have no record, or an old one, and records each as soon as it is made.

    A table whose data is not there is left out, and a cell that fails does not keep the others.

    Args:
        folder: folder of records.
        grid: the cells.
        data_dir: folder of the data; `None` downloads it.
        command: what the user typed, for the records.
        tell: function that shows a line of progress; `None` writes to standard error.

    Raises:
        InputError: if records are of other rows than there are here.
        TrainingStopped: after Ctrl-C; what is recorded stays, and the same command goes on.
    """
    tell = _to_stderr if tell is None else tell
    make_folder(folder)
    known = load_cells(folder, grid)
    for path in known.damaged:
        tell(f"{path} is damaged or half-written: its cell is made again.")
    again = {*known.old}
    todo = [cell for cell in grid.cells() if cell in known.missing or cell.id in again]
    tables = dict(_loaded([cell.table for cell in todo], data_dir, known.found, folder, tell))
    todo = [cell for cell in todo if cell.table in tables]
    made, failed, records = [], [], {record["id"]: record for record in known.found}
    last = None
    try:
        for number, cell in enumerate(todo):
            left = _left(todo[number:], records.values())
            tell(f"cell {number + 1} of {len(todo)}: {cell}{left}")
            try:
                record, last = make_cell(cell, *tables[cell.table], command, last)
            except Exception as error:  # whatever an engine may raise ends that cell alone
                lines = str(error).splitlines() or [""]
                failed.append(f"{cell}: {type(error).__name__}: {lines[0][:300]}")
                tell(f"failed: {failed[-1]}")
            else:
                write_json(Path(folder) / f"{cell.id}.json", record)
                records[cell.id] = record
                made.append(cell.id)
    except KeyboardInterrupt as stop:
        raise TrainingStopped(
            f"Cells that were made, {len(made)} of them now, are recorded in {folder}; the same command goes on."
        ) from stop
    return Outcome(list(records), made, failed)


class Trained(NamedTuple):
    """An engine that has learnt from a table, kept for the next sampling: training takes most of the time."""

    of: tuple[str, str, int]
    draw: Draw
    seconds: float


def make_cell(
    cell: Cell, table: ArenaTable, parts: Split, command: str = "", last: Trained | None = None
) -> tuple[dict, Trained]:
    """Makes the rows of a cell and measures them.

    Args:
        cell: the cell.
        table: its table.
        parts: the rows of it that are trained and tested on.
        command: what the user typed.
        last: what the cell before has trained; taken if it is what this one needs.

    Returns:
        Its record, whose seconds are those of training and sampling, whenever it was trained; and what was trained.
    """
    spec, of = table.spec, (cell.table, cell.engine, cell.seed)
    if last is None or last.of != of:
        started = time.monotonic()
        draw = trained(cell.engine, parts.train, list(spec.sensitive), spec.target, cell.seed)
        last = Trained(of, draw, time.monotonic() - started)
    started = time.monotonic()
    rows = last.draw(len(parts.train), cell.sampling)
    made = time.monotonic()
    measured = measure_rows(table, parts, rows, cell.seed)
    record = {
        "format": FORMAT,
        "protocol": PROTOCOL,
        "numbers": NUMBERS,
        "id": cell.id,
        **cell._asdict(),
        "version": __version__,
        "commit": commit(),
        "command": command,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": {
            "rows": len(table.frame),
            "train": len(parts.train),
            "test": len(parts.test),
            "fingerprint": table.fingerprint,
        },
        "measured": measured,
        "seconds": round(last.seconds + made - started, 3),
        "seconds_measuring": round(time.monotonic() - made, 3),
        "packages": versions()["packages"],
    }
    return record, last


def _loaded(names, data_dir, found, folder, tell):
    """Yields the tables that are there, each with its parts."""
    for name in dict.fromkeys(names):
        try:
            table = arena_table(name, data_dir)
        except InputError as error:
            tell(f"{TABLES[name].title} is left out: {error}")
            continue
        here = {record["data"]["fingerprint"] for record in found if record["table"] == name}
        if here - {table.fingerprint}:
            raise InputError(
                f"{folder} has records of other rows of {TABLES[name].title} than there are here: name another "
                "folder for your own with --records, and one for the pages with --out."
            )
        yield name, (table, split(table))


def _check_one_kind_of_rows(records, folder):
    kinds = {}
    for record in records:
        first = kinds.setdefault(record["table"], record)
        if first["data"]["fingerprint"] != record["data"]["fingerprint"]:
            raise InputError(
                f"{folder} has records of different rows of {record['table']} ({first['id']} of "
                f"{first['data']['rows']:,}, {record['id']} of {record['data']['rows']:,}): keep each kind in a "
                "folder of its own, and name it with --records."
            )


def _left(cells: list[Cell], records: Iterable[dict]) -> str:
    """What the cells will take, as text; empty where no cell was ever made."""
    took = [(record, record["seconds"] + record["seconds_measuring"]) for record in records]
    return f"; about {clock_of(sum(_seconds(cell, took) for cell in cells))} left" if took else ""


def _seconds(cell, took):
    """What a cell will take: the mean of those of its engine on its table, or of its engine, or of any."""
    for alike in (("engine", "table"), ("engine",), ()):
        known = [
            seconds for record, seconds in took if all(record[name] == getattr(cell, name) for name in alike)
        ]
        if known:
            return math.fsum(known) / len(known)
    return 0.0


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
