"""Groups made by changing images: the group definitions of the papers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_HALF = np.rint(np.arange(256) * 0.5).astype(np.uint8)


def keep(pixels):
    """Leaves images as they are."""
    return pixels


def invert(pixels):
    """Swaps dark and bright: 255 - x."""
    return 255 - pixels


def halve_brightness(pixels):
    """Brightness x 0.5, rounded to the nearest byte (halves to even)."""
    return _HALF[pixels]


@dataclass(frozen=True)
class Transform:
    """A grouping that each image of a group shows: one change of the pixels per group.

    Args:
        name: name that users type.
        group_names: one name per group.
        changes: one function per group, from uint8 pixels `(n, height, width, channels)` to the same.
        rules: names of the rule-based predictors that can tell the groups apart.
    """

    name: str
    group_names: tuple[str, ...]
    changes: tuple[Callable[[np.ndarray], np.ndarray], ...]
    rules: tuple[str, ...]

    def apply(self, pixels, groups):
        """Changes each image as its group asks.

        Args:
            pixels: uint8, shape `(N, height, width, channels)`; left as it is.
            groups: int, shape `(N,)`.

        Returns:
            uint8, shape of `pixels`.
        """
        changed = np.empty_like(pixels)
        for group, change in enumerate(self.changes):
            members = groups == group
            changed[members] = change(pixels[members])
        return changed


# Reference: RepFair-GAN, section 4.1: half of MNIST gets a white background.
INVERT = Transform("invert", ("black", "white"), (keep, invert), ("corner", "mean"))

# Reference: RepFair-GAN, section 4.1, lays a black overlay of unstated opacity over SVHN. "On the Fairness of
# GANs" halves the brightness, which is an opacity of one half.
SHADE = Transform("shade", ("normal", "shaded"), (keep, halve_brightness), ("mean",))
