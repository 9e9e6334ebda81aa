"""CelebA, from a folder that tensorflow-datasets' own builder wrote: photographs in the place of faces."""

import shutil

import numpy as np
import pytest
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.load import load
from repfair_keras.data.images.loaders import celeb_a


@pytest.fixture
def folder(data_dir_of, monkeypatch):
    monkeypatch.setattr(celeb_a, "BATCH", 64)  # several batches, the last one smaller
    celeb_a._read.cache_clear()
    return data_dir_of("celeb_a")


def test_sex_is_the_group_and_the_others_are_attributes(folder):
    images = celeb_a.load(folder)
    assert images.pixels.shape == (300, 64, 64, 3)
    assert images.default_grouping == "sex"
    assert len(images.attributes) == 40
    assert "Male" not in images.attributes
    assert set(images.attributes["Smiling"]) == {"no", "yes"}
    data = load("celeb_a", folder)
    assert data.group_names == ("female", "male")
    assert load("celeb_a", folder, "Smiling", share=0.5).shares.tolist() == [0.5, 0.5]


def test_images_are_the_middle_square_shrunk(folder, shared_data):
    with np.load(shared_data / "cifar10_subset.npz") as arrays:
        written, labels = arrays["x_train"][:300], arrays["y_train"][:300]
    pixels, sex = celeb_a.load(folder).pixels, celeb_a.load(folder).attributes["sex"]
    assert np.bincount(sex == "male").tolist() == np.bincount(labels >= 5).tolist()
    squares = [
        Image.fromarray(image)
        .resize((178, 218))
        .crop((0, 20, 178, 198))
        .resize((64, 64), Image.Resampling.BOX)
        for image in written
    ]
    squares = np.stack([np.asarray(square, np.float32) for square in squares])
    for image, male in zip(pixels[:10], sex[:10] == "male", strict=True):
        distance = np.abs(squares - image).mean(axis=(1, 2, 3))
        assert distance.min() < 4  # JPEG
        assert male == (labels[distance.argmin()] >= 5)


def test_no_copy_and_no_network_is_a_clear_error(tmp_path, monkeypatch):
    import urllib.request
    from unittest import mock

    monkeypatch.setattr(urllib.request, "urlopen", mock.Mock(side_effect=OSError("no route to host")))
    with pytest.raises(InputError, match="no prepared copy of 'celeb_a'"):
        celeb_a.load(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        celeb_a.load(tmp_path / "nowhere")


def test_a_copy_with_fewer_faces_than_it_promises_is_refused(folder, tmp_path):
    copy = tmp_path / "celeb_a"
    shutil.copytree(folder / "celeb_a", copy)
    (info,) = copy.rglob("dataset_info.json")
    text = info.read_text()
    assert text.count('"300"') == 1
    info.write_text(text.replace('"300"', '"310"'))
    with pytest.raises(InputError, match=r"cannot be read[\s\S]*Copy the folder again"):
        celeb_a.load(tmp_path)
