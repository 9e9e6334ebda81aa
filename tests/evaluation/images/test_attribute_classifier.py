"""The classifiers reach on real digits what the paper needs, and tell their own errors truly."""

import dataclasses

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images import budget
from repfair_keras.evaluation.images.attribute_classifier import AttributeClassifier, attribute_classifier
from repfair_keras.evaluation.images.augmentations import shifted
from repfair_keras.evaluation.images.fit_classifier import stratified_split
from repfair_keras.networks.classifier import classifier


def weights(model):
    return np.concatenate([np.ravel(weight) for weight in model.get_weights()])


def test_network_maps_images_to_logits_and_its_layers_have_names():
    model = classifier((32, 32, 3), 4, "attribute", seed=0)
    assert model.output_shape == (None, 4)
    assert np.asarray(model(np.zeros((2, 32, 32, 3), np.float32))).shape == (2, 4)
    names = [layer.name for layer in model.layers]
    assert names == ["images", "conv_1", "conv_2", "flatten", "dropout_1", "hidden", "dropout_2", "logits"]
    np.testing.assert_array_equal(weights(model), weights(classifier((32, 32, 3), 4, "again", seed=0)))
    assert not np.array_equal(weights(model), weights(classifier((32, 32, 3), 4, "other", seed=1)))


def test_split_keeps_the_share_of_each_target_in_each_stratum():
    targets, strata = np.repeat([0, 1, 1, 0], [200, 100, 40, 20]), np.repeat([0, 0, 1, 1], [200, 100, 40, 20])
    train, test = stratified_split(targets, strata, 0.7, seed=0)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(360))
    for target, stratum, held_out in [(0, 0, 60), (1, 0, 30), (1, 1, 12), (0, 1, 6)]:
        assert np.sum((targets[test] == target) & (strata[test] == stratum)) == held_out
    assert not np.array_equal(test, stratified_split(targets, strata, 0.7, seed=1)[1])


@pytest.mark.parametrize("train_share", [0.01, 0.99])
def test_split_leaves_no_target_without_an_image_in_either_part(train_share):
    targets = np.array([0, 0, 1, 1, 1, 2, 2])
    for part in stratified_split(targets, np.arange(7), train_share, seed=3):
        assert set(targets[part]) == {0, 1, 2}


def test_shifted_images_are_the_old_ones_moved_with_the_edge_repeated():
    images = np.random.default_rng(0).normal(size=(200, 5, 6, 2)).astype(np.float32)
    moved = shifted(images, np.random.default_rng(0), reach=1)
    moves = set()
    for before, after in zip(images, moved, strict=True):
        padded = np.pad(before, ((1, 1), (1, 1), (0, 0)), mode="edge")
        moves |= {
            (i, j) for i in range(3) for j in range(3) if np.array_equal(padded[i : i + 5, j : j + 6], after)
        }
    assert len(moves) == 9


def test_groups_of_the_five_thousand_digits_are_told_apart(five_thousand):
    found = five_thousand.attribute.classifier
    assert (found.n_train, found.n_test) == (3500, 1000)
    assert found.candidate == "small"
    assert found.confusion.sum(axis=1).tolist() == [500, 500]
    assert found.accuracy >= 0.995
    assert min(found.by_group) >= 0.995


def test_errors_are_those_on_the_held_out_part(digits, attribute):
    _, test = stratified_split(digits.groups, digits.labels, 0.8, seed=0)
    np.testing.assert_array_equal(attribute.test_rows, test)
    validation = attribute.held_out.rows[~attribute.held_out.tested]
    assert len(validation) == pytest.approx(42, abs=2)
    assert not set(validation) & set(test)
    predicted, _ = attribute.predict(digits.images[test])
    truth = digits.groups[test]
    for i in range(2):
        for j in range(2):
            assert attribute.confusion[i, j] == np.sum((truth == i) & (predicted == j))
    assert attribute.accuracy == pytest.approx(np.mean(truth == predicted))
    assert attribute.by_group == pytest.approx([np.mean(predicted[truth == i] == i) for i in range(2)])
    assert (attribute.n_train, attribute.n_test) == (417 - len(validation) - len(test), len(test))
    assert attribute.data == digits.fingerprint


def test_one_seed_gives_one_classifier_and_training_prints_nothing(digits, monkeypatch, capfd):
    monkeypatch.setattr(budget, "MIN_STEPS", 1)
    first, again, other = (attribute_classifier(digits, seed, epochs=3) for seed in (5, 5, 6))
    np.testing.assert_array_equal(weights(first.model), weights(again.model))
    np.testing.assert_array_equal(first.confusion, again.confusion)
    assert not np.array_equal(weights(first.model), weights(other.model))
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(("bounds", "steps"), [((1, 5), 5), ((40, 90), 40), ((1, 90), 4 * 2)])
def test_steps_are_bounded(digits, monkeypatch, bounds, steps):
    monkeypatch.setattr(budget, "MIN_STEPS", bounds[0])
    monkeypatch.setattr(budget, "MAX_STEPS", bounds[1])
    found = attribute_classifier(digits, epochs=2)
    assert int(found.model.optimizer.iterations) == steps  # 292 images make 4 batches of 64


def test_predictions_do_not_depend_on_the_batch_and_print_nothing(digits, attribute, capfd):
    images = np.concatenate([digits.images] * 2)
    index, confidence = attribute.predict(images)
    assert index.shape == confidence.shape == (834,)
    assert np.all((confidence >= 0.5) & (confidence <= 1))
    alone, sure = attribute.predict(images[500:503])
    np.testing.assert_array_equal(index[500:503], alone)
    np.testing.assert_allclose(confidence[500:503], sure, rtol=1e-5)
    assert capfd.readouterr() == ("", "")


def test_saved_classifier_is_the_same(tmp_path, digits, attribute):
    folder = tmp_path / "runs" / "attribute"
    attribute.save(folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "classifier.json",
        "held_out.npz",
        "model.keras",
    ]
    attribute.save(folder)  # replaces the old one
    loaded = AttributeClassifier.load(folder)
    for mine, theirs in zip(attribute.predict(digits.images), loaded.predict(digits.images), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(loaded.confusion, attribute.confusion)
    np.testing.assert_array_equal(loaded.test_rows, attribute.test_rows)
    for field in ("names", "n_train", "data", "candidate", "tried", "calibration", "accuracy", "by_group"):
        assert getattr(loaded, field) == getattr(attribute, field)


@pytest.mark.parametrize("file", ["classifier.json", "held_out.npz", "model.keras"])
def test_a_damaged_classifier_is_named(file, tmp_path, attribute):
    attribute.save(tmp_path / "attribute")
    (tmp_path / "attribute" / file).write_text("{")
    with pytest.raises(InputError, match=r"damaged|cannot be read"):
        AttributeClassifier.load(tmp_path / "attribute")


def with_nan(images):
    images = images.copy()
    images[3, 0, 0, 0] = np.nan
    return images


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda images: images[:, :20], r"shape \(417, 20, 28, 1\), expected \(N, 28, 28, 1\)"),
        (lambda images: images[0], "shape"),
        (lambda images: images[:0], "no images"),
        (with_nan, "1 of 417 images hold NaN .* index 3"),
        (lambda images: images * 127.5 + 127.5, "range from 0 to 255, expected -1 to 1"),
    ],
)
def test_bad_images_are_named(digits, attribute, change, message):
    with pytest.raises(InputError, match=message):
        attribute.predict(change(digits.images))


def test_a_group_without_images_is_named(digits):
    alone = dataclasses.replace(digits, groups=np.zeros_like(digits.groups))
    with pytest.raises(InputError, match="'white' has 0 images, expected at least 3"):
        attribute_classifier(alone)


def test_folder_without_a_classifier_is_named(tmp_path):
    with pytest.raises(InputError, match=r"holds no classifier, expected model\.keras"):
        AttributeClassifier.load(tmp_path / "nothing")
