"""A registration is read and held against its sweep, its records, and what was known before."""

import subprocess
from pathlib import Path

import pytest
import yaml
from toy_records import toy_records

from repfair_keras.core.errors import InputError
from repfair_keras.papers.registered.registration import (
    Registered,
    came_first,
    check_registration,
    read_registration,
)
from repfair_keras.runs.config import configure
from repfair_keras.sweeps.grid import packaged_sweeps, read_sweep
from repfair_keras.sweeps.identity import record_values

FOLDER = Path(__file__).resolve().parents[3] / "docs/registration"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.fixture
def content():
    return yaml.safe_load((FOLDER / "confirm.yaml").read_text("utf-8"))


def written(tmp_path, content):
    path = tmp_path / "block.yaml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return path


def configs(seeds=range(100, 102), methods=("gan", "repfair"), **settings):
    return [
        configure(dataset="mnist", method=m, seed=s, steps=60, **settings) for s in seeds for m in methods
    ]


@pytest.fixture
def small(content, tmp_path):
    """A registration of two arms of two runs."""
    content["arms"] = {name: {"settings": {"method": name}, "seeds": 2} for name in ("gan", "repfair")}
    content["hypotheses"] = {name: content["hypotheses"][name] for name in ("H1", "H2")}
    content["amendments"] = []
    return read_registration(written(tmp_path, content))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_registration_fits_its_sweep(path):
    registered = read_registration(path)
    assert registered.plan.sweep in packaged_sweeps()
    check_registration(registered, read_sweep(registered.plan.sweep).configs, [])
    assert f"[{path.name}]({path.name})" in (FOLDER / "README.md").read_text("utf-8")


def test_what_fits_is_taken(small):
    check_registration(small, configs(), [])


def test_settings_that_are_not_those_of_the_arms_are_refused(small):
    with pytest.raises(InputError, match=r"\(clipping_only, seed 100\) fits no arm"):
        check_registration(small, configs(methods=("gan", "clipping_only")), [])


def test_a_run_of_two_arms_is_refused(content, tmp_path):
    content["arms"] = {name: {"settings": {"dataset": "mnist"}, "seeds": 4} for name in ("gan", "repfair")}
    content["hypotheses"] = {"H1": content["hypotheses"]["H1"]}
    content["amendments"] = []
    with pytest.raises(InputError, match=r"\(gan, seed 100\) fits the arms gan, repfair"):
        check_registration(read_registration(written(tmp_path, content)), configs(), [])


def test_another_number_of_seeds_is_refused(small):
    with pytest.raises(InputError, match="arm 'gan' is registered with 2 seeds, but sweep 'confirm' has 3"):
        check_registration(small, configs(range(100, 103)), [])


def records_of(configs, **changes):
    made = toy_records(seed=[100], method=["gan"])[0]
    return [{**made, "config": record_values(config), **changes} for config in configs]


def test_seeds_that_were_used_before_are_refused(small):
    old = records_of(
        configs(range(101, 102), ["clipping_only"]), finished="2026-01-05T00:00:00+00:00", id="0123"
    )
    with pytest.raises(
        InputError, match=r"seeds 101 were used before it was written \(2026-11-26\), by 1 runs such as 0123"
    ):
        check_registration(small, configs(), old)
    later = [{**record, "finished": "2026-12-05T00:00:00+00:00"} for record in old]
    check_registration(small, configs(), later)
    check_registration(
        small, configs(), records_of(configs(range(5, 6)), finished="2026-01-05T00:00:00+00:00")
    )


def test_runs_of_other_numbers_are_refused(small):
    with pytest.raises(
        InputError, match="registers runs of numbers 2, but there are some of 1 among the records"
    ):
        check_registration(small, configs(), records_of(configs(), numbers=1))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c.pop("arms"), "arms: Field required"),
        (lambda c: c.update(secret=1), "secret: Extra inputs are not permitted"),
        (
            lambda c: c["hypotheses"]["H1"].update(arms=["gan", "nobody"]),
            "H1 names 'nobody', but the arms are",
        ),
        (
            lambda c: c["hypotheses"]["H2"].update(claimed="equal"),
            "H2: `equal` is tested by `tost` with a margin",
        ),
        (lambda c: c["hypotheses"]["H5"].pop("margin"), "H5: `equal` is tested by `tost` with a margin"),
        (lambda c: c["hypotheses"]["H1"].update(endpoint="class_gap"), "`lost` by `fisher`"),
        (
            lambda c: c["amendments"].append(
                {"date": 1, "known": "All.", "change": "Words.", "papers": {"H9": "No."}}
            ),
            "amendments name H9, but the hypotheses are H1",
        ),
        (lambda c: c["hypotheses"]["H1"].update(test="t"), "hypotheses.H1.test: Input should be"),
    ],
)
def test_what_is_no_registration_is_refused(content, tmp_path, change, told):
    change(content)
    with pytest.raises(InputError) as error:
        read_registration(written(tmp_path, content))
    assert told in str(error.value)


def test_a_file_that_is_not_there_or_no_yaml_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not there: expected a registration in YAML"):
        read_registration(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("a: [1")
    with pytest.raises(InputError, match="cannot be read as YAML"):
        read_registration(tmp_path / "bad.yaml")


def git(folder, *arguments):
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    return subprocess.run(
        ["git", "-C", folder, *who, *arguments], capture_output=True, text=True, check=True
    ).stdout


def test_the_commit_that_added_it_is_found_and_held_against_those_of_runs(content, tmp_path):
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "before")
    before = git(tmp_path, "rev-parse", "HEAD").strip()
    path = written(tmp_path, content)
    assert read_registration(path).commit is None, "not committed"
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "registered")
    added = git(tmp_path, "rev-parse", "HEAD").strip()
    registered = read_registration(path)
    assert registered.commit == added
    assert came_first(registered, added) is True
    assert came_first(registered, before) is False
    assert came_first(registered, added + "+") is False, "nobody knows what that code held"
    assert came_first(registered, None) is came_first(registered, "f" * 40) is None
    papers, checkpoints = {"H1": "It says another thing."}, "last"
    amendment = {"date": "2026-12-01", "known": "Nothing.", "change": "A word."}
    content["amendments"] = [{**amendment, "papers": papers, "checkpoints": checkpoints}]
    written(tmp_path, content)
    git(tmp_path, "commit", "-q", "-am", "amended")
    registered = read_registration(path)
    assert registered.commit == added and came_first(registered, added) is True
    content["hypotheses"]["H5"]["margin"] = 10.0
    written(tmp_path, content)
    assert came_first(read_registration(path), added) is False, "another margin than when the runs were made"
    assert came_first(Registered(registered.plan, None, path), added) is None
