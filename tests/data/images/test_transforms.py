import numpy as np

from repfair_keras.data.images.transforms import INVERT, SHADE, Transform, invert, keep

BYTES = np.array([0, 1, 2, 3, 100, 254, 255], np.uint8).reshape(-1, 1, 1, 1)


def changed_by(transform, group):
    return transform.apply(BYTES, np.full(len(BYTES), group)).ravel().tolist()


def test_the_first_group_is_left_as_it_is():
    for transform in (INVERT, SHADE):
        assert changed_by(transform, 0) == BYTES.ravel().tolist()


def test_invert_swaps_dark_and_bright():
    assert changed_by(INVERT, 1) == [255, 254, 253, 252, 155, 1, 0]


def test_shade_halves_and_rounds():
    # 1.5 and 127.5 lie between two bytes: to the even one
    assert changed_by(SHADE, 1) == [0, 0, 1, 2, 50, 127, 128]


def test_groups_and_rules_have_the_names_of_the_papers():
    assert (INVERT.group_names, INVERT.rules) == (("black", "white"), ("corner", "mean"))
    assert (SHADE.group_names, SHADE.rules) == (("normal", "shaded"), ("mean",))


def test_each_image_gets_the_change_of_its_group_and_the_input_stays(digit_images):
    three = Transform("three", ("a", "b", "c"), (keep, invert, lambda pixels: pixels // 4), ())
    pixels = digit_images.pixels[:6].copy()
    changed = three.apply(pixels, np.array([2, 0, 1, 1, 0, 2]))
    expected = [pixels[0] // 4, pixels[1], 255 - pixels[2], 255 - pixels[3], pixels[4], pixels[5] // 4]
    np.testing.assert_array_equal(changed, expected)
    assert changed.dtype == np.uint8
    np.testing.assert_array_equal(pixels, digit_images.pixels[:6])


def test_inverted_digits_have_white_corners(digits):
    corners = digits.pixels[:, 0, 0, 0]
    np.testing.assert_array_equal(corners > 127, digits.groups == digits.group_names.index("white"))
