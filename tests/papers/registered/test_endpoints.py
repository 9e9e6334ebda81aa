"""What is measured of a run, worked out by hand."""

from copy import deepcopy

import pytest
from toy_records import toy_records

from repfair_keras.papers.registered.endpoints import endpoints


@pytest.fixture
def record():
    """A run of four epochs, looked at in each, whose classifier makes no errors."""
    (made,) = deepcopy(toy_records(method=["gan"], seed=[100]))
    late = {"undecided": 0.1, "right_label": 0.9, "fid": 2.0}
    made["log"] = [
        {"step": 100.0, "share/black": 0.9, "share/white": 0.1, "class_gap": 0.8, **late},
        {"step": 200.0, "share/black": 0.3, "share/white": 0.7, "class_gap": 0.6, **late},
        {"step": 300.0, "share/black": 0.7, "share/white": 0.3, "class_gap": 0.5, **late},
        {"step": 400.0, "share/black": 0.92, "share/white": 0.08, "class_gap": 0.9, **late},
    ]
    return made


def raw(record, **columns):
    for row in record["log"]:
        row |= {f"raw/{name}": value for name, value in row.items() if name != "step"}
        row |= {f"raw/{name}": value for name, value in columns.items()}
    return record


def test_at_the_end_and_over_the_second_half(record):
    found = endpoints(record)
    assert found["share"] == pytest.approx(0.08) and found["lost"] is True
    assert found["class_gap"] == pytest.approx((0.5 + 0.9) / 2)
    assert found["gap"] == pytest.approx((0.4 + 0.84) / 2), "not that of the mean share, which is .62"
    assert (found["undecided"], found["right_label"], found["fid"]) == (0.1, 0.9, 2.0)


def test_undecided_images_may_be_of_either_group(record):
    found = endpoints(record)
    assert found["share_low"] == pytest.approx(0.9 * 0.08)
    assert found["share_high"] == pytest.approx(0.9 * 0.08 + 0.1)


def test_a_run_that_swings_has_a_gap(record):
    for row, white in zip(record["log"], (0.0, 1.0, 0.0, 1.0), strict=True):
        row |= {"share/black": 1 - white, "share/white": white}
    assert endpoints(record)["gap"] == 1.0


def test_gaps_of_the_last_checkpoint_alone(record):
    found = endpoints(record, last_alone=True)
    assert (found["class_gap"], found["gap"]) == (pytest.approx(0.9), pytest.approx(0.84))
    assert found == {**endpoints(record), "class_gap": found["class_gap"], "gap": found["gap"]}


def test_the_last_step_is_measured_and_its_average_if_asked_for(record):
    raw(record, **{"share/white": 0.5, "share/black": 0.5, "class_gap": 0.2})
    assert endpoints(record)["share"] == 0.5 and endpoints(record)["class_gap"] == pytest.approx(0.2)
    assert endpoints(record, average=True)["share"] == pytest.approx(0.08)


def test_errors_of_the_classifier_are_taken_out(record):
    """It takes 5 % of black images for white ones: of 8 % that it sees, 3/.95 points are there."""
    record["report"]["classifier"] |= {
        "confusion_decided": [[95, 5], [0, 100]],
        "undecided_real_by_group": [0, 0],
    }
    assert endpoints(record)["share"] == pytest.approx(0.03 / 0.95, abs=1e-3)


def test_where_no_group_is_clear_nothing_is_known(record):
    for row in record["log"]:
        row.pop("share/black"), row.pop("share/white"), row.pop("class_gap")
        row["undecided"] = 1.0
    found = endpoints(record)
    assert [found[name] for name in ("share", "share_low", "class_gap", "gap")] == [None] * 4
    assert found["lost"] is True, "a run that makes no group"
