"""Seeding what a process has only one of, and giving it back."""

import contextlib
import random
from collections.abc import Iterator

import keras
import numpy as np
from keras.src.backend.common import global_state
from tensorflow.python.eager import context as eager

OF_KERAS = "global_random_seed", "global_seed_generator"  # names of Keras's own


@contextlib.contextmanager
def seeded_globals(seed: int) -> Iterator[None]:
    """Inside, the global random numbers of Python, NumPy, Keras and TensorFlow follow from a seed.

    Afterwards they go on where they were, so that a user's own draws do not depend on what was trained
    between them. TensorFlow and Keras can only be seeded, not asked, in public: their states are taken from
    where they keep them.

    Args:
        seed: as for `keras.utils.set_random_seed`.

    Examples:
        >>> np.random.seed(3)
        >>> first = np.random.random()
        >>> np.random.seed(3)
        >>> with seeded_globals(7):
        ...     other = np.random.random()
        >>> np.random.random() == first != other
        True
    """
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    of_keras = {name: global_state.get_global_attribute(name) for name in OF_KERAS}
    context = eager.context()
    seed_before, operation_seeds = eager.global_seed(), getattr(context, "_rng", None)
    keras.utils.set_random_seed(seed)
    global_state.set_global_attribute(
        OF_KERAS[1], None
    )  # begins anew; Keras before 3.13 keeps the one it has
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        for name, value in of_keras.items():
            global_state.set_global_attribute(name, value)
        eager.set_global_seed(seed_before)
        context._rng = operation_seeds  # else operations without a seed would begin anew
