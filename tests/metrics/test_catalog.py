"""The catalogue has every number that is shown, with a label, a range and a direction."""

import math

import pytest
from example_report import METRICS as QUALITY_OF_EXAMPLE
from example_report import read_example
from toy_tables import record

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.figures.comparison import AXES
from repfair_keras.metrics.catalog import (
    DOWNSTREAM,
    IDENTITY,
    METRICS,
    QUALITY,
    is_metric,
    metric_info,
    value_range,
)
from repfair_keras.metrics.metric_info import MetricInfo
from repfair_keras.reporting.metrics_table import metrics_table


def rows():
    """A row of each kind of report, with all parts that one can have."""
    of_table = record("fld_dm", 0)["report"]
    learnt = {"downstream": of_table["downstream"], "positive_classes": ["5", "6"]}
    return read_example(**learnt).to_row(), report_from_dict(of_table).to_row()


@pytest.mark.parametrize("row", rows(), ids=["images", "tables"])
def test_every_column_of_a_row_has_an_entry(row):
    assert [column for column in row if not is_metric(column) and column not in IDENTITY] == []


@pytest.mark.parametrize("row", rows(), ids=["images", "tables"])
def test_every_value_of_a_row_is_in_the_range_of_its_entry(row):
    values = {column: value for column, value in row.items() if is_metric(column) and value is not None}
    assert len(values) > 40
    outside = {
        column: value
        for column, value in values.items()
        if not metric_info(column).low <= value <= metric_info(column).high
    }
    assert outside == {}


def test_a_metric_in_part_is_that_metric():
    gap = metric_info("fid_gap")
    assert (gap.label, gap.better, gap.low, gap.high) == ("FID, difference", "lower", 0, math.inf)
    assert metric_info("precision_gap").higher_is_better is False, "equal groups are better"
    assert metric_info("precision_worst").higher_is_better is True
    assert metric_info("kid_worst").heading == "KID, worst group (x 1000)"
    assert metric_info("real_ftu/rf").label == "FTU, random forest, real data"
    assert metric_info("share/a/b").label == "share, a/b"
    assert metric_info("kid/white").factor == 1000
    assert (metric_info("class_gap").label, metric_info("corrected_class_gap").label) == (
        "gap within classes",
        "gap within classes, corrected",
    )


@pytest.mark.parametrize("column", ["gaps", "share", "fid/white", "real_gap", "extractor", "", "x/lr"])
def test_what_is_no_column_has_no_entry(column):
    if column in ("gaps", "extractor", "", "x/lr"):
        assert not is_metric(column)
        with pytest.raises(InputError, match="no metric is named"):
            metric_info(column)
    else:
        assert is_metric(column)


def test_ranges_of_columns_of_papers():
    assert value_range("late_share/white") == value_range("end_gap") == value_range("late_raw_gap")
    assert value_range("late_gap") == {"low": 0, "high": 1}
    assert value_range("fid/white") == {"low": 0, "high": math.inf}
    assert value_range("kid") == value_range("no such column") == {"low": -math.inf, "high": math.inf}


def test_what_is_shown_is_multiplied_and_has_its_unit():
    assert metric_info("gap").shown(0.1234) == "12.3"
    assert metric_info("kid").shown(-0.00123) == "-1.23"
    assert metric_info("kl").shown(math.inf) == "infinite"
    assert metric_info("fid").shown(None) == "-"
    assert (metric_info("gap").unit_of_values, metric_info("kl").unit_of_values) == ("fraction", "nats")
    assert metric_info("closer_to_training").advice == "0.5 is best"


def test_entries_are_whole():
    for name, info in METRICS.items():
        assert info.name == name
        assert info.label and info.definition.endswith("."), name
    assert QUALITY == QUALITY_OF_EXAMPLE
    assert set(DOWNSTREAM) <= set(METRICS)
    assert all(is_metric(column) for column in AXES)


def test_an_entry_that_contradicts_itself_is_refused():
    with pytest.raises(ValueError, match="expected lower, higher or target"):
        MetricInfo("x", "x", "X.", better="more")
    with pytest.raises(ValueError, match="a target goes with better='target'"):
        MetricInfo("x", "x", "X.", better="target")
    with pytest.raises(ValueError, match="low is not above high"):
        MetricInfo("x", "x", "X.", low=1, high=0)


def test_the_table_names_every_metric_and_fits():
    text = metrics_table()
    names = {line.split()[0] for line in text.splitlines() if line and not line.startswith(" ")}
    assert set(METRICS) <= names
    assert max(map(len, text.splitlines())) <= 100
    assert "FID; [0, inf); lower is better" in text
