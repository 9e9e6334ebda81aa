"""What a method hands to the training loop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras


@dataclass(frozen=True)
class Phase:
    """One stretch of training. A method yields one or several, in order.

    A method may return a generator, a `keras.Model`; if it returns nothing, it is that of the last phase.
    What `yield` gives back, when the phase is trained, is a function that looks at an ensemble and says
    whether its shares may be on target; `None` if nothing is looked at.

    Args:
        name: name of the phase, unique within the method; names its checkpoint.
        model: compiled model whose `train_step` takes what `batches` gives. Where it has `probe` as in
            `AdversarialModel`, that is called with images of each group after every epoch.
        batches: function from the first step to an endless `tf.data.Dataset`.
        steps: iterations; `None`: as many as the run's configuration says.
        folder: folder in the run's for its log and pictures; `""`: the run's own. One phase has that.
        generator: model from noise [and conditions] to what the run is about, which is looked at after every
            epoch; `None`: there is none yet.
        codes: function from a number and a seed to the `CodeSample` of a trained model; `None`: no codes.
        raw: the generator of the last step, where `generator` is an average; `None` where it is not.
        fitted: what is fitted in one go and not by steps, in the place of a model, as `methods.tabular.trees.Trees`:
            an object with `fit(progress)`, `save(path)` and `load(path)`; `model` and `batches` are `None` then.

    Examples:
        >>> import keras, repfair_keras as rf
        >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        >>> rf.Phase("first", model, lambda start: None, steps=100).steps
        100
    """

    name: str
    model: keras.Model | None
    batches: Callable | None
    steps: int | None = None
    folder: str = ""
    generator: keras.Model | None = None
    codes: Callable | None = None
    raw: keras.Model | None = None
    fitted: Any = None


def phase_seed(seed, number):
    """Returns the seed of a run's phase: that of the run for the first."""
    return (seed + 1_000_003 * number) % 2**31
