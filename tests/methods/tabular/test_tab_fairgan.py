"""TabFairGAN: without its term it is a WGAN-GP, with it the groups' rates in generated rows come together."""

from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from repfair_keras.core.settings import settings_in
from repfair_keras.data.tables.dataset import TableDataset
from repfair_keras.losses.gradient_penalty import gradient_penalty
from repfair_keras.methods.tabular.settings_tab_fairgan import TabFairGANSettings
from repfair_keras.methods.tabular.tab_fairgan import (
    TabFairGAN,
    crossed,
    parity_gap,
    tab_fairgan,
    table_batches,
)
from repfair_keras.networks.seeded import seeds
from repfair_keras.networks.tab_fairgan import (
    RowLayout,
    TabFairGANRows,
    gumbel,
    row_critic,
    row_network,
    uniform,
)
from repfair_keras.training.checkpoint import Checkpoint

RATE = 0.002
PLAIN = {
    "latent_size": 8,
    "d_learning_rate": RATE,
    "g_learning_rate": RATE,
    "fair_rate": RATE,
    "beta_1": 0.5,
    "d_steps": 2,
    "fair_share": 0.5,
}


@pytest.fixture(scope="module")
def unequal():
    """`TableDataset` of some 1,700 rows: y is yes in 80 % of group b and in 20 % of group a; x follows y."""
    rng = np.random.default_rng(0)
    s = rng.random(2400) < 0.5
    y = rng.random(2400) < np.where(s, 0.8, 0.2)
    x = rng.normal(size=2400) + y
    frame = pd.DataFrame({"s": np.where(s, "b", "a"), "x": x, "y": np.where(y, "yes", "no")})
    return TableDataset.from_frame(frame, sensitive="s", target="y")


def phases_of(data, steps=4, batch_size=16, seed=3, **settings):
    training = SimpleNamespace(steps=steps, epochs=None, batch_size=batch_size, seed=seed, jit_compile=False)
    return tab_fairgan(data, TabFairGANSettings(**{**PLAIN, **settings}), training)


def trained(phases):
    """Trains all phases one after the other, as long as they say, the last one as long as the first; returns them."""
    done = []
    with seeds(5):
        for phase in phases:
            steps = phase.steps or done[0].steps
            phase.model.fit(phase.batches(start=0), steps_per_epoch=steps, shuffle=False, verbose=0)
            done.append(phase)
    return done


def trained_eagerly(phases, steps):
    """Does the same in so many steps each, one after the other, so that nothing is left to a compiler."""
    done = []
    with seeds(5):
        for phase in phases:
            take_steps(phase, 0, steps)
            done.append(phase)
    return done


def take_steps(phase, start, steps):
    for batch in phase.batches(start=start).take(steps):
        phase.model.train_step(batch)


def assert_same_weights(one, other):
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def made(generator, n=4000, seed=0):
    return tf.function(generator.rows, autograph=False)(tf.zeros((n, 0), tf.int32), seed).numpy()


def gap_of(codes, data):
    groups, target = (codes[:, data.schema.place(name)] for name in ("s", "y"))
    return abs(target[groups == 1].mean() - target[groups == 0].mean())


def plain_wgan_gp(data, steps, batch_size=16, seed=3, d_steps=2):
    """The WGAN-GP of Gulrajani et al., Algorithm 1, written down once more; returns generator and critic."""
    layout = RowLayout.of(data)
    with seeds(5):
        generator, critic = row_network(layout, PLAIN["latent_size"]), row_critic(layout.width)
    adam_g, adam_d = (keras.optimizers.Adam(RATE, beta_1=0.5, beta_2=0.999) for _ in range(2))
    for batch in table_batches(data, layout, (d_steps + 1) * batch_size, 8, seed).take(steps):
        rows, noise, numbers, weights = (np.split(part.numpy(), d_steps + 1) for part in batch)
        for i in range(d_steps):
            fake = generator([noise[i], numbers[i]])
            with tf.GradientTape() as tape:
                penalty = gradient_penalty(critic, tf.constant(rows[i]), fake, weights[i])
                loss = -tf.reduce_mean(critic(rows[i])) + tf.reduce_mean(critic(fake)) + 10.0 * penalty
            adam_d.apply(tape.gradient(loss, critic.trainable_weights), critic.trainable_weights)
        with tf.GradientTape() as tape:
            loss = -tf.reduce_mean(critic(generator([noise[-1], numbers[-1]])))
        adam_g.apply(tape.gradient(loss, generator.trainable_weights), generator.trainable_weights)
    return generator, critic


def test_without_weight_it_is_a_wgan_gp_bit_for_bit_through_both_phases(unequal):
    _, fair = trained_eagerly(phases_of(unequal, steps=2, fair_weight=0.0), 2)
    generator, critic = plain_wgan_gp(unequal, steps=4)
    assert_same_weights(fair.model.generator, generator)
    assert_same_weights(fair.model.discriminator, critic)
    wgan, weighted = trained_eagerly(phases_of(unequal, steps=2, fair_weight=0.1), 2)
    assert_same_weights(wgan.model.generator, plain_wgan_gp(unequal, steps=2)[0])
    pairs = zip(weighted.model.generator.get_weights(), generator.get_weights(), strict=True)
    assert any((a != b).any() for a, b in pairs)


def test_the_second_phase_is_as_long_as_configured_and_the_first_has_the_rest(unequal):
    for share, steps in ((0.25, 30), (0.5, 10), (0.99, 1)):
        first, second = phases_of(unequal, steps=10, fair_share=share)
        assert (first.steps, second.steps) == (steps, None)
        assert (first.folder, second.folder) == ("wgan", "")
    rates = [phase.model.g_optimizer.learning_rate for phase in phases_of(unequal, fair_rate=0.003)]
    assert np.allclose(rates, [RATE, 0.003])
    first, second = phases_of(unequal, steps=3)
    (after,), (begun,) = first.batches(start=3).take(1), second.batches(start=0).take(1)
    for a, b in zip(after, begun, strict=True):
        np.testing.assert_array_equal(a, b)


def test_gap_of_two_groups_by_hand():
    groups = np.float32([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0], [1.0, 0.0]])
    desired = np.float32([1.0, 0.5, 0.25, 0.0])
    first = (0.75 * 1.0 + 0.5 * 0.5) / (0.75 + 0.5 + 1.0)
    second = (0.25 * 1.0 + 0.5 * 0.5 + 1.0 * 0.25) / (0.25 + 0.5 + 1.0)
    assert float(parity_gap(tf.constant(groups), tf.constant(desired))) == pytest.approx(
        abs(first - second), 1e-6
    )
    assert float(parity_gap(tf.constant(groups[:, ::-1]), tf.constant(desired))) == pytest.approx(
        0.0159, abs=1e-4
    )


def test_gap_of_three_groups_is_the_largest_difference_from_the_overall_rate():
    groups = np.eye(3, dtype=np.float32)[[0, 0, 1, 1, 2, 2, 2, 2]]
    desired = np.float32([1, 1, 1, 0, 0, 0, 0, 1])  # rates 1, 1/2 and 1/4; overall 1/2
    assert float(parity_gap(tf.constant(groups), tf.constant(desired))) == pytest.approx(0.5)
    soft = 0.5 * groups + 1 / 6
    rates = (soft * desired[:, None]).sum(axis=0) / soft.sum(axis=0)
    expected = np.abs(rates - 0.5).max()
    assert float(parity_gap(tf.constant(soft), tf.constant(desired))) == pytest.approx(expected, 1e-6)


def test_a_group_that_is_hardly_there_has_no_rate_and_no_gradient_is_nan():
    groups = tf.constant([[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.75, 0.25, 0.0]])
    desired = tf.constant([1.0, 0.0, 1.0])
    with tf.GradientTape() as tape:
        tape.watch((groups, desired))
        gap = parity_gap(groups, desired)
    assert float(gap) == pytest.approx(
        2 / 3 - 0.25 / 1.0
    )  # of the second group, of which there is one row in all
    assert all(np.isfinite(part).all() for part in tape.gradient(gap, (groups, desired)))
    assert float(parity_gap(groups[:, 1:], desired)) == 0.0


def test_several_sensitive_columns_are_crossed_in_the_order_of_the_groups():
    rng = np.random.default_rng(0)
    codes = np.stack([rng.integers(0, size, 50) for size in (2, 3, 2)], axis=1)
    groups = crossed([tf.one_hot(codes[:, i], size) for i, size in enumerate((2, 3, 2))])
    np.testing.assert_array_equal(np.argmax(groups, axis=1), np.ravel_multi_index(codes.T, (2, 3, 2)))
    np.testing.assert_array_equal(np.sum(groups, axis=1), 1.0)


def test_gap_in_generated_rows_falls_with_the_weight(unequal):
    rates = {"d_learning_rate": 0.005, "g_learning_rate": 0.005, "fair_rate": 0.005}
    gaps = []
    for weight in (0.0, 3.0):
        *_, fair = trained(phases_of(unequal, steps=150, batch_size=48, fair_weight=weight, **rates))
        codes = made(fair.generator)
        gaps.append(gap_of(codes, unequal))
        for name in ("s", "y"):
            share = codes[:, unequal.schema.place(name)].mean()
            assert share == pytest.approx(unequal.codes[:, unequal.schema.place(name)].mean(), abs=0.15)
    assert gap_of(unequal.codes, unequal) == pytest.approx(0.6, abs=0.05)
    assert gaps[0] == pytest.approx(0.6, abs=0.15)
    assert gaps[1] < 0.15


def test_stopped_and_resumed_equals_uninterrupted(unequal, tmp_path):
    def second():
        with seeds(5):
            phases = phases_of(unequal, fair_weight=0.5)
            next(phases)
            return next(phases)

    whole, stopped, resumed = second(), second(), second()
    take_steps(whole, 0, 3)
    take_steps(stopped, 0, 2)
    Checkpoint(tmp_path / "fair.npz", stopped.model).save(2, 0)
    resumed.model.set_weights([weight + 1 for weight in resumed.model.get_weights()])
    checkpoint = Checkpoint(tmp_path / "fair.npz", resumed.model)
    checkpoint.restore()
    take_steps(resumed, checkpoint.step, 1)
    assert_same_weights(whole.model, resumed.model)
    np.testing.assert_array_equal(made(whole.generator, 50), made(resumed.generator, 50))


def test_same_seed_same_rows_traced_or_not_saved_or_not(unequal, tmp_path):
    *_, phase = phases_of(unequal)
    told = tf.zeros((200, 0), tf.int32)
    rows = phase.generator.rows(told, 7)
    assert rows.dtype == tf.int32
    np.testing.assert_array_equal(rows, phase.generator.rows(told, 7))
    assert (rows != phase.generator.rows(told, 8)).numpy().any()
    signature = [tf.TensorSpec((None, 0), tf.int32), tf.TensorSpec((), tf.int32)]
    module = tf.Module()
    module.generator, module.rows = phase.generator, tf.function(phase.generator.rows, signature)
    np.testing.assert_array_equal(rows, module.rows(told, 7))
    tf.saved_model.save(module, str(tmp_path / "rows"))
    loaded = tf.saved_model.load(str(tmp_path / "rows"))
    np.testing.assert_array_equal(rows, loaded.rows(told, 7))
    assert (rows.numpy().min(axis=0) >= 0).all()
    assert (rows.numpy().max(axis=0) < unequal.schema.sizes).all()


def test_categories_are_drawn_with_the_probabilities_of_their_logits():
    layout = RowLayout(np.array([[0, 0], [2, 1]]), (3, 2), numeric=())
    network = row_network(layout, latent_size=4)
    shares = np.array([0.2, 0.5, 0.3, 0.9, 0.1])
    logits = network.get_layer("logits")
    logits.set_weights([np.zeros_like(logits.kernel), np.log(shares)])
    codes = made(TabFairGANRows(layout, network), 20_000)
    found = (
        np.concatenate([np.bincount(codes[:, i], minlength=size) for i, size in enumerate((3, 2))]) / 20_000
    )
    np.testing.assert_allclose(found, shares, atol=0.02)
    soft = network([tf.zeros((50, 4)), gumbel(np.full((50, 5), 0.3, np.float32))])
    sharp = shares**5  # a temperature of 0.2, and equal Gumbel numbers
    np.testing.assert_allclose(
        soft[0], np.r_[sharp[:3] / sharp[:3].sum(), sharp[3:] / sharp[3:].sum()], rtol=1e-4
    )


def test_rows_of_codes_and_back_with_missing_numbers():
    rng = np.random.default_rng(0)
    codes = np.stack([rng.integers(0, 3, 500), rng.choice(5, 500, p=[0.6, 0.1, 0.1, 0.1, 0.1])], axis=1)
    codes = np.concatenate([codes, rng.choice(4, (500, 1), p=[0.5, 0.2, 0.1, 0.2])], axis=1)
    layout = RowLayout(codes, (3, 5, 4), numeric=(1, 2), missing=(2,))
    uniforms = uniform(rng.normal(size=(500, 2)).astype(np.float32))
    rows = layout.rows(codes, uniforms)
    assert rows.shape == (500, layout.width) == (500, 2 + 3 + 2)
    np.testing.assert_array_equal(layout.codes(rows), codes)
    numbers, missing = rows[:, :2].numpy(), codes[:, 2] == 3
    np.testing.assert_array_equal(numbers[missing, 1], uniforms.numpy()[missing, 1])
    np.testing.assert_array_equal(rows[:, 6], missing)
    for column in numbers.T:  # quantiles of all rows: uniform
        np.testing.assert_allclose(np.quantile(column, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.07)
    order = np.argsort(codes[:, 1], kind="stable")
    assert (np.diff([numbers[codes[:, 1] == code, 0].mean() for code in range(5)]) > 0).all(), order


def test_noise_of_a_batch_is_uniform_and_gumbel():
    normal = np.random.default_rng(0).normal(size=100_000).astype(np.float32)
    drawn = uniform(normal)
    np.testing.assert_allclose(np.quantile(drawn, [0.05, 0.5, 0.95]), [0.05, 0.5, 0.95], atol=0.01)
    numbers = gumbel(drawn).numpy()
    assert numbers.mean() == pytest.approx(0.5772, abs=0.02)
    assert numbers.std() == pytest.approx(np.pi / 6**0.5, abs=0.02)
    assert np.isfinite(gumbel(uniform(np.float32([-30, 30])))).all()


def test_round_trip_of_the_model(unequal):
    *_, phase = phases_of(unequal, fair_weight=0.25)
    again = TabFairGAN.from_config(phase.model.get_config())
    again.compile("adam", "adam")
    again.set_weights(phase.model.get_weights())
    (batch,) = phase.batches(start=0).take(1)
    rows = phase.model.generator([batch.noise, batch.gumbel])
    np.testing.assert_array_equal(again.generator([batch.noise, batch.gumbel]), rows)
    assert float(again.gap_of(rows)) == float(phase.model.gap_of(rows)) > 0
    assert (again.d_steps, again.fair_weight) == (2, 0.25)


def test_a_share_of_all_or_of_nothing_is_refused():
    share = settings_in(TabFairGANSettings)["fair_share"]
    assert [share.problem(value) is None for value in (0.0, 0.25, 1.0)] == [False, True, False]
