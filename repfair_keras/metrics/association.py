"""How far two attributes go together."""

import numpy as np


def cramers_v(first: np.ndarray, second: np.ndarray) -> float | None:
    """Cramér's V of two attributes of the same things: 0, one tells nothing of the other; 1, it tells it.

    Args:
        first, second: integers from 0, shape `(N,)`.

    Returns:
        number in [0, 1]; `None` where one of them is the same for all, so that there is nothing to tell.

    Reference: Cramér 1946, Mathematical Methods of Statistics.

    Examples:
        >>> cramers_v(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
        1.0
    """
    from scipy.stats.contingency import association

    first, second = np.asarray(first), np.asarray(second)
    if not len(first):
        return None
    table = np.zeros((first.max() + 1, second.max() + 1), int)
    np.add.at(table, (first, second), 1)
    table = table[table.any(axis=1)][:, table.any(axis=0)]
    return None if min(table.shape) < 2 else float(association(table, method="cramer"))
