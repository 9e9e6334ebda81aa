"""The settings of TabDDPM. What is `None` is taken from the preset."""

from dataclasses import dataclass

from repfair_keras.core.settings import BelowOne, Rate, up_to


@dataclass(frozen=True)
class TabDDPMSettings:
    """Settings of diffusion on rows.

    Args:
        diffusion_steps: steps from noise to a row when it is sampled, which are those that training knows.
        width: units of each layer of the denoiser.
        depth: blocks of the denoiser.
        g_learning_rate: Adam's rate for the denoiser at first; it falls to 0 in a line.
        dropout: dropout of the denoiser, in [0, 1).
        ema: decay of the average of the denoiser's weights, which is exported and reported, in [0, 1); 0: none.

    Examples:
        >>> TabDDPMSettings(width=64).diffusion_steps
        100
    """

    diffusion_steps: up_to(100_000) = 100
    width: up_to(65_536) = 256
    depth: up_to(100) = 3
    g_learning_rate: Rate | None = None
    dropout: BelowOne | None = None
    ema: BelowOne = 0.999
