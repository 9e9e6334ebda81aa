import numpy as np
import pytest

from repfair_keras.data.batches import alternating_batches, balanced_batches, mixed_batches
from repfair_keras.data.images.dataset import ImageDataset


@pytest.fixture
def data():
    """50 images that hold their own number; groups of 40, 7 and 3."""
    pixels = np.broadcast_to(np.arange(50, dtype=np.uint8)[:, None, None, None], (50, 8, 8, 1))
    groups = np.repeat([0, 1, 2], [40, 7, 3]).astype(np.int32)[np.random.default_rng(0).permutation(50)]
    labels = (np.arange(50) % 5).astype(np.int32)
    return ImageDataset("n", "numbers", pixels, groups, ("a", "b", "c"), "column", labels, tuple("01234"))


def numbers(batch):
    return np.rint((batch.images.numpy()[:, 0, 0, 0] + 1) * 127.5).astype(int)


def test_shapes_and_ranges(data):
    batch = next(iter(mixed_batches(data, 16, 9, seed=0)))
    assert batch.images.shape == (16, 8, 8, 1)
    assert batch.images.dtype == "float32"
    assert batch.latents.shape == (16, 9)
    assert set(batch.fake_labels.numpy()) <= set(range(5))
    np.testing.assert_array_equal(batch.labels, data.labels[numbers(batch)])
    np.testing.assert_array_equal(batch.groups, data.groups[numbers(batch)])


def test_groups_take_turns_and_a_rare_one_repeats(data):
    batches = list(alternating_batches(data, 6, 2, seed=0).take(9))
    assert [set(batch.groups.numpy()) for batch in batches] == [{0}, {1}, {2}] * 3
    rare = np.concatenate([numbers(batch) for batch in batches[2::3]])  # 18 images of a group of 3
    assert np.bincount(rare)[np.flatnonzero(data.groups == 2)].tolist() == [6, 6, 6]


def test_each_image_once_per_pass_in_a_new_order(data):
    batches = mixed_batches(data, 10, 2, seed=0).take(10)
    order = np.concatenate([numbers(batch) for batch in batches])
    first, second = order[:50], order[50:]
    assert sorted(first) == sorted(second) == list(range(50))
    assert list(first) != list(second)
    assert list(first) != list(range(50))


@pytest.mark.parametrize("batches", [mixed_batches, alternating_batches, balanced_batches])
def test_any_step_can_be_started_from(data, batches):
    whole = list(batches(data, 8, 2, seed=3).take(12))
    for later, batch in zip(whole[7:], batches(data, 8, 2, seed=3, start=7), strict=False):
        for one, other in zip(later, batch, strict=True):
            np.testing.assert_array_equal(one, other)


def test_the_seed_decides(data):
    one, same, other = (next(iter(mixed_batches(data, 8, 2, seed))) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.latents, same.latents)
    np.testing.assert_array_equal(one.images, same.images)
    assert not np.allclose(one.latents, other.latents)
    assert list(numbers(one)) != list(numbers(other))


def test_noise_is_standard_normal_and_new_in_every_step(data):
    latents = np.stack([batch.latents for batch in mixed_batches(data, 50, 20, seed=0).take(20)])
    assert abs(latents.mean()) < 0.03
    assert abs(latents.std() - 1) < 0.03
    assert len(np.unique(latents[:, 0, 0])) == 20


def test_balanced_batches_have_equally_many_of_each_group(data):
    batches = list(balanced_batches(data, 6, 2, seed=0).take(20))
    assert all(np.bincount(batch.groups, minlength=3).tolist() == [2, 2, 2] for batch in batches)
    rare = np.concatenate([numbers(batch)[batch.groups.numpy() == 2] for batch in batches[:9]])
    assert np.bincount(rare)[np.flatnonzero(data.groups == 2)].tolist() == [6, 6, 6]
    common = np.concatenate([numbers(batch)[batch.groups.numpy() == 0] for batch in batches])
    assert sorted(common) == np.flatnonzero(data.groups == 0).tolist(), "40 images, each once a pass"


def test_balanced_batches_share_the_rest_among_the_groups(data):
    batches = balanced_batches(data, 8, 2, seed=0).take(3)
    counts = sum(np.bincount(batch.groups, minlength=3) for batch in batches)
    assert counts.tolist() == [8, 8, 8]
