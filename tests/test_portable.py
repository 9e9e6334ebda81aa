"""Generators in other runtimes make Keras's images."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.commands import convert
from repfair_keras.commands.command_line import call
from repfair_keras.core.errors import InputError
from repfair_keras.export import portable
from repfair_keras.export.image_endpoints import export_generator
from repfair_keras.export.portable import export_portable
from repfair_keras.networks.network import Spec
from repfair_keras.registry import lookup, names

SETTINGS = SimpleNamespace(
    latent_size=6, filters=4, depth=1, d_kernel=3, g_kernel=4, last_kernel=3, dropout=0.3, label_scale=1.0
)


def generator(network, n_classes=0, n_groups=0):
    keras.utils.set_random_seed(0)
    return lookup("network", network).build(Spec((28, 28, 1), n_classes, n_groups, SETTINGS, 0))[0]


@pytest.mark.parametrize("network", names("network"))
def test_litert_makes_the_images_of_keras_for_any_number(network, tmp_path):
    made = generator(network, 10, 2)
    assert export_portable(made, tmp_path / "g.tflite") <= 1e-4
    runner = tf.lite.Interpreter(str(tmp_path / "g.tflite")).get_signature_runner()
    z = np.random.default_rng(1).normal(size=(7, 6)).astype(np.float32)
    told = {"label": np.arange(7, dtype=np.int32), "group": np.arange(7, dtype=np.int32) % 2}
    (images,) = runner(z=z, **told).values()
    np.testing.assert_allclose(images, made([z, told["label"], told["group"]]), atol=1e-4)


@pytest.mark.parametrize("network", names("network"))
def test_onnx_makes_the_images_of_keras_for_any_number(network, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    made = generator(network, 10)
    assert export_portable(made, tmp_path / "g.onnx") <= 1e-4
    session = onnxruntime.InferenceSession(tmp_path / "g.onnx")
    z = np.random.default_rng(1).normal(size=(7, 6)).astype(np.float32)
    labels = np.arange(7, dtype=np.int32)
    (images,) = session.run(None, {"z": z, "label": labels})
    np.testing.assert_allclose(images, made([z, labels]), atol=1e-4)


def test_the_command_writes_both_beside_the_run(tmp_path, capsys):
    pytest.importorskip("onnxruntime")
    generator("cgan").save(tmp_path / "generator.keras")
    call(convert.main, [str(tmp_path), "--format", "tflite,onnx"])
    assert {path.name for path in tmp_path.iterdir()} == {
        *("generator.keras", "generator.tflite", "generator.onnx")
    }
    assert "from Keras in a pixel" in capsys.readouterr().out


def test_a_file_that_makes_other_images_is_not_written(monkeypatch, tmp_path):
    monkeypatch.setattr(portable, "_run_tflite", lambda path, inputs: np.zeros((4, 28, 28, 1)))
    with pytest.raises(InputError, match=r"g.tflite: a pixel is .* from Keras's, at most 0.0001 may be"):
        export_portable(generator("cgan"), tmp_path / "g.tflite")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["/nowhere"], "has no generator.keras"),
        (["--format", "torch", "/nowhere"], "format is ['torch']: expected a list, each one of tflite, onnx"),
        ([], "RUN is missing"),
    ],
)
def test_what_is_wrong_is_told(words, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        call(convert.main, words)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_the_samples_of_a_saved_model_convert_too(tmp_path):
    export_generator(generator("cgan", 10), tmp_path / "saved", 10)
    converter = tf.lite.TFLiteConverter.from_saved_model(str(tmp_path / "saved"), signature_keys=["sample"])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    signatures = tf.lite.Interpreter(model_content=converter.convert()).get_signature_list()
    # It runs where the interpreter has TensorFlow's own operations, which this one has not.
    assert signatures == {"sample": {"inputs": ["n", "seed"], "outputs": ["images", "labels"]}}


def test_a_saved_model_has_its_weights_once(tmp_path):
    model = generator("dcgan", 10)
    export_generator(model, tmp_path / "saved", 10)
    stored = tf.train.load_checkpoint(str(tmp_path / "saved" / "variables" / "variables"))
    shapes = [shape for name, shape in stored.get_variable_to_shape_map().items() if "VARIABLE_VALUE" in name]
    assert sum(int(np.prod(shape)) for shape in shapes) == model.count_params()
