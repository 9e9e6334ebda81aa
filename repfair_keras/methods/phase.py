"""What a method hands to the training loop."""

from collections.abc import Callable
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Phase:
    """One stretch of training. A method yields one or several, in order.

    Args:
        name: name of the phase, unique within the method; names its checkpoint.
        model: compiled model whose `train_step` takes a `Batch`. The last phase's model has the `generator`.
        batches: function from the first step to an endless `tf.data.Dataset` of `Batch`.
    """

    name: str
    model: keras.Model
    batches: Callable
