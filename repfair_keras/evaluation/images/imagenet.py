"""Networks of `keras.applications`, trained on ImageNet: features in which published numbers are given."""

import keras

from repfair_keras.core.errors import InputError
from repfair_keras.evaluation.images.users_model import UsersModel, hash_of_arrays, up_to

CURE = (
    "Connect this machine once, and Keras keeps them; or give features made elsewhere, --features real.npz "
    "generated.npz, or a network of your own, --extractor my.keras."
)


def inception(image_shape, layer=None):
    """`UsersModel` of Inception v3: 2,048 features, of its last pooling, at 299 x 299.

    FID is usually given in features of an older Inception of TensorFlow's, whose weights differ: numbers are close to
    these, not equal. Reference: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision" (2016).

    Raises:
        InputError: if there is no such layer, or the weights cannot be downloaded.
    """
    return _named("inception", keras.applications.InceptionV3, 299, "-1 to 1", image_shape, layer)


def convnext(image_shape, layer=None):
    """`UsersModel` of ConvNeXt-Tiny: 768 features, of its last pooling, at 224 x 224.

    Reference: Liu et al., "A ConvNet for the 2020s" (2022).

    Raises:
        InputError: as `inception`.
    """
    return _named("convnext", keras.applications.ConvNeXtTiny, 224, "0 to 255", image_shape, layer)


def _named(name, build, size, pixels, image_shape, layer):
    try:
        model = build(include_top=False, pooling="avg", weights="imagenet", input_shape=(size, size, 3))
    except Exception as error:  # whatever the network may do
        text = str(error).strip().split("\n")[0]
        raise InputError(f"the weights of {name} cannot be loaded ({text}). {CURE}") from error
    model = up_to(layer, model, name)
    called = f"{name} of Keras {keras.__version__}" + (f", layer {layer}" if layer else "")
    # The layer too, as one that has no weights shares those of the layer before.
    digest = hash_of_arrays(*model.get_weights(), more=layer or "")
    return UsersModel(
        lambda images: model(images, training=False), (size, size, 3), image_shape, called, digest, pixels
    )
