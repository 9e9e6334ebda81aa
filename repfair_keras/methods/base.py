"""GANs of images: the verbs of a `train_step`, for any objective."""

import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.gradients import clip_by_global_norm, dense, mean_over_replicas
from repfair_keras.core.precision import loss_scale
from repfair_keras.core.random_streams import Stream
from repfair_keras.core.replicas import of_replica
from repfair_keras.losses.gradient_penalty import gradient_penalty, squared_slopes
from repfair_keras.losses.objective import Objective
from repfair_keras.methods.players import TwoPlayerModel
from repfair_keras.networks.diff_augment import diff_augment
from repfair_keras.networks.moving_average import copy_of, follow


class AdversarialModel(TwoPlayerModel):
    """A generator and a discriminator of images. Abstract: a method adds its `train_step`.

    Works for unconditional networks and for networks with inputs named `label` and `group` after the first.

    Examples:
        >>> import repfair_keras as rf
        >>> class Mine(rf.AdversarialModel):
        ...     def train_step(self, batch):
        ...         self.update_discriminator(self.real_gradients(batch))
        ...         images, tape = self.generate(batch)
        ...         self.update_discriminator(self.fake_gradients(images, batch))
        ...         self.update_generator(self.generator_gradients(images, tape, batch))
        ...         return self.get_metrics_result()

    Args:
        generator: as in `TwoPlayerModel`.
        discriminator: model from images [and the same conditions] to logits `(batch, 1)`.
        group_names: as in `TwoPlayerModel`.
        objective: `Objective`; `None`: the paper's.
        ema: decay of the average of the generator's weights, in [0, 1); 0: there is none.
    """

    clip_fake = False  # whether `clip` bounds the generated half too
    reads_objective = (
        False  # whether its `train_step` makes joint steps, penalties and several steps, if asked to
    )

    def __init__(self, generator, discriminator, group_names, objective=None, ema=0.0, **kwargs):
        super().__init__(generator, discriminator, group_names, **kwargs)
        self.objective, self.ema = Objective.of(objective), float(ema)
        self.loss_terms = self.objective.terms
        self.average = copy_of(generator) if self.ema else None
        self.loss_scale = loss_scale(discriminator)

    @property
    def shown_generator(self):
        """The generator to look at and to export: the average where there is one."""
        return self.average or self.generator

    def clip(self, gradients):
        """Returns `Clipped`: here as they are. A method with a bound has its own."""
        return clip_by_global_norm(gradients, float("inf"))

    def update_generator(self, gradients):
        """One step of the generator's optimizer, and of the average of its weights, where there is one."""
        super().update_generator(gradients)
        if self.average is not None:
            follow(self.average, self.generator, self.ema, self.g_optimizer.iterations)

    def joint_step(self, batch):
        """One step of the discriminator on its whole loss, of which one part is clipped, then the generator's.

        theta <- theta - alpha * (clip(g_t) + grad of the rest): g_t is the gradient of the real half of the loss, or,
        if the loss pairs images, of all of it but the penalties.
        """
        images, tape = self.generate(batch)
        gradients, fake, penalties = self.joint_gradients(images, batch)
        clipped = self.clip(gradients)
        self.record_clipping(batch.groups, clipped)
        fake = self.clip(fake).gradients if self.clip_fake else fake
        self.update_discriminator(clipped.gradients, fake, penalties)
        self.generator_step(images, tape, batch)
        return self.get_metrics_result()

    def real_gradients(self, batch):
        """Returns the gradient of the real half of the discriminator's loss: grad L_D(theta; X_t)."""
        loss, gradients = self._half("real", batch.images, batch.labels, batch.groups)
        self.d_loss_real.update_state(loss)
        return gradients

    def generate(self, batch):
        """Returns one batch of generated images, and the tape that recorded how they were made."""
        with tf.GradientTape() as tape:
            images = tf.cast(
                self.generator(self.fake_inputs(batch.latents, batch), training=True), tf.float32
            )
        return images, tape

    def fake_gradients(self, images, batch):
        """Returns the gradient of the generated half of the discriminator's loss."""
        loss, gradients = self._half("fake", images, batch.fake_labels, batch.fake_groups)
        self.d_loss_fake.update_state(loss)
        return gradients

    def joint_gradients(self, images, batch):
        """Returns the gradients of the parts of the discriminator's loss: what `clip` may bound, and the rest.

        A loss that pairs images has no halves: what pushes D(x) up and what pushes D(G(z)) down nearly cancel, and a
        bound on one of them sends both logits away. Penalties are bounded nowhere: they hold the discriminator still
        whatever it is shown. `docs/decisions/0014-modern-preset.md` has what happens else.

        Returns:
            `(real, fake, penalties)`: of the real half, or of all of a loss that pairs images; of the generated half;
            of the penalties, `None` where they are in the second, which saves a pass, or there are none.
        """
        terms, objective = self.loss_terms, self.objective
        with tf.GradientTape(persistent=True) as tape:
            r1, real = self._slopes(objective.r1, batch.images, batch.labels, batch.groups, "real")
            r2, fake = self._slopes(objective.r2, images, batch.fake_labels, batch.fake_groups, "fake")
            first = terms.real(real, fake) if terms.pairs else terms.real(real)
            second = None if terms.pairs else terms.fake(fake)
            bounded, rest = objective.real_weight * first, []
            if second is not None:
                rest.append(objective.fake_weight * second)
            penalties = [penalty for penalty in (r1, r2) if penalty is not None]
            if terms.gradient_penalty:
                penalties.append(terms.gradient_penalty * self._penalty_between(images, batch))
            if not self.clip_fake:
                rest, penalties = rest + penalties, []
            parts = bounded, *(tf.add_n(part) if part else None for part in (rest, penalties))
        self.d_loss_real.update_state(first)
        self.d_loss_fake.update_state(first if second is None else second)
        return [None if part is None else self._discriminator_gradients(tape, part) for part in parts]

    def r1_gradients(self, batch):
        """Returns the gradient of R1, the penalty on the slope at real images; `None` without one."""
        if not self.objective.r1:  # not even looked at: dropout would draw its next numbers
            return None
        with tf.GradientTape() as tape:
            r1, _ = self._slopes(self.objective.r1, batch.images, batch.labels, batch.groups, "real")
        return self._discriminator_gradients(tape, r1)

    def r2_gradients(self, images, batch):
        """Returns the gradient of R2, the same at generated images; `None` without one."""
        if not self.objective.r2:
            return None
        with tf.GradientTape() as tape:
            r2, _ = self._slopes(self.objective.r2, images, batch.fake_labels, batch.fake_groups, "fake")
        return self._discriminator_gradients(tape, r2)

    def generator_gradients(self, images, tape, batch):
        """Returns the gradient of the generator's loss, through the images that `tape` recorded."""
        other = None
        if self.loss_terms.pairs:
            seen = self.view(batch.images, "real")
            other = self._logits_of(seen, batch.labels, batch.groups)
        with tf.GradientTape(watch_accessed_variables=False) as through_discriminator:
            through_discriminator.watch(images)
            seen = self.view(images, "generator")
            logits = self._logits_of(seen, batch.fake_labels, batch.fake_groups)
            loss = self._with_other(self.loss_terms.generator, logits, other) + self.penalty_of(images)
        self.g_loss.update_state(loss)
        signal = through_discriminator.gradient(loss, images)
        variables, scale = self.generator.trainable_variables, self.loss_scale
        gradients = dense(tape.gradient(images, variables, output_gradients=signal * scale))
        return mean_over_replicas(_over(scale, gradients))

    def generator_step(self, images, tape, batch):
        """The generator's step, and that of its average; every `d_steps` steps of the discriminator."""
        if self.objective.d_steps == 1:
            self.update_generator(self.generator_gradients(images, tape, batch))
            return
        if tf.distribute.has_strategy():
            raise InputError(
                f"d_steps is {self.objective.d_steps}, but replicas cannot agree inside a branch: expected 1 in the "
                "scope of a tf.distribute strategy. Leave d_steps out, or train without one."
            )

        def move():  # a tape does not reach into a branch
            self.update_generator(self.generator_gradients(*self.generate(batch), batch))
            return 0

        per_step = 1 if self.objective.joint else 2
        due = self.d_optimizer.iterations // per_step % self.objective.d_steps == 0
        tf.cond(due, move, lambda: 0)

    def view(self, images, side):
        """Returns images as the discriminator sees them: through the augmentation, if there is one.

        Args:
            images: shape `(batch, height, width, channels)`.
            side: `"real"`, `"fake"` or `"generator"`: each is changed in a way of its own.
        """
        if not self.objective.augment:
            return images
        number = 3 * self.d_optimizer.iterations + ("real", "fake", "generator").index(side)
        return diff_augment(images, self.objective.augment, self.objective.seed, number)

    @tf.function(reduce_retracing=True, autograph=False)  # as Keras traces a train step
    def probe(self, images, labels, groups):
        """Measures real images without training on them: the same for every method, so that they compare.

        Dropout and augmentation are off, nothing is clipped, no state changes. A loss that pairs images has them
        beside generated ones of noise that is always the same.

        Args:
            images: float32 in [-1, 1], of one group.
            labels: int32, shape `(batch,)`.
            groups: int32, shape `(batch,)`.

        Returns:
            `(loss, norm)`: the real half of the discriminator's loss, or all of one that pairs images, and the norm of
            its gradient.

        Reference: RepFair-GAN, Figures 1 and 3.
        """
        other = None
        if self.loss_terms.pairs:
            shape = tf.shape(images)[0], self.generator.inputs[0].shape[-1]
            z = tf.random.stateless_normal(shape, (self.objective.seed, Stream.GRID_LATENTS))
            made = tf.cast(self.generator(self.inputs_of(z, labels, groups), training=False), tf.float32)
            other = self._logits_of(made, labels, groups, training=False)
        with tf.GradientTape() as tape:
            logits = self._logits_of(images, labels, groups, training=False)
            loss = self._with_other(self.loss_terms.real, logits, other)
        return loss, clip_by_global_norm(self._discriminator_gradients(tape, loss), float("inf")).norm

    def get_config(self):
        return {**super().get_config(), "objective": self.objective.to_config(), "ema": self.ema}

    @staticmethod
    def _with_other(term, logits, other):
        return term(logits) if other is None else term(logits, other)

    def _half(self, side, images, labels, groups):
        with tf.GradientTape() as tape:
            loss = getattr(self.loss_terms, side)(self._logits(images, labels, groups, side))
            weighted = getattr(self.objective, f"{side}_weight") * loss
        return loss, self._discriminator_gradients(tape, weighted)

    def _logits(self, images, labels, groups, side):
        """Logits of images as the discriminator sees them."""
        return self._logits_of(self.view(images, side), labels, groups)

    def _logits_of(self, seen, labels, groups, training=True):
        return tf.cast(
            self.discriminator(self.inputs_of(seen, labels, groups), training=training), tf.float32
        )

    def _slopes(self, gamma, images, labels, groups, side):
        """gamma/2 of the mean squared slope at images, `None` if gamma is 0; and their logits."""
        if not gamma:
            return None, self._logits(images, labels, groups, side)

        def critic(points):
            return self._logits_of(points, labels, groups)

        squares, logits = squared_slopes(critic, self.view(images, side))
        return 0.5 * gamma * tf.reduce_mean(squares), logits

    def _penalty_between(self, images, batch):
        def critic(points):
            return self._logits_of(points, batch.labels, batch.groups)

        step = tf.cast(self.d_optimizer.iterations, tf.int64)
        key = tf.stack([tf.constant(self.objective.seed, tf.int64), step])
        weights = of_replica(lambda n: tf.random.stateless_uniform((n,), key), tf.shape(images)[0])
        real, fake = self.view(batch.images, "real"), self.view(images, "fake")
        return gradient_penalty(critic, real, fake, weights)

    def _discriminator_gradients(self, tape, loss):
        variables = self.discriminator.trainable_variables
        scale = tf.constant(self.loss_scale) if self.loss_scale != 1 else None
        found = zip(tape.gradient(loss, variables, output_gradients=scale), variables, strict=True)
        # A slope does not depend on the last bias.
        gradients = dense([tf.zeros(v.shape) if g is None else g for g, v in found])
        return mean_over_replicas(_over(self.loss_scale, gradients))


def _over(scale, gradients):
    """Gradients divided by the loss scale; as they are where there is none."""
    return gradients if scale == 1 else [gradient / scale for gradient in gradients]
