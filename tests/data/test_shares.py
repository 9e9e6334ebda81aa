import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repfair_keras.core.errors import InputError
from repfair_keras.data.shares import allot, allot_by_class, largest_subset, parse_shares

TWO, THREE = ("black", "white"), ("red", "green", "blue")


@st.composite
def shares_of(draw, n_groups=None):
    n = n_groups or draw(st.integers(2, 6))
    weights = np.array(draw(st.lists(st.integers(1, 50), min_size=n, max_size=n)))
    return weights / weights.sum()


class_sizes = st.lists(st.integers(0, 700), min_size=1, max_size=12).filter(any)


def test_no_share_stays_none():
    assert parse_shares(None, TWO) is None


def test_one_number_is_the_share_of_the_second_group():
    np.testing.assert_allclose(parse_shares(0.3, TWO), [0.7, 0.3])


def test_one_share_per_group():
    np.testing.assert_allclose(parse_shares([0.5, 0.25, 0.25], THREE), [0.5, 0.25, 0.25])
    np.testing.assert_allclose(parse_shares((0.9, 0.1), TWO), [0.9, 0.1])


def test_thirds_written_with_seven_digits_sum_to_one():
    assert parse_shares([0.3333333, 0.3333333, 0.3333333], THREE).sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, float("nan"), float("inf"), [0.5, float("nan")], [0, 1]])
def test_a_share_outside_0_to_1_is_refused(share):
    with pytest.raises(InputError, match="expected a number above 0 and below 1") as raised:
        parse_shares(share, TWO)
    assert str(share) in str(raised.value)


@pytest.mark.parametrize("share", ["half", ["a", "b"], [0.5, [0.2, 0.3]], {"white": 0.3}])
def test_a_share_that_is_no_number_is_refused(share):
    with pytest.raises(InputError, match="is not a number"):
        parse_shares(share, TWO)


def test_one_number_for_three_groups_is_refused():
    with pytest.raises(InputError, match=r"share 0.3 is one number.*3 groups \(red, green, blue\)"):
        parse_shares(0.3, THREE)


@pytest.mark.parametrize("share", [[0.5, 0.5], [0.5], [], [[0.3, 0.3, 0.4]]])
def test_a_wrong_count_of_shares_is_refused(share):
    with pytest.raises(InputError, match="3 groups"):
        parse_shares(share, THREE)


def test_shares_that_do_not_sum_to_1_are_refused():
    with pytest.raises(InputError, match=r"sums to 0.9, expected 1"):
        parse_shares([0.5, 0.4], TWO)


def test_allot_by_hand():
    # quotas 3.3, 3.3, 3.4: the largest remainder rounds up
    assert allot(10, [0.33, 0.33, 0.34]).tolist() == [3, 3, 4]
    # quotas 4.5, 4.5: of equal remainders the first
    assert allot(9, [0.5, 0.5]).tolist() == [5, 4]


def test_allot_does_not_lose_an_image_to_floating_point():
    assert 100 * 0.29 < 29
    assert allot(100, [0.29, 0.71]).tolist() == [29, 71]


@given(total=st.integers(0, 10_000), shares=shares_of())
def test_allot_is_exact(total, shares):
    counts = allot(total, shares)
    assert counts.sum() == total
    assert np.all(np.abs(counts - total * shares) < 1)


def test_allot_by_class_by_hand():
    # 3 classes of 5, halves: 2.5 each; in total 7.5, so 8 and 7
    counts = allot_by_class([5, 5, 5], [0.5, 0.5])
    assert counts.sum(axis=0).tolist() == [8, 7]
    assert sorted(counts.tolist()) == [[2, 3], [3, 2], [3, 2]]


def test_a_whole_number_of_images_stays_that_in_every_class():
    assert 55 * (62 / 110) < 31
    assert allot_by_class([27, 55, 55, 55], [62 / 110, 48 / 110])[1:].tolist() == [[31, 24]] * 3


@given(sizes=class_sizes, shares=shares_of())
def test_allot_by_class_is_exact_per_class_and_in_total(sizes, shares):
    counts = allot_by_class(sizes, shares)
    assert counts.sum(axis=1).tolist() == sizes
    assert counts.sum(axis=0).tolist() == allot(sum(sizes), shares).tolist()
    assert np.all(counts >= 0)
    assert np.all(np.abs(counts - np.outer(sizes, shares)) <= 1 + 1e-6)


@given(sizes=class_sizes, share=st.floats(0.001, 0.999))
def test_two_groups_round_each_class_up_or_down(sizes, share):
    ideal = np.outer(sizes, [1 - share, share])
    assert np.all(np.abs(allot_by_class(sizes, [1 - share, share]) - ideal) < 1 + 1e-6)


def test_largest_subset_by_hand():
    assert largest_subset([100, 50], [0.5, 0.5]).tolist() == [50, 50]
    assert largest_subset([30, 20, 10], [1 / 3, 1 / 3, 1 / 3]).tolist() == [10, 10, 10]
    # 90 / 0.8 = 112.5: of 112 images 89.6 and 22.4
    assert largest_subset([90, 30], [0.8, 0.2]).tolist() == [90, 22]
    assert 7 / 0.07 < 100
    assert largest_subset([7, 900], [0.07, 0.93]).tolist() == [7, 93]


@given(sizes=st.lists(st.integers(1, 5_000), min_size=2, max_size=5), data=st.data())
def test_the_subset_fits_and_no_larger_one_does(sizes, data):
    shares = data.draw(shares_of(len(sizes)))
    kept = largest_subset(sizes, shares)
    assert np.all(kept <= sizes)
    assert np.any((kept.sum() + 1) * shares > sizes)
