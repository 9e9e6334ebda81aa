"""Networks of TabFairGAN, rows as its networks see them, and the generator of rows that is made of them.

Reference: Rajabi and Garibay, "TabFairGAN: Fair Tabular Data Generation with Generative Adversarial Networks" (2022)
and its public code.
"""

from itertools import pairwise

import keras
import numpy as np
import tensorflow as tf
from keras import Model, initializers, layers, ops

from repfair_keras.core.random_streams import Stream
from repfair_keras.networks import seeded
from repfair_keras.networks.code_scores import CodeScores
from repfair_keras.networks.row_generator import RowGenerator

TAU = 0.2  # temperature of the Gumbel softmax
SLOPE = 0.2  # of the critic's leaky ReLU
SMALLEST = 1e-7  # and 1 less that is the largest uniform number that a Gumbel is made of
PRESENT_OR_MISSING = 2


class RowLayout:
    """Rows as numbers and indicators: what the critic sees, and back to codes.

    First stand the numbers of all numeric columns, each in (0, 1), the quantile transform of its codes; then the
    indicators of all categorical ones. Where a numeric column may be missing, two indicators say whether it is, and the
    number of a missing value says nothing: it is uniform.

    Args:
        codes: int, shape `(N, n_columns)`: the rows whose quantiles are taken.
        sizes: number of codes of each column.
        numeric: places of the columns whose codes are ordered, ascending.
        missing: places of those of them whose last code is a missing value.

    Examples:
        >>> import numpy as np
        >>> layout = RowLayout(np.array([[0, 0], [1, 1], [2, 1], [3, 1]]), (4, 2), numeric=(0,))
        >>> rows = layout.rows(np.array([[2, 1]]), np.array([[0.5]], np.float32))
        >>> rows.numpy().tolist(), layout.codes(rows).numpy().tolist()
        ([[0.625, 0.0, 1.0]], [[2, 1]])
    """

    def __init__(self, codes, sizes, numeric, missing=()):
        self.sizes, self.numeric, self.missing = tuple(map(int, sizes)), tuple(numeric), tuple(missing)
        self.scores = {place: self._scores(np.asarray(codes)[:, place], place) for place in self.numeric}
        self.parts = {}  # place to how many indicators it has
        for place, size in enumerate(self.sizes):
            if place not in self.numeric:
                self.parts[place] = size
            elif place in self.missing:
                self.parts[place] = PRESENT_OR_MISSING

    @classmethod
    def of(cls, data):
        """Returns the layout of a `TableDataset`: group and target are categorical, whatever they hold."""
        schema = data.schema
        kept = {*schema.sensitive_places, schema.place(schema.target)}
        numeric = [i for i, column in enumerate(schema.columns) if column.kind == "numeric" and i not in kept]
        missing = [i for i in numeric if schema.columns[i].missing]
        return cls(data.codes, schema.sizes, numeric, missing)

    def _scores(self, codes, place):
        present = self.sizes[place] - (place in self.missing)
        return CodeScores(np.bincount(codes, minlength=self.sizes[place])[:present], normal=False)

    @property
    def n_numbers(self):
        """How many numbers a row begins with."""
        return len(self.numeric)

    @property
    def n_indicators(self):
        """How many indicators follow them."""
        return sum(self.parts.values())

    @property
    def width(self):
        """How long a row is."""
        return self.n_numbers + self.n_indicators

    def indicators_at(self, place):
        """Returns the slice of a row that holds the indicators of a column."""
        before = [part for other, part in self.parts.items() if other < place]
        start = self.n_numbers + sum(before)
        return slice(start, start + self.parts[place])

    def rows(self, codes, uniforms):
        """Returns rows, float32, shape `(n, width)`.

        Args:
            codes: int, shape `(n, n_columns)`.
            uniforms: float32 in (0, 1), shape `(n, n_numbers)`: where in its code's part each number lies.
        """
        columns = tf.unstack(tf.cast(codes, tf.int32), axis=1)
        numbers = [
            self._numbers(place, columns[place], uniforms[:, i]) for i, place in enumerate(self.numeric)
        ]
        indicators = [
            tf.one_hot(self._shown(place, columns[place]), part) for place, part in self.parts.items()
        ]
        return tf.concat([number[:, None] for number in numbers] + indicators, axis=1)

    def _numbers(self, place, codes, uniforms):
        ends = tf.constant(self.scores[place].ends, tf.float32)
        last = len(self.scores[place].ends) - 2
        present = tf.minimum(codes, last)
        low, high = tf.gather(ends, present), tf.gather(ends, present + 1)
        return tf.where(codes > last, uniforms, low + (high - low) * uniforms)

    def _shown(self, place, codes):
        """What the indicators of a column say: its code, or of a numeric one whether it is missing."""
        return tf.cast(codes == self.sizes[place] - 1, tf.int32) if place in self.missing else codes

    def codes(self, rows):
        """Returns the codes of rows, int32, shape `(n, n_columns)`: of several indicators, the largest counts."""
        columns = []
        for place in range(len(self.sizes)):
            shown = (
                tf.argmax(rows[:, self.indicators_at(place)], 1, tf.int32) if place in self.parts else None
            )
            if place in self.scores:
                number = rows[:, self.numeric.index(place)]
                codes = tf.searchsorted(tf.constant(self.scores[place].edges), number, side="right")
                columns.append(codes if shown is None else tf.where(shown == 1, self.sizes[place] - 1, codes))
            else:
                columns.append(shown)
        return tf.stack(columns, axis=1)


def uniform(normal):
    """Returns uniform numbers in (0, 1) that normal ones stand for, of the same shape: the distribution function."""
    return tf.clip_by_value(0.5 * tf.math.erfc(-normal * 2**-0.5), SMALLEST, 1 - SMALLEST)


def gumbel(uniforms):
    """Returns Gumbel numbers that uniform ones stand for, of the same shape."""
    return -tf.math.log(-tf.math.log(uniforms))


@keras.saving.register_keras_serializable("repfair_keras")
class GumbelSoftmax(layers.Layer):
    """Soft indicators of columns: softmax((logits + g) / tau), column by column.

    Args:
        sizes: number of indicators of each column.
        tau: temperature, above 0.

    Input: two float32 tensors of shape `(batch, sum of sizes)`, logits and Gumbel numbers. Output: the same shape.

    Reference: Jang, Gu and Poole, "Categorical Reparameterization with Gumbel-Softmax" (2017), eq. 2.
    """

    def __init__(self, sizes, tau=TAU, **kwargs):
        super().__init__(**kwargs)
        self.sizes, self.tau = tuple(sizes), tau

    def call(self, inputs):
        logits, numbers = inputs
        sharp, ends = (logits + numbers) / self.tau, [0, *np.cumsum(self.sizes).tolist()]
        parts = [sharp[:, start:end] for start, end in pairwise(ends)]
        return ops.concatenate([ops.softmax(part, axis=1) for part in parts], axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return {**super().get_config(), "sizes": list(self.sizes), "tau": self.tau}


def row_network(layout, latent_size):
    """G: noise to a row; one hidden layer as wide as the row, numbers through ReLU, categories by Gumbel softmax.

    Numbers begin at a half, the middle of what they may be, so that no ReLU is dead from the start.

    Args:
        layout: `RowLayout`.
        latent_size: length of the noise vector.

    Returns:
        `keras.Model` from `[z, gumbel]`, shapes `(batch, latent_size)` and `(batch, n_indicators)`, to rows,
        shape `(batch, layout.width)`.

    Reference: Rajabi and Garibay 2022, the generator.
    """
    noise = layers.Input((latent_size,), name="z")
    numbers = layers.Input((layout.n_indicators,), name="gumbel")
    hidden = seeded.dense(layout.width, activation="relu", name="hidden")(noise)
    logits = seeded.dense(layout.n_indicators, name="logits")(hidden)
    parts = [GumbelSoftmax(layout.parts.values(), name="indicators")([logits, numbers])]
    if layout.n_numbers:
        options = {"activation": "relu", "bias_initializer": initializers.Constant(0.5), "name": "numbers"}
        parts = [seeded.dense(layout.n_numbers, **options)(hidden), *parts]
    row = layers.Concatenate(name="row")(parts) if len(parts) > 1 else parts[0]
    return Model([noise, numbers], row, name="row_network")


def row_critic(width):
    """D: a row to a score; two hidden layers as wide as the row.

    Args:
        width: that of the layout.

    Returns:
        `keras.Model` from `(batch, width)` to `(batch, 1)`.

    Reference: Rajabi and Garibay 2022, the critic; its public code takes the mean of the second layer as the score.
    """
    row = x = layers.Input((width,), name="row")
    for number in (1, 2):
        x = layers.LeakyReLU(SLOPE, name=f"activation_{number}")(
            seeded.dense(width, name=f"dense_{number}")(x)
        )
    return Model(row, seeded.dense(1, name="score")(x), name="row_critic")


class TabFairGANRows(RowGenerator):
    """Makes whole rows, of noise: it is told nothing, and sensitive columns and target are made with the others.

    Args:
        layout: `RowLayout`.
        network: model as of `row_network`.

    Examples:
        >>> import numpy as np, tensorflow as tf
        >>> layout = RowLayout(np.array([[0, 0], [1, 1], [2, 1], [3, 1]]), (4, 2), numeric=(0,))
        >>> made = TabFairGANRows(layout, row_network(layout, latent_size=8))
        >>> made.rows(tf.zeros((5, 0), tf.int32), 3).shape
        TensorShape([5, 2])
    """

    def __init__(self, layout, network):
        super().__init__(layout.sizes, told=())
        self.layout, self.network = layout, network

    def rows(self, told, seed):
        """Makes rows; the same seed, the same rows.

        Args:
            told: int32, shape `(n, 0)`.
            seed: int32, a scalar.

        Returns:
            int32, shape `(n, len(sizes))`: codes of all columns.
        """
        n, latent_size = tf.shape(told)[0], self.network.inputs[0].shape[-1]
        z = tf.random.stateless_normal((n, latent_size), [seed, Stream.SAMPLE_LATENTS])
        drawn = tf.random.stateless_uniform(
            (n, self.layout.n_indicators), [seed, Stream.SAMPLE_VALUES], SMALLEST
        )
        return self.layout.codes(self.network([z, gumbel(drawn)], training=False))
