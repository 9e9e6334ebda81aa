"""The settings of TabFairGAN. What is `None` is taken from the preset."""

from dataclasses import dataclass
from typing import Annotated

from repfair_keras.core.settings import BelowOne, Expected, Field, Rate, up_to
from repfair_keras.methods.settings import FromZero, Size

InsideUnit = Annotated[float, Field(gt=0, lt=1), Expected("a number in (0, 1)")]


@dataclass(frozen=True)
class TabFairGANSettings:
    """Settings of TabFairGAN.

    Args:
        latent_size: length of the noise vector.
        d_learning_rate: Adam's rate for the critic.
        g_learning_rate: Adam's rate for the generator, before its loss has the fairness term.
        fair_rate: Adam's rate for the generator from there on.
        beta_1: Adam's first momentum, in [0, 1).
        d_steps: steps of the critic for one of the generator.
        fair_weight: lambda, the weight of the difference between the groups' rates of the desired target; 0: none, a
            WGAN-GP.
        fair_share: share of all iterations that have the fairness term, in (0, 1). They are those of the run's
            configuration, `steps` or `epochs`; those without it come before them.

    Examples:
        >>> TabFairGANSettings(fair_weight=0.0).fair_weight
        0.0
    """

    latent_size: Size | None = None
    d_learning_rate: Rate | None = None
    g_learning_rate: Rate | None = None
    fair_rate: Rate = 0.0001
    beta_1: BelowOne | None = None
    d_steps: up_to(1000) = 4
    fair_weight: FromZero = 0.4
    fair_share: InsideUnit = 0.25
