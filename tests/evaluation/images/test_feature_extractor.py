"""The extractor knows the real images it was made from, tells its own errors, and is the same when loaded."""

import dataclasses

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images import budget
from repfair_keras.evaluation.images.feature_extractor import FeatureExtractor, train_extractor, turned
from repfair_keras.evaluation.images.fit_classifier import stratified_split


@pytest.fixture(scope="module")
def extractor(instruments):
    return instruments.extractor


def test_features_are_centred_and_scaled_on_the_images_it_was_trained_on(digits, extractor):
    train, _ = stratified_split(digits.groups, digits.labels, 0.7, seed=0)
    features = extractor.features(digits.images[train])
    assert features.shape == (len(train), extractor.size) == (extractor.n_train, 64)
    np.testing.assert_allclose(features.mean(axis=0), 0, atol=1e-4)
    assert features.var(axis=0).mean() == pytest.approx(1, rel=1e-4)
    assert features.var(axis=0).max() > 1.2  # one scale for all features: their differences are kept


def test_labels_and_groups_of_five_thousand_digits_are_told_in_both_groups(five_thousand):
    found = five_thousand.extractor
    assert found.accuracy["group"]["overall"] >= 0.995
    assert found.accuracy["label"]["overall"] > 0.955
    assert min(found.accuracy["label"]["by_group"]) > 0.94
    assert found.n_train == 3500


def test_accuracy_is_that_on_the_held_out_part(digits, extractor):
    _, test = stratified_split(digits.groups, digits.labels, 0.7, seed=0)
    _, labels = extractor.describe(digits.images[test])
    right = labels == digits.labels[test]
    accuracy = extractor.accuracy["label"]
    assert accuracy["overall"] == pytest.approx(right.mean())
    assert accuracy["by_group"] == pytest.approx([right[digits.groups[test] == u].mean() for u in (0, 1)])
    assert 0.5 < accuracy["overall"] < 1


@pytest.mark.slow
def test_without_classes_it_learns_how_images_were_turned(digits):
    unlabelled = dataclasses.replace(digits, labels=None, class_names=())
    found = train_extractor(unlabelled)
    assert found.accuracy.keys() == {"group", "turn"}
    assert found.accuracy["turn"]["overall"] > 0.6  # by chance: 0.25
    assert found.describe(digits.images)[1] is None


def test_turned_images_are_rotated_by_quarter_turns():
    images = np.random.default_rng(0).normal(size=(40, 5, 5, 2))
    rotated, targets = turned(images, {"group": np.arange(40)}, np.random.default_rng(1))
    assert set(targets["turn"]) == {0, 1, 2, 3}
    for before, after, turn in zip(images, rotated, targets["turn"], strict=True):
        for _ in range(turn):  # counter-clockwise: columns, last first, become rows
            before = before.transpose(1, 0, 2)[::-1]
        np.testing.assert_array_equal(before, after)


def test_saved_extractor_is_the_same(tmp_path, digits, extractor):
    extractor.save(tmp_path / "extractor")
    loaded = FeatureExtractor.load(tmp_path / "extractor")
    np.testing.assert_array_equal(loaded.features(digits.images), extractor.features(digits.images))
    for field in ("group_names", "class_names", "accuracy", "n_train", "data", "hash"):
        assert getattr(loaded, field) == getattr(extractor, field)


@pytest.mark.slow
def test_hash_changes_with_the_weights_and_with_nothing_else(digits, extractor, monkeypatch):
    monkeypatch.setattr(budget, "MIN_STEPS", 2)
    monkeypatch.setattr(budget, "MAX_STEPS", 2)
    first, again, other = (train_extractor(digits, seed) for seed in (0, 0, 1))
    assert first.hash == again.hash
    assert len({first.hash, other.hash, extractor.hash}) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda images: images[:, :20], r"shape \(417, 20, 28, 1\), expected \(N, 28, 28, 1\)"),
        (lambda images: images * 127.5 + 127.5, "range from 0 to 255, expected -1 to 1"),
        (lambda images: np.full_like(images, np.nan), "417 of 417 images hold NaN"),
        (lambda images: images[:0], "no images"),
    ],
)
def test_bad_images_are_named(digits, extractor, change, message):
    with pytest.raises(InputError, match=message):
        extractor.features(change(digits.images))


def test_a_folder_without_an_extractor_is_named(tmp_path):
    with pytest.raises(InputError, match="holds no extractor"):
        FeatureExtractor.load(tmp_path)
