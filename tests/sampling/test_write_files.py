"""Samples as files: other commands read them, and they are there as a whole or not at all."""

import json

import numpy as np
import pytest
from PIL import Image

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.generated import is_generated, load_generated
from repfair_keras.data.images.load import load
from repfair_keras.sampling import write_samples as module
from repfair_keras.sampling.sample import ImageSample
from repfair_keras.sampling.write_files import write_images
from repfair_keras.sampling.write_samples import write_samples


@pytest.fixture
def sample(digits):
    """`ImageSample` of 24 real digits, half black, half white, of two classes."""
    rows = [np.flatnonzero((digits.groups == g) & (digits.labels == c))[:6] for g in (0, 1) for c in (3, 8)]
    rows = np.concatenate(rows)
    trained = {"groups": ["black", "white"], "class_names": list("0123456789"), "config": "grouping: null\n"}
    manifest = {"n": len(rows), "trained": trained}
    return ImageSample(digits.images[rows], digits.labels[rows], digits.groups[rows], None, manifest)


def grouped_by(sample, grouping):
    trained = {**sample.manifest["trained"], "config": f"grouping: {grouping}\n"}
    return ImageSample(
        sample.images, sample.labels, sample.groups, None, {**sample.manifest, "trained": trained}
    )


def test_png_files_are_a_data_set(sample, tmp_path):
    paths = write_images(sample, tmp_path / "out")
    assert [path.name for path in paths] == ["grid.png", "metadata.csv", "manifest.json"]
    assert all(path.is_file() for path in paths)
    data = load("folder", tmp_path / "out")
    np.testing.assert_array_equal(data.pixels, sample.pixels)
    np.testing.assert_array_equal(data.groups, sample.groups)
    assert (data.grouping, data.group_names, data.class_names) == ("group", ("black", "white"), ("3", "8"))
    assert np.array(data.class_names)[data.labels].astype(int).tolist() == sample.labels.tolist()
    manifest = json.loads(paths[-1].read_text())
    assert (manifest["n"], manifest["format"], len(manifest["sha256"])) == (24, "png", 64)


@pytest.mark.parametrize("format", ["png", "npz"])
def test_evaluate_reads_them_and_takes_the_grid_for_no_sample(format, sample, digits, tmp_path):
    write_images(sample, tmp_path / "out", format)
    assert (tmp_path / "out" / "grid.png").is_file()
    assert is_generated(tmp_path / "out")
    images, labels = load_generated(tmp_path / "out", digits)
    np.testing.assert_allclose(images, sample.images, atol=1e-6)
    assert labels.tolist() == sample.labels.tolist()


def test_arrays(sample, tmp_path):
    _, path, _ = write_images(sample, tmp_path / "out", "npz")
    with np.load(path) as arrays:
        assert set(arrays) == {"images", "labels", "groups"}
        assert arrays["images"].dtype == np.uint8
        np.testing.assert_array_equal(arrays["images"], sample.pixels)
        np.testing.assert_array_equal(arrays["groups"], sample.groups)


@pytest.mark.parametrize(
    ("grouping", "column"), [("background", "background"), ("invert", "group"), ("label", "group")]
)
def test_the_column_of_the_group(grouping, column, sample, tmp_path):
    """Not named after a change of images: the data set would not know which of the two is meant."""
    write_images(grouped_by(sample, grouping), tmp_path / "out")
    header = (tmp_path / "out" / "metadata.csv").read_text().splitlines()[0]
    assert header == f"file_name,label,{column}"
    assert load("folder", tmp_path / "out").grouping == column


def test_the_grouping_that_training_took_comes_before_the_one_that_was_typed(sample, tmp_path):
    typed = grouped_by(sample, "null")
    typed.manifest["trained"]["grouping"] = "hand"
    write_images(typed, tmp_path / "out")
    assert load("folder", tmp_path / "out").grouping == "hand"


def test_colour_and_what_is_not_known(tmp_path):
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 3)).astype(np.float32)
    write_images(ImageSample(images, None, None, None, {"trained": {}}), tmp_path / "out")
    assert (tmp_path / "out" / "metadata.csv").read_text().splitlines()[0] == "file_name"
    with Image.open(tmp_path / "out" / "images" / "00002.png") as image:
        assert (image.mode, image.size) == ("RGB", (8, 8))


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_stopped_in_the_middle_nothing_is_left(error, there, sample, tmp_path, monkeypatch):
    save, calls = Image.Image.save, []

    def stop(self, *arguments, **settings):
        calls.append(1)
        if len(calls) == 10:
            raise error
        return save(self, *arguments, **settings)

    out = tmp_path / "out"
    if there:
        out.mkdir()
    monkeypatch.setattr(Image.Image, "save", stop)
    with pytest.raises(error):
        write_images(sample, out)
    assert list(tmp_path.rglob("*")) == ([out] if there else [])


def test_an_empty_folder_is_kept(sample, tmp_path):
    """It may be a mount, or where the user is: another folder of its name would not be it."""
    inode = tmp_path.stat().st_ino
    write_images(sample, tmp_path)
    assert tmp_path.stat().st_ino == inode
    assert {path.name for path in tmp_path.iterdir()} == {
        *("grid.png", "images", "metadata.csv", "manifest.json")
    }


def test_what_is_there_is_never_overwritten(sample, tmp_path):
    write_images(sample, tmp_path / "out")
    with pytest.raises(InputError, match="never overwritten"):
        write_images(sample, tmp_path / "out")
    with pytest.raises(InputError, match="format is 'jpg': expected png or npz"):
        write_images(sample, tmp_path / "other", "jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_be_made_is_found_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "sample_images", lambda *_: pytest.fail("sampled before the folder was seen"))
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        write_samples(tmp_path / "model", tmp_path / "file" / "out")
    with pytest.raises(InputError, match="format is 'jpg'"):
        write_samples(tmp_path / "model", tmp_path / "out", format="jpg")


def test_ctrl_c_while_sampling_leaves_nothing(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "sample_images", stop)
    with pytest.raises(KeyboardInterrupt):
        write_samples(tmp_path / "model", tmp_path / "deep" / "out")
    assert list(tmp_path.iterdir()) == []
