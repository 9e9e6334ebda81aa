"""What every exported generator has: a SavedModel, and a JSON beside it that says how it was trained."""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf
import yaml

from repfair_keras.core.errors import InputError
from repfair_keras.core.saved_graphs import check_saved_graph

METADATA = "repfair.json"
SCHEMA = "schema.json"  # beside a generator of rows alone


def load_saved_model(folder):
    """Loads a SavedModel that this package has exported.

    Args:
        folder: folder of the SavedModel.

    Returns:
        `(model, metadata)`: what `tf.saved_model.load` returns, and `repfair.json` as a dict; empty if there
        is none.

    Raises:
        InputError: if there is no SavedModel in the folder, it has no endpoint `sample`, it is damaged, or its graph
            would touch files, processes or the network, see `core.saved_graphs`.
    """
    folder = Path(folder)
    if not (folder / "saved_model.pb").is_file():
        raise InputError(
            f"{folder} is not a SavedModel: there is no saved_model.pb in it. Name the folder of a run, "
            "or the `generator` folder in it."
        )
    check_saved_graph(folder)
    try:
        model = tf.saved_model.load(str(folder))
    except (OSError, ValueError, tf.errors.OpError) as error:
        raise InputError(f"the SavedModel in {folder} cannot be read: {error}. Export it again.") from error
    if not hasattr(model, "sample"):
        raise InputError(f"the SavedModel in {folder} has no endpoint `sample`; export it with this package.")
    return model, read_metadata(folder)


def read_metadata(folder):
    """Returns `repfair.json` of an export as a dict; empty if there is none.

    Raises:
        InputError: if it is damaged.
    """
    path = Path(folder) / METADATA
    try:
        return json.loads(path.read_text("utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise InputError(f"{path} is damaged: {error}. Export the generator again.") from error


def training_setting(metadata, name):
    """Returns one setting of an export's training.

    Args:
        metadata: dict of `read_metadata`.
        name: name of the setting, as `"confidence"`.

    Returns:
        Its value; `None` if it is not stored.
    """
    try:
        return (yaml.safe_load(metadata.get("config", "")) or {}).get(name)
    except (yaml.YAMLError, AttributeError) as error:
        raise InputError(
            f"`config` in {METADATA} is damaged: {error}. Export the generator again."
        ) from error


def check_indices(name, given, known):
    """Returns the classes, or groups, that rows are asked for, as an array.

    Args:
        name: `"labels"` or `"groups"`, for messages.
        given: int, shape `(n,)`.
        known: their names, in order; `None` or empty: an export that does not say.

    Raises:
        InputError: if they are no list of whole numbers, or one is not among the known ones.
    """
    array = np.asarray(given)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise InputError(f"{name} is {given!r}: expected a list of whole numbers, one for each row.")
    wrong = array[(array < 0) | (array >= len(known))] if known else array[:0]
    if len(wrong):
        names = ", ".join(f"{i}: {text}" for i, text in enumerate(known))
        raise InputError(f"{name} has {wrong[0]}: expected {names}.")
    return array
