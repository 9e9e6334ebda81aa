"""How often Python looks for garbage, in processes that are this package's own."""

import gc


def collect_seldom():
    """Has Python look for reference cycles after a hundred thousand new objects, not after some hundred.

    TensorFlow makes millions of objects that stay: looking through them takes a fifth of its import, and a
    fifteenth of a short training. Memory is given back a little later.
    """
    gc.set_threshold(100_000, 20, 20)


def collect_and_freeze():
    """Collects what a run has left, and never looks again at what lives on.

    TensorFlow keeps some megabytes of every run for good. A process of many runs would look through all of them,
    again and again, and bring back from the disk what its machine has moved there.
    """
    gc.collect()
    gc.freeze()
