"""Every stream of random numbers, once: numbers drawn for one purpose are never those of another.

A draw is a function of a key, (seed, stream). No two purposes have the same number here, so the same seed may
be used for all of them.
"""

from enum import UNIQUE, IntEnum, verify


@verify(UNIQUE)
class Stream(IntEnum):
    """The second part of a key.

    Training has (seed, 2 * step + stream), which is not negative: `STEP_NOISE` and `STEP_UNIFORM`. All others
    that TensorFlow draws are negative. NumPy's have generators of their own. Numbers of training, and of
    samples of exported generators, depend on these values.

    Examples:
        >>> import numpy as np
        >>> rng = np.random.default_rng((42, Stream.REAL_CODES))
    """

    STEP_NOISE = 0
    """Of a training step: normal noise, what generators make images, rows or codes of."""
    STEP_UNIFORM = 1
    """Of a training step: labels of generated images; of rows and codes, weights in [0, 1)."""

    SAMPLE_LATENTS = -1
    """Of a sample from an exported generator: latents."""
    SAMPLE_LABELS = -2
    """Of such a sample: labels, where none are asked for."""
    SAMPLE_GROUPS = -3
    """Of such a sample: groups, where none are asked for."""
    SAMPLE_VALUES = -7
    """Of such a sample, of a table: values of a row's columns."""
    SAMPLE_MEMBERS = -9
    """Of such a sample, from an ensemble: which member makes an image (eq. 5)."""

    PROBE_LATENTS = -4
    """Of what is measured during training: latents."""
    PROBE_MEMBERS = -6
    """Of what is measured during training, from an ensemble: which member makes an image."""
    GRID_LATENTS = -8
    """Of the picture that training draws after every epoch: latents."""
    MEMORY_LATENTS = -5
    """Of the images that later members of an ensemble are kept away from: latents."""

    STACKED_NOISE = -100
    """Of a step of the published stacked GAN, this minus the step: what the generators learn from."""

    BIN_PLACES = 7
    """NumPy's: where in its bin a decoded value of a numeric column lies."""
    REAL_CODES = 11
    """NumPy's: codes that are drawn for real rows, to be looked at."""
    GENERATED_CODES = 12
    """NumPy's: noise that codes are generated of, to be looked at."""
    TOLD = 14
    """NumPy's: what a generator of rows is told."""
    ARENA_SENSITIVE = 15
    """NumPy's: sensitive columns drawn anew, of rows that no engine made."""
    ARENA_COLUMNS = 16
    """NumPy's: columns drawn each on its own, of the arena's weakest engine."""
    DRAWN_SETTINGS = 17
    """NumPy's: settings of the runs of a random search."""
    VALIDATION = 13
    """NumPy's: halves and samples of real images that a classifier is tried on."""
