"""Where images are compared: in features of our own network, of another one, or in those of a file."""

from pathlib import Path

import numpy as np

from repfair_keras.core.array_file import ArrayFile
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing
from repfair_keras.core.progress import advance, finish
from repfair_keras.core.reading import regular_file
from repfair_keras.core.settings import shortened
from repfair_keras.data.images.dataset import to_float
from repfair_keras.data.images.stored import ROWS, parts_of
from repfair_keras.evaluation.images.network_outputs import outputs
from repfair_keras.evaluation.images.users_model import hash_of_arrays, load_users_model
from repfair_keras.registry import lookup, names

TRAINED = "trained"  # here, on the real images: `feature_extractor`
STAGE = "features of real images"


class NetworkFeatures:
    """Features of images by a network that was made elsewhere.

    Args:
        model: `users_model.UsersModel`, or another callable with its `name`, `hash` and `input_shape`, from images in
            [-1, 1] to an array with a row for each; what is not flat is averaged over height and width.
        kept: folder in which features of real images are kept; `None`: nowhere.
    """

    accuracy = None  # what it was trained to tell is not known here

    def __init__(self, model, kept=None):
        self.model, self.name, self.hash, self.kept = model, model.name, model.hash, kept
        self.input_shape = model.input_shape

    def features(self, images):
        """Returns features, float32, shape `(N, D)`, of float32 images in [-1, 1]."""
        return outputs(self, images)

    def real(self, data):
        """Returns the features of all real images, `ImageDataset`, shape `(N, D)`."""
        path = None if self.kept is None else Path(self.kept) / f"features_{self.hash}_{data.fingerprint}.npz"
        if path is not None and path.is_file():
            return _array(path, "the kept features")
        found = []
        for part in parts_of(data.pixels):
            found.append(self.features(to_float(part)))
            advance(STAGE, total=-(-len(data) // ROWS))
        finish(STAGE)
        found = np.concatenate(found)
        if path is not None:
            with replacing(path) as temporary, temporary.open("wb") as file:
                np.savez_compressed(file, features=found)
        return found

    def __call__(self, images, training=False):
        found = np.asarray(self.model(images), dtype=np.float32)
        found = found.mean(axis=(1, 2)) if found.ndim == 4 else found.reshape(len(found), -1)
        if not np.isfinite(found).all():
            raise InputError(f"{self.name} gives NaN or infinity: images cannot be compared in its features.")
        return found


class FileFeatures:
    """Features that were made elsewhere, of real and of generated images, in the order of the images.

    Args:
        of_real, of_generated: float32, shapes `(N, D)` and `(M, D)`.
        name: what they are called in reports.
    """

    accuracy = None

    def __init__(self, of_real, of_generated, name):
        self.of_real, self.of_generated, self.name = of_real, of_generated, name
        self.hash = hash_of_arrays(of_real)

    @classmethod
    def read(cls, real, generated):
        """Reads features of files, or takes arrays.

        Args:
            real, generated: `.npz` with one array, or with one `features`; `.npy`; or arrays.

        Raises:
            InputError: if they cannot be read, or have different widths.
        """
        sides = _array(real, "features of real images"), _array(generated, "features of generated images")
        widths = [side.shape[1] for side in sides]
        if widths[0] != widths[1]:
            raise InputError(
                f"features of real images have {widths[0]} columns and those of generated images {widths[1]}: expected "
                "as many, from the same network."
            )
        files = [Path(each).name for each in (real, generated) if isinstance(each, str | Path)]
        return cls(*sides, f"made elsewhere ({', '.join(files)})" if files else "made elsewhere")

    def chosen(self, rows, n, source):
        """Returns these with those of the generated images in `rows` of all `n` of `source` alone."""
        _check_length(self.of_generated, n, "generated images", source)
        return FileFeatures(self.of_real, self.of_generated[rows], self.name)

    def features(self, images):
        """Returns the features of the generated images."""
        return self.of_generated

    def real(self, data):
        """Returns the features of the real images, which `data`, `ImageDataset`, holds."""
        _check_length(self.of_real, len(data), "real images", data.name)
        return self.of_real


def make_features(extractor, layer, image_shape, kept):
    """Returns the features that a setting names, but for those of the extractor that is trained here.

    Args:
        extractor: a name of the registry, or the path of a Keras model or of a SavedModel.
        layer: name of its layer; `None`: its output.
        image_shape: `(height, width, channels)` of the images.
        kept: folder for features of real images.

    Raises:
        InputError: if it is neither a name nor a path, or its weights cannot be loaded.
    """
    if extractor in names("extractor"):
        model = lookup("extractor", extractor)(image_shape, layer)
    elif Path(extractor).exists():
        model = load_users_model(extractor, image_shape, layer)
    else:
        raise InputError(
            f"extractor is {extractor!r}: expected one of {', '.join((TRAINED, *names('extractor')))}, or the path of "
            "a Keras model."
        )
    return NetworkFeatures(model, kept)


def _check_length(features, n, what, where):
    if len(features) != n:
        raise InputError(
            f"there are features of {len(features)} {what}, but {n} in {where}: expected a row for each, in their "
            "order."
        )


def _array(source, what):
    """Returns float32 features, shape `(N, D)`, of a file or an array."""
    found = source if isinstance(source, np.ndarray) else _read(Path(source), what)
    if found.ndim != 2 or found.dtype.kind != "f" or found.size == 0:
        raise InputError(
            f"{what} are {found.dtype}, shape {found.shape}: expected floats, (N, D), a row per image."
        )
    broken = ~np.isfinite(found).all(axis=1)
    if broken.any():
        raise InputError(
            f"{what} hold NaN or infinity in {broken.sum()} rows, the first is {broken.argmax()}."
        )
    return np.asarray(found, dtype=np.float32)


def _read(path, what):
    expected = f"{what}, an .npz with an array 'features', or an .npy"
    if regular_file(path, expected).suffix == ".npy":
        try:
            return np.load(
                path, allow_pickle=False, mmap_mode="r"
            )  # its size is checked against what it claims
        except (OSError, ValueError, EOFError) as error:
            raise InputError(f"{path} cannot be read as {what}: {error}.") from error
    with ArrayFile(path, expected) as stored:
        names = list(stored.headers)
        if "features" not in names and len(names) != 1:
            raise InputError(
                f"{path} has arrays {shortened(', '.join(names))}: expected one, or one that is called 'features'."
            )
        return stored["features" if "features" in names else names[0]]
