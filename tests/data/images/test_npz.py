import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.grouping import group
from repfair_keras.data.images.loaders.npz import load


@pytest.fixture(scope="module")
def bytes_30(digit_images):
    return digit_images.pixels[:30]


@pytest.fixture
def saved(tmp_path):
    def save(**arrays):
        np.savez(tmp_path / "own.npz", **arrays)
        return tmp_path / "own.npz"

    return save


def refused(path, *parts):
    with pytest.raises(InputError) as raised:
        load(path)
    for part in parts:
        assert part in str(raised.value)


def test_images_labels_and_three_groups(npz_file, digit_images):
    images = load(npz_file)
    np.testing.assert_array_equal(images.pixels, digit_images.pixels[::33][:150])
    np.testing.assert_array_equal(images.labels, digit_images.labels[::33][:150])
    assert images.class_names == tuple("0123456789")
    assert images.default_grouping == "stroke"
    data = group(images)
    assert data.group_names == ("medium", "thick", "thin")
    ink = [data.pixels[data.groups == g].mean() for g in range(3)]
    assert ink[2] < ink[0] < ink[1]


def test_a_channel_axis_may_be_there(saved, bytes_30):
    for images in (bytes_30, bytes_30[..., 0]):
        np.testing.assert_array_equal(load(saved(images=images)).pixels, bytes_30)


def test_colour(saved):
    colours = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
    np.testing.assert_array_equal(load(saved(images=colours)).pixels, colours)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_from_0_to_1_and_from_minus_1_to_1(saved, bytes_30, dtype):
    for images in (bytes_30.astype(dtype) / 255, bytes_30.astype(dtype) / 127.5 - 1):
        pixels = load(saved(images=images)).pixels
        np.testing.assert_array_equal(pixels, bytes_30)
        assert pixels.dtype == np.uint8


def test_floats_are_rounded_to_the_nearest_byte(saved):
    # x 255: 0.26, 1.02, 127.5, 254.7; a half goes to the even byte
    images = np.array([0.001, 0.004, 0.5, 0.999], np.float32).repeat(4).reshape(1, 4, 4)
    assert load(saved(images=images)).pixels[0, :, 0, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize(("value", "row"), [(1.01, 3), (np.nan, 3), (np.inf, 3), (255.0, 3)])
def test_floats_out_of_range(saved, bytes_30, value, row):
    images = bytes_30 / 255
    images[row - 1, 5, 5, 0] = value
    refused(saved(images=images), f"such as {value} in row {row} ", "floats in [0, 1]", "uint8")


def test_floats_below_minus_1(saved, bytes_30):
    refused(saved(images=bytes_30 / 127.5 - 1.2), "values such as -1.2 in rows 1, 2, 3, 4, 5 and 25 more")


def test_all_nan(saved):
    refused(saved(images=np.full((3, 4, 4), np.nan)), "values such as nan in rows 1, 2, 3 ")


@pytest.mark.parametrize("dtype", [np.int64, np.uint16, bool])
def test_other_types_of_numbers(saved, bytes_30, dtype):
    refused(saved(images=bytes_30.astype(dtype)), f"images of type {np.dtype(dtype)}", "expected uint8")


@pytest.mark.parametrize("shape", [(30,), (30, 16), (2, 2, 28, 28, 1), (0, 28, 28)])
def test_other_shapes(saved, shape):
    for dtype in (np.uint8, np.float32):
        kind = f"own.npz: images of type {np.dtype(dtype)} and shape"
        refused(saved(images=np.zeros(shape, dtype)), kind, "N >= 1")


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((5, 28, 32), "28x32 (height x width), expected a square"),
        ((5, 30, 30), "30 is not divisible by 4"),
        ((5, 28, 28, 4), "4 channels"),
    ],
)
def test_sizes_that_the_networks_cannot_take(saved, shape, message):
    refused(saved(images=np.zeros(shape, np.uint8)), "own.npz", message)


def test_labels_are_sorted_by_number_and_may_have_gaps(saved, bytes_30):
    images = load(saved(images=bytes_30, labels=np.array([10, 2, 7] * 10)))
    assert images.class_names == ("2", "7", "10")
    assert images.labels.tolist() == [2, 0, 1] * 10


@pytest.mark.parametrize("labels", [np.array(["é", "a"] * 15), np.array(["é".encode(), b"a"] * 15)])
def test_labels_may_be_text(saved, bytes_30, labels):
    assert load(saved(images=bytes_30, labels=labels)).class_names == ("a", "é")


@pytest.mark.parametrize("labels", [np.ones(30), np.ones(30, bool)])
def test_labels_of_another_type(saved, bytes_30, labels):
    refused(saved(images=bytes_30, labels=labels), f"labels are of type {labels.dtype}")


@pytest.mark.parametrize("labels", [np.array([1.0, np.nan] * 15), np.array(["a", ""] * 15)])
def test_missing_labels(saved, bytes_30, labels):
    refused(
        saved(images=bytes_30, labels=labels), "column 'labels' is empty or NaN in rows 2, 4, 6, 8, 10 and"
    )


@pytest.mark.parametrize("labels", [np.arange(29), np.zeros((30, 1), int), np.array(3)])
def test_labels_of_another_length(saved, bytes_30, labels):
    refused(saved(images=bytes_30, labels=labels), f"labels has shape {labels.shape}", "30 images")


def test_arrays_of_another_length_are_no_attributes(saved, bytes_30):
    images = load(saved(images=bytes_30, hue=np.arange(30) % 2, mean=np.zeros(3), note=np.array("x")))
    assert list(images.attributes) == ["hue"]
    assert images.default_grouping == "hue"


def test_two_attributes_leave_no_default(saved, bytes_30):
    assert load(saved(images=bytes_30, a=np.arange(30), b=np.arange(30))).default_grouping is None


@pytest.mark.parametrize("name", ["images", "labels", "hue"])
def test_object_arrays_are_refused(saved, bytes_30, name):
    path = saved(**{"images": bytes_30, name: np.array([b"x", 1] * 15, dtype=object)})
    refused(path, f"array {name!r} is of type object", "object arrays are refused")


def test_no_images(saved):
    refused(saved(x_train=np.zeros(3)), "no array 'images'", "found: x_train")


def test_no_file(tmp_path):
    with pytest.raises(InputError, match=r"data set 'npz' needs --data_dir: an .npz file"):
        load(None)
    refused(tmp_path / "none.npz", "does not exist")


def test_a_folder_or_another_file_in_its_place(tmp_path):
    refused(tmp_path, "is a folder, expected an .npz file")
    np.save(tmp_path / "x.npy", np.zeros(3))
    refused(tmp_path / "x.npy", "is not an .npz file")
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04 no zip")
    refused(tmp_path / "x.npz", "is not an .npz file")


def test_a_damaged_file(saved, bytes_30):
    path = saved(images=bytes_30)
    content = bytearray(path.read_bytes())
    content[5000:5100] = bytes(100 * [77])
    path.write_bytes(content)
    refused(path, "array 'images' cannot be read")
