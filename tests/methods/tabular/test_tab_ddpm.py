"""TabDDPM: its noise and its loss against transcriptions in NumPy, its rows against a known distribution."""

import dataclasses
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.methods.tabular.settings_tab_ddpm import TabDDPMSettings
from repfair_keras.methods.tabular.tab_ddpm import tab_ddpm
from repfair_keras.networks.code_scores import CodeScores
from repfair_keras.networks.multinomial_diffusion import drawn_anew, log_posterior, multinomial_kl
from repfair_keras.networks.seeded import seeds
from repfair_keras.networks.tab_ddpm import Scores, TabDDPMRows, schedule
from repfair_keras.training.checkpoint import Checkpoint

N, BINS = 4000, 40
SETTINGS = TabDDPMSettings(diffusion_steps=25, width=32, depth=2, g_learning_rate=3e-3, dropout=0.0, ema=0.98)


class Data(SimpleNamespace):
    def __len__(self):
        return len(self.codes)

    @property
    def groups(self):
        return self.codes[:, 0]


def table(codes, sizes, kinds, told):
    columns = tuple(SimpleNamespace(kind=kind) for kind in kinds)
    return Data(codes=codes.astype(np.int32), schema=SimpleNamespace(sizes=sizes, columns=columns, told=told))


def two_modes():
    """Group, number, category, target. The number has a mode at a sixth and one at five sixths of its range.

    The category is 2 where the mode is the upper one, else 0 or 1; the upper one has 30 % of group 0, 70 % of group 1.
    """
    rng = np.random.default_rng(0)
    group, target = rng.integers(0, 2, (2, N))
    upper = rng.random(N) < np.where(group == 1, 0.7, 0.3)
    number = np.where(upper, 5, 1) * BINS / 6 + 2 * rng.standard_normal(N)
    category = np.where(upper, 2, rng.random(N) < 0.25)
    codes = np.stack([group, np.clip(number, 0, BINS - 1), category, target], axis=1)
    kinds = ("categorical", "numeric", "categorical", "categorical")
    return table(codes, (2, BINS, 3, 2), kinds, told=(0, 3))


def phase_of(data, settings=SETTINGS, steps=100, batch_size=64):
    training = SimpleNamespace(steps=steps, epochs=None, batch_size=batch_size, seed=0, jit_compile=False)
    with seeds(0):
        return next(tab_ddpm(data, settings, training))


def fit(phase, steps, start=0):
    phase.model.fit(phase.batches(start), steps_per_epoch=steps, shuffle=False, verbose=0)


def told_of(data):
    return tf.constant(data.codes[:, list(data.schema.told)])


def test_it_recovers_two_modes_that_a_category_tells_apart():
    data = two_modes()
    settings = dataclasses.replace(SETTINGS, diffusion_steps=50, width=64, g_learning_rate=5e-3)
    phase = phase_of(data, settings, steps=600, batch_size=256)
    fit(phase, 600)
    made = tf.function(phase.generator.rows)(told_of(data), 0).numpy()
    np.testing.assert_array_equal(made[:, [0, 3]], data.codes[:, [0, 3]])
    # Four standard errors of the difference of two shares of some 2,000 rows: 4 sqrt(2 * 0.25 / 2000).
    error = 4 * np.sqrt(0.5 / (N / 2))
    for group in range(2):
        shares = [
            np.bincount(rows[rows[:, 0] == group, 2], minlength=3) / np.sum(rows[:, 0] == group)
            for rows in (data.codes, made)
        ]
        np.testing.assert_allclose(*shares, atol=error)
    upper = made[:, 1] >= BINS / 2
    # Of real rows all are on the side that the category says, of independent columns 58 %; with a small network and a
    # coarse diffusion 97.5 %, which 4,000 rows say to one percent at four standard errors.
    assert np.mean(upper == (made[:, 2] == 2)) > 0.96
    for mode in (False, True):
        rows, real = made[upper == mode, 1], data.codes[(data.codes[:, 1] >= BINS / 2) == mode, 1]
        # Of some 2,000 rows with a deviation of 2 the mean is known to 0.04, of both to 0.06; four times that.
        assert rows.mean() == pytest.approx(real.mean(), abs=0.25)
        assert rows.std() == pytest.approx(real.std(), rel=0.2)


@pytest.fixture(scope="module")
def untrained():
    data = two_modes()
    return data, phase_of(data)


def test_what_is_told_comes_back_and_a_seed_fixes_the_rest(untrained):
    data, phase = untrained
    told = told_of(data)[:500]
    rows = tf.function(
        phase.generator.rows,
        input_signature=[tf.TensorSpec((None, 2), tf.int32), tf.TensorSpec((), tf.int32)],
    )
    one, again, other = (rows(told, tf.constant(seed)).numpy() for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    np.testing.assert_array_equal(one[:, [0, 3]], told)
    assert one.dtype == np.int32 and one.shape == (500, 4)
    assert all((one[:, i] != other[:, i]).mean() > 0.2 for i in (1, 2)), "another seed gives the same rows"
    assert all(
        (one[:, i] >= 0).all() and (one[:, i] < size).all() for i, size in enumerate(data.schema.sizes)
    )
    assert np.mean(one[:250, 1] == one[250:, 1]) < 0.5, "rows are alike"


def test_rows_of_a_stored_generator_are_the_same(untrained, tmp_path):
    data, phase = untrained
    module = phase.generator
    module.endpoint = tf.function(
        module.rows, input_signature=[tf.TensorSpec((None, 2), tf.int32), tf.TensorSpec((), tf.int32)]
    )
    tf.saved_model.save(module, str(tmp_path / "saved"), signatures={"rows": module.endpoint})
    told, stored = told_of(data)[:20], tf.saved_model.load(str(tmp_path / "saved"))
    np.testing.assert_array_equal(
        stored.endpoint(told, tf.constant(3)), module.endpoint(told, tf.constant(3))
    )


def transitions(stays, size):
    """The matrix of one step of noise: row i has the probabilities of what i becomes."""
    return stays * np.eye(size) + (1 - stays) / size * np.ones((size, size))


def test_the_posterior_and_its_divergence_are_those_of_the_chain():
    size, stays = 4, np.array([0.9, 0.7, 0.4])  # alpha_1, alpha_2, alpha_3
    steps = [transitions(each, size) for each in stays]
    before = np.stack([np.eye(size), steps[0], steps[0] @ steps[1]])  # from x_0 to x_{t-1}
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((3, size)).astype(np.float32)
    guess = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    codes, noisy = np.array([1, 3, 0]), np.array([2, 3, 1])

    def by_bayes(t, x0):
        joint = (x0 @ before[t]) * steps[t][:, noisy[t]]
        return joint / joint.sum()

    kept_before = np.array([1.0, 0.9, 0.9 * 0.7])
    args = [np.asarray(each, np.float32) for each in (stays, kept_before)]
    for x0, log_x0 in ((np.eye(size)[codes], np.log(np.eye(size)[codes] + 1e-30)), (guess, np.log(guess))):
        found = np.exp(log_posterior(tf.constant(log_x0, tf.float32), noisy, *args))
        np.testing.assert_allclose(found, [by_bayes(t, x0[t]) for t in range(3)], atol=1e-6)
    true = np.array([by_bayes(t, np.eye(size)[codes[t]]) for t in range(3)])
    said = np.array([by_bayes(t, guess[t]) for t in range(3)])
    kl = np.where(true > 0, true * np.log(np.maximum(true, 1e-300) / said), 0).sum(axis=1)
    np.testing.assert_allclose(multinomial_kl(logits, codes, noisy, *args), kl, rtol=1e-5)
    np.testing.assert_allclose(
        kl[0], -np.log(said[0, codes[0]]), err_msg="the first step is a likelihood of x_0"
    )


def test_a_category_is_drawn_anew_as_often_as_it_should_be():
    n, size, kept = 200_000, 4, 0.6
    uniforms = np.random.default_rng(0).random(n).astype(np.float32)
    drawn = drawn_anew(np.full(n, 2), np.full(n, kept, np.float32), uniforms, size).numpy()
    expected = kept * np.eye(size)[2] + (1 - kept) / size
    np.testing.assert_allclose(np.bincount(drawn, minlength=size) / n, expected, atol=4 * np.sqrt(0.25 / n))
    ends = drawn_anew(
        np.array([2, 2, 2]), np.array([1.0, 0.0, 0.0], np.float32), np.array([1.0, 0.0, 1.0], np.float32), 4
    )
    assert ends.numpy().tolist()[1:] == [0, 3]


def test_the_schedule_leaves_standard_normal_numbers_what_they_are():
    for steps in (1, 4, 100, 5000):
        now = schedule(steps)
        assert all(np.isfinite(part).all() for part in now)
        assert now.alpha[-1] == 0 and now.sigma[-1] == 1 and now.spread[0] == 0 and now.kept_before[0] == 1
        # E x_{t-1} is alpha_t / alpha_{t-1} x_t for such numbers, and its variance what is missing from 1.
        np.testing.assert_allclose(now.of_x0 * now.alpha + now.of_xt, np.sqrt(now.stays), atol=2e-4)
        np.testing.assert_allclose((now.stays + now.spread**2)[1:], 1, atol=1e-5)
        np.testing.assert_allclose(np.cumprod(now.stays.astype(float)), now.kept, atol=1e-5)


def test_numbers_of_codes_lie_in_their_parts_and_go_back():
    columns = [CodeScores([5, 900, 20, 75]), CodeScores([1, 1])]
    scores, rng = Scores(columns), np.random.default_rng(0)
    codes = np.stack([rng.integers(0, 4, 1000), rng.integers(0, 2, 1000)], axis=1).astype(np.int32)
    uniforms = rng.random((1000, 2)).astype(np.float32)
    numbers = scores.numbers(codes, uniforms).numpy()
    for i, column in enumerate(columns):
        np.testing.assert_allclose(numbers[:, i], column.of(codes[:, i], uniforms[:, i]), atol=1e-3)
    inside = (uniforms > 0.001) & (uniforms < 0.999)
    np.testing.assert_array_equal(scores.codes(numbers).numpy()[inside], codes[inside])


def test_numbers_of_training_are_standard_normal_anew_in_every_batch():
    data = two_modes()
    batches = phase_of(data, batch_size=N).batches
    first, second = batches(0).take(2)
    for batch in (first, second):  # each is one pass over the rows
        assert np.mean(batch.numbers) == pytest.approx(0, abs=0.01)
        assert np.std(batch.numbers) == pytest.approx(1, abs=0.01)
        assert np.diff(np.sort(batch.times)).max() < 1.1 / N, "times are not equally far apart"
    one, other = (np.sort(batch.numbers[:, 0]) for batch in (first, second))
    assert np.mean(one == other) < 0.1, "a code is the same number in every batch"


def test_the_loss_is_that_of_the_paper(untrained):
    _, phase = untrained
    model, batch = phase.model, next(iter(phase.batches(3)))
    T, sizes = SETTINGS.diffusion_steps, model.sizes
    keep = model.get_weights()
    try:
        angle = np.arccos(
            np.clip(
                np.cos((np.arange(T + 1) / T + 0.008) / 1.008 * np.pi / 2)
                / np.cos(0.008 / 1.008 * np.pi / 2),
                0,
                1,
            )
        )
        abar = np.cos(angle) ** 2
        t = 1 + np.floor(batch.times.numpy() * T).astype(int)
        u = batch.uniforms.numpy()[:, 0]
        other = np.minimum((u - abar[t]) / (1 - abar[t]) * sizes[0], sizes[0] - 1).astype(int)
        noisy = np.where(u < abar[t], batch.codes.numpy()[:, 0], other)
        x, eps = batch.numbers.numpy(), batch.eps.numpy()
        alpha, sigma = np.cos(angle[t])[:, None], np.sin(angle[t])[:, None]
        inputs = [alpha * x + sigma * eps, noisy[:, None], batch.told, t / T]
        outputs = model.denoiser(
            [tf.constant(each) for each in map(np.asarray, inputs)], training=False
        ).numpy()
        v_loss = np.mean((outputs[:, :1] - (alpha * eps - sigma * x)) ** 2)
        args = [each.astype(np.float32) for each in (abar[t] / abar[t - 1], abar[t - 1])]
        kl = multinomial_kl(outputs[:, 1:], batch.codes[:, 0], noisy, *args)
        found = model.train_step(batch)
        assert float(found["v_loss"]) == pytest.approx(v_loss, rel=1e-4)
        assert float(found["kl"]) == pytest.approx(T * np.mean(kl), rel=1e-4)
        assert float(found["loss"]) == pytest.approx(v_loss + T * np.mean(kl), rel=1e-4)
    finally:
        model.set_weights(keep)


def test_a_resumed_training_is_the_uninterrupted_one(tmp_path):
    data = two_modes()
    settings = TabDDPMSettings(diffusion_steps=5, width=8, depth=1, g_learning_rate=3e-3, dropout=0.2)
    whole, first, second = (phase_of(data, settings, steps=6) for _ in range(3))
    fit(whole, 6)
    fit(first, 3)
    Checkpoint(tmp_path / "last.npz", first.model).save(3, 1)
    restored = Checkpoint(tmp_path / "last.npz", second.model)
    restored.restore()
    fit(second, 3, start=restored.step)
    for a, b in zip(whole.model.variables, second.model.variables, strict=True):
        np.testing.assert_array_equal(a, b)
    told = told_of(data)[:100]
    np.testing.assert_array_equal(whole.generator.rows(told, 0), second.generator.rows(told, 0))
    moved = [
        np.any(a != b)
        for a, b in zip(whole.model.averaged.get_weights(), first.model.averaged.get_weights(), strict=True)
    ]
    assert all(moved), "the average did not move"


def test_rows_come_from_the_average(untrained):
    _, phase = untrained
    assert isinstance(phase.generator, TabDDPMRows) and phase.generator.denoiser is phase.model.averaged
    assert phase.model.averaged is not phase.model.denoiser


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (("numeric", "numeric", "numeric", "categorical"), (0, 2, 3)),  # numbers alone
        (("categorical", "categorical", "categorical", "categorical"), (0, 3)),  # categories alone
        (("categorical", "numeric", "numeric", "categorical"), ()),  # nothing is told
    ],
)
def test_tables_without_numbers_or_categories_or_conditions(kinds, told):
    rows = two_modes()
    data = table(rows.codes, rows.schema.sizes, kinds, told)
    phase = phase_of(
        data, TabDDPMSettings(diffusion_steps=3, width=8, depth=1, g_learning_rate=1e-3, dropout=0.0)
    )
    fit(phase, 2)
    made = phase.generator.rows(told_of(data)[:7], 0)
    assert made.shape == (7, 4) and (made.numpy() < rows.schema.sizes).all()
    assert np.isfinite(phase.model.get_weights()[0]).all()


def test_a_table_of_told_columns_alone_is_refused():
    rows = two_modes()
    with pytest.raises(InputError, match="no column to make"):
        phase_of(table(rows.codes, rows.schema.sizes, ("categorical",) * 4, (0, 1, 2, 3)))


def test_a_stored_model_is_the_same(untrained, tmp_path):
    _, phase = untrained
    phase.model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for a, b in zip(phase.model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
