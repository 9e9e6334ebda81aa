"""Pictures of samples and of groups stand side by side."""

import numpy as np
import pytest
from PIL import Image

from repfair_keras.data.images.dataset import ImageDataset
from repfair_keras.papers.plots import group_examples, sample_pictures

GROUPS = ("black", "white")


@pytest.fixture
def sample_rows(tmp_path):
    """Rows of two methods at two seeds; one PNG is there, one broken, one absent, one run missing."""
    Image.fromarray(np.full((20, 50), 200, np.uint8)).save(tmp_path / "good.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "good.png").read_bytes()[:40])
    row = {"share/black": 0.75, "share/white": 0.25, "undecided": 0.05, "n": 1000}
    return [
        {**row, "method": "gan", "seed": 0, "picture": tmp_path / "good.png"},
        {**row, "method": "gan", "seed": 1, "picture": tmp_path / "broken.png"},
        {**row, "method": "repfair", "seed": 0, "picture": None, "share/black": None, "share/white": None},
    ]


def test_samples_stand_side_by_side_with_their_shares(sample_rows):
    figure = sample_pictures.plot_side_by_side(sample_rows, GROUPS, ("gan", "repfair"))
    good, absent, broken, missing = figure.axes
    assert good.get_title() == "plain GAN, seed 0\nblack 75 %, white 25 %, undecided 5 % of 1,000"
    assert good.get_images()[0].get_array()[0, 0, 0] == 200
    assert absent.get_title() == "RepFair-GAN, seed 0\nundecided 5 % of 1,000"
    texts = [[text.get_text() for text in axes.texts] for axes in (absent, broken, missing)]
    assert texts == [["no samples were kept of this run"]] * 2 + [["this run is missing"]]
    assert [len(axes.get_images()) for axes in figure.axes] == [1, 0, 0, 0]


def grouped(name, side, channels, groups=("normal", "shaded")):
    pixels = np.zeros((40, side, side, channels), np.uint8)
    pixels[20:] = 255
    labels = np.tile(np.arange(10, dtype=np.int32), 4)
    return ImageDataset(name, "Toy.", pixels, (np.arange(40) // 20).astype(np.int32), groups, "shade", labels)


def test_data_sets_stand_side_by_side():
    figure = group_examples.plot([grouped("mnist", 4, 1, GROUPS), grouped("svhn", 6, 3)], ["MNIST", "SVHN"])
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:2] == ["MNIST\nblack: 50.0 % of 40 images", "SVHN\nnormal: 50.0 % of 40 images"]
    assert titles[2:] == ["white: 50.0 % of 40 images", "shaded: 50.0 % of 40 images"]
    shapes = [axes.get_images()[0].get_array().shape for axes in figure.axes]
    assert shapes == [(9, 49), (13, 69, 3)] * 2
    assert figure.axes[2].get_images()[0].get_array()[0, 0] == 255
