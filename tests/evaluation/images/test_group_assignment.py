"""Rules agree with the groups of real images, and unclear images stay undecided."""

import dataclasses
import json

import numpy as np
import pytest

from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.data.images.transforms import SHADE
from repfair_keras.evaluation.images.attribute_classifier import attribute_classifier
from repfair_keras.evaluation.images.group_assignment import (
    Decision,
    Rule,
    assign,
    corner,
    fit_mean_rule,
    fit_rules,
    mean,
)


class Sure:
    """Stands in for a classifier: says what it is told, as surely as it is told."""

    def __init__(self, groups, confidence):
        sure = np.broadcast_to(np.float32(confidence), len(groups))
        self.answer = np.where(np.arange(2) == np.array(groups)[:, None], sure[:, None], 1 - sure[:, None])

    def chances(self, images):
        return self.answer

    def thresholds(self, confidence, max_undecided):
        return np.full(2, np.float32(confidence))


@pytest.mark.parametrize(
    ("corners", "group"),
    [
        ([0.9, 0.1, 1, 0.5], 1),
        ([-0.9, -0.1, -1, -0.5], 0),
        ([0.9, 0.1, 1, -0.1], -1),
        ([-1, -1, 1, 1], -1),
        ([-1, -1, -1, 0], -1),
    ],
)
def test_corners_decide_only_together(corners, group):
    image = np.random.default_rng(0).uniform(-1, 1, size=(1, 8, 8, 3))
    image[0, [0, 0, -1, -1], [0, -1, 0, -1]] = np.array(corners)[:, None]
    assert corner(image).tolist() == [group]


def test_mean_rule_has_one_range_per_group():
    images = np.full((6, 4, 4, 1), 0.0) + np.array([-0.9, -0.6, -0.1, 0.2, 0.5, 0.9])[:, None, None, None]
    groups = np.array([2, 2, 0, 0, 1, 1])  # from dark to bright: 2, 0, 1
    rule = fit_mean_rule(images, groups)
    assert rule["order"] == [2, 0, 1]
    assert rule["thresholds"] == pytest.approx([(-0.75 + 0.05) / 2, (0.05 + 0.7) / 2])
    assert mean(images, **rule).tolist() == groups.tolist()


def test_both_rules_know_the_groups_of_inverted_digits(digits):
    rules = fit_rules(digits)
    assert set(rules) == {"corner", "mean"}
    for rule in rules.values():
        assert np.mean(rule(digits.images) == digits.groups) >= 0.99
        assert rule.accuracy >= 0.99
        assert min(rule.by_group) >= 0.98
    assert Rule(**json.loads(json.dumps(dataclasses.asdict(rules["mean"])))).parameters["order"] == [0, 1]


def test_undecided_real_images_count_as_wrong(digits):
    pixels = digits.pixels.copy()
    white = np.flatnonzero(digits.groups == 1)[:50]
    pixels[white, 0, 0] = 0
    rule = fit_rules(dataclasses.replace(digits, pixels=pixels))["corner"]
    assert rule.by_group == pytest.approx((1, 1 - 50 / np.sum(digits.groups == 1)))
    assert rule.accuracy == pytest.approx(1 - 50 / len(digits))


def test_low_confidence_is_undecided():
    images, classifier = np.zeros((4, 8, 8, 1)), Sure([0, 1, 1, 0], [0.89, 0.9, 0.95, 0.5])
    groups, leaning, reasons = assign(images, classifier, {}, Decision(0.9))
    assert groups.tolist() == [-1, 1, 1, -1]
    assert leaning.tolist() == [0, 1, 1, 0]
    assert reasons.keys() == {"low confidence"}
    assert reasons["low confidence"].tolist() == [True, False, False, True]
    assert assign(images, classifier, {}, Decision(0.0)).groups.tolist() == [0, 1, 1, 0]


def test_half_black_half_white_is_undecided_however_sure_the_classifier_is(digits, half_and_half):
    rules = fit_rules(digits)
    groups, _, reasons = assign(half_and_half, Sure([1] * 40, 1.0), rules)
    assert set(groups) == {-1}
    assert reasons["corners"].all()
    assert not reasons["low confidence"].any()
    assert set(assign(half_and_half, Sure([1] * 40, 1.0), {"mean": rules["mean"]}).groups) == {1}


def test_real_digits_are_decided_and_right(digits, attribute, half_and_half):
    rules = fit_rules(digits)
    groups = assign(np.concatenate([digits.images, half_and_half]), attribute, rules).groups
    assert np.mean(groups[:417] == digits.groups) > 0.98
    assert set(groups[417:]) == {-1}


@pytest.fixture(scope="module")
def shaded(shared_data):
    """`ImageDataset`: 4,000 real photographs, every other one at half its brightness."""
    with np.load(shared_data / "cifar10_subset.npz") as archive:
        pixels = archive["x_train"][:4000]
    groups = (np.arange(4000) % 2).astype(np.int32)
    pixels = SHADE.apply(pixels, groups)
    return ImageDataset(
        "cifar10", "photographs", pixels, groups, SHADE.group_names, "shade", rules=SHADE.rules
    )


def test_shaded_photographs_are_the_darker_ones(shaded):
    rules = fit_rules(shaded)
    assert rules.keys() == {"mean"}
    assert rules["mean"].parameters["order"] == [1, 0]
    assert 0.75 < rules["mean"].accuracy < 1
    assert min(rules["mean"].by_group) > 0.7


@pytest.mark.slow
def test_shaded_photographs_are_told_apart_better_than_by_their_mean(shaded):
    found = attribute_classifier(shaded, seed=0)
    assert found.accuracy > 0.95
    assert found.accuracy > fit_rules(shaded)["mean"].accuracy
    groups, _, reasons = assign(shaded.images, found, fit_rules(shaded))
    assert reasons.keys() == {"low confidence"}
    assert np.mean(groups[groups >= 0] == shaded.groups[groups >= 0]) > 0.96
