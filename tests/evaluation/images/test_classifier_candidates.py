"""Candidates see equal groups, the best on validation images is kept, augmentations are those that do no harm."""

import dataclasses

import keras
import numpy as np
import pytest

from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.evaluation.images import budget, classifier_candidates
from repfair_keras.evaluation.images.attribute_classifier import AttributeClassifier, attribute_classifier
from repfair_keras.evaluation.images.classifier_candidates import (
    CANDIDATES,
    KeepBest,
    balanced_rows,
    best_candidate,
    both_ways,
)
from repfair_keras.networks.orientation_histograms import OrientationHistograms
from repfair_keras.networks.residual_classifier import residual_classifier


def striped(n=90, shares=(2, 1)):
    """Photographs in small: stripes that rise, or fall, in any colours. A mirror image is of the other group."""
    rng, groups = np.random.default_rng(0), np.resize(np.repeat(np.arange(2), shares), n).astype(np.int32)
    rows, columns = np.mgrid[:16, :16]
    phase = rng.uniform(0, 6, (n, 1, 1))
    wave = np.sin((columns + np.where(groups == 1, 1, -1)[:, None, None] * rows) / 2 + phase)
    pixels = (wave[..., None] * rng.uniform(60, 100, (n, 1, 1, 3)) + 128).astype(np.uint8)
    return ImageDataset("npz", "photographs", pixels, groups, ("rise", "fall"), "stripes")


def test_groups_are_equal_in_every_few_batches():
    groups = np.repeat([0, 1, 2], [500, 50, 5])
    batches = balanced_rows(groups, np.arange(555), 64, np.random.default_rng(0))
    counts = np.array([np.bincount(groups[next(batches)], minlength=3) for _ in range(30)])
    assert set(counts.sum(axis=1)) == {64}
    assert counts.sum(axis=0).tolist() == [640, 640, 640]
    assert np.ptp(counts) == 1
    few = next(balanced_rows(np.arange(100), np.arange(100), 64, np.random.default_rng(0)))
    assert sorted(few) == list(range(100))  # one of each group at least


def test_every_image_of_a_group_is_seen_before_one_is_seen_again():
    groups = np.repeat([0, 1], [40, 8])
    batches = balanced_rows(groups, np.arange(48), 16, np.random.default_rng(0))
    rows = np.concatenate([next(batches) for _ in range(5)])
    assert sorted(rows[groups[rows] == 0]) == list(range(40))
    assert np.bincount(rows[groups[rows] == 1] - 40).tolist() == [5] * 8


def test_histograms_of_edges_worked_out_by_hand():
    ramp = np.broadcast_to(np.linspace(-1, 1, 16, dtype=np.float32)[None, :, None], (16, 16, 1))
    across, down = ramp[None], ramp.transpose(1, 0, 2)[None]
    layer = OrientationHistograms(4)
    found, turned = (np.asarray(layer(images))[0, 1:-1, 1:-1] for images in (across, down))
    assert found.shape == (2, 2, 9)
    assert np.all(found[..., 0] > 10 * found[..., 3:6].max())  # gradients point to the right
    assert np.all(turned[..., 4] > 10 * turned[..., [0, 1, 7]].max())  # a half of the half turn on
    np.testing.assert_allclose(found[..., :8].sum(), turned[..., :8].sum(), rtol=1e-5)
    np.testing.assert_allclose(
        np.asarray(layer(across))[0, 0, :, 8], ramp[0, :, 0].reshape(4, 4).mean(axis=1), atol=1e-6
    )
    np.testing.assert_allclose(layer(-across)[..., :8], layer(across)[..., :8], atol=1e-5)  # light or dark
    assert np.abs(layer(np.zeros((1, 15, 13, 3), np.float32))).max() < 0.05
    assert layer(np.zeros((1, 15, 13, 3), np.float32)).shape == (1, 4, 4, 11)


@pytest.mark.parametrize("shape", [(28, 28, 1), (64, 64, 3), (37, 50, 3), (8, 8, 1)])
def test_residual_classifier_takes_any_size_and_is_stored(shape, tmp_path):
    model = residual_classifier(shape, 3, "classifier", seed=1, width=8)
    images = np.random.default_rng(0).uniform(-1, 1, (2, *shape)).astype(np.float32)
    both = both_ways(model)
    np.testing.assert_allclose(both(images), (model(images) + model(images[:, :, ::-1])) / 2, atol=1e-5)
    both.save(tmp_path / "model.keras")
    np.testing.assert_allclose(
        keras.models.load_model(tmp_path / "model.keras")(images), both(images), atol=1e-6
    )


@pytest.fixture
def tiny(monkeypatch):
    """Candidates of few batches, all of which are tried."""
    monkeypatch.setattr(budget, "RESIDUAL_STEPS", (60, 60))
    monkeypatch.setattr(classifier_candidates, "GOOD", 1.01)
    small = dataclasses.replace(CANDIDATES["small"], steps=lambda n, epochs, limit: 60)
    residual = dataclasses.replace(
        CANDIDATES["residual"], build=lambda *about, seed: residual_classifier(*about, seed=seed, width=8)
    )
    monkeypatch.setattr(classifier_candidates, "CANDIDATES", {"small": small, "residual": residual})


@pytest.mark.slow
def test_the_best_on_validation_images_is_kept_and_the_mirror_is_not_used_where_it_changes_groups(
    tiny, monkeypatch
):
    used = []
    fit = classifier_candidates._fit

    def watched(model, candidate, data, train, validation, steps, augmentations, *more):
        used.append([change.__name__ for change in augmentations])
        fit(model, candidate, data, train, validation, steps, augmentations, *more)

    monkeypatch.setattr(classifier_candidates, "_fit", watched)
    data = striped(600)
    found = best_candidate(data, np.arange(400), np.arange(400, 600))
    assert set(found.tried) == {"small", "residual"}
    assert found.tried[found.name] == max(found.tried.values()) > 0.9
    assert used == [[], ["relit"]]


@pytest.mark.slow
def test_one_seed_gives_one_residual_classifier_and_it_is_stored(tiny, tmp_path):
    data = striped(300)
    one, again = (attribute_classifier(data, seed=3) for _ in range(2))
    np.testing.assert_array_equal(one.held_out.chances, again.held_out.chances)
    one.save(tmp_path / "attribute")
    loaded, images = AttributeClassifier.load(tmp_path / "attribute"), data.images[:20]
    np.testing.assert_allclose(loaded.chances(images), one.chances(images), atol=1e-6)


def test_a_limit_below_its_least_leaves_the_better_candidate_out():
    assert budget.residual_steps(3500, 6, 300) == 0
    assert budget.residual_steps(3500, 6, 650) == 650
    assert budget.residual_steps(200, 6) == budget.RESIDUAL_STEPS[0]
    assert budget.residual_steps(100_000, 6) == budget.RESIDUAL_STEPS[1]


def test_the_best_weights_come_back_and_a_training_without_gain_ends():
    model = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
    model.compile()
    pixels = np.repeat(np.array([0, 255], np.uint8), 10)[:, None, None, None] * np.ones(
        (1, 2, 2, 1), np.uint8
    )
    keep = KeepBest(pixels, np.repeat([0, 1], 10))
    keep.set_model(model)
    right = [np.stack([-np.ones(4), np.ones(4)], axis=1), np.zeros(2)]
    for epoch, sign in enumerate([0.0, 1.0, 0.0, 0.0, 0.0, 0.0]):
        assert not model.stop_training
        model.set_weights([sign * part for part in right])
        keep.on_epoch_end(epoch)
    assert model.stop_training
    keep.on_train_end()
    np.testing.assert_array_equal(model.get_weights()[0], right[0])
