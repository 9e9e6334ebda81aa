"""TabDDPM's denoiser of rows, and the generator that makes rows with it.

A row is numbers, of its ordered columns, and categories. Both are noised by the cosine schedule of `networks.ddim`:
after t of T steps a number x is alpha_t x + sigma_t eps, and a category has stayed with probability alpha_t^2.

Reference: Kotelnikov et al. 2023, TabDDPM: Modelling Tabular Data with Diffusion Models, section 3.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf
from keras import Model, layers

from repfair_keras.core.random_streams import Stream
from repfair_keras.networks import seeded
from repfair_keras.networks.ddim import angle
from repfair_keras.networks.indicators import Indicators
from repfair_keras.networks.latent import Sinusoids
from repfair_keras.networks.multinomial_diffusion import log_posterior
from repfair_keras.networks.row_generator import RowGenerator

CONDITION = 64  # length of the embedding of time and condition
FURTHEST = 5.0  # that a denoised number is from 0 at most: scores are within 4.76


def row_denoiser(n_numbers, sizes, told_sizes, width, depth, dropout):
    """What a noisy row was: its numbers as v = alpha eps - sigma x, its categories as logits.

    A multilayer perceptron whose blocks add to what they are given; every one is told the time and the condition.

    Args:
        n_numbers: columns that are numbers.
        sizes: number of codes of each column of categories.
        told_sizes: the same of each column that is told.
        width: units of each layer.
        depth: blocks.
        dropout: share of units left out in training, in [0, 1).

    Returns:
        `keras.Model` from `[numbers, codes, told, times]`, of shapes `(batch, n_numbers)`, `(batch, len(sizes))`,
        `(batch, len(told_sizes))` and `(batch,)`, times in [0, 1], to `(batch, n_numbers + sum of sizes)`.

    Examples:
        >>> row_denoiser(2, (3, 5), (2,), width=8, depth=1, dropout=0.0).output_shape
        (None, 10)
    """
    numbers, times = layers.Input((n_numbers,), name="numbers"), layers.Input((), name="times")
    codes = layers.Input((len(sizes),), dtype="int32", name="codes")
    told = layers.Input((len(told_sizes),), dtype="int32", name="told")

    def with_indicators(x, of, sizes, name):
        return layers.Concatenate(name=name)([x, Indicators(sizes, name=f"{name}_indicators")(of)])

    condition = with_indicators(Sinusoids(name="sinusoids")(times), told, told_sizes, "condition")
    condition = layers.Activation("silu", name="embedding")(seeded.dense(CONDITION, name="embed")(condition))

    def linear(x, number):
        shift = seeded.dense(width, use_bias=False, name=f"told_{number}")(condition)
        return layers.Add(name=f"sum_{number}")([seeded.dense(width, name=f"dense_{number}")(x), shift])

    x = linear(with_indicators(numbers, codes, sizes, "row"), 0)
    for number in range(1, depth + 1):
        inner = linear(layers.LayerNormalization(name=f"norm_{number}")(x), number)
        inner = layers.Activation("silu", name=f"silu_{number}")(inner)
        inner = seeded.dropout(dropout, name=f"dropout_{number}")(inner)
        x = layers.Add(name=f"block_{number}")([x, inner])
    outputs = seeded.dense(n_numbers + sum(sizes), name="v_and_logits")(
        layers.LayerNormalization(name="norm")(x)
    )
    return Model([numbers, codes, told, times], outputs, name="row_denoiser")


class Schedule(NamedTuple):
    """What the steps of noise do, the first one first; each float32, shape `(T,)`.

    Args:
        alpha, sigma: of a number and of its noise, after the step.
        kept: abar_t: how likely a category has stayed until after the step.
        stays: alpha_t of categories: how likely it stays in the step.
        kept_before: abar_{t-1}.
        of_x0, of_xt: how much of the denoised number and of the noisy one is in the mean of the number before the step.
        spread: standard deviation about that mean; 0 for the first step, before which there is no noise.
    """

    alpha: np.ndarray
    sigma: np.ndarray
    kept: np.ndarray
    stays: np.ndarray
    kept_before: np.ndarray
    of_x0: np.ndarray
    of_xt: np.ndarray
    spread: np.ndarray


def schedule(steps):
    """Returns the cosine `Schedule` of so many steps.

    Examples:
        >>> [round(float(alpha), 2) for alpha in schedule(4).alpha]
        [0.92, 0.7, 0.38, 0.0]

    Reference: Ho et al. 2020, eq. 7, with the variance beta_t, which is right for numbers that are standard normal.
    """
    turn = np.asarray(angle(np.arange(steps + 1) / steps))
    alpha, sigma = np.cos(turn), np.sin(turn)
    alpha[-1] = 0.0
    step = alpha[1:] / alpha[:-1]
    beta = 1 - step**2
    spread = np.sqrt(beta) * (np.arange(steps) > 0)
    of_x0, of_xt = alpha[:-1] * beta / sigma[1:] ** 2, step * (sigma[:-1] / sigma[1:]) ** 2
    parts = (alpha[1:], sigma[1:], alpha[1:] ** 2, step**2, alpha[:-1] ** 2, of_x0, of_xt, spread)
    return Schedule(*(part.astype(np.float32) for part in parts))


def time_after(t, steps):
    """Returns the time in (0, 1] that the denoiser is told after step t, where 0 is the first: float32."""
    return tf.cast(t + 1, tf.float32) / steps


class Scores:
    """`CodeScores` of several columns, in TensorFlow.

    Args:
        columns: standard normal `CodeScores` of each.

    Examples:
        >>> import tensorflow as tf
        >>> from repfair_keras.networks.code_scores import CodeScores
        >>> scores = Scores([CodeScores([1, 1]), CodeScores([1, 3, 4])])
        >>> numbers = scores.numbers(tf.constant([[1, 2], [0, 1]]), tf.constant([[0.1, 0.5], [0.9, 0.1]]))
        >>> scores.codes(numbers).numpy().tolist()
        [[1, 2], [0, 1]]
    """

    def __init__(self, columns):
        longest = max([len(column.ends) for column in columns], default=2)

        def table(arrays, length, fill):
            rows = [np.pad(array, (0, length - len(array)), constant_values=fill) for array in arrays]
            return np.array(rows, np.float32).reshape(len(columns), length)

        self.ends = table([column.ends for column in columns], longest, 1.0)
        self.edges = table([column.edges for column in columns], longest - 2, np.inf)

    def numbers(self, codes, uniforms):
        """Returns the numbers of codes, at uniforms in [0, 1] within their parts: float32, shape `(n, columns)`."""
        first = np.arange(self.ends.shape[0], dtype=np.int32) * self.ends.shape[1]
        low, high = (tf.gather(self.ends.ravel(), codes + first + after) for after in (0, 1))
        return tf.math.ndtri(tf.clip_by_value(low + (high - low) * uniforms, 1e-6, 1 - 1e-6))

    def codes(self, numbers):
        """Returns the codes of numbers, int32, shape `(n, columns)`."""
        if not len(self.edges):
            return tf.cast(numbers, tf.int32)
        return tf.transpose(tf.searchsorted(self.edges, tf.transpose(numbers), side="right"))


class TabDDPMRows(RowGenerator):
    """Makes rows of noise, step by step, with the denoiser.

    Args:
        sizes, told: as in `RowGenerator`.
        denoiser: as of `row_denoiser`.
        scores: place to `CodeScores` of the columns that are numbers, ascending; others that are made are categories.
        steps: T.

    Examples:
        >>> import tensorflow as tf
        >>> denoiser = row_denoiser(0, (3,), (2,), width=8, depth=1, dropout=0.0)
        >>> rows = TabDDPMRows((2, 3), (0,), denoiser, {}, steps=4).rows(tf.constant([[1], [0]]), 7)
        >>> rows[:, 0].numpy().tolist()
        [1, 0]

    Reference: Ho et al. 2020, Algorithm 2; Hoogeboom et al. 2021, section 4.
    """

    def __init__(self, sizes, told, denoiser, scores, steps):
        super().__init__(sizes, told)
        self.denoiser, self.steps = denoiser, steps
        self.numbers = tuple(place for place in self.made if place in scores)
        self.categories = tuple(place for place in self.made if place not in scores)
        self.scores = Scores([scores[place] for place in self.numbers])
        self.schedule = schedule(steps)

    def rows(self, told, seed):
        """Makes rows, see `RowGenerator.rows`."""
        draws = Draws(seed, tf.shape(told)[0])
        sizes = [self.sizes[place] for place in self.categories]
        numbers = draws.normal(self.steps, len(self.numbers))
        codes = draws.categories([tf.zeros((1, size)) for size in sizes], self.steps)

        def back(t, numbers, codes):  # from after step t to before it
            now = Schedule(*(tf.constant(part)[t - 1] for part in self.schedule))
            times = tf.fill((draws.n,), time_after(t - 1, self.steps))
            v, *logits = tf.split(
                self.denoiser([numbers, codes, told, times], training=False),
                [len(self.numbers), *sizes],
                axis=1,
            )
            x0 = tf.clip_by_value(now.alpha * numbers - now.sigma * v, -FURTHEST, FURTHEST)
            numbers = now.of_x0 * x0 + now.of_xt * numbers
            numbers += now.spread * draws.normal(t - 1, len(self.numbers))
            logits = [
                log_posterior(tf.nn.log_softmax(each), codes[:, i], now.stays[None], now.kept_before[None])
                for i, each in enumerate(logits)
            ]
            return t - 1, numbers, draws.categories(logits, t - 1)

        _, numbers, codes = tf.while_loop(lambda t, *_: t > 0, back, (self.steps, numbers, codes))
        made = dict(zip(self.numbers, tf.unstack(self.scores.codes(numbers), axis=1), strict=True))
        made |= dict(zip(self.categories, tf.unstack(codes, axis=1), strict=True))
        return self.together(told, tf.stack([made[place] for place in self.made], axis=1))


class Draws:
    """Random numbers of so many rows, functions of the seed and the step.

    Args:
        seed: int32, a scalar.
        n: rows, int32, a scalar.
    """

    def __init__(self, seed, n):
        self.n = n
        self.keys = [
            tf.stack([seed, int(stream)]) for stream in (Stream.SAMPLE_LATENTS, Stream.SAMPLE_VALUES)
        ]

    def normal(self, step, columns):
        """Returns standard normal numbers, shape `(n, columns)`."""
        return tf.random.stateless_normal((self.n, columns), tf.random.fold_in(self.keys[0], step))

    def categories(self, logits, step):
        """Returns a category of each of several columns by their log probabilities, int32, shape `(n, columns)`."""
        if not logits:
            return tf.zeros((self.n, 0), tf.int32)
        sizes = [each.shape[-1] for each in logits]
        key, least = tf.random.fold_in(self.keys[1], step), np.finfo(np.float32).tiny
        uniforms = tf.random.stateless_uniform((self.n, sum(sizes)), key, minval=least)
        drawn = [
            tf.argmax(each - tf.math.log(-tf.math.log(noise)), axis=1, output_type=tf.int32)
            for each, noise in zip(logits, tf.split(uniforms, sizes, axis=1), strict=True)
        ]
        return tf.stack(drawn, axis=1)
