"""TabFairGAN: a WGAN-GP on the rows of a table, and then the same with a term that makes the groups' rates alike.

Reference: Rajabi and Garibay, "TabFairGAN: Fair Tabular Data Generation with Generative Adversarial Networks" (2022).
"""

from typing import NamedTuple

import keras
import tensorflow as tf

from repfair_keras.data.row_batches import row_batches
from repfair_keras.losses.adversarial import WASSERSTEIN_GP
from repfair_keras.losses.gradient_penalty import gradient_penalty
from repfair_keras.methods.fair_latent.latent_gan import gradients_of
from repfair_keras.methods.phase import Phase
from repfair_keras.methods.players import Players
from repfair_keras.networks.tab_fairgan import (
    RowLayout,
    TabFairGANRows,
    gumbel,
    row_critic,
    row_network,
    uniform,
)

BETA_2 = 0.999


class TableBatch(NamedTuple):
    """Rows of a training step with the noise that as many are made of; `n` is all of them, of all its parts.

    Args:
        rows: float32, shape `(n, width)`: real rows as the critic sees them, see `RowLayout`.
        noise: float32, standard normal, shape `(n, latent_size)`.
        gumbel: float32, Gumbel, shape `(n, n_indicators)`.
        weights: float32, uniform in [0, 1), shape `(n,)`.
    """

    rows: tf.Tensor
    noise: tf.Tensor
    gumbel: tf.Tensor
    weights: tf.Tensor


def table_batches(data, layout, n, latent_size, seed, start=0):
    """Batches of rows as the critic sees them; all in them is a function of (seed, step), as in `row_batches`.

    Args:
        data: `TableDataset`.
        layout: `RowLayout`.
        n: rows of a batch.
        latent_size: length of the noise vector.
        seed: seed of the order and the noise.
        start: first step, to resume.

    Returns:
        An endless `tf.data.Dataset` of `TableBatch`.
    """
    noise_size = latent_size + layout.n_indicators + layout.n_numbers

    @tf.autograph.experimental.do_not_convert
    def seen(batch):
        drawn = uniform(batch.noise[:, latent_size:])
        return TableBatch(
            rows=layout.rows(batch.rows, drawn[:, layout.n_indicators :]),
            noise=batch.noise[:, :latent_size],
            gumbel=gumbel(drawn[:, : layout.n_indicators]),
            weights=batch.weights,
        )

    return row_batches(data.codes, data.groups, n, noise_size, seed, start).map(seen)


def crossed(indicators):
    """Returns indicators of the groups that several sensitive columns make: their outer product.

    Args:
        indicators: list of float tensors, shapes `(batch, size)`.

    Returns:
        Shape `(batch, product of sizes)`, in the order of `np.ravel_multi_index`: the last column's value runs first.

    Examples:
        >>> import tensorflow as tf
        >>> crossed([tf.constant([[0.0, 1.0]]), tf.constant([[0.25, 0.75]])]).numpy().tolist()
        [[0.0, 0.0, 0.25, 0.75]]
    """
    groups, *others = indicators
    for other in others:
        product = groups[:, :, None] * other[:, None, :]
        groups = tf.reshape(product, (-1, product.shape[1] * product.shape[2]))
    return groups


def parity_gap(groups, desired):
    """Difference between groups in how often the target is the desired one, of rows that are so to a degree.

    Of two groups it is |P(desired | first) - P(desired | second)|; of more, the largest |P(desired | group) -
    P(desired)|. A group of which less than one row is there has no rate to compare.

    Args:
        groups: floats in [0, 1], shape `(batch, n_groups)`: to which degree each row is of each group.
        desired: floats in [0, 1], shape `(batch,)`: to which degree its target is the desired one.

    Returns:
        Scalar, at least 0.

    Reference: Rajabi and Garibay 2022, the second phase's loss. There the difference is of two groups and has a sign:
    the user says which group has the lower rate, and a large weight makes it the higher one. Their public code divides
    it by the size of the batch, so that its weights are not those of here.

    Examples:
        >>> import tensorflow as tf
        >>> float(parity_gap(tf.one_hot([0, 0, 1, 1], 2), tf.constant([1.0, 0.0, 1.0, 1.0])))
        0.5
    """
    counts = tf.reduce_sum(groups, axis=0)
    there = counts >= 1
    rates = tf.linalg.matvec(groups, desired, transpose_a=True) / tf.where(there, counts, 1.0)
    if groups.shape[1] == 2:
        gap = tf.abs(rates[0] - rates[1])
        return tf.where(tf.reduce_all(there), gap, 0.0)
    return tf.reduce_max(tf.where(there, tf.abs(rates - tf.reduce_mean(desired)), 0.0))


@keras.saving.register_keras_serializable("repfair_keras")
class TabFairGAN(Players):
    """Wasserstein GAN with gradient penalty on rows, whose generator also pays for a difference between groups.

    A batch holds `d_steps + 1` parts, one for each step of the critic, the last one's noise for the generator.

    Args:
        generator: model from `[z, gumbel]` to rows, see `networks.tab_fairgan.row_network`.
        discriminator: the critic, a model from rows to scores.
        sensitive: for each sensitive column, where in a row its indicators begin and end.
        desired: where in a row the indicator of the desired value of the target is.
        d_steps: steps of the critic for one of the generator.
        fair_weight: lambda; 0: a WGAN-GP.

    Reference: Rajabi and Garibay 2022; Gulrajani et al. 2017, Algorithm 1.
    """

    loss_terms = WASSERSTEIN_GP

    def __init__(self, generator, discriminator, sensitive, desired, d_steps=4, fair_weight=0.0, **kwargs):
        super().__init__(generator, discriminator, **kwargs)
        self.sensitive, self.desired = tuple(map(tuple, sensitive)), desired
        self.d_steps, self.fair_weight = d_steps, fair_weight
        self.d_loss, self.g_loss, self.gap = (
            keras.metrics.Mean(name=name) for name in ("d_loss", "g_loss", "gap")
        )

    @property
    def metrics(self):
        return [self.d_loss, self.g_loss, self.gap]

    def train_step(self, batch):
        rows, noise, numbers, weights = (tf.split(each, self.d_steps + 1) for each in batch)
        for part in range(self.d_steps):
            fake = self.generator([noise[part], numbers[part]], training=True)
            with tf.GradientTape() as tape:
                loss = self.critic_loss(rows[part], fake, weights[part])
            self.update_discriminator(gradients_of(tape, loss, self.discriminator))
            self.d_loss.update_state(loss)
        with tf.GradientTape() as tape:
            fake = self.generator([noise[-1], numbers[-1]], training=True)
            loss = self.loss_terms.generator(self.discriminator(fake, training=True))
            gap = self.gap_of(fake)
            if self.fair_weight:
                loss += self.fair_weight * gap
        self.update_generator(gradients_of(tape, loss, self.generator))
        self.g_loss.update_state(loss)
        self.gap.update_state(gap)
        return self.get_metrics_result()

    def critic_loss(self, rows, fake, weights):
        """Loss of the critic: E D(fake) - E D(real) + 10 (||grad D|| - 1)^2 between the two."""
        real, generated = (self.discriminator(each, training=True) for each in (rows, fake))
        penalty = gradient_penalty(lambda x: self.discriminator(x, training=True), rows, fake, weights)
        loss = self.loss_terms.real(real) + self.loss_terms.fake(generated)
        return loss + self.loss_terms.gradient_penalty * penalty

    def gap_of(self, rows):
        """Returns the `parity_gap` of generated rows, whose indicators are soft."""
        return parity_gap(crossed([rows[:, slice(*ends)] for ends in self.sensitive]), rows[:, self.desired])

    def get_config(self):
        own = {name: getattr(self, name) for name in ("sensitive", "desired", "d_steps", "fair_weight")}
        return {**self.networks_config(), **own}


def tab_fairgan(data, settings, training):
    """TabFairGAN: phase `wgan` without the fairness term, and then `fair`, which goes on with it.

    The second has the iterations of the configuration, the first as many before it as `fair_share` says. Networks and
    optimizers go on as they are, but for the generator's rate, and so do the batches: with a weight of 0 and the same
    rate, the two are one training of a WGAN-GP.

    Args:
        data: `TableDataset`.
        settings: `TabFairGANSettings`.
        training: `TrainingSettings`; `batch_size` is of one step of the critic.

    Yields:
        `Phase`.
    """
    layout = RowLayout.of(data)
    n = (settings.d_steps + 1) * training.batch_size
    total = training.steps or training.epochs * max(len(data) // training.batch_size, 1)
    before = max(round(total * (1 / settings.fair_share - 1)), 1)

    def batches(start):
        return table_batches(data, layout, n, settings.latent_size, training.seed, start)

    first = built(layout, data.schema, settings, training, settings.g_learning_rate, fair_weight=0.0)
    yield Phase("wgan", first, batches, before, "wgan", generator=TabFairGANRows(layout, first.generator))
    fair = built(layout, data.schema, settings, training, settings.fair_rate, settings.fair_weight)
    go_on(fair, first)
    yield Phase(
        "fair",
        fair,
        lambda start: batches(before + start),
        generator=TabFairGANRows(layout, fair.generator),
    )


def built(layout, schema, settings, training, rate, fair_weight):
    """Returns a compiled `TabFairGAN` for rows of a layout."""
    ends = [layout.indicators_at(place) for place in schema.sensitive_places]
    model = TabFairGAN(
        row_network(layout, settings.latent_size),
        row_critic(layout.width),
        sensitive=[(each.start, each.stop) for each in ends],
        desired=layout.indicators_at(schema.place(schema.target)).stop - 1,  # the target's last value
        d_steps=settings.d_steps,
        fair_weight=fair_weight,
        name="tab_fairgan",
    )
    betas = {"beta_1": settings.beta_1, "beta_2": BETA_2}
    model.compile(
        keras.optimizers.Adam(settings.d_learning_rate, **betas, name="d_adam"),
        keras.optimizers.Adam(rate, **betas, name="g_adam"),
        jit_compile=training.jit_compile,
    )
    return model


def go_on(model, earlier):
    """Gives a model the weights of an earlier one, and its optimizers all of theirs but the rates."""
    model.set_weights(earlier.get_weights())
    for name in ("d_optimizer", "g_optimizer"):
        mine, theirs = (getattr(each, name) for each in (model, earlier))
        for variable, value in zip(mine.variables, theirs.variables, strict=True):
            if variable is not mine.learning_rate:
                variable.assign(value)
