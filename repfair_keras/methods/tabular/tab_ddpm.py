"""TabDDPM: diffusion of rows, of numbers with normal noise and of categories by drawing them anew."""

import math
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.gradients import apply_averaged, dense, mean_over_replicas
from repfair_keras.data.row_batches import row_batches
from repfair_keras.methods.phase import Phase
from repfair_keras.networks.code_scores import CodeScores
from repfair_keras.networks.moving_average import copy_of, follow
from repfair_keras.networks.multinomial_diffusion import drawn_anew, multinomial_kl
from repfair_keras.networks.tab_ddpm import Schedule, Scores, TabDDPMRows, row_denoiser, schedule, time_after

FEW_CODES = (
    2  # that a column of numbers has at most to be one of categories: there is nothing between two values
)


class NoisyRows(NamedTuple):
    """One training step's rows, and what noise they get.

    Args:
        numbers: float32, standard normal, shape `(batch, n_numbers)`: x_0 of the columns that are numbers.
        codes: int32, shape `(batch, n_categories)`: x_0 of those that are categories.
        told: int32, shape `(batch, n_told)`: codes of the columns that the denoiser is told.
        eps: float32, standard normal, shape `(batch, n_numbers)`.
        uniforms: float32 in [0, 1], shape `(batch, n_categories)`.
        times: float32 in [0, 1), shape `(batch,)`: step t of T is that with t - 1 <= T time < t.
    """

    numbers: tf.Tensor
    codes: tf.Tensor
    told: tf.Tensor
    eps: tf.Tensor
    uniforms: tf.Tensor
    times: tf.Tensor


@keras.saving.register_keras_serializable("repfair_keras")
class TabDDPM(keras.Model):
    """Learns what a noisy row was: E |v - v_hat|^2, the mean over numbers, + mean over categories of sum_t L_t.

    Args:
        denoiser: model from `[numbers, codes, told, times]` to v of numbers and logits of categories, one after the
            other.
        sizes: number of codes of each column of categories.
        steps: T.
        ema: decay of the running mean of the denoiser's weights.
        averaged: the denoiser with those weights; `None`: a copy of the denoiser.

    Examples:
        >>> from repfair_keras.networks.tab_ddpm import row_denoiser
        >>> model = TabDDPM(row_denoiser(1, (3,), (), width=8, depth=1, dropout=0.0), sizes=(3,), steps=10, ema=0.99)
        >>> [metric.name for metric in model.metrics]
        ['loss', 'v_loss', 'kl']

    Reference: Kotelnikov et al. 2023, section 3; Salimans and Ho 2022 (v in the place of eps).
    """

    def __init__(self, denoiser, sizes, steps, ema, averaged=None, **kwargs):
        super().__init__(**kwargs)
        self.denoiser, self.sizes, self.steps, self.ema = denoiser, tuple(sizes), steps, ema
        self.averaged = copy_of(denoiser) if averaged is None else averaged
        self.schedule = schedule(steps)
        self.means = {name: keras.metrics.Mean(name=name) for name in ("loss", "v_loss", "kl")}
        self.built = True

    @property
    def metrics(self):
        return list(self.means.values())

    def train_step(self, rows):
        t = tf.minimum(tf.cast(rows.times * self.steps, tf.int32), self.steps - 1)  # 0 for the first step
        now = Schedule(*(tf.gather(part, t) for part in self.schedule))
        numbers, codes, v = self.noised(rows, now)
        with tf.GradientTape() as tape:
            outputs = self.denoiser([numbers, codes, rows.told, time_after(t, self.steps)], training=True)
            v_hat, *logits = tf.split(outputs, [v.shape[1], *self.sizes], axis=1)
            v_loss = mean_of(tf.square(v_hat - v))
            kl = self.steps * mean_of(divergences(logits, rows.codes, codes, now))
            loss = v_loss + kl
        variables = self.denoiser.trainable_variables
        apply_averaged(self.optimizer, mean_over_replicas(dense(tape.gradient(loss, variables))), variables)
        follow(self.averaged, self.denoiser, self.ema, self.optimizer.iterations)
        for name, value in {"loss": loss, "v_loss": v_loss, "kl": kl}.items():
            self.means[name].update_state(value)
        return self.get_metrics_result()

    def noised(self, rows, now):
        """Returns noisy numbers and categories of rows, and v of the numbers.

        Args:
            rows: `NoisyRows`.
            now: `Schedule` of each row's step, of shapes `(batch,)`.

        Returns:
            float32, shape `(batch, n_numbers)`; int32, shape `(batch, n_categories)`; v as the numbers.
        """
        alpha, sigma, x, eps = now.alpha[:, None], now.sigma[:, None], rows.numbers, rows.eps
        pairs = zip(
            tf.unstack(rows.codes, axis=1), tf.unstack(rows.uniforms, axis=1), self.sizes, strict=True
        )
        noisy = [drawn_anew(codes, now.kept, uniforms, size) for codes, uniforms, size in pairs]
        codes = tf.stack(noisy, axis=1) if noisy else rows.codes
        return alpha * x + sigma * eps, codes, alpha * eps - sigma * x

    def get_config(self):
        networks = {
            name: keras.saving.serialize_keras_object(getattr(self, name))
            for name in ("denoiser", "averaged")
        }
        kept = {"sizes": list(self.sizes), "steps": self.steps, "ema": self.ema}
        return {"name": self.name, **networks, **kept}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        networks = {
            name: keras.saving.deserialize_keras_object(config.pop(name)) for name in ("denoiser", "averaged")
        }
        return cls(**networks, **config)


def divergences(logits, codes, noisy, now):
    """Returns L_t of each row in each column of categories: a list of float32, shape `(batch,)`."""
    columns = zip(logits, tf.unstack(codes, axis=1), tf.unstack(noisy, axis=1), strict=True)
    return [multinomial_kl(*column, now.stays, now.kept_before) for column in columns]


def mean_of(values):
    """Returns the mean of all numbers, 0 where there is none: a scalar.

    Examples:
        >>> float(mean_of([[1.0, 2.0]])), float(mean_of([]))
        (1.5, 0.0)
    """
    return tf.math.divide_no_nan(tf.reduce_sum(values), tf.cast(tf.size(values), tf.float32))


def noisy_rows(data, scores, categories, told, training, start=0):
    """Batches of rows with their noise, functions of (seed, step).

    Args:
        data: `TableDataset`.
        scores: place to `CodeScores` of the columns that are numbers.
        categories: places of the columns that are categories.
        told: places of the columns that the denoiser is told.
        training: `TrainingSettings`.
        start: first step, to resume.

    Returns:
        An endless `tf.data.Dataset` of `NoisyRows`: a number is anywhere within its code's part, anew in each batch,
        and the times of a batch are equally far apart.
    """
    places = [np.array(of, np.int32) for of in (tuple(scores), categories, told)]
    n, batch_size = len(scores), training.batch_size
    table = Scores(list(scores.values()))

    @tf.autograph.experimental.do_not_convert
    def noised(batch):
        codes, kinds, known = (tf.gather(batch.rows, of, axis=1) for of in places)
        eps, within, uniforms = tf.split(batch.noise, [n, n, len(categories)], axis=1)
        spread = tf.range(batch_size, dtype=tf.float32) / batch_size
        return NoisyRows(
            numbers=table.numbers(codes, normal_cdf(within)),
            codes=kinds,
            told=known,
            eps=eps,
            uniforms=normal_cdf(uniforms),
            times=(batch.weights[0] + spread) % 1.0,
        )

    noise = 2 * n + len(categories)
    return row_batches(data.codes, data.groups, batch_size, noise, training.seed, start).map(noised)


def normal_cdf(x):
    """Returns how likely a standard normal number is below x: uniform for normal noise.

    Examples:
        >>> import tensorflow as tf
        >>> float(normal_cdf(tf.constant(0.0)))
        0.5
    """
    return 0.5 * tf.math.erfc(-x / math.sqrt(2.0))


def tab_ddpm(data, settings, training):
    """TabDDPM: diffusion of rows, whose denoiser is told the sensitive columns and the target.

    Columns of numbers with more than two codes are numbers, others categories; Adam's rate falls to 0 in a line.

    Raises:
        InputError: if the table has no columns beside those that are told.

    Reference: Kotelnikov et al. 2023.
    """
    sizes, told = data.schema.sizes, tuple(data.schema.told)
    made = [place for place in range(len(sizes)) if place not in told]
    if not made:
        raise InputError(
            "tab_ddpm has no column to make: all are told, as sensitive or target. Add another column."
        )
    numbers = [p for p in made if data.schema.columns[p].kind == "numeric" and sizes[p] > FEW_CODES]
    categories = [place for place in made if place not in numbers]
    scores = {
        place: CodeScores(np.bincount(data.codes[:, place], minlength=sizes[place])) for place in numbers
    }
    of_categories, of_told = ([sizes[place] for place in places] for places in (categories, told))
    shape = settings.width, settings.depth, settings.dropout
    network = row_denoiser(len(numbers), of_categories, of_told, *shape)
    model = TabDDPM(network, of_categories, settings.diffusion_steps, settings.ema, name="tab_ddpm")
    total = training.steps or training.epochs * max(len(data) // training.batch_size, 1)
    rate = keras.optimizers.schedules.PolynomialDecay(settings.g_learning_rate, total, 0.0)
    model.compile(keras.optimizers.Adam(rate, name="adam"), jit_compile=training.jit_compile)
    model.optimizer.build(network.trainable_variables)
    generator = TabDDPMRows(sizes, told, model.averaged, scores, settings.diffusion_steps)

    def batches(start):
        return noisy_rows(data, scores, categories, told, training, start)

    yield Phase("tab_ddpm", model, batches, generator=generator)
