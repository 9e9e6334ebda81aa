"""RepFair-GAN's Algorithm 1 against its transcription in NumPy, on a GAN that is linear."""

import numpy as np
import pytest
from linear_gan import RATE, linear_data, linear_gan, weights

from repfair_keras.data.batches import alternating_batches, mixed_batches
from repfair_keras.methods.gan import GAN
from repfair_keras.methods.repfair import RepFairGAN

BATCH, STEPS = 8, 7


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def clip(gradients, bound):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    return [g * min(1, bound / norm) for g in gradients], norm


def discriminator_gradients(x, w, b, real):
    """d/dw, d/db of mean softplus(-l) for real images, mean softplus(l) for generated ones; l = x w + b."""
    logit = x @ w + b
    slope = (-sigmoid(-logit) if real else sigmoid(logit)) / len(x)
    return [x.T @ slope, slope.sum(axis=0)]


def algorithm1(batches, initial, bound, clip_fake):
    """The transcription. Returns the weights after the last batch and the norms before clipping."""
    A, a, w, b = (value.astype(np.float64) for value in initial)
    norms = []
    for batch in batches:
        x, z = batch.images.reshape(len(batch.images), -1), batch.latents
        (gw, gb), norm = clip(discriminator_gradients(x, w, b, real=True), bound)
        norms.append(norm)
        w, b = w - RATE * gw, b - RATE * gb
        fake = z @ A + a
        gradients = discriminator_gradients(fake, w, b, real=False)
        gw, gb = clip(gradients, bound)[0] if clip_fake else gradients
        w, b = w - RATE * gw, b - RATE * gb
        signal = -sigmoid(-(fake @ w + b)) @ w.T / len(z)  # d/dx of mean softplus(-l), by the new w
        A, a = A - RATE * (z.T @ signal), a - RATE * signal.sum(axis=0)
    return [A, a, w, b], norms


def taken(batches):
    return [type(batch)(*(part.numpy() for part in batch)) for batch in batches.take(STEPS)]


@pytest.mark.parametrize("n_groups", [2, 3])
@pytest.mark.parametrize("clip_fake", [False, True])
@pytest.mark.parametrize("bound", [0.3, 1000.0])
def test_train_step_is_algorithm_1(n_groups, clip_fake, bound):
    data = linear_data(n_groups)
    model = linear_gan(RepFairGAN, data, max_grad_norm=bound, clip_fake=clip_fake)
    batches = alternating_batches(data, BATCH, 3, seed=5)
    initial = weights(model)
    expected, norms = algorithm1(taken(batches), initial, bound, clip_fake)
    history = model.fit(batches, steps_per_epoch=STEPS, shuffle=False, verbose=0).history
    for mine, numpy in zip(weights(model), expected, strict=True):
        np.testing.assert_allclose(mine, numpy, rtol=2e-5, atol=2e-6)
    for k, name in enumerate(data.group_names):  # group of step t is t mod K
        mine = [norm for t, norm in enumerate(norms) if t % n_groups == k]
        assert history[f"step_norm/{name}"][0] == pytest.approx(np.mean(mine), rel=1e-5)
        assert history[f"clip_fraction/{name}"][0] == pytest.approx(np.mean(np.array(mine) > bound))


def test_infinite_bound_without_alternation_is_the_plain_gan():
    data = linear_data(2)
    models = [linear_gan(GAN, data), linear_gan(RepFairGAN, data, max_grad_norm=float("inf"))]
    for model in models:
        model.fit(mixed_batches(data, BATCH, 3, seed=1), steps_per_epoch=STEPS, shuffle=False, verbose=0)
    for plain, unbounded in zip(*map(weights, models), strict=True):
        np.testing.assert_array_equal(plain, unbounded)


@pytest.mark.parametrize("option", [{"max_grad_norm": 0.3}, {"max_grad_norm": 0.3, "clip_scope": "variable"}])
def test_a_bound_changes_the_result(option):
    data = linear_data(2)
    free, bounded = linear_gan(GAN, data), linear_gan(RepFairGAN, data, **option)
    for model in (free, bounded):
        model.fit(mixed_batches(data, BATCH, 3, seed=1), steps_per_epoch=STEPS, shuffle=False, verbose=0)
    assert not np.allclose(weights(free)[2], weights(bounded)[2], atol=1e-4)


def test_order_of_groups_under_steps_per_execution():
    data = linear_data(3)
    results = []
    for steps in (1, 3):
        model = linear_gan(RepFairGAN, data, max_grad_norm=0.3)
        model.compile(model.d_optimizer, model.g_optimizer, steps_per_execution=steps)
        model.fit(alternating_batches(data, BATCH, 3, 5), steps_per_epoch=6, shuffle=False, verbose=0)
        results.append(weights(model))
    for one, three in zip(*results, strict=True):
        np.testing.assert_array_equal(one, three)


def test_xla_agrees():
    data = linear_data(2)
    results = []
    for jit in (False, True):
        model = linear_gan(RepFairGAN, data, max_grad_norm=0.3)
        model.compile(model.d_optimizer, model.g_optimizer, jit_compile=jit)
        model.fit(alternating_batches(data, BATCH, 3, 5), steps_per_epoch=6, shuffle=False, verbose=0)
        results.append(weights(model))
    for plain, xla in zip(*results, strict=True):
        np.testing.assert_allclose(plain, xla, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "option", [{"max_grad_norm": 0}, {"max_grad_norm": float("nan")}, {"clip_scope": "layer"}]
)
def test_bad_options(option):
    with pytest.raises(ValueError, match=next(iter(option))):
        linear_gan(RepFairGAN, linear_data(2), **option)
