"""What a sample shows of itself."""

import numpy as np

from repfair_keras.modalities.image_evaluation import Sample


def sample(labels=None, groups=None):
    return Sample(np.arange(60.0).reshape(60, 1, 1, 1), labels, {}, groups)


def test_a_generator_that_is_told_groups_alone_shows_a_row_of_each():
    groups = np.arange(60, dtype=np.int32) % 3
    shown = sample(groups=groups).shown(40)[:, 0, 0, 0].astype(int)
    assert len(shown) == 30
    np.testing.assert_array_equal(groups[shown].reshape(3, 10), [[0] * 10, [1] * 10, [2] * 10])


def test_others_show_their_first_images():
    for each in (sample(), sample(np.arange(60) % 10, np.arange(60) // 10 % 3)):
        np.testing.assert_array_equal(each.shown(40), each.images[:40])
