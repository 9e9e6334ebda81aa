"""A report as a row of CSV: columns hold the report's numbers, and a spreadsheet runs no text."""

import csv
import io

import pytest
from example_report import METRICS, empty_report, example_report

from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.reporting.image_row import to_csv


def to_row(stored):
    """The row of a report that was stored as this dict."""
    return report_from_dict(stored).to_row()


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_holds_the_numbers_of_the_report():
    report = example_report()
    row = to_row(report)
    for key in ("name", "method", "dataset", "grouping", "seed", "sample_seed", "n", "undecided", "gap"):
        assert row[key] == report[key]
    for key in ("fd", "l1", "tv", "kl", "chebyshev", "noise_floor"):
        assert row[key] == report[key]
    assert (row["p_value"], row["epsilon"]) == (0.0004, 0.03)
    assert [row["share/black"], row["share/white"]] == report["proportions"]
    assert [row["corrected/black"], row["corrected/white"]] == report["corrected"]["proportions"]
    assert [row["corrected_low/white"], row["corrected_high/white"]] == report["corrected"]["intervals"][1]
    assert row["corrected_gap"] == report["corrected"]["gap"]
    assert row["class_gap"] == pytest.approx(sum(report["by_class_gap"]) / len(report["by_class_gap"]))
    assert row["suspects"] == 0.012
    assert row["extractor"] == "0a1b2c3d4e5f"


def test_quality_is_given_overall_in_the_worst_group_and_as_difference():
    report = example_report()
    row = to_row(report)
    for metric in METRICS:
        found = report["quality"]["by_group"][metric]
        worst = (max if metric in ("fid", "kid") else min)(found["by_group"])
        assert row[metric] == report["quality"]["overall"][metric]
        assert (row[f"{metric}_worst"], row[f"{metric}_gap"]) == (worst, found["difference"])
    assert row["label_agreement"] == 0.9
    assert row["label_agreement_worst"] == min(report["label_agreement"]["by_group"])


def test_what_is_not_known_is_none_in_the_same_columns():
    row = to_row(empty_report())
    known = {key for key, value in row.items() if value is not None}
    assert known == {"name", "dataset", "n", "undecided"}
    assert list(row) == list(to_row(example_report()))


def test_a_bare_report_has_all_columns_too():
    bare = {"groups": ["black", "white"]}
    assert set(to_row(bare).values()) == {None}
    assert list(to_row(bare)) == list(to_row(example_report()))


@pytest.mark.parametrize("corrected", [None, {"note": "singular"}])
def test_shares_that_could_not_be_corrected_are_none(corrected):
    row = to_row(example_report(corrected=corrected))
    assert row["share/black"] is not None
    assert {value for key, value in row.items() if key.startswith("corrected")} == {None}


def test_quality_that_was_not_measured_by_group_is_none():
    report = example_report()
    report["quality"] |= {"overall": None, "by_group": {}}
    row = to_row(report)
    assert {row["fid"], row["fid_worst"], row["fid_gap"]} == {None}
    assert row["extractor"] == "0a1b2c3d4e5f"


def test_csv_has_the_union_of_columns_in_order_and_leaves_none_empty():
    text = to_csv([{"b": 1, "a": None}, {"a": 0.1, "c": 'x, "y"\nz'}])
    assert text.splitlines()[0] == "b,a,c"
    assert read(text) == [{"b": "1", "a": "", "c": ""}, {"b": "", "a": "0.1", "c": 'x, "y" z'}]


def test_csv_of_reports_reads_back_to_the_last_digit():
    rows = [to_row(example_report(seed=seed)) for seed in (0, 1)]
    back = read(to_csv(rows))
    assert len(back) == 2
    for row, again in zip(rows, back, strict=True):
        numbers = {key: value for key, value in row.items() if isinstance(value, float)}
        assert len(numbers) > 30
        assert {key: float(again[key]) for key in numbers} == numbers


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " @"])
def test_text_is_never_a_formula(start):
    (row,) = read(to_csv([{"name": f"{start}cmd()", "gap": -0.5, f"{start}x": 1}]))
    assert row["name"] == f"'{start}cmd()"
    assert row["gap"] == "-0.5"
    assert f"'{start}x" in row


def test_a_row_is_one_line_whatever_the_names():
    assert to_csv([{"na\rme": "a\r\n=b", "x": "\n+1+1"}]) == "na me,x\na =b,' +1+1\n"


def test_ordinary_text_stays_as_it_is():
    assert to_csv([{"name": "a=b - c", "share/-x": 1}]) == "name,share/-x\na=b - c,1\n"


def test_classes_in_which_no_group_is_clear_are_left_out_of_their_gap():
    assert to_row(example_report(by_class_gap=[0.5, None, 1.0]))["class_gap"] == 0.75
    assert to_row(example_report(by_class_gap=[None, None]))["class_gap"] is None
    assert to_row(example_report(by_class_gap=[]))["class_gap"] is None
