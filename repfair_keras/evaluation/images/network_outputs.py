"""What a network of a report makes of images, some at a time."""

import keras
import numpy as np

from repfair_keras.data.images.dataset import to_float
from repfair_keras.data.images.stored import parts_of
from repfair_keras.evaluation.images.check_images import check_images


def outputs(model, images):
    """What a model makes of images, checked: an array, or a dict of arrays, in the order of the images."""
    images = check_images(images, model.input_shape[1:])
    return _in_parts(lambda part: model(part, training=False), images)


def outputs_of_pixels(model, pixels):
    """The same of real images, uint8; floats, four times their bytes, are made of some at a time."""
    return _in_parts(lambda part: model(to_float(part), training=False), pixels)


def _in_parts(function, images):
    # Called directly: `model.predict` would trace a graph for each shape of batch.
    parts = [function(part) for part in parts_of(images)]
    return keras.tree.map_structure(lambda *part: np.concatenate([np.asarray(p) for p in part]), *parts)
