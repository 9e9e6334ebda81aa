"""The table on the console shows what matters, aligned."""

import copy

import pytest

from repfair_keras.evaluation.images.group_assignment import Decision
from repfair_keras.evaluation.images.image_report import make_report
from repfair_keras.evaluation.report import report_from_dict


@pytest.fixture(scope="module")
def report(digits, instruments):
    return make_report(digits.images, digits.labels, instruments, decision=Decision(0.6))[0].to_dict()


def format_table(stored):
    return str(report_from_dict(stored))


def rows_of(lines):
    return {line.split()[0]: line for line in reversed(lines) if line}


def test_table_shows_what_matters(report):
    lines = format_table(report).splitlines()
    rows = rows_of(lines)
    assert "417 generated images: shares of all, corrected for the classifier's errors" in lines[0]
    assert "99 % interval" in lines[2]
    corrected = report["corrected"]
    for group, name in enumerate(report["groups"]):
        low, high = corrected["intervals"][group]
        shown = [corrected["proportions"][group], report["proportions"][group]]
        assert f"{100 * low:.1f} % to {100 * high:.1f} %" in rows[name]
        shown.append(report["label_agreement"]["by_group"][group])
        assert all(f"{100 * value:.1f} %" in rows[name] for value in shown)
    assert f"{100 * report['undecided']:.1f} %" in rows["undecided"]
    assert rows["gap"].split(maxsplit=1)[1] == f"{100 * corrected['gap']:.1f} points"
    assert f"{corrected['kl']:.5f} nats" in rows["KL"]
    assert f"a generator on target: p = {corrected['p_value']:.2g}, may be on target" in lines
    assert f"{corrected['tv']:.4f}" in rows["total"]
    assert f"{corrected['fd']:.4f}" in rows["fairness"]
    assert f"{100 * report['label_agreement']['judge_accuracy']:.1f} %" in rows["all"]
    quality = report["quality"]
    assert f"{quality['overall']['coverage']:.3g}" in rows["coverage"]
    assert f"{quality['real']['fid']:.3g}" in rows["FID"]
    assert quality["extractor"]["hash"] in rows["quality:"]


def test_table_is_aligned_and_at_most_100_columns_wide(report):
    extreme = copy.deepcopy(report)
    extreme["groups"] = ["a very long name of a group of images", "b"]
    extreme["intervals"], extreme["proportions"] = [[1.0, 1.0], [0.0, 0.0]], [1.0, 0.0]
    lines = format_table(extreme).splitlines()
    tables = [line for line in lines if not line.startswith(("corrected", "undecided:"))]
    assert max(map(len, tables)) <= 100
    assert len({len(line) for line in lines[2:5]}) == 1
    assert "a very long name of a…" in lines[3]


def test_many_groups_fit(report):
    many = copy.deepcopy(report)
    for found in many["quality"]["by_group"].values():
        found["by_group"] = [0.5] * 9
    many["groups"] = [f"group {i}" for i in range(9)]
    for key in ("proportions", "intervals"):
        many[key] = (many[key] * 5)[:9]
    for key in ("proportions", "intervals"):
        many["corrected"][key] = (many["corrected"][key] * 5)[:9]
    for part in (many["classifier"], *many["rules"].values()):
        part["by_group"] = [1.0] * 9
    for rule in many["rules"].values():
        rule["proportions"] = [1 / 9] * 9
    for key in ("by_group", "judge_by_group"):
        many["label_agreement"][key] = [0.9] * 9
    rows = rows_of(format_table(many).splitlines())
    assert "group 8" not in rows["quality"]
    assert "worst group" in rows["quality"]


def test_shares_that_fail_the_test_are_called_off_target(report):
    failed = {**report, "corrected": {**report["corrected"], "p_value": 0.004}}
    assert "p = 0.004, off target" in format_table(failed)
