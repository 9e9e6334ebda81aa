"""Of a random search the best setting of each method is the one that the registration's rule takes."""

from pathlib import Path

import pytest
from toy_records import toy_records

from repfair_keras.papers.figure import Material
from repfair_keras.papers.registered import search
from repfair_keras.papers.registered.registration import arms_of, read_registration
from repfair_keras.papers.registered.search import Tried, best
from repfair_keras.sweeps.grid import read_sweep
from repfair_keras.sweeps.identity import record_values

FILE = Path(__file__).resolve().parents[3] / "docs/registration/search.yaml"


def tried(*runs):
    names = ("class_gap", "fid", "right_label", "undecided")
    return [Tried({}, dict(zip(names, run, strict=True))) for run in runs]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([(0.1, 2.0, 0.9, 0.1), (0.3, 1.0, 0.9, 0.1), (0.2, 0.9, 0.9, 0.1)], 2),
        (
            [(0.1, 1.0, 0.79, 0.1), (0.3, 3.0, 0.8, 0.25), (0.2, 4.0, 0.9, 0.1)],
            1,
        ),  # of equal sums, the lower FID
        ([(0.1, 1.0, 0.9, 0.26), (0.3, 3.0, 0.9, 0.1), (0.2, 4.0, 0.9, 0.1)], 1),
        ([(0.1, 1.0, 0.5, 0.1), (0.3, 3.0, 0.9, 0.1)], 0),  # one that qualifies is no choice: all are ranked
        ([(0.1, 1.0, None, 0.1), (0.3, 3.0, 0.9, 0.1), (0.2, 4.0, 0.9, 0.1)], 1),
        ([(None, 1.0, 0.9, 0.1), (0.3, None, 0.9, 0.1), (0.2, 4.0, 0.9, 0.1)], 2),
    ],
)
def test_the_best_by_the_rule(runs, expected):
    all_of_them = tried(*runs)
    assert best(all_of_them) is all_of_them[expected]


def test_without_numbers_there_is_none():
    assert best([]) is None
    assert best(tried((None, None, None, None))) is None


def toy_record(number, config):
    values = record_values(config)
    (made,) = toy_records(method=[values["method"]], seed=[values["seed"]])
    measured = {
        "class_gap": 0.1 + number % 7 / 20,
        "fid": 1 + number % 5,
        "right_label": 0.9,
        "undecided": 0.1,
    }
    log = [{"epoch": 1, "step": 156, "share/black": 0.4, "share/white": 0.6, **measured}]
    return {**made, "config": values, "log": log, "id": f"{number:016x}"}


@pytest.fixture(scope="module")
def material():
    records = [toy_record(number, config) for number, config in enumerate(read_sweep("search").configs)]
    return Material(records, {}, read_registration(FILE))


def test_every_run_is_of_one_arm_and_every_method_has_as_many():
    registered = read_registration(FILE)
    arms = [arms_of(registered.plan, record_values(config)) for config in read_sweep("search").configs]
    assert {len(found) for found in arms} == {1}
    assert {name: arms.count([name]) for name in registered.plan.arms} == dict.fromkeys(
        registered.plan.arms, 24
    )


def test_the_page_names_the_settings_of_the_best(material):
    measured = search.measure(material)
    lines = [line.split(" | ") for line in measured.text.splitlines() if line.startswith("| ")]
    header = next(line for line in lines if "settings that qualify" in line)
    (repfair,) = (line for line in lines if line[0] == "| repfair" and len(line) == len(header))
    chosen = dict(zip(header, repfair, strict=True))
    rows = [row for row in measured.rows if row["arm"] == "repfair"]
    assert any(
        f"{row['d_learning_rate']:g}" == chosen["d learning rate"]
        and f"{row['max_grad_norm']:g}" == chosen["max grad norm"]
        for row in rows
    )
    assert chosen["real weight"] == "-", "which it has not drawn"
    assert len(measured.rows) == 120


def test_the_picture_shows_every_run_and_rings_the_best(material):
    axes = search.plot(material).axes[0]
    rings = [dots for dots in axes.collections if len(dots.get_facecolors()) == 0]
    assert len(rings) == 5
    assert sum(len(dots.get_offsets()) for dots in axes.collections) == 125
    assert search.plot(Material([], {}, material.registered)) is None
