"""How often Python looks for garbage, in processes that are this package's own."""

import gc


def collect_seldom():
    """Has Python look for reference cycles after a hundred thousand new objects, not after some hundred.

    TensorFlow makes millions of objects that stay: looking through them takes a fifth of its import, and a
    fifteenth of a short training. Memory is given back a little later.
    """
    gc.set_threshold(100_000, 20, 20)
