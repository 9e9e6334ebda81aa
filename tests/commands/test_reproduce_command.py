"""`python -m repfair_keras.reproduce`: figures from tiny runs, by the way that the real ones take."""

import dataclasses
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
import toy_tables
from PIL import Image
from toy_records import toy_records

from repfair_keras.commands import reproduce as entry
from repfair_keras.commands.command_line import call
from repfair_keras.core.errors import InputError
from repfair_keras.papers.figure import VERDICTS
from repfair_keras.papers.page import stem_of
from repfair_keras.papers.reproduce import check_same_data, chosen, configs_of, figures_named, reproduce
from repfair_keras.registry import lookup, names
from repfair_keras.runs.config import configure
from repfair_keras.runs.numbers import NUMBERS
from repfair_keras.sweeps.identity import record_values, settings_of
from repfair_keras.sweeps.records import write_record

FIGURES = names("paper_figure")


def run_command(*words, folder, timeout=None):
    """Runs the command in a folder as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "repfair_keras.reproduce", *words],
        cwd=folder,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def check_files(folder, name):
    """Whether picture, numbers and page of a figure are there, and say what they have to."""
    stem = stem_of(name)
    assert (folder / f"{stem}.png").read_bytes().startswith(b"\x89PNG")
    assert len((folder / f"{stem}.csv").read_text().splitlines()) >= 2
    page = (folder / f"{stem}.md").read_text()
    assert "They say nothing" in page
    assert lookup("paper_figure", name).claim in page
    assert any(f"**Verdict: {verdict}.**" in page for verdict in VERDICTS)
    assert f"python -m repfair_keras.reproduce {name}" in page


def check_verdicts(folder, figures):
    """Whether all figures have a line in the table of verdicts."""
    lines = (folder / "verdicts.md").read_text().splitlines()
    assert len([line for line in lines if line.startswith(("| [", "### ["))]) == len(figures)
    for name in figures:
        assert any(f"]({stem_of(name)}.md)" in line for line in lines)


def toy_record(config):
    """A record of a run that never was, under the identity of one that could be."""
    flat = record_values(config)
    if config.modality.name == "tables":
        record = {**toy_records()[0], **toy_tables.record(flat["method"], flat["seed"], flat["alpha"])}
        record["data"] = {**record["data"], "fingerprint": "a table"}
    else:
        settings = ("dataset", "method", "seed", "grouping", "share", "max_grad_norm")
        (record,) = toy_records(**{name: [flat[name]] for name in settings})
    values = flat.items()
    stored = {k: str(v) if isinstance(v, float) and not math.isfinite(v) else v for k, v in values}
    return {**record, "config": stored}


def test_all_figures_of_the_paper_are_there():
    assert {str(number) for number in range(1, 10)} <= set(FIGURES)


# The other one, of runs on latents of images, has no toy records: see `papers/fldgm/test_colours.py`.
@pytest.mark.parametrize("name", [name for name in FIGURES if name != "fld_colours"])
def test_every_figure_is_plotted_from_records_of_its_tiny_runs(name, tmp_path, monkeypatch):
    monkeypatch.setattr("repfair_keras.papers.reproduce.FORMATS", ("png",))  # one is enough here
    configs = configs_of(lookup("paper_figure", name), smoke=True)
    as_recorded([toy_record(config) for config in configs], tmp_path / "records", picture=picture())
    (tmp_path / "records").mkdir(exist_ok=True)
    reproduce(name, tmp_path / "records", tmp_path / "out", smoke=True)
    check_files(tmp_path / "out", name)
    assert "Not recorded yet" not in (tmp_path / "out" / f"{stem_of(name)}.md").read_text()


WHOLE = bool(os.environ.get("REPFAIR_EVERYTHING"))
KINDS = FIGURES if WHOLE else ("4", "fld_codes", "tables_arena")


@pytest.mark.slow
def test_smoke_trains_and_plots_figures_of_every_kind_and_trains_once(tmp_path):
    """Of images, of latents, of cells; that all can be plotted is tested above."""
    result = run_command("all" if WHOLE else ",".join(KINDS), "--smoke", "--workers", "2", folder=tmp_path)
    assert result.returncode == 0, result.stderr[-3000:]
    folder = tmp_path / entry.SMOKE / "figures"
    for name in KINDS:
        check_files(folder, name)
        assert (folder / f"{stem_of(name)}.pdf").read_bytes().startswith(b"%PDF")
    if WHOLE:  # which alone writes the page of all verdicts
        check_verdicts(folder, KINDS)
    # What is recorded is plotted in a moment.
    again = run_command("4", "--smoke", folder=tmp_path, timeout=120)
    assert again.returncode == 0, again.stderr
    assert "Figure 4" in again.stdout
    assert "run/s" not in again.stderr


def picture():
    """A small PNG."""
    file = io.BytesIO()
    Image.new("L", (20, 10)).save(file, "PNG")
    return file.getvalue()


def as_recorded(records, folder, picture=None, **changes):
    """Writes toy records under the identity of runs of a sweep, each with the same picture."""
    for number, record in enumerate(records):
        kept = {key: value for key, value in record.items() if key != "picture"}
        write_record(folder, {**kept, "id": f"{number:016x}", **changes}, picture)


@pytest.fixture
def methods():
    """Resolved configurations of figure 4, and a toy record for each."""
    configs = configs_of(lookup("paper_figure", "4"))
    return configs, [toy_record(config) for config in configs]


def test_pages_tell_what_is_missing(methods, tmp_path):
    configs, records = methods
    as_recorded(records[:-5], tmp_path / "records")
    done = reproduce("4", tmp_path / "records", tmp_path / "out")
    page = (tmp_path / "out" / "figure_4.md").read_text()
    assert done.verdict in VERDICTS
    assert f"{len(records) - 5} runs" in page
    assert "Not recorded yet" in page
    assert f"seed {configs[-1].training.seed}" in page


def test_records_of_other_settings_are_not_drawn(methods, tmp_path):
    configs, records = methods
    other = [{**record, "config": {**record["config"], "steps": 7}} for record in records]
    as_recorded(other, tmp_path)
    assert chosen(tmp_path, configs) == ([], configs)


def test_another_dataset_takes_the_place_of_the_stand_in():
    figure = lookup("paper_figure", "5")
    assert {config.data.dataset for config in configs_of(figure)} == {"cifar10"}
    assert {config.data.dataset for config in configs_of(figure, dataset="svhn")} == {"svhn"}


def test_runs_on_different_data_are_refused(methods, tmp_path):
    configs, records = methods
    records[1] = {
        **records[1],
        "data": {**records[1]["data"], "fingerprint": "other", "source": "half of it"},
    }
    as_recorded(records, tmp_path)
    with pytest.raises(InputError, match=r"different data under one name .*half of it"):
        chosen(tmp_path, configs)


def test_records_of_another_version_are_never_mixed_with_those_of_the_present(methods, tmp_path, capsys):
    configs, records = methods
    as_recorded(records, tmp_path, numbers=0)
    found, missing = chosen(tmp_path, configs)
    assert len(found) == len(records) and missing == []
    assert (
        f"{len(records)} records in {tmp_path} are of another version of the numbers: used where a figure has none"
        in (capsys.readouterr().out)
    )
    page = reproduce("4", tmp_path, tmp_path / "out").files[-1].read_text()
    assert f"older than the present version of the numbers, {NUMBERS}" in page
    as_recorded(records[:1], tmp_path)
    found, missing = chosen(tmp_path, configs)
    assert [record["numbers"] for record in found] == [NUMBERS]
    assert len(missing) == len(records) - 1


def test_settings_survive_the_file(methods, tmp_path):
    configs, _ = methods
    stored = json.loads(json.dumps(record_values(configs[0])))
    assert settings_of(stored) == settings_of(configs[0])
    config = configure(share=[0.3, 0.7])
    assert settings_of(config) == settings_of(json.loads(json.dumps(record_values(config))))


def test_an_unknown_figure_lists_the_known(capsys, tmp_path):
    with pytest.raises(SystemExit) as stopped:
        call(entry.main, ["10", "--out", str(tmp_path)])
    assert stopped.value.code == 2
    assert "unknown paper_figure '10'" in capsys.readouterr().err
    assert not list(Path(tmp_path).iterdir())


def test_without_records_the_pages_say_so(tmp_path, capsys):
    (tmp_path / "none").mkdir()
    call(entry.main, ["4", "--out", str(tmp_path), "--records", str(tmp_path / "none")])
    assert "not judged yet" in capsys.readouterr().out
    assert "Not recorded yet" in (tmp_path / "figure_4.md").read_text()


def test_a_folder_of_records_that_is_not_there_is_an_error(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        call(entry.main, ["8", "--out", str(tmp_path / "out"), "--records", str(tmp_path / "none")])
    assert stopped.value.code == 2
    assert "expected a folder of records" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_one_figure_that_fails_does_not_keep_the_others(methods, tmp_path, capsys, monkeypatch):
    as_recorded(methods[1][:4], tmp_path / "records")

    def fails(*arguments):
        raise InputError("this one fails")

    figure = lookup("paper_figure", "3")
    broken = dataclasses.replace(figure, measure=fails)
    monkeypatch.setattr("repfair_keras.papers.repfair.fig3_clipped_norms.FIGURE", broken)
    monkeypatch.setattr("repfair_keras.papers.reproduce.load", fails)  # nor data that is not there
    with pytest.raises(SystemExit) as stopped:
        call(entry.main, ["all", "--out", str(tmp_path / "out"), "--records", str(tmp_path / "records")])
    assert stopped.value.code == 1
    assert "figure 3: this one fails" in capsys.readouterr().err
    pages = {path.stem for path in (tmp_path / "out").glob("*.md")}
    assert pages == {"verdicts", *map(stem_of, FIGURES)} - {"figure_3"}
    check_verdicts(tmp_path / "out", [name for name in FIGURES if name != "3"])


def test_several_figures_are_drawn_once_each_and_leave_the_table_of_all_alone(methods, tmp_path):
    as_recorded(methods[1][:4], tmp_path / "records")
    call(entry.main, ["4,7,4", "--out", str(tmp_path / "out"), "--records", str(tmp_path / "records")])
    assert {path.stem for path in (tmp_path / "out").glob("*.md")} == {"figure_4", "figure_7"}
    assert figures_named("4, 7,4") == ["4", "7"]
    with pytest.raises(InputError, match="unknown paper_figure ''"):
        figures_named("4,")


def test_an_old_picture_does_not_stay_beside_a_page_without_one(methods, tmp_path):
    as_recorded(methods[1][:4], tmp_path / "records")
    reproduce("4", tmp_path / "records", tmp_path / "out")
    assert (tmp_path / "out" / "figure_4.png").is_file()
    for path in (tmp_path / "records").iterdir():
        path.unlink()
    reproduce("4", tmp_path / "records", tmp_path / "out")
    assert not list((tmp_path / "out").glob("figure_4.p*"))


def test_records_of_other_data_are_found_out_before_training(image_folder, tmp_path):
    config = configure(dataset="folder", data_dir=str(image_folder))
    (record,) = toy_records(dataset=["mnist"], method=["repfair"], seed=[0])
    as_recorded([{**record, "config": record_values(config)}], tmp_path)
    with pytest.raises(InputError, match="runs on other data under this name"):
        check_same_data([config], tmp_path)
