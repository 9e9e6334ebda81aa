"""Groups made by changing images: the group definitions of the papers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from repfair_keras.data.images.stored import ROWS, fits_in_memory, is_in_memory, room_for

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


def tint(pixels, channel):
    """Puts a grey image into one channel of an RGB image; the others are 0."""
    coloured = np.zeros((*pixels.shape[:-1], 3), np.uint8)
    coloured[..., channel] = pixels[..., 0]
    return coloured


def brightest(images):
    """Grey images, shape `(n, height, width, 1)`, of coloured ones: `tint` undone, whatever the channel."""
    return images.max(axis=-1, keepdims=True)


@dataclass(frozen=True)
class Transform:
    """A grouping that each image of a group shows: one change of the pixels per group.

    Args:
        name: name that users type.
        group_names: one name per group.
        changes: one function per group, from uint8 pixels `(n, height, width, channels)` to the same.
        rules: names of the rule-based predictors that can tell the groups apart.
        channels: channels of a changed image; `None`: as many as before. Otherwise images have to be grey.
        untied: where a class prefers a group, class c the group c mod k: name of the grouping that makes the
            same groups independent of the class.
        plain: function from images of any group to what they show beside it; `None`: not to be taken out.
    """

    name: str
    group_names: tuple[str, ...]
    changes: tuple[Callable[[np.ndarray], np.ndarray], ...]
    rules: tuple[str, ...]
    channels: int | None = None
    untied: str | None = None
    plain: Callable[[np.ndarray], np.ndarray] | None = None

    @property
    def tied(self):
        return self.untied is not None

    def class_shares(self, n_classes, strength):
        """Shares of the groups in each class, where groups are tied to classes.

        Args:
            n_classes: number of classes.
            strength: in [0, 1]: so many images of class c are in group c mod k, the others in any, equally.

        Returns:
            float64, shape `(n_classes, k)`; rows sum to 1.
        """
        k = len(self.group_names)
        preferred = np.eye(k)[np.arange(n_classes) % k]
        return strength * preferred + (1 - strength) / k

    def apply(self, pixels, groups):
        """Changes each image as its group asks.

        Args:
            pixels: uint8, shape `(N, height, width, channels)`; left as it is.
            groups: int, shape `(N,)`.

        Returns:
            uint8, shape of `pixels`, or with `channels` in the place of its last size.
        """
        shape = (*pixels.shape[:-1], self.channels or pixels.shape[-1])
        if is_in_memory(pixels) and fits_in_memory(shape):
            return self._applied(pixels, groups)
        changed = room_for(shape)
        for start in range(0, len(pixels), ROWS):
            rows = slice(start, start + ROWS)
            changed[rows] = self._applied(pixels[rows], groups[rows])
        return changed

    def _applied(self, pixels, groups):
        changed = np.empty((*pixels.shape[:-1], self.channels or pixels.shape[-1]), np.uint8)
        for group, change in enumerate(self.changes):
            members = groups == group
            changed[members] = change(pixels[members])
        return changed


# Reference: RepFair-GAN, section 4.1: half of MNIST gets a white background.
INVERT = Transform("invert", ("black", "white"), (keep, invert), ("corner", "mean"))

# Reference: RepFair-GAN, section 4.1, lays a black overlay of unstated opacity over SVHN. "On the Fairness of
# GANs" halves the brightness, which is an opacity of one half.
SHADE = Transform("shade", ("normal", "shaded"), (keep, halve_brightness), ("mean",))

# Reference: FLDGM, Colour MNIST: red, green and blue digits, the colour independent of the digit. In this
# order the figures' colours are those of the groups.
CHANNELS = (2, 0, 1)
COLOURS = {
    "group_names": ("blue", "red", "green"),
    "changes": tuple(partial(tint, channel=channel) for channel in CHANNELS),
    "rules": ("channel",),
    "channels": 3,
    "plain": brightest,
}
COLOUR = Transform("colour", **COLOURS)

# Not in the paper: most digits have the colour of their class.
BIASED_COLOUR = Transform("biased_colour", **COLOURS, untied="colour")
