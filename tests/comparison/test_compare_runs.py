"""Runs side by side: only what was measured alike, with pairs over seeds."""

import copy
import csv
import json
from types import SimpleNamespace

import pytest
from example_report import example_report
from toy_tables import record

from repfair_keras.commands import compare as entry
from repfair_keras.commands.command_line import call
from repfair_keras.comparison.compare_runs import compare, tabulate
from repfair_keras.comparison.kinds import IMAGES
from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.metrics.intervals import mean_interval

GAPS = {("gan", 0): 0.4, ("gan", 1): 0.6, ("gan", 2): 0.3, ("repfair", 0): 0.1, ("repfair", 1): 0.2}


def write(folder, report):
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps(report))
    return folder


@pytest.fixture
def reports():
    """Reports of three runs of `gan` and two of `repfair`."""
    found = []
    for (method, seed), gap in GAPS.items():
        report = copy.deepcopy(example_report())
        report |= {"name": method, "method": method, "seed": seed, "gap": gap}
        found.append(report)
    return found


@pytest.fixture
def folders(reports, tmp_path):
    return [write(tmp_path / f"{each['name']}-{each['seed']}", each) for each in reports]


def test_means_and_paired_differences(folders, tmp_path):
    text, out = compare(folders, tmp_path / "out").to_markdown(), tmp_path / "out"
    numbers = json.loads((out / "comparison.json").read_text())
    assert numbers["baseline"] == "gan"
    assert numbers["means"]["gan"]["gap"] == mean_interval([0.4, 0.6, 0.3], low=0, high=1)._asdict()
    assert numbers["means"]["repfair"]["gap"]["low"] == 0  # a gap is not negative, though t's interval is
    assert numbers["differences"].keys() == {"repfair"}
    expected = mean_interval([0.1 - 0.4, 0.2 - 0.6])
    assert numbers["differences"]["repfair"]["gap"] == pytest.approx(expected._asdict())
    (line,) = [line for line in text.splitlines() if line.startswith("| gap (points)") and "-35.0" in line]
    assert "(repfair: 2)" in text
    assert "n =" not in line
    assert "| gap (points) | 43.3 (" in text
    assert text in (out / "comparison.md").read_text()
    assert (out / "comparison.png").stat().st_size > 10_000
    with (out / "comparison.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["name"], int(row["seed"]), float(row["gap"])) for row in rows] == [
        (*key, gap) for key, gap in GAPS.items()
    ]


def test_a_group_that_cannot_be_measured_is_not_the_best(reports, tmp_path):
    for report in reports[:2]:
        for found in report["quality"]["by_group"].values():
            found["by_group"][0], found["worst"] = None, None
    folders = [write(tmp_path / str(i), report) for i, report in enumerate(reports)]
    text = compare(folders).to_markdown()
    (line, _) = [line for line in text.splitlines() if line.startswith("| KID, worst group (x 1000)")]
    assert "n = 1" in line.split("|")[2]


def test_different_numbers_of_images_per_group_are_told(reports, tmp_path):
    reports[0]["quality"]["n_by_group"] = 77
    folders = [write(tmp_path / str(i), report) for i, report in enumerate(reports)]
    assert "measured on 77 to" in compare(folders).to_markdown()


def test_the_baseline_can_be_chosen(folders, tmp_path):
    text = compare(folders, baseline="repfair").to_markdown()
    assert "Difference to repfair" in text
    with pytest.raises(InputError, match="baseline 'wgan' is none of the methods: gan, repfair"):
        compare(folders, tmp_path / "other", baseline="wgan")


def test_images_of_other_programs_have_no_seed_and_no_pair(reports):
    rows = [{**dict.fromkeys(IMAGES.columns, 1.0), "name": name, "seed": None} for name in ("a", "b", "b")]
    found = tabulate(rows, IMAGES.columns)
    assert found.means["b"]["gap"].n == 2
    assert found.differences["b"]["gap"].n == 0


def with_other_extractor(report):
    report["quality"]["extractor"]["hash"] = "feedfeedfeedfeed"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (with_other_extractor, r"has quality.extractor.hash feedfeedfeedfeed.*--instruments"),
        (lambda report: report.update(n=7), "has n 7, but .* has 1000"),
        (lambda report: report.update(target=[0.3, 0.7]), r"has target \[0.3, 0.7\]"),
        (lambda report: report.update(grouping="shade"), "has grouping shade"),
        (lambda report: report["classifier"].update(confidence=0.8), r"has classifier.confidence 0\.8"),
        (lambda report: report["classifier"].update(confusion=[[9, 1], [0, 9]]), r"has classifier.confusion"),
        (lambda report: report.update(seed=1, name="gan"), "are both 'gan' with seed 1"),
        (lambda report: report.pop("quality"), "damaged, or another version"),
    ],
)
def test_runs_that_do_not_compare_are_refused(change, message, reports, tmp_path):
    change(reports[3])
    folders = [write(tmp_path / str(i), report) for i, report in enumerate(reports)]
    with pytest.raises(InputError, match=message):
        compare(folders, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--x gaps", "gaps"),
        ("--y fidd", "fidd"),
        ("/nowhere", "/nowhere has no report.json"),
        ("--baseline no", "baseline"),
    ],
)
def test_bad_arguments(words, message, folders, tmp_path, capsys):
    argv = [*map(str, folders), *words.split(), "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as stopped:
        call(entry.main, argv)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_run_named_twice_is_no_second_run(folders, tmp_path):
    with pytest.raises(InputError, match="named twice"):
        compare([*folders, folders[0]], tmp_path / "out")


def test_one_run_is_too_few(folders, tmp_path):
    with pytest.raises(InputError, match="1 run is given: expected at least two"):
        compare(folders[:1], tmp_path / "out")


def test_a_folder_with_files_is_left_alone(folders, tmp_path):
    with pytest.raises(InputError, match="never overwritten"):
        compare(folders, folders[0])


def test_command_line_prints_the_table(folders, tmp_path, capsys):
    call(entry.main, [*map(str, folders), "--out", str(tmp_path / "out")])
    printed = capsys.readouterr().out
    assert "gan (3 runs), repfair (2 runs)" in printed
    assert str(tmp_path / "out") in printed


@pytest.fixture
def tables(tmp_path):
    """Folders of two methods on a table, two seeds each."""
    every = [("fld_dm", seed, 0.02) for seed in (0, 1)] + [("fld_wgan_gp", seed, 0.1) for seed in (0, 1)]
    made = [record(method, seed, parity=parity) for method, seed, parity in every]
    return [write(tmp_path / each["id"], each["report"]) for each in made]


def test_tables_are_compared_by_what_classifiers_learn(tables, tmp_path):
    text, out = compare(tables, tmp_path / "out").to_markdown(), tmp_path / "out"
    assert "groups by sex, target income, 10,000 synthetic rows" in text
    assert "trained on real rows they reach: DP, logistic regression 0.180" in text
    numbers = json.loads((out / "comparison.json").read_text())
    difference = numbers["differences"]["fld_wgan_gp"]["demographic_parity/lr"]
    assert difference["mean"] == pytest.approx(0.08, abs=0.002)
    assert "minus fld_dm" in text
    assert (out / "comparison.png").stat().st_size > 10_000
    with (out / "comparison.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 4


def test_tables_that_do_not_compare(tables, folders, tmp_path):
    with pytest.raises(InputError, match="are of a table and of images"):
        compare([tables[0], folders[0]], tmp_path / "out")
    with pytest.raises(InputError, match="x is 'gap', but the figure of tables has all axes"):
        compare(tables, tmp_path / "out", x="gap")
    other = json.loads((tables[3] / "report.json").read_text()) | {"target": "sex"}
    (tables[3] / "report.json").write_text(json.dumps(other))
    with pytest.raises(InputError, match=r"has target sex, but .* has income.*predict something else"):
        compare(tables, tmp_path / "out")


@pytest.fixture
def sweep(reports, tmp_path):
    """A folder as a sweep leaves it: finished runs, one that is not, lock files, instruments and records."""
    folder = tmp_path / "sweep"
    for number, report in enumerate(reports):
        write(folder / "runs" / f"{number:016x}", report)
        (folder / "runs" / f"{number:016x}.lock").touch()
    (folder / "runs" / "unfinished").mkdir()
    (folder / "instruments" / "1-abc").mkdir(parents=True)
    (folder / "instruments" / "1-abc.lock").touch()
    (folder / "records").mkdir()
    (folder / "records" / "0.json").write_text("{}")
    return folder


def test_a_sweep_stands_for_its_finished_runs(sweep):
    assert compare([sweep]).n_runs == {"gan": 3, "repfair": 2}
    assert compare(str(sweep)).to_markdown() == compare([sweep / "runs"]).to_markdown()
    expanded = sorted((sweep / "runs").glob("*"))  # what a shell makes of runs/*: lock files too
    assert compare([path for path in expanded if path.name != "unfinished"]).n_runs["gan"] == 3


def test_a_sweep_without_finished_runs_is_named(tmp_path):
    (tmp_path / "empty" / "runs").mkdir(parents=True)
    with pytest.raises(InputError, match=r"empty has no report\.json, and no finished runs in it"):
        compare([tmp_path / "empty"])


def test_a_run_that_is_also_in_a_sweep_is_named_twice(sweep):
    with pytest.raises(InputError, match="named twice"):
        compare([sweep, next((sweep / "runs").glob("*0"))])


def test_reports_at_hand_are_compared_and_nothing_is_written(reports, folders, tmp_path):
    objects = [report_from_dict(report) for report in reports]
    runs = [SimpleNamespace(report=report) for report in objects]
    before = sorted(tmp_path.rglob("*"))
    texts = {compare(sources).to_markdown() for sources in (objects, runs, reports, folders)}
    assert len(texts) == 1
    assert compare([*folders[:2], *objects[2:]]).to_markdown() in texts
    assert sorted(tmp_path.rglob("*")) == before
    with pytest.raises(InputError, match="named twice"):
        compare([objects[0], objects[0]])
    with pytest.raises(
        InputError, match=r"report 2 \(gan, seed 0\) and report 1 .* are both 'gan' with seed 0"
    ):
        compare([objects[0], report_from_dict(reports[0])])
    with pytest.raises(InputError, match="5 is no run: name its folder"):
        compare([5, objects[0]])


def test_a_frame_has_a_row_per_method_and_metric(folders):
    compared = compare(folders)
    frame = compared.to_frame().set_index(["method", "metric"])
    gap = frame.loc["repfair", "gap"]
    assert (gap["mean"], gap["low"], gap["n"]) == (pytest.approx(0.15), 0, 2)
    difference = compared.differences["repfair"]["gap"]
    shown = gap[["difference", "difference_low", "difference_high", "difference_n"]]
    assert list(shown) == list(difference)
    assert difference.low == pytest.approx(mean_interval([0.1 - 0.4, 0.2 - 0.6]).low), "these are not cut"
    assert frame.loc["gan", "gap"][["difference", "difference_n"]].isna().all()
    assert (gap["unit"], gap["better"]) == ("fraction", "lower")


def test_intervals_end_where_the_metric_does(reports):
    for value, report in zip((0.1, 30.0, 4.0), reports[:3], strict=True):
        report["quality"]["overall"] = {**report["quality"]["overall"], "fid": value, "kid": value / 1000}
    means = compare([report_from_dict(report) for report in reports]).means["gan"]
    assert mean_interval([0.1, 30.0, 4.0]).low < 0
    assert means["fid"].low == 0 < means["fid"].mean
    assert means["kid"].low < 0, "an unbiased KID may be negative"


def test_html_has_the_numbers_and_escapes_names(reports):
    for report in reports[3:]:
        report["name"] = "<b>ours</b>"
    html = compare([report_from_dict(report) for report in reports])._repr_html_()
    assert "&lt;b&gt;ours&lt;/b&gt;" in html and "<b>ours" not in html
    assert "gap (points)" in html and "43.3 (5.4 to 81.3)" in html
    assert html.count("<table") == 2
