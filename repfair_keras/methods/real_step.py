"""Experiments on Algorithm 1 of RepFair-GAN: what of it keeps the groups, taken apart.

Where every real step is clipped, which is so in the runs of the paper's setting, bounding each group's gradient does
two things at once: it makes the steps of all groups equally long, and it turns the real half of the loss down against
the generated half. Each can be had without the other here, and what stands between a step and its effect, Adam's memory
that both halves share, can be taken away.
"""

import keras
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.gradients import Clipped, apply_averaged
from repfair_keras.data.batches import alternating_batches, mixed_batches
from repfair_keras.methods.build import adversarial_phase
from repfair_keras.methods.repfair import RepFairGAN

BOUND, EQUAL, WEIGHTS = SCALES = ("bound", "equal", "weights")
REMEMBERED = 0.99  # of the mean norm of a group, at each of its steps
BATCHES = {"alternating": alternating_batches, "mixed": mixed_batches}


@keras.saving.register_keras_serializable("repfair_keras")
class RealStepGAN(RepFairGAN):
    """Algorithm 1 with another rule for the length of the real step.

    Args:
        generator, discriminator, group_names, max_grad_norm, clip_fake, clip_scope: as in `RepFairGAN`.
        scale: `"bound"`, g <- g min(1, C_s / ||g||) for a batch of group s; `"equal"`, g <- g m / ||g|| with m the mean
            over the groups of the running mean of their norms, so that all groups' steps are equally long and as long
            as without a rule on average; `"weights"`, g <- w_t g.
        group_bounds: C_s, one per group; `None`: `max_grad_norm` for each.
        weights: w, one for each of so many equal parts of training.
        steps: iterations of the training, for `weights`.
        separate_optimizers: whether the generated half has an optimizer of its own, with a memory of its own.

    Raises:
        InputError: if a setting does not fit.
    """

    def __init__(
        self,
        generator,
        discriminator,
        group_names,
        scale=BOUND,
        group_bounds=None,
        weights=(1.0,),
        steps=1,
        separate_optimizers=False,
        **kwargs,
    ):
        super().__init__(generator, discriminator, group_names, **kwargs)
        if scale not in SCALES:
            raise InputError(f"scale is {scale!r}: expected one of {', '.join(SCALES)}.")
        if group_bounds is not None and len(group_bounds) != len(self.group_names):
            raise InputError(
                f"group_bounds has {len(group_bounds)} numbers: expected one for each of the groups "
                f"{', '.join(self.group_names)}."
            )
        self.scale, self.separate_optimizers = scale, separate_optimizers
        self.group_bounds = None if group_bounds is None else [float(bound) for bound in group_bounds]
        self.weights_of_parts, self.steps = [float(weight) for weight in weights], int(steps)
        shape = (len(self.group_names),)
        self.mean_norms = self.add_weight(
            shape=shape, initializer="zeros", trainable=False, name="mean_norms"
        )
        self.generated_optimizer = None

    def compile(self, d_optimizer, g_optimizer, **kwargs):
        super().compile(d_optimizer, g_optimizer, **kwargs)
        if self.separate_optimizers:
            self.generated_optimizer = type(self.d_optimizer).from_config(self.d_optimizer.get_config())
            self.generated_optimizer.build(self.discriminator.trainable_variables)

    def train_step(self, batch):
        gradients = self.real_gradients(batch)
        scaled = self.scaled(gradients, batch.groups)
        self.record_clipping(batch.groups, scaled)
        self.update_discriminator(scaled.gradients, self.r1_gradients(batch))
        images, tape = self.generate(batch)
        gradients = self.fake_gradients(images, batch)
        if self.clip_fake:
            gradients = self.clip(gradients).gradients
        r2 = self.r2_gradients(images, batch)
        if self.separate_optimizers:
            gradients = gradients if r2 is None else [a + b for a, b in zip(gradients, r2, strict=True)]
            apply_averaged(self.generated_optimizer, gradients, self.discriminator.trainable_variables)
        else:
            self.update_discriminator(gradients, r2)
        self.generator_step(images, tape, batch)
        return self.get_metrics_result()

    def scaled(self, gradients, groups):
        """Returns `Clipped`: the real gradient of a batch as the rule has it, and its norm before.

        Args:
            gradients: list of dense tensors.
            groups: int, shape `(batch,)`; of a mixed batch the first image's group stands for all.
        """
        if self.scale == BOUND and self.group_bounds is None:
            return self.clip(gradients)
        norm = tf.linalg.global_norm(gradients)
        if self.scale == BOUND:
            bound = tf.gather(tf.constant(self.group_bounds), groups[0])
            factor = tf.minimum(1.0, tf.math.divide_no_nan(bound, norm))
        elif self.scale == EQUAL:
            factor = self._equal_factor(norm, groups[0])
        else:
            factor = self._weight()
        changed = tf.cast(tf.abs(factor - 1.0) > 1e-6, norm.dtype)
        return Clipped([gradient * factor for gradient in gradients], norm, changed)

    def _equal_factor(self, norm, group):
        mine = tf.one_hot(group, len(self.group_names))
        seen = tf.cast(tf.convert_to_tensor(self.mean_norms) > 0, norm.dtype)
        moved = seen * (REMEMBERED * self.mean_norms + (1 - REMEMBERED) * norm) + (1 - seen) * norm
        means = tf.where(mine > 0, moved, tf.convert_to_tensor(self.mean_norms))
        self.mean_norms.assign(means)
        known = tf.cast(means > 0, norm.dtype)
        return tf.math.divide_no_nan(tf.reduce_sum(means) / tf.maximum(tf.reduce_sum(known), 1.0), norm)

    def _weight(self):
        made = tf.cast(self.d_optimizer.iterations, tf.int64) // (1 if self.separate_optimizers else 2)
        part = tf.minimum(made * len(self.weights_of_parts) // self.steps, len(self.weights_of_parts) - 1)
        return tf.gather(tf.constant(self.weights_of_parts), part)

    def get_config(self):
        return {
            **super().get_config(),
            "scale": self.scale,
            "group_bounds": self.group_bounds,
            "weights": self.weights_of_parts,
            "steps": self.steps,
            "separate_optimizers": self.separate_optimizers,
        }


def real_step(data, settings, training):
    """Algorithm 1 with another rule for the length of the real step, see `RealStepGAN`."""
    options = {
        name: getattr(settings, name) for name in ("max_grad_norm", "clip_fake", "clip_scope", "scale")
    }
    options |= {
        "group_bounds": settings.group_bounds,
        "weights": settings.weights,
        "steps": training.steps or training.epochs * max(len(data) // training.batch_size, 1),
        "separate_optimizers": settings.separate_optimizers,
    }
    yield adversarial_phase(
        RealStepGAN, BATCHES[settings.batches], data, settings, training, name="real_step", **options
    )
