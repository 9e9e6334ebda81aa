"""Generators of codes recover a known distribution: two clusters, one of them with 30 % of the points."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.data.row_batches import row_batches
from repfair_keras.methods.fair_latent import latent_gan
from repfair_keras.methods.fair_latent.diffusion import Diffusion
from repfair_keras.methods.fair_latent.latent_gan import LatentLSGAN, LatentWGANGP
from repfair_keras.networks.ddim import angle, ddim_generator
from repfair_keras.networks.latent import denoiser, latent_critic, latent_generator

CENTRES = np.array([[-1.0, 0.5], [0.8, -0.4]])
SMALL, SPREAD = 0.3, 0.2


def points(n=4000):
    rng = np.random.default_rng(0)
    first = np.arange(n) < SMALL * n
    return (CENTRES[np.where(first, 0, 1)] + SPREAD * rng.standard_normal((n, 2))).astype(np.float32)


def trained(model, noise_size, parts, steps, batch_size=256):
    rows = points()
    batches = row_batches(rows, np.zeros(len(rows), int), parts * batch_size, noise_size, seed=0)
    batches = batches.map(lambda batch: (batch.rows, batch.noise, batch.weights))
    model.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)


def check(made):
    """Weights and means of the two clusters, and their spread."""
    made = np.asarray(made)
    nearest = np.argmin(((made[:, None] - CENTRES) ** 2).sum(axis=2), axis=1)
    assert (nearest == 0).mean() == pytest.approx(SMALL, abs=0.08)
    for cluster in range(2):
        mine = made[nearest == cluster]
        np.testing.assert_allclose(mine.mean(axis=0), CENTRES[cluster], atol=0.15)
        np.testing.assert_allclose(mine.std(axis=0), SPREAD, atol=0.12)
    np.testing.assert_allclose(made.std(axis=0), points().std(axis=0), rtol=0.15)


@pytest.mark.parametrize(
    ("made", "rates", "steps"), [(LatentWGANGP, (2e-3, 2e-4), 600), (LatentLSGAN, (1e-3, 3e-4), 1200)]
)
@pytest.mark.slow
def test_gans(made, rates, steps):
    keras.utils.set_random_seed(0)
    model = made(latent_generator(2, 8), latent_critic(2))
    betas = {"beta_1": 0.5, "beta_2": model.BETA_2}
    model.compile(*(keras.optimizers.Adam(rate, **betas) for rate in rates))
    trained(model, 8, model.critic_steps + 1, steps=steps)
    check(model.averaged(np.random.default_rng(1).standard_normal((4000, 8)), training=False))


@pytest.mark.slow
def test_averaged_generator_is_the_running_mean_of_the_generators(monkeypatch):
    monkeypatch.setattr(latent_gan, "MEMORY", 0.5)
    model = LatentLSGAN(latent_generator(2, 8), latent_critic(2))
    model.compile(*(keras.optimizers.Adam(1e-2) for _ in range(2)))
    rows = points(64)
    batches = row_batches(rows, np.zeros(64, int), 64, 8, seed=0).take(20)
    mean, seen = None, []
    for n, batch in enumerate(batches, start=1):
        model.train_step((batch.rows, batch.noise, batch.weights))
        weights = model.generator.get_weights()
        keep = min(0.5, (n - 1) / (n + 9))  # from the eleventh step on 0.5
        mean = [keep * a + (1 - keep) * b for a, b in zip(mean or weights, weights, strict=True)]
        seen.append(np.concatenate([weight.ravel() for weight in weights]))
        for a, b in zip(model.averaged.get_weights(), mean, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-5)
    assert np.abs(seen[-1] - seen[0]).max() > 0.05, "the weights hardly moved: nothing was averaged"
    assert not set(map(id, model.averaged.weights)) & set(map(id, model.generator.weights))


@pytest.mark.slow
def test_diffusion():
    keras.utils.set_random_seed(0)
    network = denoiser(2, 0.0)
    model = Diffusion(network)
    model.compile(keras.optimizers.Adam(2e-3))
    trained(model, 2, 1, steps=3000)
    noise = np.random.default_rng(1).standard_normal((4000, 2))
    check(ddim_generator(network, 2, 50)(noise, training=False))


def test_ddim_with_the_true_v_gives_the_point_that_it_belongs_to():
    class Exact(keras.Model):
        """v of data that is one point, 2: eps = (x_t - alpha 2) / sigma, v = alpha eps - sigma 2."""

        def call(self, inputs):
            x, times = inputs
            alpha, sigma = (f(angle(times))[:, None] for f in (tf.cos, tf.sin))
            return alpha * (x - 2 * alpha) / (sigma + 1e-6) - 2 * sigma

    made = ddim_generator(Exact(), 1, 20)(np.linspace(-2, 2, 5)[:, None].astype(np.float32))
    np.testing.assert_allclose(made, 2.0, atol=0.02)


def test_schedule_begins_with_data_and_ends_with_noise():
    turns = np.asarray(angle(np.linspace(0, 1, 11, dtype=np.float32)))
    assert turns[0] == pytest.approx(0, abs=1e-3)
    assert turns[-1] == pytest.approx(np.pi / 2, abs=1e-3)
    assert (np.diff(turns) > 0).all()
    middle = 1 / np.cos(0.008 / 1.008 * np.pi / 2) * np.cos(0.508 / 1.008 * np.pi / 2)
    assert np.cos(turns[5]) == pytest.approx(middle, abs=1e-5)


class Recorded(LatentWGANGP):
    """Keeps what the critic was asked."""

    def critic_loss(self, codes, fake, weights):
        self.seen.append((codes, weights))
        return super().critic_loss(codes, fake, weights)


def test_the_critic_gets_five_parts_of_a_batch_and_weights_in_the_unit_interval():
    model = Recorded(latent_generator(2, 8), latent_critic(2))
    model.compile(*(keras.optimizers.Adam() for _ in range(2)))
    model.seen = []
    rows = points(60)
    (batch,) = row_batches(rows, np.zeros(60, int), 60, 8, seed=0).take(1)
    before = [variable.numpy() for variable in model.generator.trainable_variables]
    model.train_step((batch.rows, batch.noise, batch.weights))
    assert [len(codes) for codes, _ in model.seen] == [10] * 5
    np.testing.assert_array_equal(np.concatenate([codes for codes, _ in model.seen]), batch.rows[:50])
    weights = np.concatenate([weights for _, weights in model.seen])
    assert 0 <= weights.min() < 0.2
    assert 0.8 < weights.max() < 1
    after = model.generator.trainable_variables
    assert any((a != b).any() for a, b in zip(before, [v.numpy() for v in after], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("made", [LatentWGANGP, LatentLSGAN])
def test_round_trip(made, tmp_path):
    model = made(latent_generator(2, 8), latent_critic(2), name="codes")
    model.compile(*(keras.optimizers.Adam() for _ in range(2)))
    trained(model, 8, model.critic_steps + 1, steps=2, batch_size=16)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for a, b in zip(model.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert loaded.d_optimizer.get_config() == model.d_optimizer.get_config()


@pytest.mark.slow
def test_diffusion_round_trip(tmp_path):
    generator = ddim_generator(denoiser(2, 0.1), 2, 5)
    generator.save(tmp_path / "generator.keras")
    noise = np.random.default_rng(0).standard_normal((3, 2)).astype(np.float32)
    loaded = keras.models.load_model(tmp_path / "generator.keras")
    np.testing.assert_allclose(loaded(noise), generator(noise), atol=1e-6)
    model = Diffusion(denoiser(2, 0.1), name="dm")
    model.compile(keras.optimizers.Adam())
    trained(model, 2, 1, steps=2, batch_size=16)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    for a, b in zip(model.denoiser.weights, again.denoiser.weights, strict=True):
        np.testing.assert_array_equal(a, b)
