"""The settings of this package's methods. What is `None` is taken from the preset."""

import dataclasses
import functools
import math
from dataclasses import dataclass
from typing import Annotated, Literal

from repfair_keras.core.errors import InputError, Mendable
from repfair_keras.core.settings import (
    AboveZero,
    BelowOne,
    Count,
    Expected,
    Field,
    Only,
    Rate,
    up_to,
)
from repfair_keras.registry import IMAGES, TABLES, did_you_mean, imported_methods, lookup, names

# The penalty's kernel is (4 pi)^(-d/2) for two latents at 0, as they are at first, with the weight 1/n^2 in a
# batch of n: 1e-33 for 48 dimensions and 2,048 rows, 0 in single precision for 64.
LONGEST_LATENT = 48

Filters, Size, Kernel = up_to(1024), up_to(65_536), up_to(64)
FromZero = Annotated[float, Field(ge=0, allow_inf_nan=False), Expected("a finite number of at least 0")]
Augmentation = Literal["colour", "translation", "cutout", "flip"]
NEED_BOTH = ("wasserstein_gp", "relativistic")

Exponent = Annotated[float, Field(le=30), Expected("a number up to 30, or -.inf for none")]


@dataclass(frozen=True)
class GANSettings:
    """Networks, their objective and their optimizers.

    Args:
        network: cgan (the paper's), dcgan, resnet, or one that was registered.
        latent_size: length of the noise vector.
        filters: filters of every convolution; of dcgan and resnet those of the largest maps.
        depth: of resnet: blocks at each size of maps.
        d_kernel: of cgan: kernel size of the discriminator.
        g_kernel: of cgan: kernel size of the generator's transposed convolutions.
        last_kernel: of cgan: kernel size of the generator's last convolution.
        dropout: of cgan: dropout before the discriminator's logit, in [0, 1).
        label_scale: of cgan: standard deviation of the label embeddings' initial entries.
        d_learning_rate: Adam's rate for the discriminator.
        g_learning_rate: Adam's rate for the generator.
        beta_1: Adam's first momentum, in [0, 1).
        beta_2: Adam's second momentum, in [0, 1).
        loss: non_saturating (the paper's), hinge, least_squares, wasserstein_gp or relativistic.
        update: how the discriminator steps: on the real and the generated half in turn (halves, the paper's), or joint.
        r1: penalty on the discriminator's slope at real images, gamma of R1; 0: none.
        r2: the same at generated images, R2.
        real_weight: factor of the real half of the discriminator's loss.
        fake_weight: factor of the generated half.
        d_steps: steps of the discriminator for one of the generator.
        spectral_norm: whether the discriminator's layers are divided by their largest singular value.
        norm_conditions: whether those that read labels and groups are too; false: they are left as they are.
        augment: how the discriminator sees images changed: colour, translation, cutout, flip; several in a list.
        ema: decay of the average of the generator's weights, which is exported and reported, in [0, 1); 0: none.
        precision: what layers compute in: float32, mixed_bfloat16, or, on a GPU, mixed_float16.

    Examples:
        >>> import repfair_keras as rf
        >>> rf.GANSettings(filters=64).filters
        64
    """

    network: str = "cgan"
    latent_size: Size | None = None
    filters: Filters | None = None
    depth: up_to(100) = 1
    d_kernel: Kernel | None = None
    g_kernel: Kernel | None = None
    last_kernel: Kernel | None = None
    dropout: BelowOne | None = None
    label_scale: Rate | None = None
    d_learning_rate: Rate | None = None
    g_learning_rate: Rate | None = None
    beta_1: BelowOne | None = None
    beta_2: BelowOne = 0.999
    loss: Literal["non_saturating", "hinge", "least_squares", "wasserstein_gp", "relativistic"] = (
        "non_saturating"
    )
    update: Literal["halves", "joint"] = "halves"
    r1: FromZero = 0.0
    r2: FromZero = 0.0
    real_weight: Rate = 1.0
    fake_weight: Rate = 1.0
    d_steps: up_to(1000) = 1
    spectral_norm: bool = False
    norm_conditions: bool = True
    augment: list[Augmentation] = dataclasses.field(default_factory=list)
    ema: BelowOne = 0.0
    precision: Literal["float32", "mixed_bfloat16", "mixed_float16"] = "float32"

    def problems(self):
        """Yields what is wrong with settings together."""
        if self.network not in names("network"):
            close = did_you_mean(self.network, names("network"))
            yield f"network is {self.network!r}:{close} expected one of {', '.join(names('network'))}."
        if self.loss in NEED_BOTH and self.update == "halves":
            yield Mendable(
                f"update is 'halves', but the loss {self.loss!r} looks at real and generated images together, so that "
                "its halves cannot be stepped in turn: expected --update joint, or one of the losses "
                "non_saturating, hinge, least_squares.",
                update="joint",
            )
        if not self.norm_conditions and not self.spectral_norm:
            yield Mendable(
                "norm_conditions is false, but spectral_norm is off, so that nothing is normalised: expected "
                "--spectral_norm true, or norm_conditions left out.",
                spectral_norm=True,
            )
        if self.loss == "relativistic":
            for name in ("real_weight", "fake_weight"):
                if getattr(self, name) != 1:
                    yield (
                        f"{name} is {getattr(self, name)}, but the loss 'relativistic' pairs real and generated "
                        "images and has no halves to weigh: expected 1, or another loss."
                    )


@dataclass(frozen=True)
class ClippingSettings(GANSettings):
    """The same, and the bound of Algorithm 1.

    Args:
        max_grad_norm: C, the bound on the norm of the discriminator's gradient; above 0.
        clip_fake: whether the step on generated images is bounded too.
        clip_scope: one norm over all variables (global, the paper), or one per variable (an ablation).

    Examples:
        >>> import repfair_keras as rf
        >>> rf.ClippingSettings().max_grad_norm
        2.0
    """

    max_grad_norm: AboveZero = 2.0
    clip_fake: bool = False
    clip_scope: Literal["global", "variable"] = "global"

    def problems(self):
        """Yields what is wrong with settings together."""
        yield from super().problems()
        if self.clip_fake and self.loss == "relativistic":
            yield (
                "clip_fake is true, but the loss 'relativistic' pairs real and generated images, and all of its "
                "gradient is bounded: expected false, or another loss."
            )


@dataclass(frozen=True)
class RealStepSettings(ClippingSettings):
    """The same, and rules for the length of the real step, for experiments on Algorithm 1.

    Args:
        batches: of one group each, in turn (alternating, as Algorithm 1), or of all groups (mixed).
        scale: bound (Algorithm 1); equal: steps of all groups equally long, and on average as long as without a rule;
            weights: times the weight of the part of training.
        group_bounds: a bound for each group in the place of max_grad_norm, in the order of the groups.
        weights: factors of the real step, one for each of so many equal parts of training, for scale weights.
        separate_optimizers: whether the two halves of the discriminator's loss have optimizers of their own.
    """

    batches: Literal["alternating", "mixed"] = "alternating"
    scale: Literal["bound", "equal", "weights"] = "bound"
    group_bounds: list[AboveZero] | None = None
    weights: list[Rate] = dataclasses.field(default_factory=lambda: [1.0])
    separate_optimizers: bool = False

    def problems(self):
        """Yields what is wrong with settings together."""
        yield from super().problems()
        if self.update == "joint" or self.loss in NEED_BOTH:
            yield Mendable(
                f"update is {self.update!r} and loss {self.loss!r}, but the real step is one of its own here: expected "
                "update halves, and one of the losses non_saturating, hinge, least_squares.",
                **({"update": "halves"} if self.update == "joint" else {}),
                **({"loss": "non_saturating"} if self.loss in NEED_BOTH else {}),
            )
        if self.separate_optimizers and self.d_steps != 1:
            yield Mendable(
                f"separate_optimizers is true and d_steps {self.d_steps}: expected 1 step of each half.",
                d_steps=1,
            )
        if self.group_bounds is not None and self.clip_scope != "global":
            yield Mendable(
                f"group_bounds is given, but clip_scope is {self.clip_scope!r}: expected global.",
                clip_scope="global",
            )
        if self.group_bounds is not None and (self.scale != "bound" or self.batches != "alternating"):
            yield Mendable(
                f"group_bounds is given, but scale is {self.scale!r} and batches are {self.batches!r}: expected scale "
                "bound and alternating batches, which are of one group each.",
                scale="bound",
                batches="alternating",
            )
        if self.scale == "equal" and self.batches == "mixed":
            yield Mendable(
                "scale is 'equal', but mixed batches have no group of their own: expected alternating batches.",
                batches="alternating",
            )
        if not self.weights or (self.scale != "weights" and self.weights != [1.0]):
            yield (
                f"weights is {self.weights} and scale {self.scale!r}: expected at least one weight, and weights with "
                "scale weights alone."
            )


def bound_of(settings):
    """Returns C, where a method's settings bound gradients by a finite one; `None` otherwise."""
    bound = getattr(settings, "max_grad_norm", math.inf)
    return bound if math.isfinite(bound) else None


@dataclass(frozen=True)
class StackedGANSettings:
    """Settings of the stacked GAN.

    Args:
        latent_size: length of the whole noise vector.
        filters: width of the networks.
        d_learning_rate: Adam's rate for the discriminators.
        g_learning_rate: Adam's rate for the generators.
        beta_1: Adam's first momentum, in [0, 1).
        encoder_epochs: passes over the data in which the encoder learns the classes.
        as_published: whether it is trained as the public code of the stacked GAN: each generator by its own loss, steps
            in turn, uniform noise; false: all losses together in one step.
    """

    latent_size: Size | None = None
    filters: Filters | None = None
    d_learning_rate: Rate | None = None
    g_learning_rate: Rate | None = None
    beta_1: BelowOne | None = None
    encoder_epochs: up_to(10_000) = 2
    as_published: bool = False


@dataclass(frozen=True)
class BoostedGANSettings:
    """Settings of a boosted ensemble, beside those of its base method.

    Args:
        base_method: method of each generator.
        n_generators: generators at most, at least 2; fewer if `probe` images of the ensemble have shares that may
            be on target.
        memory: images of each earlier generator that a new one is kept away from (m of eq. 3).
        theta_weight: weight of that regulariser, above 0 (part of Phi of eq. 3).
        selection: what eq. 5 tells generators apart by: brightness, log_density or printed (as in the paper).
    """

    base_method: str = "gan"
    n_generators: up_to(1000, 2) = 3
    memory: up_to(1_000_000) = 256
    theta_weight: Rate = 300.0
    selection: Literal["brightness", "log_density", "printed"] = "brightness"


def boosted_settings(given):
    """Returns the class of a boosted ensemble's settings: its own and those of its base method.

    Raises:
        InputError: if the base method is not known, or cannot be one.
    """
    name = given.get("base_method") or BoostedGANSettings.base_method
    if not may_be_base(name):
        known = [method.name for method in imported_methods() if may_be_base(method.name)]
        why = ""
        if name in names("method"):
            why = (
                ", which makes an ensemble itself"
                if name == "boosted_gan"
                else ", which learns latents, not images"
            )
        raise InputError(f"base_method is {name!r}{why}: expected one of {', '.join(known)}.")
    return _boosted(lookup("method", name).settings_class(given))


@functools.cache
def _boosted(base):
    bases = (BoostedGANSettings, base)
    return dataclasses.make_dataclass(f"Boosted{base.__name__}", [], bases=bases, frozen=True)


def may_be_base(name):
    """Whether the method of a name trains one generator that can be kept away from images."""
    return name in names("method") and name != "boosted_gan" and lookup("method", name).makes_images


@dataclass(frozen=True)
class FairVAESettings:
    """Settings of the fair encoder.

    Args:
        latent_size: length of the noise vector.
        filters: filters of the first convolutions, for images.
        alpha: log10 of the weight of the penalty that makes latents fair; -.inf: none. The penalty falls with
            the dimensions of a latent, at first by 0.55 in log10 for each.
        statistic: how the penalty pairs latents: v (each with itself too, as the public code) or u (different ones
            alone, so that its mean does not depend on the batch).
        target_from: what the target of a row is decoded from: code (the latent alone) or code_and_group.
        code_size: dimensions of a latent, 2 to 48; more with an alpha of -.inf.
        encoder_rate: Adam's rate for the fair encoder.

    Examples:
        >>> import repfair_keras as rf
        >>> list(rf.FairVAESettings(code_size=64).problems())[0][:15]
        'code_size is 64'
    """

    latent_size: Size | None = None
    filters: Annotated[Filters | None, Only(IMAGES)] = None
    alpha: Exponent = 7.0
    statistic: Literal["v", "u"] = "v"
    target_from: Annotated[Literal["code", "code_and_group"], Only(TABLES)] = "code"
    code_size: up_to(65_536, 2) = 8
    encoder_rate: Rate = 0.001

    def problems(self):
        """Yields what is wrong with settings together."""
        if self.code_size > LONGEST_LATENT and self.alpha > -math.inf:
            yield (
                f"code_size is {self.code_size}: expected at most {LONGEST_LATENT}, as the penalty of longer latents "
                "underflows, or alpha -.inf."
            )


@dataclass(frozen=True)
class LatentGANSettings(FairVAESettings):
    """Settings of a fair encoder and a GAN on its latents.

    Args:
        vae_epochs: passes over the data in which the fair encoder is trained, before a generator of latents; give
            this or `vae_steps`.
        vae_steps: iterations in which it is; give this or `vae_epochs`.
        d_learning_rate: Adam's rate for the critic.
        g_learning_rate: Adam's rate for the generator.
        beta_1: Adam's first momentum, in [0, 1).
    """

    vae_epochs: up_to(100_000) | None = None
    vae_steps: Count | None = None
    d_learning_rate: Rate | None = None
    g_learning_rate: Rate | None = None
    beta_1: BelowOne | None = None


@dataclass(frozen=True)
class LatentDiffusionSettings(FairVAESettings):
    """Settings of a fair encoder and diffusion on its latents.

    Args:
        vae_epochs: passes over the data in which the fair encoder is trained, before a generator of latents; give
            this or `vae_steps`.
        vae_steps: iterations in which it is; give this or `vae_epochs`.
        g_learning_rate: Adam's rate for the denoiser.
        dropout: dropout of the denoiser, in [0, 1).
        diffusion_steps: steps from noise to a latent when it is sampled.
    """

    vae_epochs: up_to(100_000) | None = None
    vae_steps: Count | None = None
    g_learning_rate: Rate | None = None
    dropout: BelowOne | None = None
    diffusion_steps: up_to(100_000) = 50
