"""RepFair-GAN: Algorithm 1, and its two parts alone."""

import keras

from repfair_keras.core.errors import InputError
from repfair_keras.core.gradients import clip_by_global_norm
from repfair_keras.data.batches import alternating_batches, mixed_batches
from repfair_keras.methods.base import AdversarialModel
from repfair_keras.methods.build import adversarial_phase

CLIP_SCOPES = ("global", "variable")


@keras.saving.register_keras_serializable("repfair_keras")
class RepFairGAN(AdversarialModel):
    """Bounds the norm of the discriminator's gradient on each batch of real images.

    On batches of one group each, in turn (`alternating_batches`), this is Algorithm 1.

    Args:
        generator: as in `AdversarialModel`.
        discriminator: as in `AdversarialModel`.
        group_names: one name per group.
        max_grad_norm: C, > 0; infinity leaves gradients as they are.
        clip_fake: whether the step on generated images is bounded too; the paper does not say.
        clip_scope: `"global"`, one norm over all variables, as in the paper; or `"variable"`, an ablation.

    Raises:
        InputError: if `max_grad_norm` is not above 0 or `clip_scope` is not known.

    Reference: RepFair-GAN, Algorithm 1.

    Examples:
        >>> import keras, repfair_keras as rf
        >>> data = rf.load_dataset("mnist_5k", use_labels=False)
        >>> generator = keras.Sequential([keras.Input((100,)), keras.layers.Dense(784, "tanh"),
        ...                               keras.layers.Reshape((28, 28, 1))])
        >>> discriminator = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
        >>> model = rf.RepFairGAN(generator, discriminator, group_names=data.group_names, max_grad_norm=2.0)
        >>> model.compile("adam", "adam")
        >>> history = model.fit(data.alternating_batches(16), steps_per_epoch=2, verbose=0)
        >>> "step_norm/white" in history.history
        True
    """

    reads_objective = True

    def __init__(
        self,
        generator,
        discriminator,
        group_names,
        max_grad_norm=2.0,
        clip_fake=False,
        clip_scope="global",
        **kwargs,
    ):
        super().__init__(generator, discriminator, group_names, **kwargs)
        if not max_grad_norm > 0:
            raise InputError(f"max_grad_norm is {max_grad_norm}: expected a number above 0, such as 2.")
        if clip_scope not in CLIP_SCOPES:
            raise InputError(f"clip_scope is {clip_scope!r}: expected one of {', '.join(CLIP_SCOPES)}.")
        self.max_grad_norm = float(max_grad_norm)
        self.clip_fake, self.clip_scope = clip_fake, clip_scope

    def train_step(self, batch):  # X_t ~ D | S = u: one group per batch, in turn
        if self.objective.joint:  # the same bound, and one step on both halves
            return self.joint_step(batch)
        gradients = self.real_gradients(batch)  # g_t <- grad of L_D(theta; X_t)
        clipped = self.clip(gradients)  # g_t <- g_t * min(1, C / ||g_t||)
        self.record_clipping(batch.groups, clipped)  # the norm before clipping: the paper's diagnosis
        self.update_discriminator(clipped.gradients, self.r1_gradients(batch))  # theta <- theta - alpha * g_t
        images, tape = self.generate(batch)  # one batch of generated samples
        gradients = self.fake_gradients(images, batch)
        if self.clip_fake:
            gradients = self.clip(gradients).gradients
        self.update_discriminator(gradients, self.r2_gradients(images, batch))
        self.generator_step(images, tape, batch)
        return self.get_metrics_result()

    def clip(self, gradients):
        """Returns `Clipped`: the gradients bounded by C."""
        return clip_by_global_norm(gradients, self.max_grad_norm, self.clip_scope)

    def get_config(self):
        return {
            **super().get_config(),
            "max_grad_norm": self.max_grad_norm,
            "clip_fake": self.clip_fake,
            "clip_scope": self.clip_scope,
        }


def repfair(data, settings, training):
    """RepFair-GAN: groups in turn, each group's gradient bounded by C."""
    yield _bounded("repfair", alternating_batches, data, settings, training)


def clipping_only(data, settings, training):
    """Ablation: mixed batches, their gradient bounded by C."""
    yield _bounded("clipping_only", mixed_batches, data, settings, training)


def alternation_only(data, settings, training):
    """Ablation: groups in turn, nothing bounded."""
    options = {"name": "alternation_only", "max_grad_norm": float("inf")}
    yield adversarial_phase(RepFairGAN, alternating_batches, data, settings, training, **options)


def _bounded(name, batches, data, settings, training):
    bound = {
        "max_grad_norm": settings.max_grad_norm,
        "clip_fake": settings.clip_fake,
        "clip_scope": settings.clip_scope,
    }
    return adversarial_phase(RepFairGAN, batches, data, settings, training, name=name, **bound)
