import ast
import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.dataset import RawImages
from repfair_keras.data.images.grouping import MIN_GROUP_SIZE, group, subset
from repfair_keras.data.images.transforms import INVERT
from repfair_keras.data.intersections import parts


def tiny(labels=None, **attributes):
    """Images of which the first pixel is the image's number."""
    n = len(next(iter(attributes.values()))) if labels is None else len(labels)
    pixels = np.zeros((n, 4, 4, 1), np.uint8)
    pixels[:, 0, 0, 0] = np.arange(n)
    names = () if labels is None else tuple(str(i) for i in range(max(labels) + 1))
    return RawImages(
        name="tiny",
        source="made by hand.",
        pixels=pixels,
        labels=None if labels is None else np.array(labels, np.int32),
        class_names=names,
        attributes={name: np.asarray(values) for name, values in attributes.items()},
    )


def kept_images(data):
    return data.pixels[:, 0, 0, 0].tolist()


def test_half_of_each_class_is_inverted_by_default(digit_images):
    data = group(digit_images)
    table = np.histogram2d(data.labels, data.groups, bins=(10, 2))[0]
    np.testing.assert_array_equal(table, np.full((10, 2), 250))
    assert (data.group_names, data.grouping, data.rules) == (("black", "white"), "invert", ("corner", "mean"))


def test_images_stay_in_order_and_change_as_their_group_asks(digit_images):
    data = group(digit_images, share=0.2, seed=3)
    np.testing.assert_array_equal(data.labels, digit_images.labels)
    np.testing.assert_array_equal(data.pixels, INVERT.apply(digit_images.pixels, data.groups))
    assert data.groups.dtype == np.int32
    assert (data.class_names, data.source) == (digit_images.class_names, digit_images.source)


def test_share_is_that_of_the_second_group_in_each_class(digit_images):
    for share in (0.2, [0.8, 0.2]):
        data = group(digit_images, share=share)
        np.testing.assert_array_equal(np.bincount(data.labels[data.groups == 1]), np.full(10, 100))


def test_the_seed_decides_the_groups(digit_images):
    groups = [group(digit_images, seed=seed).groups for seed in (7, 7, 8)]
    np.testing.assert_array_equal(groups[0], groups[1])
    assert 0.4 < np.mean(groups[0] == groups[2]) < 0.6


def test_groups_do_not_follow_the_order_of_images(digit_images):
    first_hundred = group(digit_images).groups[:100].mean()
    assert 0.3 < first_hundred < 0.7


@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=6).filter(lambda sizes: sum(sizes) >= 100),
    share=st.floats(0.1, 0.9),
    seed=st.integers(0, 2**31),
)
def test_counts_are_exact_for_any_share_and_class_sizes(sizes, share, seed):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    data = group(tiny(labels.tolist()), "invert", share, seed)
    white = np.bincount(labels[data.groups == 1], minlength=len(sizes))
    assert abs(white.sum() - sum(sizes) * share) <= 0.5 + 1e-6
    assert np.all(np.abs(white - np.array(sizes) * share) < 1 + 1e-6)


def test_without_classes_the_whole_is_exact():
    data = group(tiny(hue=["x"] * 50), "shade", 0.3)
    assert np.bincount(data.groups).tolist() == [35, 15]
    assert data.labels is None


def test_a_column_gives_the_groups_that_it_says():
    data = group(tiny(age=["30", "4", "30"] * 10), "age")
    assert data.group_names == ("4", "30")
    assert data.groups.tolist() == [1, 0, 1] * 10
    assert (data.grouping, data.rules) == ("age", ())
    assert kept_images(data) == list(range(30))


def test_a_column_may_be_the_default():
    images = dataclasses.replace(tiny(hue=["r", "g", "b"] * 10), default_grouping="hue")
    assert group(images).group_names == ("b", "g", "r")


def test_a_share_leaves_images_of_a_column_out_and_keeps_the_order():
    images = tiny(hue=["red"] * 60 + ["blue"] * 20)
    data = group(images, "hue", share=0.5)
    assert np.bincount(data.groups).tolist() == [20, 20]
    assert kept_images(data) == sorted(kept_images(data))
    assert kept_images(data)[-20:] == list(range(60, 80))
    np.testing.assert_array_equal(data.groups, np.array(kept_images(data)) < 60)  # blue 0, red 1


def test_a_share_for_three_groups():
    data = group(tiny(hue=["a"] * 100 + ["b"] * 50 + ["c"] * 50), "hue", share=[0.5, 0.3, 0.2])
    assert np.bincount(data.groups).tolist() == [83, 50, 33]  # 50 / 0.3 = 166 images; 83, 49.8, 33.2


def test_what_is_left_of_a_group_keeps_its_classes():
    labels = [0] * 40 + [1] * 20 + [0] * 10 + [1] * 10
    data = group(tiny(labels, hue=["a"] * 60 + ["b"] * 20), "hue", share=0.5)
    table = np.histogram2d(data.groups, data.labels, bins=(2, 2))[0]
    np.testing.assert_array_equal(table, [[13, 7], [10, 10]])  # 20 of 40:20 are 13.3 and 6.7


def test_the_seed_decides_which_images_stay():
    images = tiny(hue=["a"] * 60 + ["b"] * 20)
    kept = [kept_images(group(images, "hue", share=0.5, seed=seed)) for seed in (1, 1, 2)]
    assert kept[0] == kept[1] != kept[2]


def test_an_unknown_grouping_lists_transforms_and_columns():
    with pytest.raises(InputError) as raised:
        group(tiny(background=["a", "b"] * 20, age=["1", "2"] * 20), "backgruond")
    assert str(raised.value) == (
        "unknown grouping 'backgruond'. Did you mean 'background'? "
        "Known: invert, shade, colour, biased_colour; columns of 'tiny': background, age."
    )


def test_a_grouping_must_be_named_where_there_is_no_default():
    with pytest.raises(
        InputError, match=r"'tiny' has no default grouping: .*--grouping.*invert, shade, colour.*none"
    ):
        group(tiny([0] * 30))


def test_a_column_must_not_be_called_like_a_transform():
    with pytest.raises(InputError, match="'shade' is a transform and a column of 'tiny': rename the column"):
        group(tiny(shade=["a", "b"] * 20), "shade")


@pytest.mark.parametrize("share", [0, 1, -1, float("nan"), [0.5, 0.6], [0.2, 0.3, 0.5]])
@pytest.mark.parametrize("grouping", ["invert", "hue"])
def test_a_bad_share_is_refused(grouping, share):
    with pytest.raises(InputError, match="share"):
        group(tiny(hue=["a", "b"] * 20), grouping, share)


def test_a_column_with_one_value_is_refused():
    with pytest.raises(InputError, match="column 'hue' has one value only, 'a'"):
        group(tiny(hue=["a"] * 20), "hue")


AGES = np.random.default_rng(0).integers(16, 71, 3000)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (AGES, r"'16' \(\d+ images\), '17' \(\d+ images\), .* and 47 more"),
        (AGES.astype(str), r"'16' \(\d+ images\), '17' \(\d+ images\), .* and 47 more"),
        (np.char.add("age ", AGES.astype(str)), r"'age 16' \(\d+ images\), .* and 47 more"),
    ],
)
def test_many_values_are_refused_with_what_would_work(values, message):
    images = tiny(age=values, hue=["a", "b"] * 1500)
    with pytest.raises(InputError, match=rf"'age' of 'tiny' has 55 values: {message}") as refused:
        group(images, "age")
    assert str(refused.value).endswith("or take another column: --grouping hue.")
    listed = ast.literal_eval(re.search(r"such as np[^\[]*(\[[^\]]*\])", str(refused.value))[1])
    ages = images.attributes["age"]
    if "digitize" in str(refused.value):
        merged = np.digitize(ages.astype(float), listed)
    else:
        merged = np.where(np.isin(ages, listed), ages, "other")
    data = group(tiny(age_group=merged), "age_group")
    assert data.n_groups == 4
    assert np.bincount(data.groups).min() >= 50


def test_as_many_groups_as_there_may_be():
    assert group(tiny(month=np.arange(240) % 12), "month").n_groups == 12
    with pytest.raises(InputError, match="has 13 values"):
        group(tiny(month=np.arange(260) % 13), "month")


@pytest.mark.parametrize("values", [["a", "b", ""] * 20, [0.0, 1.0, np.nan] * 20])
def test_missing_values_are_refused_in_the_column_that_is_used(values):
    images = tiny(hue=values, age=["1", "2", "3"] * 20)
    assert group(images, "age").n_groups == 3
    with pytest.raises(InputError, match="column 'hue' is empty or NaN in rows 3, 6, 9, 12, 15 and 15 more"):
        group(images, "hue")


def test_a_small_group_is_refused_with_its_size():
    enough = tiny(hue=["a"] * 30 + ["b"] * MIN_GROUP_SIZE)
    assert group(enough, "hue").n_groups == 2
    few = tiny(hue=["a"] * 30 + ["b"] * (MIN_GROUP_SIZE - 1))
    with pytest.raises(InputError, match=r"group 'b' of grouping 'hue' has 9 images, .* at least 10"):
        group(few, "hue")


def test_a_share_that_makes_a_group_small_or_empty_is_refused():
    with pytest.raises(InputError, match="group 'white' of grouping 'invert' has 2 images"):
        group(tiny([0] * 40), "invert", share=0.05)
    with pytest.raises(InputError, match="group 'white' of grouping 'invert' has 0 images"):
        group(tiny([0] * 40), "invert", share=0.001)


def test_several_columns_make_intersections():
    images = tiny(sex=["f"] * 40 + ["m"] * 40, age=["old", "young"] * 40, hue=["red"] * 80)
    data = group(images, "sex,age")
    assert data.group_names == ("f&old", "f&young", "m&old", "m&young")
    assert np.bincount(data.groups).tolist() == [20] * 4
    assert data.grouping == group(images, " sex, age").grouping == "sex,age"
    found = parts(data.grouping, data.group_names)
    assert found["sex"][0] == ["f", "m"] and found["age"][1].tolist() == [[1, 0, 1, 0], [0, 1, 0, 1]]
    assert parts("sex,age", ("f", "m")) is None
    with pytest.raises(InputError, match="column 'hue' has one value only, 'red'"):
        group(images, "sex,hue")
    with pytest.raises(InputError, match=r"unknown grouping 'agee'\. Did you mean 'age'"):
        group(images, "sex,agee")


def test_intersections_with_too_few_images_are_all_named():
    images = tiny(sex=["f"] * 40 + ["m"] * 40, age=["old"] * 3 + ["young"] * 77)
    with pytest.raises(
        InputError, match=r"too few images: 'f&old' \(3\), 'm&old' \(0\), expected at least 10"
    ):
        group(images, "sex,age")
    with pytest.raises(InputError, match=r"column 'sex' has the value 'f&m'"):
        group(tiny(sex=["f&m", "m"] * 30, age=["old", "young"] * 30), "sex,age")


def test_of_a_group_without_any_image_there_is_no_subset_but_no_error():
    kept = subset(np.array([0, 0, 1]), np.zeros(3, int), np.full(3, 1 / 3), np.random.default_rng(0))
    assert kept.tolist() == []
