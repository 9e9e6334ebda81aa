"""Rows of runs: late means, numbers of the end, and shares without the classifier's errors."""

import pytest
from toy_figures import set_end_share, set_log, set_log_share
from toy_records import toy_records

from repfair_keras.papers.fairness_of_gans.methods import FIGURE as REMEDIES
from repfair_keras.papers.figure import Material
from repfair_keras.papers.method_rows import method_rows
from repfair_keras.papers.run_rows import end_rows, late_rows


def test_late_rows_hold_means_over_the_second_half():
    (record,) = toy_records(seed=[0])
    for row in record["log"]:
        late = row["epoch"] > 3
        row |= {"share/black": 0.7 if late else 0.0, "share/white": 0.3 if late else 1.0}
        row |= {"undecided": 0.2 if late else 0.9, "right_label": 0.8 if late else 0.0}
        row["clip_fraction/white"] = 0.25 if late else 1.0
    (row,) = late_rows([record])
    assert row["late_share/black"] == pytest.approx(0.7) and row["late_gap"] == pytest.approx(0.4)
    assert row["late_lead/black"] == pytest.approx(0.4) and row["late_lead/white"] == pytest.approx(-0.4)
    assert row["late_undecided"] == pytest.approx(0.2) and row["late_right_label"] == pytest.approx(0.8)
    assert row["late_clip_fraction/white"] == pytest.approx(0.25)


def test_numbers_are_those_of_the_end():
    (record,) = toy_records(method=["boosted_gan"], seed=[0])
    set_end_share(record, 0.8)
    (row,) = end_rows([record])
    assert row["end_gap"] == row["end_lead/white"] == pytest.approx(0.6)
    assert row["end_share"] == row["end_share/white"] == 0.8
    assert row["lost_group"] is False
    (line,) = REMEDIES.measure(Material([record], {})).rows
    assert not [name for name in line if name.startswith("late")], "an ensemble has no log of its own"


def test_a_classifier_that_errs_on_one_group_makes_no_gap():
    """Half of the white images are undecided, a tenth of the black ones taken for white: both are even."""
    (record,) = toy_records(method=["gan"])
    confusion = {"confusion_decided": [[900, 100], [0, 500]], "undecided_real_by_group": [0, 500]}
    record["report"]["classifier"] |= confusion
    record["report"]["by_class"] = [[0.45 / 0.75, 0.30 / 0.75], None]
    set_log_share(record, 0.30 / 0.75)
    (row,) = method_rows([record], late_rows([record]))
    assert row["late_gap"] == pytest.approx(0) and row["late_raw_gap"] == pytest.approx(0.2)
    assert row["late_share/white"] == pytest.approx(0.5)
    assert row["late_raw_share/white"] == pytest.approx(0.4)
    assert row["corrected_class_gap"] == pytest.approx(0)
    confusion["confusion_decided"] = [[500, 500], [250, 250]]
    record["report"]["classifier"] |= confusion
    (row,) = method_rows([record], late_rows([record]))
    assert row["late_gap"] is None and row["late_raw_gap"] == pytest.approx(0.2)


def test_rows_of_methods_have_late_means_and_the_report():
    (record,) = toy_records(method=["gan"])
    set_log(record, **{"share__black": [0.5] * 5 + [0.95], "share__white": [0.5] * 5 + [0.05]})
    set_log(record, undecided=[1.0, 1.0, 1.0, 0.1, 0.2, 0.3])
    record["report"]["quality"]["by_group"]["kid"]["by_group"] = [0.07, 0.04]
    (row,) = method_rows([record], late_rows([record]))
    assert row["late_share/white"] == row["late_share"] == pytest.approx((0.5 + 0.5 + 0.05) / 3)
    assert row["late_gap"] == pytest.approx(0.3) and row["lost_group"] is False
    assert row["late_undecided"] == pytest.approx(0.2) and row["late_kid/white"] is not None
    assert (row["method"], row["seed"], row["record"]) == ("gan", 0, record["id"])
    assert row["gap"] == record["report"]["gap"] and row["real_undecided"] == 0.012
    set_log_share(record, 0.05)
    assert method_rows([record], late_rows([record]))[0]["lost_group"] is True
