"""Networks that were made elsewhere, asked about images as this package has them."""

import hashlib
from pathlib import Path

import keras
import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.saved_graphs import check_saved_graph

PIXELS = {
    "-1 to 1": lambda images: images,
    "0 to 1": lambda images: (images + 1) / 2,
    "0 to 255": lambda images: (images + 1) * 127.5,
}
EXPECTED = "a Keras model (.keras), or the folder of a SavedModel with saved_model.pb"


class UsersModel:
    """A network made elsewhere, which takes images as it was trained on them, and is given ours.

    Args:
        function: from a batch of images, float32, to one array with a row for each.
        takes: `(height, width, channels)` that it takes, `None` where it takes any.
        image_shape: that of our images; they are resized (bilinear), and grey ones repeated, or coloured ones averaged,
            to what it takes.
        name: what it is called in reports.
        hash: 16 hexadecimal digits of SHA-256 of its file, or files.
        pixels: range of the pixels that it takes, of `PIXELS`.

    Raises:
        InputError: if our images cannot be brought to the channels that it takes.
    """

    def __init__(self, function, takes, image_shape, name, hash, pixels="-1 to 1"):
        channels, ours = takes[2], image_shape[2]
        if channels not in (None, ours) and {channels, ours} != {1, 3}:
            raise InputError(
                f"{name} takes images of {channels} channels, but the images have {ours}: expected as many, or 1 and 3."
            )
        self.function, self.takes, self.name, self.hash, self.pixels = function, takes, name, hash, pixels
        self.input_shape = (None, *image_shape)

    def __call__(self, images, training=False):
        """Returns what it makes of float32 images in [-1, 1], shape `(N, height, width, channels)`: an array."""
        return np.asarray(self.function(PIXELS[self.pixels](self._fitted(images))))

    def with_pixels(self, pixels):
        """Returns the same network, given pixels of another range, a key of `PIXELS`."""
        return UsersModel(self.function, self.takes, self.input_shape[1:], self.name, self.hash, pixels)

    def _fitted(self, images):
        height, width, channels = self.takes
        if channels == 3 and images.shape[-1] == 1:
            images = np.repeat(images, 3, axis=-1)
        elif channels == 1 and images.shape[-1] == 3:
            images = np.asarray(images).mean(axis=-1, keepdims=True)
        size = height or images.shape[1], width or images.shape[2]
        if size != images.shape[1:3]:
            images = keras.ops.image.resize(images, size, interpolation="bilinear", antialias=True)
        return keras.ops.convert_to_tensor(images, "float32")


def load_users_model(path, image_shape, layer=None):
    """Loads a network of the user's.

    Nothing pickled is read; a Keras model with code in it, as a `Lambda` layer, is refused, and so is a SavedModel
    whose graph would touch files, processes or the network, see `core.saved_graphs`.

    Args:
        path: a Keras model (`.keras`), or the folder of a SavedModel.
        image_shape: `(height, width, channels)` of our images.
        layer: name of the layer whose output is wanted; `None`: the output of the model. Of a SavedModel `None` alone.

    Returns:
        `UsersModel`.

    Raises:
        InputError: if it cannot be read, takes no images, or has no such layer.
    """
    path = Path(path)
    if (path / "saved_model.pb").is_file():
        if layer is not None:
            raise InputError(
                f"layer {layer!r} is named, but {path} is a SavedModel, which has none: give its .keras file."
            )
        function, takes = _saved_model(path)
    elif path.is_file() and path.suffix == ".keras":
        function, takes = _keras_model(path, layer)
    else:
        raise InputError(
            f"{path} is not {EXPECTED}: save it with model.save('name.keras'), and check the path."
        )
    name = path.name + (f", layer {layer}" if layer else "")
    return UsersModel(function, takes, image_shape, name, hash_of(path, layer or ""))


def hash_of(path, more=""):
    """Returns 16 hexadecimal digits of SHA-256 of a file, or of all files of a folder, and of a text."""
    path, digest = Path(path), hashlib.sha256(more.encode())
    for file in [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def hash_of_arrays(*arrays, more=""):
    """Returns 16 hexadecimal digits of SHA-256 of a text, and of arrays."""
    digest = hashlib.sha256(more.encode())
    for array in arrays:
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()[:16]


def up_to(layer, model, called):
    """Returns a model up to one of its layers; `None`: as it is.

    Raises:
        InputError: if it has no layer of that name; `called` says what it is.
    """
    known = [each.name for each in model.layers]
    if layer is not None and layer not in known:
        raise InputError(f"{called} has no layer {layer!r}. It has: {', '.join(known)}.")
    return model if layer is None else keras.Model(model.inputs, model.get_layer(layer).output)


def _keras_model(path, layer):
    try:
        model = keras.models.load_model(path, compile=False)
    except Exception as error:  # whatever the layers in it may raise
        raise InputError(f"{path} cannot be loaded as a Keras model: {_first_line(error)}") from error
    model = up_to(layer, model, path)
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise InputError(
            f"{path} has {len(model.inputs)} inputs and {len(model.outputs)} outputs: expected one of each, images "
            "and numbers."
        )
    takes = _checked_input(path, model.inputs[0].shape)
    return lambda images: keras.tree.flatten(model(images, training=False))[0], takes


def _saved_model(path):
    import tensorflow as tf

    check_saved_graph(path)
    try:
        loaded = tf.saved_model.load(str(path))
        function = loaded.signatures["serving_default"]
    except Exception as error:  # whatever a damaged graph may raise
        raise InputError(f"{path} cannot be loaded as a SavedModel: {_first_line(error)}") from error
    specs = function.structured_input_signature[1]
    if len(specs) != 1 or len(function.structured_outputs) != 1:
        raise InputError(
            f"{path} has {len(specs)} inputs and {len(function.structured_outputs)} outputs in its signature "
            "serving_default: expected one of each, images and numbers."
        )
    ((name, spec),) = specs.items()
    # The loaded object is kept by the function, or its variables would be gone.
    call = {"loaded": loaded, "function": function}
    return lambda images: next(iter(call["function"](**{name: images}).values())), _checked_input(
        path, spec.shape
    )


def _checked_input(path, shape):
    shape = tuple(shape)
    if len(shape) != 4:
        raise InputError(f"{path} takes {shape}: expected images, (N, height, width, channels).")
    return shape[1:]


def _first_line(error):
    return str(error).strip().split("\n")[0][:300]
