"""How far two attributes go together, against SciPy and by hand."""

import numpy as np
import pytest
from scipy.stats.contingency import association

from repfair_keras.metrics.association import cramers_v


def test_one_tells_the_other_or_nothing_of_it():
    groups = np.repeat([0, 1], 50)
    assert cramers_v(groups, 1 - groups) == pytest.approx(1)
    assert cramers_v(groups, np.tile([0, 1], 50)) == pytest.approx(0)


def test_equals_scipy_and_leaves_out_what_does_not_occur():
    rng = np.random.default_rng(0)
    first = rng.choice([0, 2, 5], 300)
    second = (first + rng.integers(0, 3, 300)) % 4
    table = np.array([[np.sum((first == a) & (second == b)) for b in range(4)] for a in (0, 2, 5)])
    assert cramers_v(first, second) == pytest.approx(association(table, method="cramer"))


@pytest.mark.parametrize("constant", [np.zeros(5, int), np.full(5, 3)])
def test_of_what_is_always_the_same_nothing_can_be_told(constant):
    assert cramers_v(constant, np.array([0, 1, 0, 1, 1])) is None
    assert cramers_v(np.array([0, 1, 0, 1, 1]), constant) is None
    assert cramers_v(np.array([], int), np.array([], int)) is None
