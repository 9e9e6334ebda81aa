"""The fair encoder: a planted signal goes, and only then; what it is made of fits together."""

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.data.tables.dataset import RawTable
from repfair_keras.data.tables.preprocess import prepare
from repfair_keras.losses.evidence import columns_cross_entropy, kl_to_standard_normal
from repfair_keras.methods.fair_latent.fair_latents import FairCodes
from repfair_keras.methods.fair_latent.fair_vae import FairVAE, encoder_phase
from repfair_keras.methods.fair_latent.views import view_of
from repfair_keras.metrics.leakage import leakage
from repfair_keras.networks import fair_vae as networks
from repfair_keras.networks.latent import decoded, prior
from repfair_keras.runs.config import configure

NO_PENALTY = -np.inf


@pytest.fixture(scope="module")
def planted():
    """`TableDataset` of 3,000 rows: eight columns show what equals the group in 80 % of them."""
    rng = np.random.default_rng(0)
    n = 3000
    s = np.arange(n) % 2
    hidden = np.where(rng.random(n) < 0.8, s, 1 - s)
    columns = {f"signal {i}": np.where(rng.random(n) < 0.98, hidden, 1 - hidden) for i in range(8)}
    columns |= {f"other {i}": rng.integers(0, 4, n) for i in range(2)}
    frame = pd.DataFrame({**columns, "s": s.astype(str), "y": rng.integers(0, 2, n).astype(str)})
    return prepare(RawTable("planted", "Rows with a planted signal.", frame, sensitive="s", target="y"))


def config_of(**settings):
    return configure(method="fair_vae", batch_size=350, code_size=4, latent_size=4, **settings)


def parts_of(**settings):
    config = config_of(**settings)
    return config.settings, config.training


def trained(data, alpha, steps=400):
    keras.utils.set_random_seed(0)
    phase, model = encoder_phase(data, *parts_of(alpha=alpha, encoder_rate=0.003, steps=steps))
    phase.model.fit(phase.batches(start=0), steps_per_epoch=steps, shuffle=False, verbose=0)
    return model


def auroc(data, model):
    """AUROC of the group from codes, one drawn for each row, on rows that were held out."""
    rng, kept = np.random.default_rng(1), [i for i, name in enumerate(data.schema.names) if name != "s"]
    place = data.schema.place("s")
    sides = [(rows[:, kept], rows[:, place]) for rows in (data.codes, data.test_codes)]
    codes = [model.encode(*side).drawn(rng) for side in sides]
    found = leakage(codes[0], sides[0][1], codes[1], sides[1][1])
    return max(found[name]["auroc"] for name in ("logistic_regression", "boosted_trees"))


@pytest.mark.slow
def test_the_penalty_takes_a_planted_signal_out_of_the_codes(planted):
    fair, plain = trained(planted, 7.0), trained(planted, NO_PENALTY)
    assert auroc(planted, fair) <= 0.55
    assert auroc(planted, plain) > 0.7
    codes = fair.encode(view_of(planted).rows, planted.groups)
    assert codes.deviation.min() > 0.5, "the codes have not collapsed"


@pytest.mark.slow
def test_loss_is_reconstruction_and_kl_and_beta_times_v2(planted):
    phase, model = encoder_phase(planted, *parts_of(alpha=2.0, steps=1))
    (batch,) = phase.batches(start=0).take(1)
    model.fit(phase.batches(start=0), steps_per_epoch=1, shuffle=False, verbose=0)
    found = model.get_metrics_result()
    total = found["reconstruction"] + found["kl"] + 100.0 * found["v2"]
    assert float(found["loss"]) == pytest.approx(float(total), rel=1e-5)
    assert "v2" not in encoder_phase(planted, *parts_of(alpha=NO_PENALTY, steps=1))[1].get_metrics_result()
    mean, log_variance = model.gaussian(batch.rows, batch.groups)
    logits = model.decoder([mean, batch.groups])
    assert float(model.reconstruction(logits, batch.rows)) == pytest.approx(
        float(columns_cross_entropy(logits, batch.rows, model.sizes))
    )
    assert float(kl_to_standard_normal(mean, log_variance)) > 0


def test_codes_in_batches_are_standard_and_the_way_back_is_exact(planted):
    model = trained(planted, NO_PENALTY, steps=60)
    fair = FairCodes(model, planted)
    drawn = [codes for codes, _, _ in fair.batches(len(planted), 3, seed=0).take(20)]
    codes = np.concatenate(drawn)
    np.testing.assert_allclose(codes.mean(axis=0), 0, atol=0.03)
    np.testing.assert_allclose(codes.std(axis=0), 1, atol=0.03)
    generator = fair.decoded(prior(4))
    z, groups = np.float32([[1.0, 0.0, -1.0, 2.0]]), np.array([1], np.int32)
    raw = z * fair.codes.deviation + fair.codes.centre
    np.testing.assert_allclose(generator([z, groups]), model.decoder([raw, groups]), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("method", ["fld_wgan_gp", "fld_lsgan"])
def test_the_averaged_generator_is_exported_and_measured(planted, method):
    config = configure(method=method, batch_size=350, code_size=4, steps=1, vae_steps=1, alpha=NO_PENALTY)
    *_, phase = config.phases(planted)
    averaged = {id(weight) for weight in phase.model.averaged.weights}
    assert averaged <= {id(weight) for weight in phase.generator.weights}
    before = phase.codes(5, 0).synthetic
    for weight in phase.model.averaged.weights:
        weight.assign(weight + 1.0)
    assert np.abs(phase.codes(5, 0).synthetic - before).max() > 0.01


def test_encoding_again_traces_nothing_again(planted):
    _, model = encoder_phase(planted, *parts_of(steps=1))
    view = view_of(planted)
    model.encode(view.rows, view.groups)
    traced = model.compiled_gaussian.experimental_get_tracing_count()
    model.encode(view.rows, view.groups)
    assert model.compiled_gaussian.experimental_get_tracing_count() == traced


def test_the_target_is_decoded_from_the_code_alone(planted):
    view = view_of(planted)
    _, decoder = view.networks(config_of(steps=1).settings)
    codes = tf.random.stateless_normal((5, 4), (0, 0))
    first, second = (np.asarray(decoder([codes, tf.fill((5,), group)])) for group in (0, 1))
    np.testing.assert_array_equal(first[:, -2:], second[:, -2:])
    assert (first[:, :-2] != second[:, :-2]).all()


def test_the_target_is_decoded_from_code_and_group_where_it_is_asked_for(planted):
    _, decoder = view_of(planted).networks(
        config_of(steps=1, dataset="diabetes", target_from="code_and_group").settings
    )
    codes = tf.random.stateless_normal((5, 4), (0, 0))
    first, second = (np.asarray(decoder([codes, tf.fill((5,), group)])) for group in (0, 1))
    assert (first[:, -2:] != second[:, -2:]).all()
    assert "target_hidden" not in [layer.name for layer in decoder.layers]


def test_the_statistic_of_the_penalty_is_kept_with_the_model(planted):
    for statistic in ("v", "u"):
        _, model = encoder_phase(planted, *parts_of(steps=1, statistic=statistic))
        again = FairVAE.from_config(model.get_config())
        assert model.unbiased == again.unbiased == (statistic == "u")


@pytest.mark.parametrize(("size", "channels"), [(28, 1), (32, 3), (64, 3)])
def test_networks_of_images(size, channels):
    shape = (size, size, channels)
    encoder, decoder = networks.image_encoder(shape, 4, 10), networks.image_decoder(shape, 4, 3, 10)
    mean, log_variance = encoder(np.zeros((2, *shape), np.float32))
    assert mean.shape == log_variance.shape == (2, 10)
    images = decoded(prior(10), decoder, images=True)([np.asarray(mean), np.array([0, 2], np.int32)])
    assert images.shape == (2, *shape)
    assert np.abs(images).max() <= 1


def test_images_that_do_not_fit():
    with pytest.raises(InputError, match="images of 28x30 pixels"):
        networks.image_encoder((28, 30, 1), 4, 10)


@pytest.mark.slow
def test_round_trip(planted, tmp_path):
    model = trained(planted, 7.0, steps=2)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.beta == 1e7
    assert loaded.sizes == model.sizes
    for a, b in zip(model.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_every_tenth_image_of_each_group_is_held_out(digits):
    view = view_of(digits)
    rows, groups = view.held_out
    assert np.bincount(groups).tolist() == [-(-n // 10) for n in np.bincount(digits.groups)]
    trained = {image.tobytes() for image in view.rows}
    assert len(view.rows) + len(rows) == len(digits) == len(view.groups) + len(groups)
    assert not any(image.tobytes() in trained for image in rows)
