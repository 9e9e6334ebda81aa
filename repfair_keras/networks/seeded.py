"""Layers whose initial weights are drawn from seeds that no other thread can disturb.

Keras seeds a layer from the global `random`, which `set_random_seed` sets. Another thread may draw from it
meanwhile, as one of the threads of dask does. These layers have a stream of their own, drawn from in the same
order: where nothing disturbs, the weights are those of Keras.
"""

import contextlib
import random
from contextvars import ContextVar

from keras import initializers, layers

_STREAM = ContextVar("stream", default=random)


@contextlib.contextmanager
def seeds(seed):
    """Inside, in this thread, the layers of this module take their seeds from a stream that `seed` fixes."""
    token = _STREAM.set(random.Random(seed))
    try:
        yield
    finally:
        _STREAM.reset(token)


def next_seed():
    """Returns the next seed of the stream; outside `seeds`, of the global one: an integer from 1 to 1e9."""
    return _STREAM.get().randint(1, int(1e9))


def kernel():
    """Keras's own initial kernel, uniform by Glorot and Bengio."""
    return initializers.GlorotUniform(seed=next_seed())


def dense(units, **options):
    """`keras.layers.Dense`."""
    return layers.Dense(units, kernel_initializer=kernel(), **options)


def conv(filters, *arguments, layer=layers.Conv2D, **options):
    """`keras.layers.Conv2D`, or a layer derived from it."""
    return layer(filters, *arguments, kernel_initializer=kernel(), **options)


def conv_transpose(filters, *arguments, **options):
    """`keras.layers.Conv2DTranspose`."""
    return layers.Conv2DTranspose(filters, *arguments, kernel_initializer=kernel(), **options)


def embedding(n, size, scale, **options):
    """`keras.layers.Embedding`, normal with a standard deviation of `scale`."""
    initial = initializers.RandomNormal(stddev=scale, seed=next_seed())
    return layers.Embedding(n, size, initial, **options)


def dropout(rate, **options):
    """`keras.layers.Dropout`; without dropout it draws no seed, as in Keras."""
    return layers.Dropout(rate, seed=next_seed() if rate else None, **options)
