"""Classifiers made elsewhere: their pixels are found out, their errors counted, what does not fit is named."""

import dataclasses

import keras
import numpy as np
import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.data.images.grouping import group
from repfair_keras.evaluation.images.group_assignment import DECISION
from repfair_keras.evaluation.images.image_report import make_report
from repfair_keras.evaluation.images.instruments import Attribute
from repfair_keras.evaluation.images.users_classifier import check_users_classifier, users_classifier
from repfair_keras.evaluation.images.users_model import load_users_model

WHITE = 255 / 2  # mean intensity above which a digit is one on white, as its maker has pixels


def by_brightness(outputs, top=255.0, shape=(28, 28, 1), activation=None):
    """A network that knows a white background from a black one; `outputs` of it, white last or first."""
    images = keras.Input(shape)
    mean = keras.layers.GlobalAveragePooling2D(name="pool")(keras.layers.AveragePooling2D(2)(images))
    mean = keras.layers.Reshape((shape[2],))(mean)
    head = keras.layers.Dense(outputs, activation=activation, name="head")
    model = keras.Model(images, head(mean))
    signs = np.array([1.0]) if outputs == 1 else np.array([-1.0, 1.0, *np.zeros(outputs - 2)])
    head.set_weights(
        [20 / top * np.tile(signs, (shape[2], 1)) / shape[2], -20 * 0.5 * signs * (WHITE / 127.5)]
    )
    return model


def saved(model, folder):
    model.save(folder / "mine.keras")
    return folder / "mine.keras"


@pytest.mark.parametrize(
    ("outputs", "top", "activation", "pixels"),
    [
        (1, 255.0, "sigmoid", "0 to 255"),
        (1, 1.0, None, "0 to 1"),
        (2, 255.0, "softmax", "0 to 255"),
        (2, 1.0, None, "0 to 1"),
    ],
)
def test_pixels_and_outputs_are_found_out(outputs, top, activation, pixels, digits, tmp_path):
    path = saved(by_brightness(outputs, top, activation=activation), tmp_path)
    found = users_classifier(path, digits)
    assert pixels in found.candidate and "mine.keras" in found.candidate
    assert found.balanced_accuracy > 0.98
    white = digits.images[digits.groups == 1]
    assert (found.chances(white)[:, 1] > 0.5).mean() > 0.98
    assert found.n_test == len(digits) // 2 or abs(found.n_test - len(digits) / 2) < 3


def test_outputs_are_named_in_any_order(digits, tmp_path):
    model = by_brightness(2)
    head = model.get_layer("head")
    weights, bias = head.get_weights()
    head.set_weights([weights[:, ::-1], bias[::-1]])
    path = saved(model, tmp_path)
    assert users_classifier(path, digits, ["white", "black"]).balanced_accuracy > 0.98
    with pytest.raises(
        InputError, match=r"classifier_groups is white, grey: expected each of the groups black, white"
    ):
        users_classifier(path, digits, ["white", "grey"])


def test_a_saved_model_says_the_same(digits, tmp_path):
    model = by_brightness(2)
    model.export(tmp_path / "exported", verbose=False)
    one, other = (users_classifier(path, digits) for path in (saved(model, tmp_path), tmp_path / "exported"))
    np.testing.assert_allclose(one.held_out.chances, other.held_out.chances, atol=1e-5)
    assert one.candidate != other.candidate


def test_images_are_brought_to_its_size_and_channels(digits, tmp_path):
    path = saved(by_brightness(2, shape=(32, 20, 3)), tmp_path)
    assert users_classifier(path, digits).balanced_accuracy > 0.98


def test_a_report_by_it_holds_the_true_shares_and_says_whose_it_is(digits, instruments, tmp_path):
    theirs = Attribute(digits, users_classifier(saved(by_brightness(1), tmp_path), digits))
    rows = np.concatenate([np.flatnonzero(digits.groups == 0)[:30], np.flatnonzero(digits.groups == 1)[:120]])
    report, _, groups = make_report(
        digits.images[rows], digits.labels[rows], dataclasses.replace(instruments, attribute=theirs)
    )
    assert report.shares["white"].low < 0.8 < report.shares["white"].high
    assert report.classifier.made_elsewhere and "mine.keras" in report.classifier.candidate
    assert (groups == digits.groups[rows]).mean() > 0.95
    assert "must not have been trained on" in str(report)
    assert instruments.attribute.errors(DECISION)["made_elsewhere"] is None


def lambda_model(folder):
    images = keras.Input((28, 28, 1))
    return saved(keras.Model(images, keras.layers.Lambda(lambda x: x[:, 0, 0])(images)), folder)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "no.keras", "is not a Keras model"),
        (
            lambda folder: saved(by_brightness(3), folder),
            "gives 3 for an image: expected one for each of 2 groups",
        ),
        (lambda folder: saved(by_brightness(2, shape=(28, 28, 5)), folder), "takes images of 5 channels"),
        (lambda_model, "cannot be loaded as a Keras model"),
        (
            lambda folder: saved(keras.Sequential([keras.Input((7,)), keras.layers.Dense(2)]), folder),
            "expected images",
        ),
    ],
)
def test_what_does_not_fit_is_told_before_anything_long(make, message, digits, tmp_path):
    with pytest.raises(InputError, match=message):
        check_users_classifier(make(tmp_path), digits)


def test_a_damaged_file_and_an_unknown_layer_are_named(digits, tmp_path):
    (tmp_path / "broken.keras").write_bytes(b"PK no model")
    with pytest.raises(InputError, match=r"broken.keras cannot be loaded"):
        load_users_model(tmp_path / "broken.keras", digits.image_shape)
    with pytest.raises(InputError, match=r"has no layer 'features'. It has: .*pool"):
        load_users_model(saved(by_brightness(2), tmp_path), digits.image_shape, "features")


def test_three_groups_need_three_outputs(digit_images, tmp_path):
    some = dataclasses.replace(digit_images, pixels=digit_images.pixels[:90], labels=None)
    coloured = group(some, "colour")
    with pytest.raises(InputError, match="expected one for each of 3 groups"):
        check_users_classifier(saved(by_brightness(2, shape=(28, 28, 3)), tmp_path), coloured)
