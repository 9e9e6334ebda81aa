"""All that training depends on, in one file: weights, optimizers, dropout's random state, position."""

import json
import math
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.array_file import READ_ERRORS, ArrayFile
from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing
from repfair_keras.runs.origin import Origin, check_same_origin

POSITION = ("step", "epoch", "seconds")
OPTIMIZERS = ("optimizer", "d_optimizer", "g_optimizer")  # named first: by these names older files have them


class Checkpoint:
    """Saves and restores a phase's model with all that hangs on it, see `states_of`.

    Noise and data order are functions of (seed, step), so the step is all that is kept of them.

    Args:
        path: file name, `.npz`.
        model: compiled model.
        origin: `runs.origin.Origin` of the run; `None`: it is not checked.
    """

    def __init__(self, path: Path, model: keras.Model, origin: Origin | None = None):
        self.path, self.model, self.origin = path, model, origin
        self.step = self.epoch = 0
        self.seconds = 0.0
        self._resumed_at = time.monotonic()

    @property
    def previous(self):
        """The file before the last one, which is kept in case that is damaged."""
        return self.path.with_name(f"{self.path.stem}.previous.npz")

    def restore(self, total=None):
        """Loads the last file if there is one; sets `step`, `epoch` and `seconds` of training so far.

        Where it is damaged, the one before it is loaded, with a warning: training from there gives what it gave.

        Args:
            total: steps of the whole training, which no file can have more of; `None`: it is not known.

        Raises:
            InputError: if the file is of another run, or holds another model than this one, or is damaged and there is
                none before it, or an optimizer of the model cannot be restored, so that it is known before training.
        """
        build_optimizers(self.model)
        files = [path for path in (self.path, self.previous) if path.is_file()]
        for path in files:
            try:
                self._load(path, total)
                break
            except DamagedError as damage:
                if path == files[-1]:
                    raise InputError(
                        f"the checkpoint {path} is damaged ({damage}), and there is none before it. Start a new run "
                        "with --config and the run's config.yaml; in a sweep, remove the run's folder."
                    ) from damage
                warnings.warn(
                    f"the checkpoint {path} is damaged ({damage}): going on from the one before it.",
                    stacklevel=2,
                )
        self._resumed_at = time.monotonic()

    def _load(self, path, total):
        saved = read_whole(path)
        origin = saved.pop("origin")
        if self.origin is not None:
            check_same_origin(origin, self.origin, path)
        position = {name: saved.pop(name) for name in POSITION}
        check_position(position, total)
        variables = dict(self._variables())
        self._check(saved, variables)
        for name, values in saved.items():
            if values.dtype.kind == "f" and not np.isfinite(values).all():
                raise DamagedError(f"{name} holds values that are no numbers")
        for name, variable in variables.items():
            variable.assign(saved[name])
        self.step, self.epoch, self.seconds = (position[name] for name in POSITION)

    def _check(self, saved, variables):
        there, here = ({name: list(x.shape) for name, x in file.items()} for file in (saved, variables))
        for name in sorted(there.keys() | here.keys()):
            if there.get(name) != here.get(name):
                raise InputError(
                    f"the checkpoint {self.path} is of another network: {name} has shape {there.get(name)}, "
                    f"expected {here.get(name)}. Another version of this package wrote it, or config.yaml "
                    "was edited. Go on with what it was, or start anew with --config and the run's "
                    "config.yaml; in a sweep, remove the run's folder."
                )

    def save(self, step, epoch):
        """Writes everything after `step` steps and `epoch` epochs."""
        self.step, self.epoch = step, epoch
        now = time.monotonic()
        self.seconds, self._resumed_at = self.seconds + now - self._resumed_at, now
        arrays = {name: np.asarray(variable) for name, variable in self._variables()}
        if self.origin is not None:
            arrays["origin"] = np.array(json.dumps(self.origin.told))
        with replacing(self.path) as temporary:
            np.savez(temporary, step=step, epoch=epoch, seconds=self.seconds, **arrays)
            if self.path.is_file():
                self.path.replace(self.previous)  # killed here, a run goes on from that one

    def _variables(self):
        for owner, variables in states_of(self.model):
            for number, variable in enumerate(variables):
                yield f"{owner}/{number}", variable  # paths hold counters that differ between processes


class DamagedError(Exception):
    """A file that cannot be what a run has written; the message says why."""


def read_whole(path):
    """Returns the arrays of a checkpoint, and `origin`, `step`, `epoch` and `seconds` as Python's own.

    Raises:
        DamagedError: if it cannot be read to the end.
    """
    try:
        with ArrayFile(path) as file:
            saved = {name: file[name] for name in file.headers}
        read = {"origin": lambda text: json.loads(str(text)), "step": int, "epoch": int, "seconds": float}
        needed = {name: read[name](saved[name]) for name in POSITION}
        return {**saved, **needed, "origin": read["origin"](saved["origin"]) if "origin" in saved else None}
    except READ_ERRORS as error:
        raise DamagedError(str(error)) from error


def check_position(position, total):
    """Raises `DamagedError` for a step, an epoch or seconds that no run can have come to."""
    most = {"step": math.inf if total is None else total, "epoch": position["step"], "seconds": 1e12}
    for name, value in position.items():
        if not 0 <= value <= most[name]:
            raise DamagedError(f"{name} is {value}, expected 0 to {most[name]}")


def states_of(model: keras.Model) -> Iterator[tuple[str, list]]:
    """Yields what training changes: of the model, then of all that hangs on it, each variable once.

    Args:
        model: model whose attributes are looked through, those of its layers and what lists, tuples and
            dicts hold too: optimizers, variables of Keras and TensorFlow, generators of random numbers.
            Metrics are left out: they begin anew with every epoch.

    Yields:
        `(name, variables)`: `"model"`, or a path of attributes such as `"g_optimizer"`, `"optimizers.2"` or
        `"critic.optimizer"`, in an order that depends on names alone.

    Examples:
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> model.temperature = tf.Variable(1.0)
        >>> model.compile("sgd")
        >>> build_optimizers(model)
        >>> {name: len(variables) for name, variables in states_of(model)}
        {'model': 2, 'optimizer': 2, 'temperature': 1}
    """
    yield "model", model.variables
    known = set(map(id, model.variables))
    for path, part in _parts(model):
        variables = [variable for variable in _variables_of(part) if id(variable) not in known]
        known.update(map(id, variables))
        if variables:
            yield path, variables


def build_optimizers(model: keras.Model) -> None:
    """Makes the variables of optimizers that have none yet, as Keras would in the first step.

    Raises:
        InputError: names an optimizer that is not a model's own `optimizer`: its variables are not known.
    """
    parts = dict(_parts(model))
    for owner in (model, *parts.values()):
        own = getattr(owner, "optimizer", None) if isinstance(owner, keras.Model) else None
        if isinstance(own, keras.optimizers.Optimizer) and not own.built and owner.trainable_variables:
            own.build(owner.trainable_variables)
    for path, part in parts.items():
        if isinstance(part, keras.optimizers.Optimizer) and not part.built:
            raise InputError(
                f"{path} of {type(model).__name__} is not built: what it has learnt could not be restored "
                f"after a stop. Call {path}.build(variables), with the variables that it changes, where the "
                "model is compiled."
            )


def _parts(owner, path="", seen=None):
    """Yields `(path, part)` of what hangs on a layer, or is in a list, tuple or dict, each once."""
    seen = {id(owner)} if seen is None else seen
    for name, part in _attributes(owner):
        if id(part) in seen or isinstance(part, keras.metrics.Metric):
            continue
        seen.add(id(part))
        yield f"{path}{name}", part
        if isinstance(part, (keras.layers.Layer, list, tuple, dict)):
            yield from _parts(part, f"{path}{name}.", seen)


def _attributes(owner):
    """Attributes or entries by name: known optimizers first, Keras's own lists of what has a name last."""
    if isinstance(owner, (list, tuple)):
        return enumerate(owner)
    pairs = owner.items() if isinstance(owner, dict) else vars(owner).items()
    named = [(str(name), part) for name, part in pairs if not str(name).startswith("_self_")]
    return sorted(named, key=lambda pair: (pair[0] not in OPTIMIZERS, pair[0].startswith("_"), pair[0]))


def _variables_of(part):
    if isinstance(part, keras.optimizers.Optimizer):
        return part.variables
    if isinstance(part, (keras.random.SeedGenerator, tf.random.Generator)):
        return [part.state]
    return [part] if isinstance(part, (keras.Variable, tf.Variable)) else []
