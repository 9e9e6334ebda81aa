"""Rules for the length of the real step against NumPy, on GANs so small that they can be written out."""

import keras
import numpy as np
import pytest
from linear_gan import linear_data, linear_gan, weights

from repfair_keras.core.errors import InputError, SettingsError
from repfair_keras.data.batches import alternating_batches, mixed_batches
from repfair_keras.methods.real_step import REMEMBERED, RealStepGAN
from repfair_keras.methods.repfair import RepFairGAN
from repfair_keras.runs.config import configure

BATCH, STEPS = 8, 12


def trained(model_class=RealStepGAN, batches=alternating_batches, optimizer=None, **options):
    """A model after some steps, and its weights."""
    data = linear_data(2)
    model = linear_gan(model_class, data, **options)
    if optimizer is not None:
        model.compile(optimizer(), optimizer())
    model.fit(batches(data, BATCH, 3, seed=1), steps_per_epoch=STEPS, shuffle=False, verbose=0)
    return model, weights(model)


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7)


def test_with_one_bound_it_is_algorithm_1():
    _, plain = trained(RepFairGAN, max_grad_norm=0.3)
    _, ours = trained(max_grad_norm=0.3)
    _, per_group = trained(group_bounds=[0.3, 0.3])
    assert_same(plain, ours)
    assert_same(plain, per_group)


@pytest.mark.parametrize("batches", [alternating_batches, mixed_batches])
def test_a_weight_is_that_of_the_loss(batches):
    """A gradient times w is the gradient of w times the loss."""
    from repfair_keras.losses.objective import Objective

    _, weighted = trained(
        RepFairGAN, batches, max_grad_norm=float("inf"), objective=Objective(real_weight=0.15)
    )
    _, ours = trained(batches=batches, scale="weights", weights=[0.15], steps=STEPS)
    assert_same(weighted, ours)


def rule(name, group, norm, t, state):
    """The factor of a real step, written out."""
    if name == "unequal":
        return min(1.0, (0.1, 0.4)[group] / norm)
    if name == "weights":
        return (1.0, 0.5, 0.25)[min(t * 3 // STEPS, 2)]
    known = state.get(group)
    state[group] = norm if known is None else REMEMBERED * known + (1 - REMEMBERED) * norm
    return np.mean(list(state.values())) / norm


RULES = {
    "unequal": {"group_bounds": [0.1, 0.4]},
    "weights": {"scale": "weights", "weights": [1.0, 0.5, 0.25], "steps": STEPS},
    "equal": {"scale": "equal"},
}


@pytest.mark.parametrize("name", RULES)
def test_each_rule_is_what_is_written(name):
    data = linear_data(2)
    model = linear_gan(RealStepGAN, data, **RULES[name])
    w, b, a, c = (
        variable.numpy().astype(float)
        for variable in (*model.discriminator.weights, *model.generator.weights)
    )
    w, rate, state = w[:, 0], 0.1, {}
    for t, batch in enumerate(alternating_batches(data, BATCH, 3, seed=1).take(STEPS)):
        x, z, group = (
            batch.images.numpy().reshape(BATCH, -1).astype(float),
            batch.latents.numpy().astype(float),
            t % 2,
        )
        pull = -1 / (1 + np.exp(x @ w + b)) / BATCH  # of softplus(-logit)
        grad = np.append(x.T @ pull, pull.sum())
        grad *= rule(name, group, np.linalg.norm(grad), t, state)
        w, b = w - rate * grad[:-1], b - rate * grad[-1]
        made = z @ a + c
        push = 1 / (1 + np.exp(-(made @ w + b))) / BATCH
        w, b = w - rate * made.T @ push, b - rate * push.sum()
        signal = (-1 / (1 + np.exp(made @ w + b)) / BATCH)[:, None] * w[None]
        a, c = a - rate * z.T @ signal, c - rate * signal.sum(axis=0)
    model.fit(alternating_batches(data, BATCH, 3, seed=1), steps_per_epoch=STEPS, shuffle=False, verbose=0)
    found = [variable.numpy() for variable in (*model.discriminator.weights, *model.generator.weights)]
    for mine, numpy in zip(found, (w[:, None], b, a, c), strict=True):
        np.testing.assert_allclose(mine, numpy, rtol=1e-4, atol=1e-5)


def test_equal_steps_are_equally_long():
    data = linear_data(2)
    model = linear_gan(RealStepGAN, data, scale="equal")
    lengths = []
    for batch in alternating_batches(data, BATCH, 3, seed=1).take(40):
        scaled = model.scaled(model.real_gradients(batch), batch.groups)
        lengths.append(float(np.sqrt(sum(np.sum(np.square(gradient)) for gradient in scaled.gradients))))
    assert max(lengths[2:]) / min(lengths[2:]) < 1.1, "they follow the mean norm, which hardly moves"


def test_with_optimizers_of_their_own_a_constant_weight_changes_nothing():
    """Adam divides each half by its own size; with one memory for both, the weight decides how they mix."""

    def adam():
        return keras.optimizers.Adam(0.01, epsilon=1e-12)

    halves = [{"scale": "weights", "weights": [w], "steps": STEPS} for w in (1.0, 0.1)]
    apart = [trained(optimizer=adam, separate_optimizers=True, **half)[1] for half in halves]
    shared = [trained(optimizer=adam, **half)[1] for half in halves]
    assert_same(*apart)
    assert max(np.abs(a - b).max() for a, b in zip(*shared, strict=True)) > 1e-3


def test_bounds_for_other_groups_are_refused():
    with pytest.raises(
        InputError, match="group_bounds has 3 numbers: expected one for each of the groups group 0, group 1"
    ):
        linear_gan(RealStepGAN, linear_data(2), group_bounds=[1, 2, 3])
    with pytest.raises(InputError, match="scale is 'none': expected one of bound, equal, weights"):
        linear_gan(RealStepGAN, linear_data(2), scale="none")


def test_bounds_for_other_groups_are_refused_before_training(digits):
    config = configure(method="real_step", group_bounds=[1.0, 2.0, 3.0])
    with pytest.raises(InputError, match="the data have 2 groups: expected one for each of black, white"):
        config.check_data(digits)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"group_bounds": [1.0, 2.0], "scale": "equal"}, "group_bounds is given, but scale is 'equal'"),
        ({"scale": "equal", "batches": "mixed"}, "mixed batches have no group of their own"),
        ({"weights": [0.5]}, "weights is"),
        ({"scale": "weights", "weights": []}, "expected at least one weight"),
        ({"separate_optimizers": True, "d_steps": 2}, "expected 1 step of each half"),
        ({"group_bounds": [1.0, 2.0], "clip_scope": "variable"}, "expected global"),
        ({"update": "joint"}, "the real step is one of its own here"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(settings, told):
    with pytest.raises(SettingsError, match=told):
        configure(method="real_step", **settings)


@pytest.mark.parametrize("options", RULES.values(), ids=RULES)
def test_a_gradient_of_nothing_stays_nothing(options):
    """As of a hinge loss, where all real images are on the right side."""
    import tensorflow as tf

    model = linear_gan(RealStepGAN, linear_data(2), **options)
    scaled = model.scaled([tf.zeros(3), tf.zeros(1)], tf.constant([1, 1]))
    assert all(np.isfinite(gradient).all() for gradient in scaled.gradients)
