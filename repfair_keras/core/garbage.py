"""Garbage: how often Python looks for it, and what TensorFlow keeps of a run that is over."""

import gc
import sys
from contextlib import contextmanager

CUSTOM = "CustomGradient-"  # how TensorFlow names them in its registry


@contextmanager
def leaving_nothing():
    """Has TensorFlow forget the graphs of a run when it is over, else 40 MB of each stay for good.

    Every step of an optimizer in a graph, and every SavedModel, registers gradients of its own by name, in a
    dictionary of the process that nothing is ever removed from; each refers to its whole graph. The graphs of a run are
    traced, gradients included, before it ends. Not to be differentiated for the first time afterwards are only
    functions that somebody else has traced meanwhile, in a callback or another thread, without their gradients.
    """
    before = set(_registered())
    try:
        yield
    finally:
        registered = _registered()
        for name in [name for name in registered if name.startswith(CUSTOM) and name not in before]:
            del registered[name]


def _registered():
    """TensorFlow's registered gradients by name; an empty dict where it is not imported, or keeps them elsewhere."""
    ops = sys.modules.get("tensorflow.python.framework.ops")
    return getattr(getattr(ops, "gradient_registry", None), "_registry", {})


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
