"""Quality of images whose quality is known: real ones, blurred ones, noise."""

import dataclasses

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from repfair_keras.evaluation.images import image_report
from repfair_keras.evaluation.images.quality import blind_to_groups, not_measurable, quality_report
from repfair_keras.evaluation.report import ImageReport
from repfair_keras.reporting import markdown


def make_report(*arguments, **keywords):
    """The report as it is stored."""
    return image_report.make_report(*arguments, **keywords)[0].to_dict()


@pytest.fixture(scope="module")
def clean(five_thousand):
    return make_report(five_thousand.reference.images, five_thousand.reference.labels, five_thousand)


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
    found = make_report(noise, None, five_thousand)
    assert found["quality"]["overall"]["fid"] > 20 * clean["quality"]["real"]["fid"]


def test_blurring_one_group_leaves_the_shares_and_raises_only_its_fid(five_thousand, clean):
    data = five_thousand.reference
    images = data.images
    white = data.groups == 1
    images[white] = gaussian_filter(images[white], sigma=(0, 2, 2, 0))
    blurred = make_report(images, data.labels, five_thousand)
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
    found = make_report(images, data.labels, five_thousand)["quality"]
    fid, real = found["by_group"]["fid"], found["real_by_group"]["fid"]
    ratios = np.divide(fid["by_group"], real["by_group"])
    assert fid["relative_to_real"] == pytest.approx(ratios.tolist())
    assert fid["worst"] == "black"
    assert max(clean["quality"]["by_group"]["fid"]["relative_to_real"]) < 1.5


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
    found = make_report(images, data.labels, five_thousand)
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
    found = make_report(data.images[::50], data.labels[::50], five_thousand)
    assert found["quality"]["n"] == 100
    assert found["quality"]["overall"]["fid"] is None
    assert found["quality"]["overall"]["kid"] is not None
    assert "FID needs at least 128 images on each side" in found["quality"]["notes"][0]


def test_features_that_do_not_tell_what_they_learnt_measure_nothing(digits, instruments):
    extractor = instruments.extractor
    accuracy = {**extractor.accuracy, "label": {**extractor.accuracy["label"], "overall": 0.5}}
    poor = dataclasses.replace(extractor, accuracy=accuracy)
    features = extractor.features(digits.images)
    arguments = (digits, features, digits.groups, digits.labels, np.array([0.5, 0.5]))
    found = quality_report(poor, *arguments)
    assert found["overall"] is found["real"] is found["n"] is None
    assert found["by_group"] == found["by_class"] == {}
    (note,) = found["notes"]
    assert "tells the label of only 50 % of held-out real images, a guess 1" in note
    text = str(ImageReport.from_dict({"groups": ["black", "white"], "n": 417, "quality": found}))
    assert "Quality is not measurable here" in text
    turned = {"group": accuracy["group"], "turn": {"overall": 0.6}}
    (note,) = not_measurable(dataclasses.replace(extractor, accuracy=turned), digits)
    assert (
        "quarter turns they were rotated of only 60 % of held-out real images, a guess 25 %, and at least 62 %"
        in note
    )
    assert quality_report(extractor, *arguments)["overall"] is not None


def test_features_that_do_not_tell_the_groups_measure_none_of_them(digits, instruments):
    extractor = instruments.extractor
    assert min(extractor.accuracy["group"]["by_group"]) > 0.9
    poor = {**extractor.accuracy, "group": {**extractor.accuracy["group"], "by_group": [0.98, 0.5]}}
    arguments = (
        digits,
        extractor.features(digits.images),
        digits.groups,
        digits.labels,
        np.array([0.5, 0.5]),
    )
    found = quality_report(dataclasses.replace(extractor, accuracy=poor), *arguments)
    assert found["overall"]["coverage"] > 0.9 and found["by_class"] and found["by_group"] == {}
    (note,) = [note for note in found["notes"] if "per group" in note]
    assert "tells the groups of only 74 % of held-out real images" in note and "at least 75 %" in note
    enough = {**poor, "group": {**poor["group"], "by_group": [0.98, 0.53]}}
    assert not list(blind_to_groups(dataclasses.replace(extractor, accuracy=enough)))
    assert not list(blind_to_groups(dataclasses.replace(extractor, accuracy=None)))


def test_without_groups_quality_is_of_all_images(digits, instruments):
    features = instruments.extractor.features(digits.images)
    arguments = (features, None, digits.labels, np.array([0.5, 0.5]))
    found = quality_report(instruments.extractor, digits, *arguments)
    assert found["overall"]["coverage"] > 0.9
    assert found["by_group"] == found["real_by_group"] == {}
    assert any("groups cannot be told" in note for note in found["notes"])
    text = markdown.to_markdown(
        ImageReport.from_dict({"groups": ["black", "white"], "n": 417, "quality": found})
    )
    assert "| coverage |" in text
