"""What a report says of images whose groups, labels and quality are known."""

import dataclasses
import json
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.grouping import group
from repfair_keras.evaluation.images import image_report
from repfair_keras.evaluation.images.attribute_classifier import attribute_classifier
from repfair_keras.evaluation.images.feature_extractor import train_extractor
from repfair_keras.evaluation.images.instruments import Attribute, Instruments, prepare_instruments
from repfair_keras.evaluation.images.quality import quality_report
from repfair_keras.evaluation.images.representation import (
    by_class,
    corrected,
    intersections,
    label_agreement,
    representation,
)
from repfair_keras.evaluation.images.warnings import warnings_of
from repfair_keras.evaluation.report import ImageReport, report_from_dict
from repfair_keras.metrics.brightness import brightness_histogram
from repfair_keras.metrics.representation import noise_floor, share_intervals
from repfair_keras.reporting import markdown

KEYS = {
    *("n", "groups", "target", "proportions", "intervals", "gap", "l1", "kl", "tv", "fd", "chebyshev"),
    *("test", "epsilon", "undecided", "undecided_reasons", "undecided_by_group", "n_decided", "noise_floor"),
    *("corrected", "classes", "by_class", "by_class_intervals", "by_class_undecided", "by_class_gap"),
    *("by_class_n", "by_class_noise_floor", "by_class_kl", "intersections", "classifier", "rules"),
    *(
        "asked",
        "downstream",
        "positive_classes",
        "brightness",
        "label_agreement",
        "quality",
        "memorisation",
        "duplicates",
        "warnings",
    ),
    *("name", "method", "dataset", "grouping", "seed", "sample_seed", "codes"),  # where it is from
}
UNKNOWN = (
    "proportions",
    "intervals",
    "gap",
    "l1",
    "kl",
    "tv",
    "fd",
    "chebyshev",
    "noise_floor",
    "test",
    "epsilon",
)


def make_report(*arguments, **keywords):
    """The report as it is stored, and the pairs."""
    report, pairs = image_report.make_report(*arguments, **keywords)
    return report.to_dict(), pairs


def format_table(stored):
    return str(report_from_dict(stored))


def to_markdown(stored):
    return markdown.to_markdown(report_from_dict(stored))


@pytest.fixture(scope="module")
def report(digits, instruments, half_and_half):
    """Report on 417 digits and 40 pictures, labelled 0, that are half black and half white."""
    images = np.concatenate([digits.images, half_and_half])
    labels = np.concatenate([digits.labels, np.zeros(40, dtype=np.int32)])
    return make_report(images, labels, instruments, confidence=0.6)[0]


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


def test_corrected_shares_take_the_classifiers_errors_out():
    confusion, target = np.array([[900, 100, 0], [0, 1000, 0]]), np.array([0.5, 0.5])
    found = corrected(np.repeat([0, 1, -1], [450, 550, 77]), confusion, target)
    assert found["proportions"] == pytest.approx([0.5, 0.5])
    assert found["kl"] == pytest.approx(0, abs=1e-12)
    assert found["on_target"] is True
    assert corrected(np.repeat([0, 1], [600, 400]), confusion, target)["on_target"] is False
    (low, high), _ = found["intervals"]
    assert 0.42 < low < 0.48 < 0.52 < high < 0.58
    assert found["ill_conditioned"] is False
    assert corrected(np.full(3, -1), confusion, target) is None


def test_a_group_that_is_undecided_more_often_gets_its_share_back():
    # Of 500 and 500 images, 400 and 200 are decided, all of them right.
    confusion, target = np.array([[80, 0, 20], [0, 40, 60]]), np.array([0.5, 0.5])
    found = corrected(np.repeat([0, 1, -1], [400, 200, 400]), confusion, target)
    assert found["proportions"] == pytest.approx([0.5, 0.5])
    assert found["expected_undecided"] == pytest.approx(0.4)
    assert found["on_target"] is True


def test_a_classifier_that_cannot_tell_the_groups_leaves_a_note():
    found = corrected(np.array([0, 1]), np.array([[50, 50, 0], [50, 50, 0]]), np.array([0.5, 0.5]))
    assert list(found) == ["note"]


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
        assign=lambda images, confidence: SimpleNamespace(groups=np.array([0, 0, 1, 2, -1, 1])),
    )
    found = intersections(np.array([0, 0, 0, -1, 1, 1]), 2, second, None, 0.9)
    assert found["counts"] == [[2, 1, 0], [0, 1, 0]]
    assert found["shares"] == [[0.5, 0.25, 0], [0, 0.25, 0]]
    assert found["within"] == [pytest.approx([2 / 3, 1 / 3, 0]), [0, 1, 0]]
    assert found["undecided"] == pytest.approx(1 / 3)
    assert (found["attribute"], found["values"], found["accuracy"]) == ("shape", ["x", "y", "z"], 0.9)


def test_report_is_strict_json_and_holds_all_keys(report):
    assert report.keys() == KEYS
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["rules"].keys() == {"corner", "mean"}


def test_report_of_real_digits_gives_their_shares(report, digits, attribute):
    assert report["n"] == 457
    assert report["undecided_reasons"]["corners"] == 40
    assert report["n_decided"] == pytest.approx(417, abs=4)
    assert report["undecided"] == (457 - report["n_decided"]) / 457
    assert report["undecided_by_group"]["overall"] == report["undecided"]
    assert report["proportions"] == pytest.approx(digits.shares.tolist(), abs=0.01)
    assert report["corrected"]["proportions"] == pytest.approx(digits.shares.tolist(), abs=0.02)
    assert report["kl"] < report["noise_floor"]
    assert report["classifier"]["accuracy"] == attribute.accuracy
    assert report["classifier"]["confusion"] == attribute.confusion.tolist()
    assert np.sum(report["classifier"]["confusion_decided"]) == pytest.approx(attribute.n_test, abs=4)
    assert report["rules"]["corner"]["undecided"] == pytest.approx(40 / 457)
    assert report["rules"]["corner"]["proportions"] == pytest.approx(digits.shares.tolist())
    assert report["rules"]["mean"]["undecided"] == 0
    assert report["label_agreement"]["overall"] > 0.8


def test_real_digits_are_their_own_copies(report):
    assert report["memorisation"]["suspects"]["overall"] == pytest.approx(417 / 457)
    assert report["memorisation"]["distance_ratio"] == 0


def test_pairs_are_the_closest(digits, instruments):
    images = digits.images[::20] * np.float32(0.9)
    images[3] = digits.images[60]
    _, (generated, training, distance) = make_report(images, None, instruments)
    assert distance[0] == 0
    assert np.all(np.diff(distance) >= 0)
    np.testing.assert_array_equal(generated[0], training[0])
    assert generated.shape == training.shape == (10, 28, 28, 1)


def test_one_seed_gives_one_report(digits, instruments, report):
    images = digits.images[:300]
    one, same, other = (
        make_report(images, digits.labels[:300], instruments, seed=seed)[0] for seed in (0, 0, 1)
    )
    assert one == same
    assert one["quality"] != other["quality"]


def test_brightness_counts_every_image_by_its_mean_pixel(report, instruments):
    assert sum(report["brightness"]) == report["n"]
    assert report["asked"] is None
    images = np.concatenate([np.full((n, 28, 28, 1), value, np.float32) for n, value in ((3, -1), (2, 0.5))])
    counts = brightness_histogram(images)
    assert (counts[0], counts[37]) == (3, 2)
    assert sum(counts) == 5


def test_groups_asked_for_are_compared_with_those_seen(digits, instruments):
    asked = digits.groups.copy()
    asked[:10] = 1 - asked[:10]
    found, _ = make_report(digits.images, digits.labels, instruments, asked=asked)
    assert sum(found["asked"]["n"]) == len(digits)
    assert all(0.9 < purity < 1 for purity in found["asked"]["purity"])
    assert np.shape(found["asked"]["purity_by_class"]) == (2, 10)
    assert "Groups asked for" in to_markdown(found)


def test_without_classes_there_are_none_in_the_report(digits, instruments):
    found, _ = make_report(digits.images, None, instruments)
    assert found.keys() == KEYS
    assert found["label_agreement"] is None
    assert found["classes"] == found["by_class"] == []
    assert found["quality"]["by_class"] == {}
    assert "labels" not in format_table(found)


def test_nothing_decided_says_so(instruments, half_and_half):
    found, _ = make_report(half_and_half, np.zeros(40, dtype=int), instruments)
    json.dumps(found, allow_nan=False)
    for key in UNKNOWN:
        assert found[key] is None
    assert found["corrected"] is None
    assert (found["undecided"], found["n_decided"]) == (1, 0)
    assert set(found["label_agreement"]["by_group"]) != {None}  # each counts where the classifier leans to
    assert found["quality"]["by_group"]["fid"]["by_group"] == [None, None]
    assert "None of the 40 images has a clear group" in found["note"]
    assert found["note"] in format_table(found)


def test_one_image_is_enough_for_a_report(digits, instruments):
    found, _ = make_report(digits.images[:1], digits.labels[:1], instruments)
    json.dumps(found, allow_nan=False)
    assert found["quality"]["overall"] is None
    assert "too few to measure" in found["quality"]["notes"][0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.full((2, 28, 28, 1), np.nan)}, "2 of 2 images hold NaN"),
        ({"images": np.zeros((0, 28, 28, 1))}, "no images"),
        ({"images": np.zeros((2, 32, 32, 3))}, "expected"),
        ({"labels": np.array([0, 10])}, "expected one per image, 2, from 0 to 9"),
        ({"labels": np.array([0])}, r"labels have shape \(1,\)"),
        ({"confidence": 90}, "confidence is 90, expected a number from 0 to 1"),
        ({"target": np.array([0.5, 0.2, 0.3])}, "expected 2 shares above 0"),
    ],
)
def test_bad_input_is_named(digits, instruments, change, message):
    arguments = {"images": digits.images[:2], "labels": np.array([0, 1]), "confidence": 0.9, **change}
    with pytest.raises(InputError, match=message):
        make_report(instruments=instruments, **arguments)


@pytest.fixture(scope="module")
def clean(five_thousand):
    return make_report(five_thousand.reference.images, five_thousand.reference.labels, five_thousand)[0]


def test_real_images_are_as_good_as_real_ones(clean):
    quality = clean["quality"]
    assert (quality["n"], quality["n_by_group"], quality["n_by_class"]) == (2500, 1250, 250)
    for part in ("overall", "real"):
        assert quality[part]["precision"] > 0.9
        assert quality[part]["recall"] > 0.9
        assert quality[part]["coverage"] > 0.9
        assert quality[part]["fid"] < 0.2
        assert abs(quality[part]["kid"]) < 0.005
    assert max(quality["by_group"]["fid"]["by_group"]) < 0.3
    assert quality["notes"] == []
    assert clean["label_agreement"]["overall"] > 0.97


def test_noise_is_at_least_twenty_times_further_away_than_real_images(five_thousand, clean):
    noise = np.random.default_rng(0).uniform(-1, 1, (3000, 28, 28, 1)).astype(np.float32)
    found, _ = make_report(noise, None, five_thousand)
    assert found["quality"]["overall"]["fid"] > 20 * clean["quality"]["real"]["fid"]


def test_blurring_one_group_leaves_the_shares_and_raises_only_its_fid(five_thousand, clean):
    data = five_thousand.reference
    images = data.images
    white = data.groups == 1
    images[white] = gaussian_filter(images[white], sigma=(0, 2, 2, 0))
    blurred, _ = make_report(images, data.labels, five_thousand)
    assert blurred["fd"] == pytest.approx(clean["fd"], abs=0.01)
    before, after = (each["quality"]["by_group"]["fid"]["by_group"] for each in (clean, blurred))
    assert after[0] == pytest.approx(before[0], abs=0.05)
    assert after[1] > 10 * before[1]
    assert blurred["quality"]["by_group"]["fid"]["worst"] == "white"
    assert blurred["quality"]["overall"]["fid"] > clean["quality"]["overall"]["fid"]


def test_groups_are_compared_with_real_images_of_their_own(five_thousand, clean):
    data = five_thousand.reference
    images = data.images
    black = data.groups == 0
    images[black] = gaussian_filter(images[black], sigma=(0, 0.8, 0.8, 0))
    found = make_report(images, data.labels, five_thousand)[0]["quality"]
    fid, real = found["by_group"]["fid"], found["real_by_group"]["fid"]
    ratios = np.divide(fid["by_group"], real["by_group"])
    assert fid["relative_to_real"] == pytest.approx(ratios.tolist())
    assert fid["worst"] == "black"
    assert max(clean["quality"]["by_group"]["fid"]["relative_to_real"]) < 1.5


def test_images_unlike_real_ones_are_warned_of(five_thousand, half_and_half):
    data = five_thousand.reference
    assert make_report(data.images, data.labels, five_thousand)[0]["warnings"] == []
    noise = np.random.default_rng(0).uniform(-1, 1, (500, 28, 28, 1)).astype(np.float32)
    assert "far from real ones" in " ".join(make_report(noise, None, five_thousand)[0]["warnings"])
    blotches = np.concatenate([data.images[:200], half_and_half])
    assert (
        "16.7 % of the images are undecided" in make_report(blotches, None, five_thousand)[0]["warnings"][0]
    )
    same = make_report(np.repeat(data.images[:1], 50, axis=0), None, five_thousand)[0]
    assert same["duplicates"] == 0.98
    assert "98.0 % of the images are exact copies" in same["warnings"][-1]


def test_a_rule_that_contradicts_the_classifier_is_told():
    report = {
        "corrected": None,
        "undecided": 0.0,
        "proportions": [0.8, 0.2],
        "rules": {
            "mean": {"accuracy": 0.99, "proportions": [0.5, 0.5]},
            "poor": {"accuracy": 0.8, "proportions": [0.1, 0.9]},
            "same": {"accuracy": 1.0, "proportions": [0.78, 0.22]},
        },
        "quality": {"overall": None, "real": None},
        "duplicates": 0.0,
    }
    (warning,) = warnings_of(ImageReport.from_dict(report))
    assert "The rule 'mean', right for 99.0 % of real images" in warning


def test_groups_are_compared_on_the_same_number_of_images(digits, instruments):
    features, rare = instruments.extractor.features(digits.images), digits.groups.copy()
    rare[np.flatnonzero(rare == 1)[10:]] = -1
    few = quality_report(instruments.extractor, digits, features, rare, None, np.array([0.5, 0.5]))
    assert few["n_by_group"] is None  # 104 real images on each side of a group, and 128 are needed
    assert few["by_group"]["fid"]["by_group"] == [None, None]
    assert few["overall"]["fid"] is not None
    assert "group black: 209 real and 209 generated images" in few["notes"][0]


def test_a_group_with_too_few_images_is_not_measured(five_thousand):
    data = five_thousand.reference
    features, groups = five_thousand.extractor.features(data.images), data.groups.copy()
    groups[np.flatnonzero(groups == 1)[100:]] = -1
    found = quality_report(five_thousand.extractor, data, features, groups, None, np.array([0.5, 0.5]))
    assert found["n_by_group"] == 1250
    black, white = found["by_group"]["fid"]["by_group"]
    assert black > 0
    assert white is None
    groups[np.flatnonzero(groups == 0)[300:]] = -1
    groups[np.flatnonzero(data.groups == 1)[:200]] = 1
    found = quality_report(five_thousand.extractor, data, features, groups, None, np.array([0.5, 0.5]))
    assert found["n_by_group"] == 200


def test_reference_follows_the_target_and_the_labels_of_the_sample(five_thousand):
    data = five_thousand.reference
    chosen = (data.labels < 2) & ((data.groups == 1) | (np.arange(5000) % 3 == 0))  # about 1 to 3
    features = five_thousand.extractor.features(data.images)
    arguments = (features[chosen], data.groups[chosen], data.labels[chosen])
    fair, asked = (
        quality_report(five_thousand.extractor, data, *arguments, np.array(target))
        for target in ([0.5, 0.5], [0.25, 0.75])
    )
    assert asked["overall"]["fid"] < 0.5 < 2 < fair["overall"]["fid"]


def test_real_images_are_no_worse_than_others_whatever_their_classes(five_thousand):
    data = five_thousand.reference
    features = five_thousand.extractor.features(data.images)
    ones, place = data.labels == 1, np.arange(5000)
    for chosen in (data.labels < 5, ~ones | (place % 20 == 0), ones | (place % 5 == 0)):
        arguments = (features[chosen], data.groups[chosen], data.labels[chosen])
        found = quality_report(five_thousand.extractor, data, *arguments, np.array([0.5, 0.5]))
        for part in ("real", "overall"):
            assert found[part]["fid"] < 0.5
            assert found[part]["coverage"] > 0.9
        assert not any("classes in other shares" in note for note in found["notes"])


def test_a_class_with_few_real_images_is_told(five_thousand):
    data = five_thousand.reference
    kept = (data.labels != 0) | (np.arange(5000) % 50 == 0)
    rare = dataclasses.replace(
        data, pixels=data.pixels[kept], groups=data.groups[kept], labels=data.labels[kept]
    )
    features = five_thousand.extractor.features(data.images)
    found = quality_report(
        five_thousand.extractor, rare, features, data.groups, data.labels, np.array([0.5, 0.5])
    )
    assert "classes in other shares" in found["notes"][0]
    assert found["real"]["fid"] < 0.5 < found["overall"]["fid"]  # what the note warns of
    assert found["n"] > 2000


def test_unclear_images_count_against_the_quality_of_their_group(five_thousand, clean):
    data = five_thousand.reference
    images = data.images
    half = np.flatnonzero(data.groups == 1)[::2]
    images[half, :, 14:] = -1  # half white, half black
    found, _ = make_report(images, data.labels, five_thousand)
    assert found["undecided"] > 0.2
    before, after = (each["quality"]["by_group"]["precision"]["by_group"] for each in (clean, found))
    assert min(after) < min(before) - 0.1
    assert min(found["label_agreement"]["by_group"]) < 0.95


def test_a_group_with_few_real_images_does_not_keep_others_from_being_measured(five_thousand):
    data = five_thousand.reference
    rows = np.concatenate([np.flatnonzero(data.groups == 0), np.flatnonzero(data.groups == 1)[:100]])
    rare = dataclasses.replace(
        data, pixels=data.pixels[rows], groups=data.groups[rows], labels=data.labels[rows]
    )
    features = five_thousand.extractor.features(data.images)
    found = quality_report(five_thousand.extractor, rare, features, data.groups, None, np.array([0.5, 0.5]))
    black, white = found["by_group"]["fid"]["by_group"]
    assert black < 0.5
    assert white is None
    assert found["by_group"]["fid"]["worst"] is None
    assert "group white: 100 real and 2,500 generated images" in " ".join(found["notes"])


def test_too_few_images_for_fid_are_told(five_thousand):
    data = five_thousand.reference
    found, _ = make_report(data.images[::50], data.labels[::50], five_thousand)
    assert found["quality"]["n"] == 100
    assert found["quality"]["overall"]["fid"] is None
    assert found["quality"]["overall"]["kid"] is not None
    assert "FID needs at least 128 images on each side" in found["quality"]["notes"][0]


@pytest.mark.slow
def test_a_second_attribute_gives_a_table(digit_images, tmp_path):
    some = dataclasses.replace(
        digit_images,
        pixels=digit_images.pixels[::4],
        labels=digit_images.labels[::4],
        attributes={"round": np.where(np.isin(digit_images.labels[::4], (0, 6, 8, 9)), "yes", "no")},
    )
    data = group(some, "invert")
    inverted = dataclasses.replace(some, pixels=data.pixels)
    found = prepare_instruments(tmp_path / "instruments", data, group(inverted, "round"), steps=300)
    assert isinstance(found, Instruments)
    assert isinstance(found.cross, Attribute)
    table = make_report(data.images, data.labels, found)[0]["intersections"]
    assert (table["attribute"], table["values"]) == ("round", ["no", "yes"])
    assert table["within"][0] == pytest.approx([0.6, 0.4], abs=0.06)
    assert table["cramers_v"] < 0.1
    assert len(list((tmp_path / "instruments").glob("cross_*"))) == 1


def test_images_grouped_by_a_column_are_never_all_floats_at_once(digits, monkeypatch):
    """162,770 faces of 64x64 take 2 GB as bytes, and 8 GB as floats."""
    images = digits.images[:50]
    faces = dataclasses.replace(digits, labels=None, class_names=(), rules=())
    monkeypatch.setattr(type(digits), "images", property(lambda self: pytest.fail("all images as floats")))
    made = Instruments(
        Attribute(faces, attribute_classifier(faces, steps=20)), train_extractor(faces, steps=20)
    )
    assert make_report(images, None, made, faces)[0]["memorisation"]["distance_ratio"] == 0
