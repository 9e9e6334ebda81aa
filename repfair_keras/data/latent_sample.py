"""Codes of real and of synthetic rows, side by side."""

from typing import NamedTuple

import numpy as np


class CodeSample(NamedTuple):
    """Codes of real rows, one drawn for each, and of synthetic ones.

    Args:
        train, train_groups: of rows that the encoder was trained on, shapes `(N, d)` and `(N,)`.
        test, test_groups: of rows that were held out.
        synthetic: shape `(n, d)`.
        train_targets, test_targets: bool, shapes `(N,)` and `(M,)`: whether a row has the positive value of a
            table's target; `None` of images.
    """

    train: np.ndarray
    train_groups: np.ndarray
    test: np.ndarray
    test_groups: np.ndarray
    synthetic: np.ndarray
    train_targets: np.ndarray | None = None
    test_targets: np.ndarray | None = None
