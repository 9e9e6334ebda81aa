"""Objectives other than the paper's, against their transcription in NumPy on a GAN that is linear."""

import numpy as np
import pytest
from linear_gan import RATE, Own, linear_data, linear_gan, weights

from repfair_keras.core.errors import InputError, SettingsError
from repfair_keras.data.batches import alternating_batches, mixed_batches
from repfair_keras.losses.adversarial import LOSSES
from repfair_keras.losses.objective import Objective
from repfair_keras.methods import base
from repfair_keras.methods.build import check_objective
from repfair_keras.methods.gan import GAN
from repfair_keras.methods.repfair import RepFairGAN
from repfair_keras.registry import names
from repfair_keras.runs.config import configure

BATCH, STEPS, GAMMA = 8, 7, 0.7
JOINT = ("non_saturating", "hinge", "least_squares", "wasserstein_gp", "relativistic")


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def clip(gradients, bound):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    return [g * min(1, bound / norm) for g in gradients]


def relativistic(batches, initial, bound, gamma):
    """Algorithm 1 on a loss that pairs images: all of its gradient is bounded, the penalties gamma w are not."""
    A, a, w, b = (value.astype(np.float64) for value in initial)
    for batch in batches:
        x, z = batch.images.reshape(len(batch.images), -1), batch.latents
        fake = z @ A + a
        slope = sigmoid(fake @ w - x @ w) / len(x)  # of mean softplus(D(G(z)) - D(x))
        (gw,) = clip([(fake - x).T @ slope], bound)  # the logit's bias cancels
        w = w - RATE * (gw + 2 * gamma * w)  # R1 and R2: half of gamma |w|^2 each
        signal = -sigmoid(x @ w - fake @ w) @ w.T / len(z)
        A, a = A - RATE * (z.T @ signal), a - RATE * signal.sum(axis=0)
    return [A, a, w, b]


def taken(batches):
    return [type(batch)(*(part.numpy() for part in batch)) for batch in batches.take(STEPS)]


def fitted(model, batches):
    model.fit(batches, steps_per_epoch=STEPS, shuffle=False, verbose=0)
    return weights(model)


@pytest.mark.parametrize("bound", [0.05, 1000.0])
def test_algorithm_1_on_a_loss_that_pairs_images(bound):
    data = linear_data(2)
    objective = Objective("relativistic", "joint", r1=GAMMA, r2=GAMMA)
    model = linear_gan(RepFairGAN, data, max_grad_norm=bound, objective=objective)
    batches = alternating_batches(data, BATCH, 3, seed=5)
    expected = relativistic(taken(batches), weights(model), bound, GAMMA)
    for mine, numpy in zip(fitted(model, batches), expected, strict=True):
        np.testing.assert_allclose(mine, numpy, rtol=2e-5, atol=2e-6)


def test_r1_and_r2_in_turn_shrink_a_linear_discriminator_by_gamma():
    """Each half has its own penalty: with nothing else to learn, w <- w - rate gamma w, twice in a step."""
    data = linear_data(2)
    objective = Objective(r1=GAMMA, r2=GAMMA, real_weight=1e-12, fake_weight=1e-12)
    for model_class, options in ((GAN, {}), (RepFairGAN, {"max_grad_norm": 1e-9})):
        model = linear_gan(model_class, data, objective=objective, **options)
        before = weights(model)[2]
        after = fitted(model, mixed_batches(data, BATCH, 3, seed=1))[2]
        np.testing.assert_allclose(after, before * (1 - RATE * GAMMA) ** (2 * STEPS), rtol=1e-4)


@pytest.mark.parametrize("loss", JOINT)
def test_an_infinite_bound_equals_the_plain_method_under_every_objective(loss):
    data = linear_data(2)
    objective = Objective(loss, "joint", r1=0.1, r2=0.2, augment=("colour",), d_steps=2)
    models = [
        linear_gan(GAN, data, objective=objective, ema=0.9),
        linear_gan(RepFairGAN, data, max_grad_norm=float("inf"), objective=objective, ema=0.9),
    ]
    results = [fitted(model, mixed_batches(data, BATCH, 3, seed=1)) for model in models]
    for plain, unbounded in zip(*results, strict=True):
        np.testing.assert_array_equal(plain, unbounded)
    bounded = linear_gan(RepFairGAN, data, max_grad_norm=1e-3, objective=objective, ema=0.9)
    assert not np.allclose(
        fitted(bounded, mixed_batches(data, BATCH, 3, seed=1))[2], results[0][2], atol=1e-5
    )


def test_halves_in_turn_and_in_one_step_differ_and_weights_count():
    data = linear_data(2)
    results = {}
    for key, options in {
        "halves": {},
        "joint": {"update": "joint"},
        "half": {"update": "joint", "real_weight": 0.5},
        "double": {"update": "joint", "fake_weight": 2.0},
    }.items():
        model = linear_gan(GAN, data, objective=Objective(**options))
        results[key] = fitted(model, mixed_batches(data, BATCH, 3, seed=1))[2]
    assert len({tuple(np.round(w.ravel(), 6)) for w in results.values()}) == 4


def test_several_steps_of_the_discriminator_for_one_of_the_generator():
    data = linear_data(2)
    for update in ("halves", "joint"):
        model = linear_gan(GAN, data, objective=Objective(update=update, d_steps=3))
        before = weights(model)[0]
        batches = mixed_batches(data, BATCH, 3, seed=1)
        model.fit(batches.take(2).repeat(), steps_per_epoch=2, shuffle=False, verbose=0)
        np.testing.assert_array_equal(weights(model)[0], before)
        model.fit(batches, steps_per_epoch=1, shuffle=False, verbose=0)
        assert np.abs(weights(model)[0] - before).max() > 0
        assert int(model.g_optimizer.iterations) == 1


def test_what_is_exported_is_the_average():
    data = linear_data(2)
    model, raw = linear_gan(GAN, data, ema=0.9), linear_gan(GAN, data)
    assert raw.shown_generator is raw.generator
    fitted(model, mixed_batches(data, BATCH, 3, seed=1))
    average, last = model.shown_generator.get_weights()[0], model.generator.get_weights()[0]
    assert 1e-4 < np.abs(average - last).max() < 0.1


def test_own_steps_have_the_average_and_are_told_what_they_do_not_read():
    data = linear_data(2)
    own, plain = linear_gan(Own, data, ema=0.9), linear_gan(GAN, data, ema=0.9)
    for model in (own, plain):
        fitted(model, mixed_batches(data, BATCH, 3, seed=1))
    np.testing.assert_array_equal(own.average.get_weights()[0], plain.average.get_weights()[0])
    check_objective(Own, configure(method="gan", loss="hinge", augment=["colour"]).settings)
    check_objective(GAN, configure(method="gan", r1=1.0, update="joint").settings)
    with pytest.raises(
        InputError, match=r"r1 is 1.0, but the train_step of Own does not say that it reads it"
    ):
        check_objective(Own, configure(method="gan", r1=1.0).settings)


def test_only_steps_of_the_discriminator_and_for_it_see_through_augmentation(monkeypatch):
    data = linear_data(2)
    model = linear_gan(GAN, data, objective=Objective(augment=("translation",)))
    batch = next(iter(mixed_batches(data, BATCH, 3, seed=1)))
    monkeypatch.setattr(base, "diff_augment", lambda *arguments: pytest.fail("augmented"))
    images, tape = model.generate(batch)
    model.probe(images, batch.labels, batch.groups)
    for step in (lambda: model.real_gradients(batch), lambda: model.generator_gradients(images, tape, batch)):
        with pytest.raises(pytest.fail.Exception, match="augmented"):
            step()


def test_a_probe_changes_nothing_and_knows_pairs():
    data = linear_data(2)
    for loss in LOSSES:
        model = linear_gan(GAN, data, objective=Objective(loss, "joint", augment=("colour",)))
        batch = next(iter(alternating_batches(data, BATCH, 3, seed=5)))
        before = weights(model)
        one, again = (model.probe(batch.images, batch.labels, batch.groups) for _ in range(2))
        assert float(one[1]) > 0 and [float(x) for x in one] == [float(x) for x in again]
        for a, b in zip(before, weights(model), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"loss": "relativistic"},
            "update is 'halves', but the loss 'relativistic' looks at real and generated",
        ),
        ({"loss": "wasserstein_gp"}, "expected --update joint, or one of the losses"),
        ({"loss": "relativistic", "update": "joint", "real_weight": 0.5}, "has no halves to weigh"),
        ({"loss": "relativistic", "update": "joint", "clip_fake": True}, "all of its gradient is bounded"),
        ({"r1": -1.0}, "r1 is -1.0: expected a finite number of at least 0"),
        ({"loss": "hing"}, "loss is 'hing': expected one of non_saturating, hinge"),
        ({"network": "dcgann"}, "network is 'dcgann': Did you mean 'dcgan'"),
        ({"augment": ["color"]}, "augment"),
        ({"network": "dcgan", "d_kernel": 5}, "d_kernel is 5, but network 'dcgan' does not read it"),
        ({"preset": "modern", "depth": 2}, "or take network resnet"),
        ({"ema": 1.0}, "ema is 1.0"),
    ],
)
def test_what_cannot_be_combined_is_refused_before_training(settings, message):
    with pytest.raises(SettingsError, match=message):
        configure(method="repfair", **settings)


def test_what_other_methods_do_not_read_is_told():
    with pytest.raises(SettingsError, match="method 'stacked_gan' does not read it"):
        configure(method="stacked_gan", loss="hinge")
    assert configure(method="boosted_gan", loss="hinge").settings.loss == "hinge"
    assert {"dcgan", "resnet"} < set(names("network"))
