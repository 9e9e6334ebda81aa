"""`validate` of the command line and of Python: a classifier that is made elsewhere, and what does not fit."""

import json

import keras
import numpy as np
import pytest

import repfair_keras as rf
from repfair_keras.commands import validate
from repfair_keras.core.errors import InputError


@pytest.fixture(scope="module")
def by_brightness(tmp_path_factory):
    """A Keras model that knows digits on white from digits on black; its input is in 0 to 255."""
    images = keras.Input((28, 28, 1))
    head = keras.layers.Dense(1, activation="sigmoid", name="head")
    model = keras.Model(images, head(keras.layers.GlobalAveragePooling2D()(images)))
    head.set_weights([np.array([[0.1]]), np.array([-12.75])])
    path = tmp_path_factory.mktemp("classifier") / "mine.keras"
    model.save(path)
    return path


@pytest.fixture(scope="module")
def mine(digits):
    return rf.ImageDataset.from_arrays(digits.pixels, groups=np.array(digits.group_names)[digits.groups])


def test_a_classifier_made_elsewhere_is_tried_and_nothing_is_trained(by_brightness, mine, tmp_path):
    found = rf.validate(mine, tmp_path / "v", repeats=20, classifier=by_brightness)
    assert found.trusted and min(found.recalls) > 0.98
    assert json.loads((tmp_path / "v" / "validation.json").read_text())["trusted"] is True
    assert not (tmp_path / "v" / "instruments").exists()
    swapped = rf.validate(
        mine, tmp_path / "w", repeats=20, classifier=by_brightness, classifier_groups=["white", "black"]
    )
    assert not swapped.trusted and "recognises only 0 %" in swapped.verdict


@pytest.mark.slow
def test_the_command_tries_it_and_says_what_it_cannot_know(by_brightness, image_folder, tmp_path, capsys):
    data = ["--dataset", "folder", "--data_dir", str(image_folder), "--grouping", "background"]
    words = ["--classifier", str(by_brightness), "--repeats", "5", "--out", str(tmp_path / "v")]
    validate.main([*data, *words])
    printed = capsys.readouterr().out
    assert (
        "# Can the instrument be trusted?" in printed and "If the classifier was trained on these" in printed
    )
    assert "--instruments" not in printed


def test_either_instruments_or_a_classifier(by_brightness, mine, tmp_path):
    with pytest.raises(InputError, match="expected one of the two to try"):
        rf.validate(mine, tmp_path / "v", classifier=by_brightness, instruments=tmp_path)
    with pytest.raises(InputError, match="there is no classifier: name it too"):
        rf.validate(mine, tmp_path / "v", classifier_groups=["white", "black"])
    with pytest.raises(InputError, match=r"nowhere\.keras"):
        rf.validate(mine, tmp_path / "v", classifier=tmp_path / "nowhere.keras")
    assert not (tmp_path / "v").exists()
