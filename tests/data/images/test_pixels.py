"""Floats become bytes where their range is beyond doubt, and are refused where it would be a guess."""

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.checks import check_visible
from repfair_keras.data.images.pixels import float_images_to_uint8, to_float


@pytest.fixture(scope="module")
def pixels(digit_images):
    return digit_images.pixels[:30]


def test_both_ranges_come_back_as_they_were(pixels):
    for images in (pixels / 255, pixels / 127.5 - 1, to_float(pixels)):
        np.testing.assert_array_equal(float_images_to_uint8(images, "x"), pixels)


def test_dark_and_bright_images_of_a_clear_range(pixels):
    dark = np.minimum(pixels, 127) / 127.5 - 1
    np.testing.assert_array_equal(float_images_to_uint8(dark, "x"), np.minimum(pixels, 127))
    half = pixels / 510.0
    np.testing.assert_array_equal(float_images_to_uint8(half, "x"), np.rint(pixels / 2).astype(np.uint8))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda x: x.astype(float),
            r"such as \d+\.0 in rows .* run from 0 to 255\. .*: images\.round\(\)\.astype",
        ),
        (lambda x: x / 255 / 255, r"run from 0 to 0\.00392, which may .* divided by 255 twice"),
        (lambda x: x / 255 * 0.49, "run from 0 to 0.49, which may be"),
        (lambda x: 0.51 + x / 255 * 0.49, "run from 0.51 to 1, which may be"),
        (lambda x: 0.0 * x, "run from 0 to 0, which may be"),
        (lambda x: x / 255 - 0.0001, r"go down to -0\.0001, which is neither the 0 of"),
        (lambda x: x / 255 - 0.49, r"go down to -0\.49, which is neither"),
        (
            lambda x: (x / 255 - 0.1307) / 0.3081,
            r"in rows 1, 2, .* run from -0\.424 to 2\.82\. .* standardised",
        ),
        (lambda x: np.where(x > 250, np.nan, x / 255), "values such as nan in rows"),
        (lambda x: np.where(x > 250, np.inf, x / 255), "values such as inf in rows"),
    ],
    ids=["bytes", "twice", "dark", "bright", "black", "hardly below", "half", "standardised", "nan", "inf"],
)
def test_a_range_in_doubt_is_refused_with_what_was_seen(pixels, change, message):
    with pytest.raises(InputError, match=rf"(?s)my\.npz: images .*{message}"):
        float_images_to_uint8(change(pixels), "my.npz")


def test_no_hint_at_bytes_where_a_range_is_overshot(pixels):
    with pytest.raises(InputError) as refused:
        float_images_to_uint8(pixels / 250, "x")
    assert str(refused.value).endswith("or uint8.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda x: (x > 127).astype(np.uint8),
            r"no pixel is above 1, .* a mask of 0 and 1, store \(images \* ",
        ),
        (lambda x: x // 16, r"no pixel is above 15, .* of a range from 0 to 15, store"),
        (lambda x: x * 0, "every pixel of every image is 0"),
        (lambda x: x * 0 + 255, "every pixel of every image is 255"),
    ],
)
def test_bytes_on_which_nothing_is_to_be_seen(pixels, change, message):
    with pytest.raises(InputError, match=f"my.npz: {message}"):
        check_visible(change(pixels).astype(np.uint8), "my.npz")
    check_visible(pixels, "my.npz")
