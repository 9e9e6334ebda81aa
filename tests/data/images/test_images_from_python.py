"""Images in memory: nothing is guessed, and what is made of them is what a file would give."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import repfair_keras as rf

N = 40


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (N, 8, 8), dtype=np.uint8)


GROUPS = np.array(["a", "b"] * (N // 2))


@pytest.mark.parametrize(
    "convert",
    [
        lambda pixels: pixels,
        lambda pixels: pixels[..., None],
        lambda pixels: pixels / np.float32(255),
        lambda pixels: pixels / 127.5 - 1,
    ],
)
def test_bytes_and_floats_give_the_same_pixels(images, convert):
    data = rf.ImageDataset.from_arrays(convert(images), groups=GROUPS)
    np.testing.assert_array_equal(data.pixels[..., 0], images)
    assert data.group_names == ("a", "b")


def test_labels_attributes_and_share(images):
    data = rf.ImageDataset.from_arrays(
        images, groups=GROUPS == "b", labels=np.arange(N) % 4, attributes={"age": ["x"] * N}, share=0.36
    )
    assert data.group_names == ("False", "True")
    assert data.shares.tolist() == pytest.approx([0.64, 0.36], abs=0.03)
    assert data.class_names == ("0", "1", "2", "3")
    assert data.settings == {"dataset": "arrays", "grouping": "group", "share": 0.36}
    assert "age" in data.raw.attributes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((N, 3, 8, 8), np.uint8)}, r"channels first.*np.moveaxis\(images, 1, -1\)"),
        ({"images": np.zeros((N, 8), np.uint8)}, r"have shape \(40, 8\)"),
        ({"images": np.ones((N, 8, 8), np.int64)}, "of type int64: expected uint8"),
        ({"groups": None}, "there are no groups"),
        ({"groups": {"sex": GROUPS}}, r"groups has shape \(\): expected one value for each of the 40"),
        ({"groups": GROUPS[:-1]}, r"groups has shape \(39,\): expected one value for each of the 40"),
        ({"groups": ["a", None] * (N // 2)}, r"groups has no value in row 2 \(20 in all\)"),
        ({"labels": np.arange(3)}, r"labels has shape \(3,\)"),
    ],
)
def test_what_is_not_clear_is_refused(images, change, message):
    given = {"images": images, "groups": GROUPS, **change}
    with pytest.raises(rf.InputError, match=message):
        rf.ImageDataset.from_arrays(given.pop("images"), **given)


def test_a_frame_of_files(images, tmp_path):
    for i, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / f"{i}.png")
    frame = pd.DataFrame({"file": [f"{i}.png" for i in range(N)], "sex": GROUPS, "year": range(N)})
    data = rf.ImageDataset.from_frame(frame, "file", "sex", root=tmp_path)
    np.testing.assert_array_equal(data.pixels[..., 0], images)
    assert (data.grouping, list(data.raw.attributes)) == ("sex", ["sex", "year"])
    (tmp_path / "3.png").unlink()
    with pytest.raises(rf.InputError, match=r"there are no files .*3\.png"):
        rf.ImageDataset.from_frame(frame, "file", "sex", root=tmp_path)
    with pytest.raises(rf.InputError, match="no column 'gender', 'age'"):
        rf.ImageDataset.from_frame(frame, "file", "gender", label_column="age", root=tmp_path)


def test_a_tf_data_set(images):
    import tensorflow as tf

    batches = tf.data.Dataset.from_tensor_slices(
        {"image": images, "group": GROUPS, "label": np.arange(N) % 2}
    )
    for data in (
        rf.ImageDataset.from_tfdata(batches.batch(16)),
        rf.ImageDataset.from_tfdata(batches, batched=False),
    ):
        np.testing.assert_array_equal(data.pixels[..., 0], images)
        assert data.group_names == ("a", "b")
        assert data.n_classes == 2
    with pytest.raises(rf.InputError, match="never ends"):
        rf.ImageDataset.from_tfdata(batches.repeat())


@pytest.mark.parametrize("batched", [True, False])
def test_groups_of_a_tf_data_set_have_any_letters(images, batched):
    import tensorflow as tf

    stream = tf.data.Dataset.from_tensor_slices((images, np.array(["weiß", "黒"])[np.arange(N) % 2]))
    data = rf.ImageDataset.from_tfdata(stream.batch(16) if batched else stream, batched=batched)
    assert set(data.group_names) == {"weiß", "黒"}


def test_a_folder_is_known_by_its_place(image_folder):
    data = rf.ImageDataset.from_folder(image_folder, "background", use_labels=False)
    assert data.settings == {
        "dataset": "folder",
        "data_dir": str(image_folder),
        "grouping": "background",
        "use_labels": False,
    }
    assert data.raw is None


def test_the_data_set_shows_itself(images):
    shown = rf.ImageDataset.from_arrays(images, groups=["<b>", "c"] * (N // 2))._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "data:image/png;base64," in shown
