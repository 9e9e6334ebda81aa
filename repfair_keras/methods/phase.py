"""What a method hands to the training loop."""

from collections.abc import Callable
from dataclasses import dataclass

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
    """

    name: str
    model: keras.Model
    batches: Callable
    steps: int | None = None
    folder: str = ""
    generator: keras.Model | None = None
    codes: Callable | None = None


def phase_seed(seed, number):
    """Returns the seed of a run's phase: that of the run for the first."""
    return (seed + 1_000_003 * number) % 2**31


def reads(*fields):
    """Says which settings of `Config` a method reads that others do not: its function's `fields`."""

    def mark(method):
        method.fields = fields
        return method

    return mark


def fields_of(method):
    """Names of the settings that a method, a function, reads and others may not."""
    return getattr(method, "fields", ())


def ignores(*fields):
    """Says which settings of a preset a method, unlike most, does not read: its function's `ignored`."""

    def mark(method):
        method.ignored = fields
        return method

    return mark


def ignored_by(method):
    """Names of the settings of a preset that a method, a function, does not read."""
    return getattr(method, "ignored", ())


def of_fixed_length(method):
    """Says that a finished run of a method cannot be trained on: later phases depend on earlier ones."""
    method.may_grow = False
    return method


def may_grow(method):
    """Whether a finished run of a method, a function, can be made longer."""
    return getattr(method, "may_grow", True)


def of_codes(method):
    """Says that the loss of a method's generator is one of codes: nothing about images can be added to it."""
    method.sees_images = False
    return method


def sees_images(method):
    """Whether the loss of a method's generator, a function's, is one of what it makes."""
    return getattr(method, "sees_images", True)


def checks(check):
    """Says what a method asks of data and configuration: a function of both that raises `InputError`."""

    def mark(method):
        method.check = check
        return method

    return mark


def check_of(method):
    """Returns the check of a method, a function; one that passes everything if it has none."""
    return getattr(method, "check", lambda data, config: None)
