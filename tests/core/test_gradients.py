import numpy as np
import pytest
import tensorflow as tf

from repfair_keras.core.gradients import clip_by_global_norm, dense

# Two tensors, (3, 0) and (0, 4): norms 3 and 4, together sqrt(9 + 16) = 5.
GRADIENTS = [tf.constant([3.0, 0.0]), tf.constant([[0.0], [4.0]])]


def test_one_norm_over_all_tensors():
    # C = 2: both are multiplied by 2 / 5.
    clipped = clip_by_global_norm(GRADIENTS, 2.0)
    np.testing.assert_allclose(clipped.gradients[0], [1.2, 0.0], rtol=1e-6)
    np.testing.assert_allclose(clipped.gradients[1], [[0.0], [1.6]], rtol=1e-6)
    assert (float(clipped.norm), float(clipped.was_clipped)) == (5.0, 1.0)


def test_one_norm_per_tensor():
    # C = 3.5: the first stays (3 < 3.5), the second becomes 3.5.
    clipped = clip_by_global_norm(GRADIENTS, 3.5, scope="variable")
    np.testing.assert_allclose(clipped.gradients[0], [3.0, 0.0], rtol=1e-6)
    np.testing.assert_allclose(clipped.gradients[1], [[0.0], [3.5]], rtol=1e-6)
    assert (float(clipped.norm), float(clipped.was_clipped)) == (5.0, 1.0)


@pytest.mark.parametrize("bound", [5.5, float("inf")])
@pytest.mark.parametrize("scope", ["global", "variable"])
def test_a_small_gradient_stays(bound, scope):
    clipped = clip_by_global_norm(GRADIENTS, bound, scope)
    for before, after in zip(GRADIENTS, clipped.gradients, strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-6)
    assert (float(clipped.norm), float(clipped.was_clipped)) == (5.0, 0.0)


def test_rows_of_one_embedding_entry_are_summed_before_the_norm():
    # Entry 1 is looked up twice with gradients 3 and 4: the gradient is 7, not a list of norm 5.
    rows = tf.IndexedSlices(tf.constant([[3.0], [4.0]]), tf.constant([1, 1]), tf.constant([2, 1]))
    assert float(clip_by_global_norm(dense([rows]), 100.0).norm) == 7.0
