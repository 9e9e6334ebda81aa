"""Features of other networks, and of files, in the place of those of the extractor that is trained here."""

import dataclasses

import keras
import numpy as np
import pytest

from repfair_keras import registry
from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images import imagenet
from repfair_keras.evaluation.images.features import FileFeatures, NetworkFeatures, make_features
from repfair_keras.evaluation.images.image_report import make_report
from repfair_keras.evaluation.images.users_model import hash_of_arrays
from repfair_keras.metrics.fidelity import quality


def pooled(folder):
    """A network whose layer `pool` gives 49 averages of 4 x 4 pixels, and whose output is one number."""
    images = keras.Input((28, 28, 1))
    x = keras.layers.AveragePooling2D(4)(images)
    x = keras.layers.Flatten(name="pool")(x)
    keras.Model(images, keras.layers.Dense(1)(x)).save(folder / "mine.keras")
    return folder / "mine.keras"


def test_a_layer_of_a_users_network_is_where_quality_is_measured(digits, instruments, tmp_path):
    path = str(pooled(tmp_path))
    features = make_features(path, "pool", digits.image_shape, tmp_path)
    real = features.real(digits)
    assert real.shape == (len(digits), 49)
    np.testing.assert_allclose(
        real[0], digits.images[0].reshape(7, 4, 7, 4).mean(axis=(1, 3)).ravel(), atol=1e-5
    )
    report, *_ = make_report(
        digits.images, digits.labels, dataclasses.replace(instruments, features=features)
    )
    found = report.quality
    assert (found.extractor.name, found.extractor.features) == ("mine.keras, layer pool", 49)
    assert found.extractor.label_accuracy is None
    assert "mine.keras, layer pool (hash" in str(report)
    assert found.overall["coverage"] > 0.9
    again = make_features(path, "pool", digits.image_shape, tmp_path)
    assert again.hash == features.hash
    again.features = None  # kept features of real images are read, not made
    np.testing.assert_array_equal(again.real(digits), real)


def test_features_of_files_give_the_numbers_of_the_metrics(digits, instruments, tmp_path):
    rng = np.random.default_rng(0)
    real, made = rng.normal(size=(len(digits), 4)), rng.normal(0.5, 1, (300, 4))
    np.savez(tmp_path / "real.npz", features=real)
    np.save(tmp_path / "made.npy", made)
    files = FileFeatures.read(tmp_path / "real.npz", str(tmp_path / "made.npy")).chosen(
        np.arange(300), 300, "made/"
    )
    report, *_ = make_report(digits.images[:300], None, dataclasses.replace(instruments, features=files))
    assert report.quality.extractor.name == "made elsewhere (real.npz, made.npy)"
    expected = quality(real[:200].astype("float32"), made[:200].astype("float32"))
    assert report.quality.overall["fid"] == pytest.approx(expected["fid"], rel=0.3)
    assert report.quality.overall["fid"] > 3 * report.quality.real["fid"]


@pytest.mark.parametrize(
    ("real", "made", "message"),
    [
        (np.zeros((417, 4)), np.zeros((300, 5)), "have 4 columns and those of generated images 5"),
        (np.zeros((417, 4)), np.zeros((300, 4), int), "of generated images are int64"),
        (np.zeros((417, 4)), np.full((300, 4), np.nan), "NaN or infinity in 300 rows, the first is 0"),
        (np.zeros((417, 4)), np.zeros((299, 4)), "features of 299 generated images, but 300 in made/"),
        (np.zeros((9, 4)), np.zeros((300, 4)), "features of 9 real images, but 417"),
        ("no.npz", np.zeros((300, 4)), "no.npz is not there"),
    ],
)
def test_what_is_wrong_with_features_is_told(real, made, message, digits):
    with pytest.raises(InputError, match=message):
        FileFeatures.read(real, made).chosen(np.arange(300), 300, "made/").real(digits)


def test_files_that_hold_no_features_are_named(tmp_path):
    np.savez(tmp_path / "two.npz", a=np.zeros((2, 2)), b=np.zeros((2, 2)))
    with pytest.raises(InputError, match="has arrays a, b: expected one"):
        FileFeatures.read(tmp_path / "two.npz", np.zeros((2, 2)))
    with (tmp_path / "code.npy").open("wb") as file:  # says that it holds objects, which would be pickled
        header = {"descr": "|O", "fortran_order": False, "shape": (1,)}
        np.lib.format.write_array_header_1_0(file, header)
    with pytest.raises(InputError, match=r"code.npy cannot be read"):
        FileFeatures.read(tmp_path / "code.npy", np.zeros((2, 2)))


def test_without_network_it_is_said_what_to_do_instead(monkeypatch, digits):
    def offline(**_):
        raise OSError("URL fetch failure: no route")

    monkeypatch.setattr(keras.applications, "InceptionV3", offline)
    with pytest.raises(
        InputError, match=r"weights of inception cannot be loaded .*no route.*--features real.npz"
    ):
        make_features("inception", None, digits.image_shape, None)
    with pytest.raises(InputError, match="expected one of trained, inception, convnext, or the path"):
        make_features("incepton", None, digits.image_shape, None)


def test_a_network_of_keras_is_given_pixels_and_sizes_that_it_knows(monkeypatch, digits):
    seen = {}

    def small(include_top, pooling, weights, input_shape):
        assert (include_top, pooling, weights) == (False, "avg", "imagenet")
        images = keras.Input(input_shape)
        seen["shape"] = input_shape
        return keras.Model(images, keras.layers.GlobalAveragePooling2D()(images))

    monkeypatch.setattr(keras.applications, "ConvNeXtTiny", small)
    features = make_features("convnext", None, digits.image_shape, None)
    found = features.features(digits.images[:5])
    assert seen["shape"] == (224, 224, 3)
    levels = (digits.images[:5].mean(axis=(1, 2, 3)) + 1) * 127.5
    np.testing.assert_allclose(found, np.repeat(levels[:, None], 3, axis=1), rtol=0.02)
    assert features.name.startswith("convnext of Keras ")


def test_features_of_two_layers_with_the_same_weights_are_kept_apart(monkeypatch, digits, tmp_path):
    def small(**options):
        images = keras.Input(options["input_shape"])
        mean = keras.layers.GlobalAveragePooling2D(name="mean")(images)
        return keras.Model(images, keras.layers.Rescaling(2.0, name="twice")(mean))

    monkeypatch.setattr(keras.applications, "ConvNeXtTiny", small)
    data = dataclasses.replace(
        digits, pixels=digits.pixels[:6], groups=digits.groups[:6], labels=digits.labels[:6]
    )
    found = [
        make_features("convnext", layer, digits.image_shape, tmp_path) for layer in ("mean", "twice", None)
    ]
    mean, twice, whole = (features.real(data) for features in found)
    np.testing.assert_allclose(twice, 2 * mean, rtol=1e-5)
    np.testing.assert_array_equal(whole, twice)
    assert found[2].hash == hash_of_arrays()  # as before layers counted: the weights alone, here none


def test_an_extractor_from_outside_is_found_by_its_name(monkeypatch, digits):
    monkeypatch.setitem(registry._REGISTERED, "extractor", {})

    def corner(image_shape, layer):
        def model(images, training=False):
            return np.asarray(images)[:, :2, 0, 0]

        model.name, model.hash, model.input_shape = "corner", "0" * 16, (None, *image_shape)
        return model

    registry.register("extractor", "corner", corner)
    features = make_features("corner", None, digits.image_shape, None)
    assert isinstance(features, NetworkFeatures)
    np.testing.assert_array_equal(features.features(digits.images[:3]), digits.images[:3, :2, 0, 0])


def test_imagenet_networks_have_a_layer_to_choose(monkeypatch, digits):
    def small(**options):
        images = keras.Input(options["input_shape"])
        return keras.Model(images, keras.layers.GlobalAveragePooling2D(name="last")(images))

    monkeypatch.setattr(keras.applications, "InceptionV3", small)
    with pytest.raises(InputError, match=r"inception has no layer 'mixed'. It has: .*last"):
        imagenet.inception(digits.image_shape, "mixed")
