"""Seeds of layers: those of Keras, but out of reach of other threads."""

import random

import keras
import numpy as np
from keras import initializers, layers

from repfair_keras.networks import seeded


def weights(dense, embedding, dropout):
    """Of two layers, and ten draws of a third."""
    one, two, three = dense(), embedding(), dropout()
    one.build((None, 3))
    two.build()
    return [one.kernel.numpy(), two.embeddings.numpy(), three(np.ones((1, 10)), training=True).numpy()]


def ours():
    return weights(lambda: seeded.dense(4), lambda: seeded.embedding(5, 2, 0.3), lambda: seeded.dropout(0.5))


def theirs():
    def embedding():
        return layers.Embedding(5, 2, initializers.RandomNormal(stddev=0.3))

    return weights(lambda: layers.Dense(4), embedding, lambda: layers.Dropout(0.5))


def test_the_weights_are_those_of_keras():
    keras.utils.set_random_seed(7)
    expected = theirs()
    with seeded.seeds(7):
        found = ours()
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_no_other_thread_disturbs_them(monkeypatch):
    with seeded.seeds(7):
        expected = ours()
    monkeypatch.setattr(random, "randint", random.SystemRandom().randint)
    with seeded.seeds(7):
        found = ours()
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_seed_is_another_start():
    with seeded.seeds(7):
        one = ours()
    with seeded.seeds(8):
        other = ours()
    assert all((a != b).any() for a, b in zip(one, other, strict=True))


def test_outside_they_follow_the_global_seed():
    keras.utils.set_random_seed(3)
    one = ours()
    keras.utils.set_random_seed(3)
    other = ours()
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)
