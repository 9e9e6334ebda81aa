import shutil

import numpy as np
import pytest
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.loaders.folder import load


@pytest.fixture
def folder(image_folder, tmp_path):
    """A copy of `image_folder` that a test may spoil."""
    return shutil.copytree(image_folder, tmp_path / "images")


def rows(folder):
    return (folder / "metadata.csv").read_text("utf-8").splitlines()


def write_rows(folder, rows):
    (folder / "metadata.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def replace_row(folder, number, row):
    """Replaces a row, counted from 1 without the header."""
    lines = rows(folder)
    lines[number] = row
    write_rows(folder, lines)


def save(folder, name, shape, mode="L", **options):
    size = (shape[1], shape[0])
    Image.new(mode, size).save(folder / name, **options)


def refused(folder, *parts):
    with pytest.raises(InputError) as raised:
        load(folder)
    for part in parts:
        assert part in str(raised.value)


def test_images_labels_and_attributes_are_read_in_order(image_folder, digit_images):
    images = load(image_folder)
    step = len(digit_images.pixels) // 120
    digits, labels = digit_images.pixels[: 120 * step : step], digit_images.labels[: 120 * step : step]
    white = images.attributes["background"] == "white"
    np.testing.assert_array_equal(white, np.arange(120) % 2 == 1)
    np.testing.assert_array_equal(images.pixels[~white], digits[~white])
    np.testing.assert_array_equal(images.pixels[white], 255 - digits[white])
    np.testing.assert_array_equal(images.labels, labels)
    assert images.class_names == tuple("0123456789")
    assert images.default_grouping == "background"
    assert images.pixels.dtype == np.uint8


def test_a_path_may_be_text(image_folder):
    assert len(load(str(image_folder)).pixels) == 120


def test_labels_are_optional_and_may_be_words(folder):
    lines = rows(folder)
    write_rows(folder, [line.split(",")[0] for line in lines])
    images = load(folder)
    assert (images.labels, images.class_names, images.attributes) == (None, (), {})
    write_rows(folder, ["file_name,label"] + [f"{line.split(',')[0]},odd" for line in lines[1:]])
    assert load(folder).class_names == ("odd",)


def test_two_attributes_leave_no_default(folder):
    write_rows(folder, [line + (",hand" if i == 0 else ",left") for i, line in enumerate(rows(folder))])
    images = load(folder)
    assert images.default_grouping is None
    assert set(images.attributes) == {"background", "hand"}


def test_quotes_commas_blank_lines_and_a_byte_order_mark(folder):
    lines = rows(folder)
    lines[1] = '"digits/000.png",0,"black, plain"'
    text = "\r\n".join([*lines, "", ""])
    (folder / "metadata.csv").write_text(text, encoding="utf-8-sig")
    images = load(folder)
    assert len(images.pixels) == 120
    assert images.attributes["background"][0] == "black, plain"


@pytest.mark.parametrize("value", ["None", "NA", "null", "007", "1.50"])
def test_values_stay_as_they_are_written(folder, value):
    write_rows(folder, ["file_name,background", f"digits/000.png,{value}"])
    assert load(folder).attributes["background"][0] == value


def test_colour_palette_bilevel_and_jpeg(folder):
    red = Image.new("RGB", (28, 28), (200, 0, 0))
    red.save(folder / "a.png")
    red.quantize().save(folder / "b.png")
    red.save(folder / "c.jpg", quality=95)
    write_rows(folder, ["file_name,hue", "a.png,x", "b.png,x", "c.jpg,y"])
    pixels = load(folder).pixels.astype(int)
    assert pixels.shape == (3, 28, 28, 3)
    np.testing.assert_array_equal(pixels[0], np.broadcast_to([200, 0, 0], (28, 28, 3)))
    np.testing.assert_array_equal(pixels[1], pixels[0])
    assert np.abs(pixels[2] - pixels[0]).max() < 5
    Image.new("1", (28, 28), 1).save(folder / "d.png")
    write_rows(folder, ["file_name", "d.png"])
    np.testing.assert_array_equal(load(folder).pixels, np.full((1, 28, 28, 1), 255))


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match=r"needs --data_dir: a folder with metadata.csv"):
        load(None)
    with pytest.raises(InputError, match="none' does not exist"):
        load(tmp_path / "none")


def test_no_metadata(tmp_path):
    refused(tmp_path, str(tmp_path / "metadata.csv"), "is missing")


def test_a_file_in_place_of_the_folder(image_folder):
    refused(image_folder / "metadata.csv", "is missing")


@pytest.mark.parametrize(
    "content", [b"", b'file_name\n"a', b"file_name\n\xff\xfe\xfa", b"file_name\na,b\nc,d,e,f\n"]
)
def test_a_file_that_is_no_csv(folder, content):
    (folder / "metadata.csv").write_bytes(content)
    refused(folder, "metadata.csv is not a readable CSV")


def test_no_column_file_name(folder):
    write_rows(folder, ["image,label", "digits/000.png,0"])
    refused(folder, "no column 'file_name'", "found: image, label")


def test_rows_with_more_values_than_columns(folder):
    write_rows(folder, ["file_name,hue", "digits/000.png,black, plain", "digits/001.png,white, plain"])
    refused(folder, "rows with more values than columns")


def test_no_rows(folder):
    write_rows(folder, ["file_name,label"])
    refused(folder, "has no rows")


def test_a_row_without_its_file(folder):
    (folder / "digits/006.png").unlink()
    refused(folder, "row 7: no file", "digits/006.png")


@pytest.mark.parametrize("name", ["../secret.png", "digits/../../secret.png", "/etc/secret.png"])
def test_a_file_outside_the_folder(folder, name):
    save(folder.parent, "secret.png", (28, 28))
    replace_row(folder, 2, f"{name},0,black")
    refused(folder, f"row 2: {name!r} is outside the folder")


@pytest.mark.parametrize("name", ["digits/000.png", "./digits/000.png", "digits//000.png"])
def test_a_file_that_occurs_twice(folder, name):
    replace_row(folder, 5, f"{name},0,black")
    refused(folder, f"row 5: {name!r} is the file of row 1 too")


@pytest.mark.parametrize(
    ("row", "column"),
    [(",0,black", "file_name"), ("digits/002.png,,black", "label"), ("digits/002.png,nan,black", "label")],
)
def test_a_missing_value(folder, row, column):
    replace_row(folder, 3, row)
    refused(folder, f"column {column!r} is empty or NaN in row 3 ")


def test_a_missing_attribute_is_left_to_the_grouping(folder):
    replace_row(folder, 3, "digits/002.png,0,")
    assert load(folder).attributes["background"][2] == ""


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_an_unreadable_image(folder, content):
    (folder / "digits/004.png").write_bytes(content)
    refused(folder, "digits/004.png cannot be read as PNG or JPEG")


def test_a_truncated_image(folder):
    path = folder / "digits/004.png"
    path.write_bytes(path.read_bytes()[:-60])
    refused(folder, "digits/004.png cannot be read as PNG or JPEG")


def test_another_format(folder):
    save(folder, "digits/004.png", (28, 28), format="GIF")
    refused(folder, "digits/004.png cannot be read as PNG or JPEG")


def test_another_size(folder):
    save(folder, "digits/004.png", (32, 32))
    refused(folder, "digits/004.png is 32x32x1, but", "digits/000.png is 28x28x1")


def test_a_first_image_that_is_wrong_does_not_make_the_others_wrong(folder):
    save(folder, "digits/000.png", (30, 30))
    with pytest.raises(InputError) as raised:
        load(folder)
    assert "digits/000.png: image size 30" in str(raised.value)
    assert "digits/001.png" not in str(raised.value)
    save(folder, "digits/004.png", (32, 32))
    refused(folder, "2 problems", "digits/004.png is 32x32x1, but digits/001.png is 28x28x1")


def test_of_a_great_many_images_of_a_wrong_shape_some_are_named(folder):
    for i in range(120):
        save(folder, f"digits/{i:03}.png", (30, 30))
    refused(folder, "120 problems", "digits/004.png: image size 30", "and 115 more files of a shape")


def test_colour_among_grey(folder):
    save(folder, "digits/004.png", (28, 28), "RGB")
    refused(folder, "digits/004.png is 28x28x3, but")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I;16"])
def test_transparency_and_16_bits(folder, mode):
    save(folder, "digits/004.png", (28, 28), mode)
    refused(folder, "digits/004.png is of mode", "8-bit grey (L) or RGB without transparency")


def test_a_transparent_palette(folder):
    save(folder, "digits/004.png", (28, 28), "P", transparency=0)
    refused(folder, "digits/004.png is of mode RGBA")


@pytest.mark.parametrize(
    ("shape", "message"),
    [((28, 32), "28x32 (height x width), expected a square"), ((30, 30), "30 is not divisible by 4")],
)
def test_a_shape_that_the_networks_cannot_take(folder, shape, message):
    save(folder, "digits/000.png", shape)
    refused(folder, "digits/000.png", message)


def test_all_that_is_wrong_is_said_at_once(folder):
    lines = rows(folder)
    lines[1] = lines[1].replace(",0,", ",,")  # no label
    lines[2] = "../secret.png,0,black"
    lines[4] = lines[3]
    write_rows(folder, lines)
    for number in range(20, 28):
        (folder / f"digits/{number:03}.png").unlink()
    (folder / "digits/030.png").write_bytes(b"no image")
    save(folder, "digits/040.png", (28, 28), "RGBA")
    for number in (50, 51):
        save(folder, f"digits/{number:03}.png", (32, 32))
    with pytest.raises(InputError) as refused:
        load(folder)
    said = str(refused.value)
    assert said.startswith(
        f"{folder / 'metadata.csv'}: 15 problems.\n- column 'label' is empty or NaN in row 1 "
    )
    for part in (
        "row 2: '../secret.png' is outside the folder",
        "row 4: 'digits/002.png' is the file of row 3 too",
        "row 21: no file",
        "row 25: no file",
        "\n- and 3 more rows without their file\n",
        "digits/030.png cannot be read as PNG or JPEG",
        "digits/040.png is of mode RGBA",
        "digits/050.png is 32x32x1, but digits/000.png is 28x28x1. All images must",
        "digits/051.png is 32x32x1, but digits/000.png is 28x28x1",
    ):
        assert part in said
    assert "row 26" not in said
    assert said.count("Add it or leave out the row.") == 1


def test_images_are_in_the_order_of_the_rows_whatever_the_names(folder):
    write_rows(folder, ["file_name,hue", "digits/003.png,x", "./digits/001.png,y", "digits/002.png,x"])
    one = load(folder).pixels
    write_rows(folder, ["file_name,hue", "digits/001.png,y", "digits/002.png,x", "digits/003.png,x"])
    np.testing.assert_array_equal(one, load(folder).pixels[[2, 0, 1]])
