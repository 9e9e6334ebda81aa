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


def reads(*fields):
    """Says which settings of `Config` a method reads that others do not: its function's `fields`."""

    def mark(method):
        method.fields = fields
        return method

    return mark
