"""What a report says of images whose groups, labels and quality are known."""

import dataclasses
import json

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.grouping import group
from repfair_keras.evaluation.images import image_report
from repfair_keras.evaluation.images.attribute_classifier import attribute_classifier
from repfair_keras.evaluation.images.feature_extractor import train_extractor
from repfair_keras.evaluation.images.group_assignment import Decision
from repfair_keras.evaluation.images.instruments import Attribute, Instruments, prepare_instruments
from repfair_keras.evaluation.report import report_from_dict
from repfair_keras.metrics.brightness import brightness_histogram
from repfair_keras.reporting import markdown

KEYS = {
    *("n", "groups", "target", "proportions", "intervals", "gap", "l1", "kl", "tv", "fd", "chebyshev"),
    *(
        "bounds",
        "test",
        "epsilon",
        "undecided",
        "undecided_reasons",
        "undecided_by_group",
        "n_decided",
        "noise_floor",
    ),
    *("corrected", "classes", "by_class", "by_class_intervals", "by_class_undecided", "by_class_gap"),
    *("by_class_n", "by_class_noise_floor", "by_class_kl", "intersections", "classifier", "rules"),
    *(
        "asked",
        "downstream",
        "positive_classes",
        "brightness",
        "label_agreement",
        "nearest_real",
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
    "bounds",
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
    report, pairs, _ = image_report.make_report(*arguments, **keywords)
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
    return make_report(images, labels, instruments, decision=Decision(0.6))[0]


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
    black = report["corrected"]["proportions"][
        0
    ]  # of all images: the 40 that are half and half are in some group
    assert (209 - 4) / 457 < black < (209 + 40 + 4) / 457
    assert report["bounds"][0] == pytest.approx([209 / 457, 249 / 457], abs=0.01)
    assert report["classifier"]["max_undecided"] == 0.05
    assert max(report["classifier"]["thresholds"]) <= 0.6
    assert report["kl"] < report["noise_floor"]
    assert report["classifier"]["accuracy"] == attribute.accuracy
    assert report["classifier"]["confusion"] == attribute.confusion.tolist()
    assert np.sum(report["classifier"]["confusion_decided"]) == pytest.approx(attribute.n_test, abs=4)
    assert report["rules"]["corner"]["undecided"] == pytest.approx(40 / 457)
    assert report["rules"]["corner"]["proportions"] == pytest.approx(digits.shares.tolist())
    assert report["rules"]["mean"]["undecided"] == 0
    assert report["label_agreement"]["overall"] > 0.8


def test_shares_of_real_digits_alone_are_theirs(digits, instruments):
    found, _ = make_report(digits.images, digits.labels, instruments)
    assert found["corrected"]["proportions"] == pytest.approx(digits.shares.tolist(), abs=0.02)
    assert found["corrected"]["on_target"] is True


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
    assert list(found["corrected"]) == ["note"]
    assert (found["undecided"], found["n_decided"]) == (1, 0)
    assert set(found["label_agreement"]["by_group"]) != {None}  # each counts where the classifier leans to
    assert found["quality"]["by_group"] == {}
    assert "100 % of the images have no clear group" in found["note"]
    assert found["note"] in format_table(found)


def test_one_image_is_enough_for_a_report(digits, instruments):
    found, _ = make_report(digits.images[:1], digits.labels[:1], instruments)
    json.dumps(found, allow_nan=False)
    assert "a sample of 1 is too small" in found["note"]
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
        ({"decision": Decision(90)}, "confidence is 90, expected a number from 0 to 1"),
        ({"decision": Decision(max_undecided=2)}, "max_undecided is 2, expected a number from 0 to 1"),
        ({"target": np.array([0.5, 0.2, 0.3])}, "expected 2 shares above 0"),
    ],
)
def test_bad_input_is_named(digits, instruments, change, message):
    arguments = {"images": digits.images[:2], "labels": np.array([0, 1]), **change}
    with pytest.raises(InputError, match=message):
        make_report(instruments=instruments, **arguments)


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
