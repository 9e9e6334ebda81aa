"""Mixed precision: layers compute in 16 bits, weights, losses, gradients and norms stay in 32."""

import contextlib

import keras
import tensorflow as tf

from repfair_keras.core.errors import InputError

LOSS_SCALE = 1024.0  # keeps small gradients of float16 above its smallest number, 6e-8


def check_precision(name):
    """Raises `InputError` for `"mixed_float16"` without a GPU, where it is slower and loses digits."""
    if name == "mixed_float16" and not tf.config.list_physical_devices("GPU"):
        raise InputError(
            "precision is 'mixed_float16', and there is no GPU: expected mixed_bfloat16, which CPUs know too, "
            "or float32."
        )


@contextlib.contextmanager
def precision(name):
    """Inside, layers that are made have the Keras policy `name`, such as `"mixed_bfloat16"`."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def loss_scale(network):
    """Returns what losses are multiplied by before gradients are taken, which are then divided by it."""
    policies = {layer.dtype_policy.compute_dtype for layer in network.layers}
    return LOSS_SCALE if "float16" in policies else 1.0
