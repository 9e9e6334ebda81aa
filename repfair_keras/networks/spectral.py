"""Spectral normalisation of a discriminator: every layer stretches by at most about 1.

Reference: Miyato et al., "Spectral Normalization for Generative Adversarial Networks" (2018).
"""

import keras
import numpy as np
from keras import layers

from repfair_keras.core.errors import InputError
from repfair_keras.networks.conditions import CONDITIONS

KINDS = (layers.Conv2D, layers.Dense, layers.Embedding)
# How names of layers that read a label or group begin.
OF_CONDITIONS = tuple(f"{name}_" for name in CONDITIONS)


def spectrally_normalised(network, seed, conditions=True):
    """Returns a network whose convolutions, dense layers and embeddings are divided by their largest singular value.

    One step of power iteration in each training step finds it, `keras.layers.SpectralNormalization`.

    Args:
        network: functional `keras.Model`.
        seed: seed of the vectors that the iteration starts from.
        conditions: whether layers whose names begin with `label_` or `group_` are divided too. Where they are not, the
            slope at images is bounded in networks that read a label beside the image, and grows with the embedding in
            those that are told by projection.

    Raises:
        InputError: if it has no such layer; if those of conditions are to be left and it has none of these names.
    """
    wrapped, left = [], []

    def wrap(layer):
        copy = type(layer).from_config(layer.get_config())
        if not isinstance(layer, KINDS):
            return copy
        if not conditions and layer.name.startswith(OF_CONDITIONS):
            left.append(copy)
            return copy
        wrapped.append(layers.SpectralNormalization(copy, name=f"{layer.name}_sn"))
        return wrapped[-1]

    copy = keras.models.clone_model(network, clone_function=wrap)
    if not wrapped:
        raise InputError(
            f"spectral_norm is on, but {network.name!r} has no convolution, dense layer or embedding to normalise: "
            "turn it off, or build the network of these."
        )
    if not conditions and not left and len(network.inputs) > 1:
        raise InputError(
            f"norm_conditions is false, but {network.name!r} has no layer whose name begins with "
            f"{' or '.join(OF_CONDITIONS)}: name those that read a label or group so, or leave norm_conditions true."
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
