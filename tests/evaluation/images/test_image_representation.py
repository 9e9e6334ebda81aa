"""Shares of groups, worked out by hand."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from repfair_keras.data.intersections import parts
from repfair_keras.evaluation.images.cannot_tell import cannot_tell, in_a_row
from repfair_keras.evaluation.images.representation import (
    by_class,
    corrected,
    intersections,
    label_agreement,
    representation,
)
from repfair_keras.evaluation.report import ImageReport
from repfair_keras.figures import intersections as figure
from repfair_keras.metrics.representation import noise_floor, share_intervals
from repfair_keras.reporting.markdown import shares


def test_representation_worked_out_by_hand():
    assigned = np.array([0, 0, 0, -1, 1, 0, -1, -1, 1, 0])
    found = representation(assigned, ("a", "b"), np.array([0.5, 0.5]))
    assert (found["n"], found["n_decided"], found["undecided"]) == (10, 7, 0.3)
    assert found["target"] == [0.5, 0.5]
    assert found["proportions"] == pytest.approx([5 / 7, 2 / 7])
    assert found["gap"] == pytest.approx(3 / 7)
    assert found["tv"] == found["chebyshev"] == pytest.approx(3 / 14)
    assert found["l1"] == pytest.approx(3 / 7)
    assert found["fd"] == pytest.approx(3 / 14 * np.sqrt(2))
    assert found["kl"] == pytest.approx(5 / 7 * np.log(10 / 7) + 2 / 7 * np.log(4 / 7))
    assert found["noise_floor"] == noise_floor(7, 2)
    assert found["intervals"] == share_intervals(np.array([5, 2])).tolist()
    assert found["test"]["name"] == "exact binomial"
    assert found["test"]["p_value"] == pytest.approx(
        58 / 128
    )  # 5 or more of 7, or 2 or fewer: 2 * (21+7+1)/128
    assert found["epsilon"] is None  # too few images for ten samplings
    assert "note" not in found


def test_a_target_takes_the_place_of_equal_shares():
    assigned = np.repeat([0, 1], [300, 700])
    found = representation(assigned, ("a", "b"), np.array([0.3, 0.7]))
    assert found["kl"] == found["fd"] == pytest.approx(0, abs=1e-12)
    assert found["gap"] == pytest.approx(0.4)
    assert found["test"]["p_value"] == pytest.approx(1)
    assert found["epsilon"]["n"] == 100
    assert found["epsilon"]["epsilon"] > found["kl"]


def test_classes_worked_out_by_hand():
    assigned = np.array([0, 0, 0, -1, 1, 0, -1, -1, 1, 0])
    labels = np.array([0, 0, 0, 0, 0, 1, 1, 2, 3, 3])
    table = by_class(assigned, 2, labels, ("p", "q", "r", "s", "t"), np.array([0.5, 0.5]))
    assert table["classes"] == ["p", "q", "r", "s", "t"]
    assert table["by_class"] == [[0.75, 0.25], [1, 0], [None, None], [0.5, 0.5], [None, None]]
    assert table["by_class_intervals"][0] == share_intervals(np.array([3, 1])).tolist()
    assert table["by_class_intervals"][2] == [[None, None], [None, None]]
    assert table["by_class_undecided"] == [0.2, 0.5, 1, 0, None]
    assert table["by_class_gap"] == [0.5, 1, None, 0, None]
    assert table["by_class_kl"][1] == pytest.approx(np.log(2))
    assert table["by_class_n"] == [4, 1, 0, 2, 0]
    assert table["by_class_noise_floor"] == [
        noise_floor(4, 2),
        noise_floor(1, 2),
        None,
        noise_floor(2, 2),
        None,
    ]


def test_groups_that_never_occur_have_share_zero():
    found = representation(np.array([1, 1, 1]), ("a", "b", "c"), np.full(3, 1 / 3))
    assert found["proportions"] == [0, 1, 0]
    assert [interval[0] == 0 for interval in found["intervals"]] == [True, False, True]
    assert by_class(np.array([1]), 3, None, (), None)["by_class"] == []


def errors(confusion, undecided=(0, 0)):
    by_group = (np.diag(confusion) / np.sum(confusion, axis=1)).tolist()
    return {"confusion": confusion, "undecided_real_by_group": list(undecided), "by_group": by_group}


def test_corrected_shares_take_the_classifiers_errors_out():
    seen, target = errors([[900, 100], [0, 1000]]), np.array([0.5, 0.5])
    found = corrected(np.repeat([0, 1], [450, 550]), seen, target)
    assert found["proportions"] == pytest.approx([0.5, 0.5])
    assert found["kl"] == pytest.approx(0, abs=1e-12)
    assert found["on_target"] is True
    assert found["p_value"] > 0.5
    off = corrected(np.repeat([0, 1], [600, 400]), seen, target)
    assert off["on_target"] is False
    assert off["p_value"] < 0.01
    (low, high), _ = found["intervals"]
    assert 0.40 < low < 0.46 < 0.54 < high < 0.60
    assert found["level"] == 0.99
    assert found["ill_conditioned"] is False


def test_undecided_images_count_for_the_likeliest_group():
    """Half of the images are undecided, most of them of one group: its share is what it is all the same."""
    seen, leaning = errors([[80, 20], [20, 80]], undecided=(20, 60)), np.repeat([0, 1], [500, 500])
    found = corrected(leaning, seen, np.array([0.5, 0.5]))
    assert found["proportions"] == pytest.approx([0.5, 0.5])
    assert found["expected_undecided"] == pytest.approx(0.4)
    assert found["on_target"] is True


def test_bounds_have_all_undecided_images_on_either_side():
    found = representation(np.array([0, 0, 0, 1, -1, -1, -1, -1, -1, -1]), ("a", "b"), np.array([0.5, 0.5]))
    assert found["bounds"] == [[0.3, 0.9], [0.1, 0.7]]


@pytest.mark.parametrize(
    ("confusion", "n", "undecided", "reason"),
    [
        ([[59, 41], [5, 95]], 100, 0.0, "recognises only 59 % of 'a' on real images, at least 60 %"),
        ([[60, 40], [40, 60]], 100, 0.0, None),
        ([[9, 0], [5, 95]], 100, 0.0, r"too few real images \('a' has 9\), at least 10 of each group"),
        ([[90, 10], [5, 95]], 9, 0.0, "a sample of 9 is too small, at least 10"),
        ([[90, 10], [5, 95]], 100, 0.51, "51 % of the images have no clear group, at most 50 %"),
        ([[90, 10], [5, 95]], 100, 0.5, None),
    ],
)
def test_when_shares_cannot_be_told(confusion, n, undecided, reason):
    recalls = (np.diag(confusion) / np.sum(confusion, axis=1)).tolist()
    found = list(cannot_tell({"confusion": confusion, "by_group": recalls}, ("a", "b"), n, undecided))
    assert len(found) == (reason is not None)
    if reason is not None:
        assert re.search(reason, found[0])


def test_reasons_in_a_row_are_sentences():
    assert (
        in_a_row(["the first.", "the second one.", "60 % of all."])
        == "the first. The second one. 60 % of all."
    )


def test_what_cannot_be_told_has_no_number_but_a_reason():
    found = representation(np.repeat([0, 1], 50), ("a", "b"), np.array([0.5, 0.5]), unknown=["too blurred."])
    told = ("n", "n_decided", "undecided", "groups", "target", "note")
    assert {key for key, value in found.items() if value is not None} == set(told)
    assert found["note"] == "Shares cannot be told: too blurred."
    found = corrected(np.array([0, 1]), errors([[50, 50], [50, 50]]), np.array([0.5, 0.5]), unknown=["no."])
    assert found == {"note": "no."}


def test_label_agreement_is_split_by_the_assigned_group_and_by_label():
    seen, labels = np.array([0, 0, 5, 5, 1, 1]), np.array([0, 0, 0, 1, 1, 1])
    found = label_agreement(
        seen, labels, np.array([0, 0, 0, 0, 1, -1]), ("a", "b"), 6, {"overall": 0.9, "by_group": [0.8, 1.0]}
    )
    assert found["overall"] == pytest.approx(4 / 6)
    assert found["by_group"] == [0.5, 1]
    assert (found["difference"], found["ratio"], found["worst"]) == (0.5, 0.5, "a")
    assert found["by_class"] == pytest.approx([2 / 3, 2 / 3, *[None] * 4])
    assert (found["judge_accuracy"], found["judge_by_group"]) == (0.9, [0.8, 1.0])


def test_intersections_count_images_clear_in_both_attributes():
    second = SimpleNamespace(
        data=SimpleNamespace(group_names=("x", "y", "z"), grouping="shape"),
        classifier=SimpleNamespace(accuracy=0.9),
        assign=lambda images, decision: SimpleNamespace(groups=np.repeat([0, 0, 1, 2, -1, 1], 5)),
        errors=lambda decision: errors((90 * np.eye(3) + 5).astype(int).tolist(), undecided=(0, 0, 0)),
    )
    assigned = np.repeat([0, 0, 0, -1, 1, 1], 5)
    found = intersections(assigned, 2, second, None, 0.9)
    assert found["counts"] == [[10, 5, 0], [0, 5, 0]]
    assert found["shares"] == [[0.5, 0.25, 0], [0, 0.25, 0]]
    assert found["within"] == [pytest.approx([2 / 3, 1 / 3, 0]), [0, 1, 0]]
    assert found["undecided"] == pytest.approx(1 / 3)
    assert (found["attribute"], found["values"], found["accuracy"]) == ("shape", ["x", "y", "z"], 0.9)


def test_intersections_with_an_attribute_that_cannot_be_told_have_no_numbers():
    second = SimpleNamespace(
        data=SimpleNamespace(group_names=("x", "y"), grouping="shape"),
        assign=lambda images, decision: SimpleNamespace(groups=np.zeros(30, int)),
        errors=lambda decision: errors([[100, 0], [55, 45]], undecided=(0, 0)),
    )
    found = intersections(np.zeros(30, int), 2, second, None, 0.9)
    assert "recognises only 45 % of 'y'" in found["note"] and "shares" not in found
    report = ImageReport.from_dict({"groups": ["a", "b"], "intersections": found})
    assert "Groups by shape cannot be told: the classifier" in shares.intersections(report)[0]
    assert figure.plot(report) is None
    second.errors = lambda decision: errors([[100, 0], [5, 95]], undecided=(0, 0))
    assert intersections(np.zeros(30, int), 2, second, None, 0.9, ["no."])["note"] == "no."


def test_marginals_of_intersections_are_sums_with_intervals_of_their_own():
    names = ("f&old", "f&young", "m&old", "m&young")
    seen = errors((90 * np.eye(4) + 10 / 4).astype(int).tolist(), undecided=(0, 0, 0, 0))
    target = np.full(4, 0.25)
    leaning = np.repeat(np.arange(4), [100, 300, 200, 400])
    found = corrected(leaning, seen, target, attributes=parts("sex,age", names), group_names=names)
    sex, age = found["marginals"]["sex"], found["marginals"]["age"]
    p = found["proportions"]
    assert sex["values"] == ["f", "m"] and sex["target"] == [0.5, 0.5]
    assert sex["proportions"] == pytest.approx([p[0] + p[1], p[2] + p[3]])
    assert age["proportions"] == pytest.approx([p[0] + p[2], p[1] + p[3]])
    for share, (low, high) in zip(age["proportions"], age["intervals"], strict=True):
        assert low < share < high < low + 0.2
    assert found["worst"] == "f&old"
    report = ImageReport.from_dict(
        {"groups": list(names), "n": 1000, "target": target.tolist(), "proportions": p, "corrected": found}
    )
    text = "\n".join(shares.representation(report))
    assert f"| old | 50.0 % | {100 * age['proportions'][0]:.1f} % |" in text
    assert "furthest below what was asked: **f&old**" in text.replace("\\", "").replace("&amp;", "&")
    assert "furthest below what was asked: f&old" in str(report)
