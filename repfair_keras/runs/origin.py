"""What a checkpoint was trained from, so that no other run goes on with it: settings, data, version of the numbers."""

import dataclasses
import json
from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.core.settings import settings_in, shown
from repfair_keras.runs.config import LENGTH
from repfair_keras.runs.numbers import NUMBERS

# Where things are, how fast it goes, what the others are taken from; and the length, which may grow.
NOT_IN_ORIGIN = ("data_dir", "steps_per_execution", "preset", *LENGTH)


class Origin(NamedTuple):
    """What the weights of a run depend on.

    Args:
        told: dict that JSON holds.
        defaults: dict of settings, what each is where nothing is said of it.
    """

    told: dict
    defaults: dict


def origin_of(config, dataset):
    """Returns the `Origin` of a run.

    Args:
        config: `Config`.
        dataset: what is trained on, with a `fingerprint`.
    """
    parts = (config.data, config.settings, config.training)
    settings = {"method": config.method.name, "probe": getattr(config.evaluation, "probe", None)}
    for part in parts:
        settings |= dataclasses.asdict(part)
    settings = {name: value for name, value in settings.items() if name not in NOT_IN_ORIGIN}
    defaults = {name: setting.default for part in parts for name, setting in settings_in(type(part)).items()}
    told = json.dumps({"numbers": NUMBERS, "data": dataset.fingerprint, **settings})
    return Origin(json.loads(told), json.loads(json.dumps(defaults)))


def check_same_origin(stored, present, path):
    """Raises `InputError` if a checkpoint is of another run than the present one; names all that differs.

    A setting that the checkpoint does not know is younger than it, and was at its default.

    Args:
        stored: what the origin that the checkpoint holds tells; `None`: it holds none.
        present: `Origin` of the run that would go on with it.
        path: the checkpoint, for the message.
    """
    if stored is None:
        raise InputError(
            f"the checkpoint {path} does not say what run it is of: an earlier version of this package wrote it. "
            "Start a new run with --config and the run's config.yaml."
        )
    stored, present = {**present.defaults, **stored}, {**present.defaults, **present.told}
    differing = [name for name in {**stored, **present} if stored.get(name) != present.get(name)]
    if not differing:
        return
    words = {"numbers": "the version of the package's numbers", "data": "the data"}
    told = ", ".join(
        f"{words.get(name, name)} was {shown(stored.get(name))} and is {shown(present.get(name))}"
        for name in differing
    )
    raise InputError(
        f"the checkpoint {path} is of another run: {told}. Put config.yaml and the data back as they were, or start a "
        "new run with --config and the run's config.yaml."
    )
