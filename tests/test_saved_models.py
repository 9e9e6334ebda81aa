"""The pre-trained generators: small, with their cards, and ready to sample from."""

import json
from pathlib import Path

import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.loaders.mnist_5k import load
from repfair_keras.evaluation.images.group_assignment import corner
from repfair_keras.export.image_sampler import ImageSampler
from repfair_keras.export.saved_model import METADATA

FOLDER = Path(__file__).resolve().parents[1] / "saved_models"
MODELS = sorted(path for path in FOLDER.iterdir() if path.is_dir())
DIGITS = [path for path in MODELS if path.name.endswith("_mnist")]
GROUPS = {"faces": ["female", "male"], "svhn_digits": ["normal", "shaded"]}


def test_all_are_there():
    assert {path.name for path in MODELS} == {"repfair_mnist", "cgan_mnist", "faces", "svhn_digits"}


@pytest.mark.parametrize("folder", MODELS, ids=lambda path: path.name)
def test_small_and_described(folder):
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 10e6
    card = (folder / "README.md").read_text()
    assert "Representation of the groups" in card
    groups = json.loads((folder / METADATA).read_text())["groups"]
    assert groups == GROUPS.get(folder.name, ["black", "white"])
    assert folder.name in (FOLDER / "README.md").read_text()


@pytest.mark.parametrize("folder", DIGITS, ids=lambda path: path.name)
def test_samples_are_digits_of_the_label_asked_for(folder):
    """By nearest neighbours among real digits of the same background, as dark on light as each sample is."""
    images, labels, *_ = ImageSampler(folder).generate(200, 0, np.arange(200) % 10)
    groups = corner(images)
    decided = groups >= 0
    assert decided.mean() > 0.7
    white_on_black = np.where(groups[:, None] == 1, -images.reshape(200, -1), images.reshape(200, -1))
    real = load()
    known = real.pixels.reshape(len(real.pixels), -1) / 127.5 - 1
    distance = (known**2).sum(1) - 2 * white_on_black[decided] @ known.T
    nearest = real.labels[distance.argmin(axis=1)]
    assert (nearest == labels[decided]).mean() > 0.7


@pytest.mark.parametrize("labels", [[3, 10], [-1], ["three"], [[3]]])
def test_labels_that_there_are_not(labels):
    with pytest.raises(InputError, match="labels"):
        ImageSampler(FOLDER / "repfair_mnist").generate(1, 0, labels)


def test_repfair_has_both_groups():
    groups = corner(ImageSampler(FOLDER / "repfair_mnist").generate(500, 1).images)
    assert 0.35 < (groups[groups >= 0] == 1).mean() < 0.65


@pytest.mark.parametrize(("name", "size", "told"), [("faces", 64, False), ("svhn_digits", 32, True)])
def test_photographs_differ_and_have_colours(name, size, told):
    sampler = ImageSampler(FOLDER / name)
    images, labels, *_ = sampler.generate(20, 0)
    assert images.shape == (20, size, size, 3) and (labels is not None) == told
    assert np.std(images, axis=0).mean() > 0.2  # no two alike
    assert np.std(images, axis=-1).mean() > 0.02  # not grey
    np.testing.assert_array_equal(images, sampler.generate(20, 0).images)
