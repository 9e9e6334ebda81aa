"""All that training depends on, in one file: weights, optimizers, dropout's random state, position."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing
from repfair_keras.runs.origin import check_same_origin

OPTIMIZERS = ("optimizer", "d_optimizer", "g_optimizer")  # named first: by these names older files have them


class Checkpoint:
    """Saves and restores a phase's model with all that hangs on it, see `states_of`.

    Noise and data order are functions of (seed, step), so the step is all that is kept of them.

    Args:
        path: file name, `.npz`.
        model: compiled model.
        origin: `runs.origin.origin_of` the run; `None`: it is not checked.
    """

    def __init__(self, path: Path, model: keras.Model, origin: dict | None = None):
        self.path, self.model, self.origin = path, model, origin
        self.step = self.epoch = 0
        self.seconds = 0.0
        self._resumed_at = time.monotonic()

    def restore(self):
        """Loads the file if there is one; sets `step`, `epoch` and `seconds` of training so far.

        Raises:
            InputError: if the file is of another run, or holds another model than this one, or an optimizer of the
                model cannot be restored, so that it is known before training.
        """
        build_optimizers(self.model)
        if self.path.is_file():
            with np.load(self.path, allow_pickle=False) as file:
                saved = dict(file)
            stored = saved.pop("origin", None)
            if self.origin is not None:
                check_same_origin(None if stored is None else json.loads(str(stored)), self.origin, self.path)
            self.step, self.epoch = int(saved.pop("step")), int(saved.pop("epoch"))
            self.seconds = float(saved.pop("seconds"))
            variables = dict(self._variables())
            self._check(saved, variables)
            for name, variable in variables.items():
                variable.assign(saved[name])
        self._resumed_at = time.monotonic()

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
            arrays["origin"] = np.array(json.dumps(self.origin))
        with replacing(self.path) as temporary:
            np.savez(temporary, step=step, epoch=epoch, seconds=self.seconds, **arrays)

    def _variables(self):
        for owner, variables in states_of(self.model):
            for number, variable in enumerate(variables):
                yield f"{owner}/{number}", variable  # paths hold counters that differ between processes


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
