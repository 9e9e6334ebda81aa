"""Spectral normalisation of a discriminator: every layer stretches by at most about 1.

Reference: Miyato et al., "Spectral Normalization for Generative Adversarial Networks" (2018).
"""

import keras
import numpy as np
from keras import layers

from repfair_keras.core.errors import InputError
from repfair_keras.networks.conditions import CONDITIONS

KINDS = (layers.Conv2D, layers.Dense, layers.Embedding)


OF_CONDITIONS = tuple(
    f"{name}_" for name in CONDITIONS
)  # how names of layers that read a label or group begin


def spectrally_normalised(network, seed, conditions=True):
    """Returns a network whose convolutions, dense layers and embeddings are divided by their largest singular value.

    One step of power iteration in each training step finds it, `keras.layers.SpectralNormalization`.

    Args:
        network: functional `keras.Model`.
        seed: seed of the vectors that the iteration starts from.
        conditions: whether layers whose names begin with `label_` or `group_` are divided too. Where
            they are not, the slope at images is bounded in networks that read a label beside the image, and grows with
            the embedding in those that are told by projection.

    Raises:
        InputError: if it has no such layer.
    """
    wrapped = []

    def wrap(layer):
        copy = type(layer).from_config(layer.get_config())
        if not isinstance(layer, KINDS) or (not conditions and layer.name.startswith(OF_CONDITIONS)):
            return copy
        wrapped.append(layers.SpectralNormalization(copy, name=f"{layer.name}_sn"))
        return wrapped[-1]

    copy = keras.models.clone_model(network, clone_function=wrap)
    if not wrapped:
        raise InputError(
            f"spectral_norm is on, but {network.name!r} has no convolution, dense layer or embedding to normalise: "
            "turn it off, or build the network of these."
        )
    rng = np.random.default_rng(seed)
    for layer in wrapped:
        start = rng.normal(0, 0.02, layer.vector_u.shape)  # Keras would draw it from the global seed
        layer.vector_u.assign(start)
    kernels = {layer.name: layer.get_weights() for layer in network.layers}
    for layer in copy.layers:
        inner = layer.layer if layer in wrapped else layer
        inner.set_weights(kernels[inner.name])
    return copy
