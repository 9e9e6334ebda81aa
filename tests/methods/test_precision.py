"""Mixed precision: 16 bits inside of layers, 32 in what is learnt, measured and made."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from linear_gan import linear_data, linear_gan

from repfair_keras.core.errors import InputError
from repfair_keras.core.precision import LOSS_SCALE, loss_scale, precision
from repfair_keras.data.batches import alternating_batches
from repfair_keras.losses.objective import Objective
from repfair_keras.methods.repfair import RepFairGAN
from repfair_keras.registry import names
from repfair_keras.runs.config import configure


@pytest.mark.parametrize("network", names("network"))
def test_layers_compute_in_16_bits_and_all_else_in_32(network, digits):
    config = configure(
        preset="modern",
        method="repfair",
        precision="mixed_bfloat16",
        network=network,
        filters=2,
        batch_size=4,
    )
    (phase,) = config.phases(digits)
    model = phase.model
    computed = {layer.compute_dtype for layer in model.discriminator.layers if layer.weights}
    assert computed == {"bfloat16", "float32"}
    assert {variable.dtype for variable in model.variables if "seed" not in variable.path} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"
    batch = next(iter(phase.batches(start=0)))
    images, _ = model.generate(batch)
    real, fake, _ = model.joint_gradients(images, batch)
    assert fake is not None
    assert (
        images.dtype == model.generator.outputs[0].dtype == model.discriminator.outputs[0].dtype == "float32"
    )
    assert {gradient.dtype for gradient in real} == {tf.float32}
    assert model.clip(real).norm.dtype == tf.float32
    model.run_eagerly = True
    history = model.fit(phase.batches(start=0), steps_per_epoch=2, shuffle=False, verbose=0).history
    assert all(np.isfinite(value[-1]) for name, value in history.items() if "loss" in name)


@pytest.mark.parametrize("update", ["halves", "joint"])
def test_a_loss_scale_changes_no_gradient(update):
    data = linear_data(2)
    models = [
        linear_gan(RepFairGAN, data, max_grad_norm=0.3, objective=Objective(update=update, r1=0.1))
        for _ in range(2)
    ]
    models[1].loss_scale = LOSS_SCALE
    for model in models:
        model.fit(alternating_batches(data, 8, 3, 5), steps_per_epoch=5, shuffle=False, verbose=0)
    for one, scaled in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(one, scaled, rtol=1e-5, atol=1e-6)


def test_networks_of_float16_have_a_loss_scale():
    with precision("mixed_float16"):
        half = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    assert loss_scale(half) == LOSS_SCALE
    assert loss_scale(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])) == 1


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="a GPU knows float16")
def test_float16_without_a_gpu_is_refused_before_training(digits):
    config = configure(method="gan", precision="mixed_float16")
    with pytest.raises(InputError, match="there is no GPU: expected mixed_bfloat16"):
        config.check_data(digits)
