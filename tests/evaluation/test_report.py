"""What a report says of images whose groups are known."""

import dataclasses
import json
from types import SimpleNamespace

import numpy as np
import pytest

from repfair_keras.errors import InputError
from repfair_keras.evaluation.predictors import fit_rules
from repfair_keras.evaluation.report import format_table, make_report, representation
from repfair_keras.metrics.representation import noise_floor, share_intervals

KEYS = {
    *("n", "groups", "proportions", "intervals", "gap", "kl", "tv", "fd", "undecided", "undecided_reasons"),
    *("n_decided", "noise_floor", "classes", "by_class", "by_class_intervals", "by_class_undecided"),
    *("classifier", "rules", "label_agreement"),
}


@pytest.fixture(scope="module")
def rules(digits):
    return fit_rules(digits)


@pytest.fixture(scope="module")
def report(digits, attribute, judge, rules, half_and_half):
    """Report on 417 digits and 40 pictures, labelled 0, that are half black and half white."""
    images = np.concatenate([digits.images, half_and_half])
    labels = np.concatenate([digits.labels, np.zeros(40, dtype=np.int32)])
    return make_report(images, labels, digits, attribute, judge, rules, confidence=0.6)


def test_representation_worked_out_by_hand():
    assigned = np.array([0, 0, 0, -1, 1, 0, -1, -1, 1, 0])
    labels = np.array([0, 0, 0, 0, 0, 1, 1, 2, 3, 3])
    report = representation(assigned, ("a", "b"), labels, ("p", "q", "r", "s", "t"))
    assert (report["n"], report["n_decided"], report["undecided"]) == (10, 7, 0.3)
    assert report["proportions"] == pytest.approx([5 / 7, 2 / 7])
    assert report["gap"] == pytest.approx(3 / 7)
    assert report["tv"] == pytest.approx(3 / 14)
    assert report["fd"] == pytest.approx(3 / 14 * np.sqrt(2))
    assert report["kl"] == pytest.approx(5 / 7 * np.log(10 / 7) + 2 / 7 * np.log(4 / 7))
    assert report["noise_floor"] == noise_floor(7, 2)
    assert report["intervals"] == share_intervals(np.array([5, 2])).tolist()
    assert report["classes"] == ["p", "q", "r", "s", "t"]
    assert report["by_class"] == [[0.75, 0.25], [1, 0], [None, None], [0.5, 0.5], [None, None]]
    assert report["by_class_intervals"][0] == share_intervals(np.array([3, 1])).tolist()
    assert report["by_class_intervals"][2] == [[None, None], [None, None]]
    assert report["by_class_undecided"] == [0.2, 0.5, 1, 0, None]
    assert "note" not in report


def test_groups_that_never_occur_have_share_zero():
    report = representation(np.array([1, 1, 1]), ("a", "b", "c"))
    assert report["proportions"] == [0, 1, 0]
    assert [interval[0] == 0 for interval in report["intervals"]] == [True, False, True]
    assert report["by_class"] == report["by_class_intervals"] == report["by_class_undecided"] == []


def test_report_is_strict_json_and_holds_all_keys(report):
    assert report.keys() == KEYS
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["classifier"].keys() == {"accuracy", "confusion", "by_group", "confidence"}
    assert report["rules"].keys() == {"corner", "mean"}
    for rule in report["rules"].values():
        assert rule.keys() == {"proportions", "undecided", "accuracy", "by_group"}
    keys = {"overall", "by_group", "by_class", "judge_accuracy", "judge_by_group"}
    assert report["label_agreement"].keys() == keys


def test_report_of_real_digits_gives_their_shares(report, digits, attribute, judge):
    assert report["n"] == 457
    assert report["undecided_reasons"]["corners"] == 40
    assert report["n_decided"] == pytest.approx(417, abs=4)
    assert report["undecided"] == (457 - report["n_decided"]) / 457
    assert report["proportions"] == pytest.approx(digits.shares.tolist(), abs=0.01)
    assert report["kl"] < report["noise_floor"]
    assert report["classifier"]["accuracy"] == attribute.accuracy
    assert report["classifier"]["confusion"] == attribute.confusion.tolist()
    assert report["rules"]["corner"]["undecided"] == pytest.approx(40 / 457)
    assert report["rules"]["corner"]["proportions"] == pytest.approx(digits.shares.tolist())
    assert report["rules"]["mean"]["undecided"] == 0
    assert report["label_agreement"]["judge_accuracy"] == judge.accuracy
    assert report["label_agreement"]["overall"] > 0.8


def stub(names, answer):
    """A classifier that gives the answer, and is sure."""
    answer = np.array(answer)
    return SimpleNamespace(
        names=names,
        predict=lambda images: (answer, np.ones(len(answer), np.float32)),
        accuracy=1.0,
        by_group=(1.0,) * len(names),
        by_stratum=(1.0, 1.0),
        confusion=np.eye(len(names), dtype=int),
    )


def test_label_agreement_is_split_by_the_assigned_group_and_by_label(digits):
    images, labels = digits.images[:6], np.array([0, 0, 0, 1, 1, 1])
    attribute = stub(digits.group_names, [0, 0, 0, 0, 1, 1])
    judge = stub(digits.class_names, [0, 0, 5, 5, 1, 1])
    judge.by_stratum = (0.75, 1.0)
    agreement = make_report(images, labels, digits, attribute, judge, {})["label_agreement"]
    assert agreement["overall"] == pytest.approx(4 / 6)
    assert agreement["by_group"] == [0.5, 1]
    assert agreement["judge_by_group"] == [0.75, 1]
    assert agreement["by_class"] == pytest.approx([2 / 3, 2 / 3, *[None] * 8])
    judge.by_stratum = ()  # not measured per group
    report = make_report(images, labels, digits, attribute, judge, {})
    assert report["label_agreement"]["judge_by_group"] == [None, None]
    assert "-" in format_table(report).splitlines()[3].split()


def test_without_classes_there_are_no_classes_in_the_report(digits, attribute, rules):
    unlabelled = dataclasses.replace(digits, labels=None, class_names=())
    report = make_report(digits.images, None, unlabelled, attribute, None, rules)
    assert report.keys() == KEYS
    assert report["label_agreement"] is None
    assert report["classes"] == report["by_class"] == []
    assert "labels" not in format_table(report)


def test_nothing_decided_says_so(digits, attribute, judge, rules, half_and_half):
    report = make_report(half_and_half, np.zeros(40, dtype=int), digits, attribute, judge, rules)
    json.dumps(report, allow_nan=False)
    for key in ("proportions", "intervals", "gap", "kl", "tv", "fd", "noise_floor"):
        assert report[key] is None
    assert (report["undecided"], report["n_decided"]) == (1, 0)
    assert report["label_agreement"]["by_group"] == [None, None]
    assert "None of the 40 images has a clear group" in report["note"]
    assert report["note"] in format_table(report)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.full((2, 28, 28, 1), np.nan)}, "2 of 2 images hold NaN"),
        ({"images": np.zeros((0, 28, 28, 1))}, "no images"),
        ({"images": np.zeros((2, 32, 32, 3))}, "expected"),
        ({"labels": np.array([0, 10])}, "expected one per image, 2, from 0 to 9"),
        ({"labels": np.array([0])}, r"labels have shape \(1,\)"),
        ({"confidence": 90}, "confidence is 90, expected a number from 0 to 1"),
    ],
)
def test_bad_input_is_named(digits, attribute, judge, change, message):
    arguments = {"images": digits.images[:2], "labels": np.array([0, 1]), "confidence": 0.9, **change}
    with pytest.raises(InputError, match=message):
        make_report(data=digits, attribute=attribute, judge=judge, rules={}, **arguments)


def test_classifier_of_other_data_is_named(digits, attribute, judge):
    other = dataclasses.replace(digits, group_names=("old", "young"))
    with pytest.raises(
        InputError, match=r"knows \['black', 'white'\], but the groups of the data are \['old'"
    ):
        make_report(digits.images, digits.labels, other, attribute, judge, {})
    other = dataclasses.replace(digits, class_names=tuple("abcdefghij"))
    with pytest.raises(InputError, match="classes of the data are"):
        make_report(digits.images, digits.labels, other, attribute, judge, {})


def test_table_shows_what_matters(report, judge):
    lines = format_table(report).splitlines()
    rows = {line.split()[0]: line for line in reversed(lines) if line}
    assert f"457 generated images, {report['n_decided']} of them decided" in lines[0]
    for group, name in enumerate(report["groups"]):
        low, high = report["intervals"][group]
        shown = [report["proportions"][group], report["label_agreement"]["by_group"][group]]
        for text in [
            f"{100 * low:.1f} % to {100 * high:.1f} %",
            *(f"{100 * value:.1f} %" for value in shown),
        ]:
            assert text in rows[name]
    assert f"{100 * report['undecided']:.1f} %" in rows["undecided"]
    assert rows["gap"] == f"gap  {100 * report['gap']:.1f} points"
    assert f"{report['kl']:.5f}, within" in rows["KL"]
    assert f"({report['noise_floor']:.5f}, 95 %)" in rows["KL"]
    assert f"{report['tv']:.4f}" in rows["TV"]
    assert f"{report['fd']:.4f}" in rows["FD"]
    assert f"{100 * judge.accuracy:.1f} %" in rows["all"]
    assert "40 with corners that disagree" in rows["undecided:"]


def test_table_is_aligned_and_at_most_100_columns_wide(report):
    extreme = {**report, "groups": ["a very long name of a group of images", "b"]}
    extreme["intervals"], extreme["proportions"] = [[1.0, 1.0], [0.0, 0.0]], [1.0, 0.0]
    lines = format_table(extreme).splitlines()
    assert max(map(len, lines)) <= 100
    assert len({len(line) for line in lines[2:5]}) == 1
    assert "a very long name of a…" in lines[3]


def test_kl_above_the_noise_is_called_so(report):
    assert "above the noise" in format_table({**report, "kl": 2 * report["noise_floor"]})
