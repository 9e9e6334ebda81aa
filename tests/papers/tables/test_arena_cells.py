"""Cells of the arena: made once, resumed, refused where rows are others; records that are damaged or old."""

import json
import time

import pytest
from toy_cells import toy_cell

from repfair_keras.core.errors import InputError, TrainingStopped
from repfair_keras.papers.tables import arena_protocol, cells, engines
from repfair_keras.papers.tables.arena_protocol import GRADIENT_BOOSTING, PROTOCOL
from repfair_keras.papers.tables.cells import SMOKE, Cell, Grid, load_cells, read_cell, run_cells
from repfair_keras.papers.tables.engines import Engine

TINY = Grid(("diabetes",), (0, 1), ("real", "independent_columns"))


@pytest.fixture(autouse=True)
def one_classifier(monkeypatch):
    monkeypatch.setattr(arena_protocol, "classifiers", lambda: (GRADIENT_BOOSTING,))


def write(folder, record):
    folder.mkdir(exist_ok=True)
    path = folder / f"{record['id']}.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_a_first_seed_of_all_comes_before_the_second_of_any():
    grid = Grid(("adult", "bank"), (5, 6), ("real", "independent_columns"))
    made = grid.cells()
    assert [cell.seed for cell in made] == [5] * (len(made) // 2) + [6] * (len(made) // 2)
    assert len({cell.id for cell in made}) == len(made) == 2 * 2 * 3
    assert made[0] == Cell("adult", "real", "as_in_the_data", 5)
    assert Cell("adult", "independent_columns", "independent", 5) not in made, (
        "it is no sampling of that engine"
    )


def test_a_new_engine_has_cells(monkeypatch):
    monkeypatch.setitem(engines.ENGINES, "toy", Engine("Toy", lambda *arguments: None))
    assert Cell("german", "toy", "independent", 2026) in Grid().cells()
    assert {cell.engine for cell in SMOKE.cells()} == {"real", "cart"}


def test_an_engine_is_trained_once_for_all_samplings(tmp_path, monkeypatch):
    calls = []

    def train(train_frame, sensitive, target, seed):
        calls.append(seed)
        time.sleep(0.3)
        return lambda n, sampling: train_frame

    monkeypatch.setitem(engines.ENGINES, "once", Engine("once", train))
    grid = Grid(("diabetes",), (0, 1), ("once",))
    made = run_cells(tmp_path, grid, tell=lambda line: None).made
    assert (len(made), calls) == (4, [0, 1])
    assert all(read_cell(tmp_path / f"{name}.json")["seconds"] >= 0.3 for name in made)


def test_cells_are_made_once_and_read_again(tmp_path):
    told = []
    outcome = run_cells(tmp_path, TINY, command="the command", tell=told.append)
    assert len(outcome.made) == len(outcome.done) == 6 and outcome.failed == []
    assert told[0] == "cell 1 of 6: diabetes, real, as_in_the_data, seed 0", "no estimate without a cell"
    assert told[1].startswith("cell 2 of 6: diabetes, real, independent, seed 0; about 0:")
    again = run_cells(tmp_path, TINY, tell=told.append)
    assert (again.made, sorted(again.done), len(told)) == ([], sorted(outcome.done), 6)
    known = load_cells(tmp_path, TINY)
    assert (known.missing, known.old, known.damaged) == ([], [], [])
    assert [record["id"] for record in known.found] == [cell.id for cell in TINY.cells()]
    (real,) = [record for record in known.found if record["id"] == "diabetes-real-as_in_the_data-1"]
    assert real["measured"]["copies"] == 1 and real["command"] == "the command"
    assert real["data"] | {"fingerprint": ""} == {"rows": 442, "train": 221, "test": 111, "fingerprint": ""}
    assert 0.7 < real["measured"]["classifiers"][GRADIENT_BOOSTING]["auroc"] < 0.95
    assert not list(tmp_path.glob(".*")), "nothing half-written is left"


def test_what_was_stopped_goes_on(tmp_path, monkeypatch):
    calls = []

    def stops(train, *rest):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return lambda n, sampling: train

    monkeypatch.setitem(engines.ENGINES, "slow", Engine("slow", stops, ("as_in_the_data",)))
    grid = Grid(("diabetes",), (0, 1, 2), ("slow",))
    with pytest.raises(TrainingStopped, match=r"1 of them now, are recorded in .* the same command goes on"):
        run_cells(tmp_path, grid, tell=lambda line: None)
    assert len(load_cells(tmp_path, grid).found) == 1
    assert len(run_cells(tmp_path, grid, tell=lambda line: None).made) == 2
    assert len(calls) == 4


def test_a_cell_that_fails_does_not_keep_the_others(tmp_path, monkeypatch):
    monkeypatch.setitem(engines.ENGINES, "broken", Engine("broken", lambda *a: 1 / 0, ("as_in_the_data",)))
    told = []
    outcome = run_cells(tmp_path, Grid(("diabetes",), (0,), ("broken", "real")), tell=told.append)
    assert outcome.failed == ["diabetes, broken, as_in_the_data, seed 0: ZeroDivisionError: division by zero"]
    assert len(outcome.made) == 2 and f"failed: {outcome.failed[0]}" in told


def test_a_table_whose_data_is_not_there_is_left_out(tmp_path):
    told = []
    outcome = run_cells(
        tmp_path / "records", Grid(("german", "diabetes"), (0,), ("real",)), tmp_path, tell=told.append
    )
    assert [name.split("-")[0] for name in outcome.made] == ["diabetes", "diabetes"]
    assert any(line.startswith("German is left out: ") for line in told)


def test_records_of_other_rows_are_refused(tmp_path):
    write(tmp_path, toy_cell("diabetes", rows=400, fingerprint="of other rows", seed=0))
    with pytest.raises(InputError, match="records of other rows of Diabetes than there are here"):
        run_cells(tmp_path, TINY, tell=lambda line: None)
    write(tmp_path, toy_cell("diabetes", rows=442, seed=1))
    with pytest.raises(InputError, match=r"different rows of diabetes \(.* of 400, .* of 442\)"):
        load_cells(tmp_path, TINY)


def test_old_records_are_shown_and_made_again(tmp_path):
    fresh = run_cells(tmp_path, SMOKE, tell=lambda line: None).made
    path = tmp_path / f"{fresh[0]}.json"
    record = json.loads(path.read_text())
    write(tmp_path, record | {"protocol": PROTOCOL - 1})
    known = load_cells(tmp_path, SMOKE)
    assert known.old == [fresh[0]] and len(known.found) == len(fresh)
    assert run_cells(tmp_path, SMOKE, tell=lambda line: None).made == [fresh[0]]
    assert json.loads(path.read_text())["protocol"] == PROTOCOL


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: text.replace('"auroc": 0.9', '"auroc": "good"'),
        lambda text: text.replace('"auroc": 0.9', '"auroc": NaN'),
        lambda text: text.replace('"seed": 2024', '"seed": 2025'),
        lambda text: text.replace('"format": 1', '"format": 99'),
    ],
)
def test_damaged_records_are_missing(tmp_path, damage):
    record = toy_cell()
    path = write(tmp_path, record)
    assert read_cell(path) == record
    path.write_text(damage(path.read_text()))
    known = load_cells(tmp_path, Grid(("adult",), (2024,), ("real",), ("as_in_the_data",)))
    assert known.found == [] and known.damaged == [path]
    assert known.missing == [Cell("adult", "real", "as_in_the_data", 2024)]


def test_a_full_disk_ends_it(tmp_path, monkeypatch):
    def full(path, value):
        raise OSError("disk full")

    monkeypatch.setattr(cells, "write_json", full)
    with pytest.raises(OSError, match="disk full"):
        run_cells(tmp_path, SMOKE, tell=lambda line: None)


def test_progress_goes_to_standard_error(tmp_path, capsys):
    run_cells(tmp_path, SMOKE)
    shown = capsys.readouterr()
    assert shown.out == "" and "cell 2 of 2: diabetes, cart" in shown.err


def test_rows_reach_the_record_as_strict_json(tmp_path, monkeypatch):
    empty = Engine("empty", lambda train, *rest: lambda *asked: train.assign(progression="below median"))
    monkeypatch.setitem(engines.ENGINES, "empty", empty)
    (name,) = run_cells(tmp_path, Grid(("diabetes",), (0,), ("empty",), ("as_in_the_data",))).made
    asked = read_cell(tmp_path / f"{name}.json")["measured"]["classifiers"][GRADIENT_BOOSTING]
    assert asked == {"auroc": 0.5, "dpr": {"sex": None}, "eor": {"sex": None}}
