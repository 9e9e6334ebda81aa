"""Ordered codes as numbers on a line, and back: what networks see of a numeric column."""

import numpy as np
from scipy import stats

SMALLEST = 1e-4  # share that a code has on the line at least, so that a number stands for it


class CodeScores:
    """The quantile transform of ordered codes: each has the part of (0, 1) that its share of the rows is.

    A code becomes a number from its part, or the standard normal quantile of that, and a number the code in whose part
    it lies. So a value that many rows have, as 0 in a column of gains, is a wide part and not a point, and no number is
    between codes.

    Args:
        counts: rows of each code, shape `(size,)`.
        normal: whether numbers are standard normal; else they are uniform in (0, 1).

    Examples:
        >>> scores = CodeScores([1, 3], normal=False)
        >>> scores.of(np.array([0, 1]), np.array([0.5, 0.5])).tolist()
        [0.125, 0.625]
        >>> scores.codes(np.array([0.2, 0.3])).tolist()
        [0, 1]
    """

    def __init__(self, counts, normal=True):
        shares = np.maximum(np.asarray(counts, float) / max(np.sum(counts), 1), SMALLEST)
        self.ends = np.concatenate([[0.0], np.cumsum(shares / shares.sum())])
        self.ends[-1], self.normal = 1.0, normal

    @property
    def edges(self):
        """float32, shape `(size - 1,)`: the numbers between a code and the next; a number on one is the next code's."""
        inner = self.ends[1:-1]
        return (stats.norm.ppf(inner) if self.normal else inner).astype(np.float32)

    def of(self, codes, uniforms):
        """Returns the numbers of codes, float64: at `uniforms` in [0, 1) within each code's part."""
        low, high = self.ends[np.asarray(codes)], self.ends[np.asarray(codes) + 1]
        places = np.clip(low + (high - low) * uniforms, 1e-6, 1 - 1e-6)
        return stats.norm.ppf(places) if self.normal else places

    def codes(self, numbers):
        """Returns the codes of numbers, int64."""
        return np.searchsorted(self.edges, np.asarray(numbers, np.float32), side="right")
