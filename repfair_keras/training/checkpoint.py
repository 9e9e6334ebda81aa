"""All that training depends on, in one file: weights, optimizers, dropout's random state, position."""

import time

import numpy as np

from repfair_keras.core.errors import InputError
from repfair_keras.core.files import replacing

OPTIMIZERS = ("optimizer", "d_optimizer", "g_optimizer")


class Checkpoint:
    """Saves and restores a phase's model.

    Noise and data order are functions of (seed, step), so the step is all that is kept of them.

    Args:
        path: file name, `.npz`.
        model: compiled model; `OPTIMIZERS` names the attributes in which it may have optimizers.
    """

    def __init__(self, path, model):
        self.path, self.model = path, model
        self.step = self.epoch = 0
        self.seconds = 0.0
        self._resumed_at = time.monotonic()

    def restore(self):
        """Loads the file if there is one; sets `step`, `epoch` and `seconds` of training so far.

        Raises:
            InputError: if the file holds another model than this one.
        """
        if self.path.is_file():
            with np.load(self.path, allow_pickle=False) as file:
                saved = dict(file)
            self.step, self.epoch = int(saved.pop("step")), int(saved.pop("epoch"))
            self.seconds = float(saved.pop("seconds"))
            variables = dict(self._variables())
            self._check(saved, variables)
            for name, variable in variables.items():
                variable.assign(saved[name])
        self._resumed_at = time.monotonic()

    def _check(self, saved, variables):
        there, here = ({name: list(x.shape) for name, x in each.items()} for each in (saved, variables))
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
        with replacing(self.path) as temporary:
            np.savez(temporary, step=step, epoch=epoch, seconds=self.seconds, **arrays)

    def _variables(self):
        owners = {"model": self.model, **{name: getattr(self.model, name, None) for name in OPTIMIZERS}}
        for owner, thing in owners.items():
            for number, variable in enumerate(thing.variables if thing else ()):  # random states too
                yield f"{owner}/{number}", variable  # paths hold counters that differ between processes
