"""Every first part of the reference has the shares that were asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.load import load
from repfair_keras.data.images.reference import balanced_order, halves, in_turn, load_reference


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 2), min_size=30, max_size=200).filter(lambda g: len(set(g)) == 3),
    st.sampled_from([(1 / 3, 1 / 3, 1 / 3), (0.5, 0.3, 0.2), (0.1, 0.1, 0.8)]),
)
def test_every_first_part_has_the_shares(groups, shares):
    groups = np.array(groups)
    order = balanced_order(groups, np.array(shares))
    assert len(set(order)) == len(order)
    for n in range(1, len(order) + 1):
        counts = np.bincount(groups[order[:n]], minlength=3)
        assert np.abs(counts - n * np.array(shares)).max() < 2
    assert len(order) >= np.min(np.bincount(groups, minlength=3) / shares) - 1


def test_classes_have_their_shares_within_each_group_as_long_as_they_last():
    groups, strata = np.repeat([0, 1], 300), np.tile(np.repeat([0, 1, 2], [50, 50, 200]), 2)
    shares = np.array([10, 10, 20])
    order = balanced_order(groups, np.array([0.5, 0.5]), strata, shares, to_the_end=False)
    assert len(order) == 600
    for n in (40, 200, 400):
        for group in (0, 1):
            counts = np.bincount(strata[order[:n]][groups[order[:n]] == group], minlength=3)
            assert np.abs(counts - n / 2 * np.array([0.25, 0.25, 0.5])).max() <= 1
    assert set(strata[order[-150:]]) == {2}  # the others are used up
    to_the_end = balanced_order(groups, np.array([0.5, 0.5]), strata, shares)
    assert np.bincount(strata[to_the_end]).tolist() == [100, 100, 200]
    assert np.bincount(groups[to_the_end]).tolist() == [200, 200]


def test_a_class_that_was_not_asked_for_is_left_out():
    strata = np.tile([0, 1], 50)
    order = balanced_order(np.zeros(100, int), np.array([1.0]), strata, np.array([0, 7]))
    assert sorted(order) == np.flatnonzero(strata == 1).tolist()


def test_halves_have_the_same_make_up():
    rng = np.random.default_rng(0)
    groups, labels = rng.integers(0, 2, 300), rng.integers(0, 5, 300)
    rows = rng.permutation(300)[:200]
    first, second = halves(rows, groups, labels)
    assert sorted([*first, *second]) == sorted(rows)
    assert len(first) == len(second)
    for group in range(2):
        for label in range(5):
            counts = [np.sum((groups[half] == group) & (labels[half] == label)) for half in (first, second)]
            assert abs(counts[0] - counts[1]) <= 1


def test_the_seed_decides_which_images():
    groups = np.tile([0, 1], 50)
    one, same, other = (balanced_order(groups, np.array([0.5, 0.5]), seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert set(one[:20]) != set(other[:20])


def test_in_turn():
    assert in_turn(np.array([2, 2, 0, 2, 0, 1])).tolist() == [2, 5, 0, 4, 1, 3]


def test_reference_depends_on_no_seed_or_share(npz_file):
    reference, cross = load_reference("npz", npz_file, "invert")
    assert cross is None
    assert reference.fingerprint == load("npz", npz_file, "invert").fingerprint
    assert load("npz", npz_file, "invert", seed=1).fingerprint != reference.fingerprint
    assert reference.shares == pytest.approx([0.5, 0.5], abs=0.01)
    assert load_reference("npz", npz_file, "invert", use_labels=False)[0].labels is None


def test_reference_has_the_classes_that_networks_do_not_see(data_dir_of):
    folder = data_dir_of("svhn")
    assert load("svhn", folder).labels is None
    assert load_reference("svhn", folder)[0].n_classes == 10


@pytest.mark.parametrize("name", ["folder", "npz"])
def test_own_data_are_taken_as_they_are(name, data_dir_of):
    reference, _ = load_reference(name, data_dir_of(name))
    assert reference.fingerprint == load(name, data_dir_of(name)).fingerprint


def test_a_second_attribute_is_of_the_same_images(npz_file):
    reference, cross = load_reference("npz", npz_file, "invert", cross="stroke")
    np.testing.assert_array_equal(cross.pixels, reference.pixels)
    assert cross.group_names == ("medium", "thick", "thin")
    with pytest.raises(InputError, match="cross is 'stroke', the grouping itself"):
        load_reference("npz", npz_file, cross="stroke")
    with pytest.raises(InputError, match=r"cross is 'shade', which changes images.*Known: stroke"):
        load_reference("npz", npz_file, cross="shade")
    with pytest.raises(InputError, match="unknown grouping 'strokes'"):
        load_reference("npz", npz_file, cross="strokes")
