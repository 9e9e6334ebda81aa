"""Generators of images as single files that run without TensorFlow: LiteRT (`.tflite`) and ONNX (`.onnx`)."""

import tempfile
from pathlib import Path

import keras
import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.extras import needed
from repfair_keras.core.files import replacing
from repfair_keras.networks.thin_conv import with_plain_layers

TOLERANCE = 1e-4  # how far images may be from Keras's, in [-1, 1]
FORMATS = ("tflite", "onnx")
CHECKED = 4  # images


def export_portable(generator, path):
    """Writes a generator as a file of another runtime, and checks it there against Keras.

    Its inputs are `z`, float32, shape `(n, latent_size)`, and where it is told them `label` and `group`, int32, shape
    `(n,)`; its output images in [-1, 1], shape `(n, height, width, channels)`.

    Args:
        generator: `keras.Model` of a run (`generator.keras`).
        path: file to write, which ends in `.tflite` or `.onnx`.

    Returns:
        The largest difference of a pixel from Keras's, at most 1e-4.

    Raises:
        InputError: for another ending, if the extra `[onnx]` is not installed, or if the runtime makes other images.
    """
    path = Path(path)
    kind = path.suffix.removeprefix(".")
    if kind not in FORMATS:
        raise InputError(f"{path} ends in {path.suffix!r}: expected .tflite or .onnx.")
    if len(generator.inputs) > 1 and "member" in [each.name for each in generator.inputs]:
        raise InputError(
            "an ensemble of generators draws its member outside of the graph: export its members."
        )
    plain = with_plain_layers(generator)
    inputs = _example(plain)
    wanted = np.asarray(plain([inputs[each.name] for each in plain.inputs], training=False))
    write, run = {"tflite": (_write_tflite, _run_tflite), "onnx": (_write_onnx, _run_onnx)}[kind]
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        write(plain, temporary)
        apart = float(np.abs(run(temporary, inputs) - wanted).max())
        if not apart <= TOLERANCE:
            raise InputError(
                f"{path.name}: a pixel is {apart:.2g} from Keras's, at most {TOLERANCE} may be: it was not written."
            )
    return apart


def check_installed(kinds):
    """Raises `InputError` if what writes a file of these kinds, of `FORMATS`, is not installed."""
    if "onnx" in kinds:
        needed("onnxruntime", "onnx")
        needed("tf2onnx", "onnx")


def _example(generator):
    rng, inputs = np.random.default_rng(0), {}
    for each in generator.inputs:
        told = len(each.shape) == 1
        inputs[each.name] = (
            np.zeros(CHECKED, np.int32)
            if told
            else rng.normal(size=(CHECKED, *each.shape[1:])).astype(np.float32)
        )
    return inputs


def _write_tflite(generator, path):
    import tensorflow as tf

    path.write_bytes(tf.lite.TFLiteConverter.from_keras_model(generator).convert())


def _run_tflite(path, inputs):
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(model_content=path.read_bytes())
    runner = interpreter.get_signature_runner()
    (images,) = runner(**inputs).values()
    return images


def _write_onnx(generator, path):
    check_installed(["onnx"])
    with tempfile.TemporaryDirectory(prefix="repfair-onnx-") as folder:
        file = Path(folder) / "generator.onnx"
        generator.export(str(file), format="onnx", verbose=False)
        path.write_bytes(file.read_bytes())


def _run_onnx(path, inputs):
    import onnxruntime

    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    (images,) = session.run(None, inputs)
    return images


def load_generator(path):
    """Returns the generator of a run's folder, or of a `.keras` file.

    Raises:
        InputError: if there is none, or it cannot be read.
    """
    path = Path(path)
    file = path / "generator.keras" if path.is_dir() else path
    if not file.is_file():
        raise InputError(f"{path} has no generator.keras: expected a finished run of a method of images.")
    try:
        return keras.models.load_model(file, compile=False)
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise InputError(f"{file} cannot be read: {error}.") from error
