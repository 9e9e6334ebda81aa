"""Numbers and shares of groups, as they are typed or given as dicts."""

import re

import numpy as np
import pytest
from coin_generator import CLASSES, GROUPS
from hypothesis import given
from hypothesis import strategies as st

from repfair_keras.core.errors import InputError
from repfair_keras.sampling.group_requests import (
    GroupRequest,
    groups_and_labels,
    requests_from_counts,
    requests_from_shares,
)


@pytest.mark.parametrize(
    "counts", ["white=3, black/2=2,black=0", {"white": 3, "black/2": np.int64(2), "black": 0}]
)
def test_groups_and_classes(counts):
    requests = requests_from_counts(counts, GROUPS, CLASSES)
    assert requests == [GroupRequest("white", 1, None, 3), GroupRequest("black/2", 0, 2, 2)]
    groups, labels = groups_and_labels(requests, 3)
    assert groups.tolist() == [1, 1, 1, 0, 0]
    assert labels.tolist() == [0, 1, 2, 2, 2]


def test_a_group_whose_name_has_a_slash_or_is_a_number():
    assert requests_from_counts("a/b=2", ["a/b", "c"]) == [GroupRequest("a/b", 0, None, 2)]
    assert requests_from_counts({1: 2}, ["0", "1"]) == [GroupRequest("1", 1, None, 2)]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ("grey=3", "unknown group 'grey'. Known: black, white"),
        ("white=-3", "'white' is '-3': expected an integer of at least 0"),
        ("white=2.5", "expected an integer"),
        ("white=", "expected an integer"),
        ("white", "has no `=`: expected a number for each group, as --counts black=50,white=50"),
        ("", "has no `=`"),
        ("white=0,black=0", "asks for nothing"),
        ("white=1,white=2", "comes twice"),
        ("white =1,white=2", "comes twice"),
        ("white/9=1", "unknown class '9'. Known: 0, 1, 2"),
        ({"grey": 3}, "unknown group 'grey'. Known: black, white"),
        ({"white": 2.0}, "expected an integer"),
        ({"white": True}, "expected an integer"),
        ({}, "no group is named"),
        (["white", 3], "expected text or a dict"),
    ],
)
def test_counts_that_cannot_be_read(counts, message):
    with pytest.raises(InputError, match=re.escape(message)):
        requests_from_counts(counts, GROUPS, CLASSES)


def test_a_class_where_there_are_none():
    with pytest.raises(InputError, match="knows no classes"):
        requests_from_counts("white/1=2", GROUPS)


@pytest.mark.parametrize(
    ("shares", "n", "counts"),
    [
        ("white=0.7,black=0.3", 10, {"white": 7, "black": 3}),
        ("white=0.7,black=0.3", 9, {"white": 6, "black": 3}),  # 6.3 and 2.7: the larger remainder rounds up
        ({"white": 0.7, "black": 0.3}, 9, {"white": 6, "black": 3}),
        ("white=1/3,black=2/3", 10, {"white": 3, "black": 7}),
        ("white=1", 4, {"white": 4}),
        ("white=1,black=0", 4, {"white": 4}),
        ("white/1=0.5,black=0.25,black/2=0.25", 8, {"white/1": 4, "black": 2, "black/2": 2}),
        ({"white": np.float32(0.5), "black": np.float32(0.5)}, 3, {"white": 2, "black": 1}),
    ],
)
def test_shares_are_whole_numbers_by_the_largest_remainder(shares, n, counts):
    requests = requests_from_shares(shares, n, GROUPS, CLASSES)
    assert {request.name: request.n for request in requests} == counts
    assert requests == requests_from_counts(counts, GROUPS, CLASSES)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=2).filter(any), st.integers(1, 500))
def test_shares_give_n_images_none_further_than_one_from_its_share(weights, n):
    shares = {name: weight / sum(weights) for name, weight in zip(GROUPS, weights, strict=True)}
    counts = {request.name: request.n for request in requests_from_shares(shares, n, GROUPS)}
    assert sum(counts.values()) == n
    assert all(abs(counts.get(name, 0) - n * share) < 1 for name, share in shares.items())


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ("grey=1", "shares: unknown group 'grey'. Known: black, white"),
        ("white=0.7,black=0.2", "has the sum 0.9, expected 1"),
        ("white=0.7", "as --shares black=1/2,white=1/2"),
        ("white=-0.1,black=1.1", "'white' is '-0.1': expected a number in [0, 1]"),
        ("white=nan,black=1", "'white' is 'nan'"),
        ("white=inf", "'white' is 'inf'"),
        ("white=1/0", "'white' is '1/0'"),
        ("white=many", "expected a number in [0, 1], as 0.3 or 1/3"),
        ({"white": None}, "'white' is None"),
        ("marginal", "'marginal' has no `=`"),
        ("white=0.5,white=0.5", "comes twice"),
        ("white/9=1", "unknown class '9'"),
    ],
)
def test_shares_that_cannot_be_read(shares, message):
    with pytest.raises(InputError, match=re.escape(message)):
        requests_from_shares(shares, 10, GROUPS, CLASSES)
