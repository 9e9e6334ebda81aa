"""Tiny runs in the place of those of a sweep: the same way, in seconds, on digits that need no download."""

import dataclasses

from repfair_keras.experiments.method_fields import without_unread

TINY = {
    "dataset": "mnist_5k",
    "data_dir": None,
    "steps": 48,
    "n": 400,
    "probe": 100,
    "filters": 4,
    "latent_size": 8,
    "encoder_epochs": 1,
    "n_generators": 2,
    "memory": 64,
}
ENDS = ("max_grad_norm", "share")  # of whose values the smallest and the largest are enough
GROUPINGS = {"mnist": "invert", "mnist_5k": "invert", "svhn": "shade", "cifar10": "shade"}
# Arguments of `data.load.load` in the place of the data sets that figures show.
SMOKE_DATA = {"mnist": ("mnist_5k", None, "invert"), "svhn": ("mnist_5k", None, "shade", None, 0, False)}


def smoke_configs(configs):
    """Returns tiny versions of a sweep's configurations: the first seed, and the ends of its ranges."""
    kept = [config for config in configs if config.seed == configs[0].seed]
    for name in ENDS:
        values = {getattr(config, name) for config in kept}
        if None not in values:
            kept = [config for config in kept if getattr(config, name) in (min(values), max(values))]
    return [_tiny(config) for config in kept]


def _tiny(config):
    grouping = config.grouping or GROUPINGS[config.dataset]
    tiny = dataclasses.replace(config, **TINY, epochs=None, grouping=grouping, use_labels=None)
    return without_unread(tiny)
