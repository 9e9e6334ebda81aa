"""Predictions of images that have no names, as those of an array or an .npz."""

import pandas as pd
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.predictions import read_predictions


def said(images, groups=("c", "a", "b")):
    return read_predictions(pd.DataFrame({"image": images, "group": groups}), ("a", "b", "c"))


@pytest.mark.parametrize("places", [["2", "0", "1"], [2, 0, 1]])
def test_rows_that_name_a_place_are_of_the_image_there(places):
    assert said(places).of(3, "the array").likeliest.tolist() == [0, 1, 2]


def test_rows_without_a_place_are_in_the_order_of_the_images():
    rows = pd.DataFrame({"group": ["c", "a", "b"]})
    assert read_predictions(rows, ("a", "b", "c")).of(3, "the array").likeliest.tolist() == [2, 0, 1]
    assert said(["x.png", "z.png", "y.png"]).of(3, "made.npz").likeliest.tolist() == [2, 0, 1]


def test_names_of_which_some_only_are_places_are_refused():
    with pytest.raises(InputError) as refused:
        said(["x.png", "y.png", "1"]).of(3, "made.npz")
    for part in (
        "name the image 'x.png'",
        "images in made.npz have no names",
        "places, 0 to 2",
        "leave the column",
    ):
        assert part in str(refused.value)
    with pytest.raises(InputError, match="'3'"):  # counted from 1
        said([1, 2, 3]).of(3, "made.npz")


def test_a_place_that_is_named_twice_is_told():
    with pytest.raises(InputError, match=r"'1' is in row 1 and 2(.|\n)*there is none of '2'"):
        said(["1", "1", "0"]).of(3, "the array")


def test_groups_keep_the_order_of_their_columns_and_are_sorted_where_they_are_values():
    assert read_predictions(pd.DataFrame({"z": [0.2], "a": [0.8]})).names == ("z", "a")
    assert read_predictions(pd.DataFrame({"group": ["z", "a"]})).names == ("a", "z")
