"""The records of the repository: whole, of one version of the numbers, and named by what they are."""

from pathlib import Path

import pytest

from repfair_keras.runs.config import config_from_dict
from repfair_keras.sweeps.grid import packaged_sweeps, read_sweep
from repfair_keras.sweeps.identity import record_id, settings_of
from repfair_keras.sweeps.records import load_records

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reproduction" / "records"


@pytest.fixture(scope="module")
def records():
    """All records, of whatever version: pages use the newest that has any."""
    known = load_records(FOLDER)
    assert known.damaged == []
    return [*known.found, *known.others]


def test_those_of_a_page_are_of_one_version(records):
    for name in packaged_sweeps():
        wanted = {settings_of(config) for config in read_sweep(name).configs}
        found = {record["numbers"] for record in records if settings_of(record["config"]) in wanted}
        assert len(found) <= 1, name


def test_names_are_what_the_code_gives_now(records):
    for record in records:
        config = config_from_dict(record["config"], unread="drop")
        assert record_id(config, record["data"]["fingerprint"], record["numbers"]) == record["id"]


def test_each_is_of_a_sweep_of_the_package(records):
    wanted = {settings_of(config) for name in packaged_sweeps() for config in read_sweep(name).configs}
    assert {settings_of(record["config"]) for record in records} <= wanted


def test_they_come_from_commits_and_not_from_changed_code(records):
    for record in records:
        assert len(record["commit"]) == 40, record["id"]


def test_recorded_generators_of_codes_have_the_deviations_of_real_codes(records):
    ratios = {
        record["id"]: record["report"]["codes"]["deviation_ratio"]
        for record in records
        if record["config"]["method"].startswith("fld_")
    }
    assert ratios
    wrong = {name: ratio for name, ratio in ratios.items() if max(abs(each - 1) for each in ratio) > 0.15}
    assert wrong == {}


def test_they_tell_nothing_of_the_machine_s_folders(records):
    for path in FOLDER.glob("*.json"):
        text = path.read_text()
        assert "/tmp/" not in text and "/home/" not in text and "/root/" not in text, path
