"""A report as an object: what is stored comes back, early reports are read, and it shows itself."""

import json
from pathlib import Path

import pytest
from example_report import empty_report, example_report, read_example
from toy_tables import record

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.report import (
    ImageReport,
    TableReport,
    read_report_file,
    report_from_dict,
)
from repfair_keras.reporting.metrics_table import metrics_markdown

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted((ROOT / "docs" / "reproduction" / "records").glob("*.json"))


def of_table():
    return record("fld_dm", 0)["report"]


@pytest.mark.parametrize("path", RECORDS[::10], ids=lambda path: path.stem)
def test_recorded_reports_come_back_to_the_last_digit(path):
    stored = json.loads(path.read_text("utf-8"))["report"]
    report = report_from_dict(stored)
    again = report.to_dict()
    assert {key: again[key] for key in stored} == stored
    assert {key for key in again if key not in stored and again[key] not in (None, [], {})} == set()
    assert report.extra == {}
    assert json.loads(json.dumps(again, allow_nan=False)) == again
    assert str(report) and report._repr_html_() and len(report.to_frame()) > 30


@pytest.mark.parametrize("stored", [example_report(), empty_report()], ids=["whole", "empty"])
def test_what_is_stored_comes_back(stored):
    report = report_from_dict(stored)
    assert isinstance(report, ImageReport)
    assert report_from_dict(report.to_dict()) == report
    assert {key: value for key, value in report.to_dict().items() if key in stored}.keys() == stored.keys()


def test_a_table_is_told_by_its_sensitive_column():
    report = report_from_dict(of_table())
    assert isinstance(report, TableReport)
    assert (report.modality, report.target, report.latents.n_test) == ("tables", "income", [100, 200])
    assert report.to_dict()["codes"] == of_table()["codes"]


def test_early_reports_lack_keys():
    report = report_from_dict({"groups": ["black", "white"], "n": 10})
    assert report.quality is report.corrected is report.asked is report.latents is None
    assert report.classes == report.warnings == report.by_class_gap == []
    assert report.shares["white"] == (None, None, None)
    assert "Groups in 10 generated images" in str(report)
    assert "black" in report._repr_html_()
    assert "seconds" not in report.to_dict()


def test_keys_that_are_not_known_are_kept():
    stored = example_report(mine={"a": [1]})
    stored["classifier"]["temperature"] = 2.0
    report = report_from_dict(stored)
    assert report.extra == {"mine": {"a": [1]}}
    assert report.classifier.extra == {"temperature": 2.0}
    assert report.to_dict()["mine"] == {"a": [1]}
    assert report.to_dict()["classifier"]["temperature"] == 2.0


def test_a_report_is_not_changed_by_what_it_was_read_from():
    stored = example_report()
    report = report_from_dict(stored)
    stored["proportions"][0] = -1
    report.to_dict()["proportions"][0] = -1
    assert report.proportions[0] > 0
    with pytest.raises(AttributeError):
        report.gap = 0


def test_shares_are_corrected_where_that_is_known():
    report = read_example()
    assert report.shares_are_corrected
    low, high = report.corrected.intervals[1]
    assert report.shares["white"] == (report.corrected.proportions[1], low, high)
    counted = read_example(corrected={"note": "singular"})
    assert not counted.shares_are_corrected
    assert counted.shares["black"] == (counted.proportions[0], *counted.intervals[0])
    assert counted.to_dict()["corrected"] == {"note": "singular"}
    assert (report.level, report.p_value) == (0.99, report.corrected.p_value)
    assert (counted.level, counted.p_value) == (0.95, counted.test.p_value)
    early = example_report()
    del early["corrected"]["level"], early["corrected"]["p_value"]
    assert report_from_dict(early).level == 0.95
    assert report_from_dict(early).p_value == early["test"]["p_value"]


def test_a_frame_has_a_row_per_metric_and_group():
    report = read_example()
    frame = report.to_frame().set_index("metric")
    assert list(frame.columns) == ["label", "value", "unit", "better", "definition", "shown"]
    assert frame.value["gap"] == report.gap
    assert (frame.unit["gap"], frame.better["gap"], frame.shown["gap"]) == (
        "fraction",
        "lower",
        "11.1 points",
    )
    assert frame.value["share/white"] == report.proportions[1]
    assert frame.value["fid_worst"] == max(report.quality.by_group["fid"].by_group)
    assert not {"name", "method", "extractor"} & set(frame.index)
    table = report_from_dict(of_table()).to_frame().set_index("metric")
    assert table.value["closer_to_training"] == 0.5 and table.better["closer_to_training"] == "target"


def test_html_shows_shares_and_warnings_and_escapes_names():
    names = ("<b>x</b>", "a & b")
    report = read_example(names, ("c",), name="<script>", warnings=["far <from> real"])
    html = report._repr_html_()
    assert "&lt;script&gt;" in html and "<script>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html and "a &amp; b" in html and "<b>x" not in html
    assert "far &lt;from&gt; real" in html
    assert "corrected for classifier error" in html and "FID 20.00 (real 3.10)" in html
    assert html.count("<tr>") == 3
    text = report_from_dict(of_table())._repr_html_()
    assert "DP, logistic regression 0.021 (trained on real rows 0.180)" in text


def test_a_report_is_read_from_its_file_or_folder(tmp_path):
    (tmp_path / "report.json").write_text(json.dumps(example_report()))
    report = read_report_file(tmp_path)
    assert report == read_report_file(tmp_path / "report.json") == read_example()


@pytest.mark.parametrize("text", ["{", "[]", "5", '{"quality": 5}', '{"rules": [1]}'])
def test_a_damaged_report_is_named(text, tmp_path):
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(InputError, match=r"report.json cannot be read: it is damaged.*evaluate"):
        read_report_file(tmp_path)


def test_a_folder_without_a_report_says_how_to_make_it(tmp_path):
    with pytest.raises(InputError, match=r"has no report.json. Make it: python -m repfair_keras.evaluate"):
        read_report_file(tmp_path)
    with pytest.raises(InputError, match="no report"):
        report_from_dict(None)


def documented(text):
    """Names in backticks in the first column of the tables of a text, those of metrics left out."""
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in cell.split("`")[1::2]}


@pytest.mark.parametrize("kind", [ImageReport, TableReport])
def test_every_key_of_a_report_is_documented(kind):
    of_images, of_tables = (
        (ROOT / "docs" / "report.md").read_text("utf-8").split("## Metrics")[0].split("## Tables")
    )
    names = documented(of_images) | (documented(of_tables) if kind is TableReport else set())
    keys = set(kind(timings={}, wall_seconds=0.0).to_dict())
    keys |= {"note"} if kind is ImageReport else set()
    covered = {key for key in keys for name in names if name.endswith("*") and key.startswith(name[:-1])}
    assert keys - names - covered == set()


def test_the_documentation_has_the_catalogue_of_metrics():
    text = (ROOT / "docs" / "report.md").read_text("utf-8")
    metrics = text.split("## Metrics")[1]
    assert metrics_markdown() in metrics, "put what repfair_keras.reporting.metrics_table gives there"
