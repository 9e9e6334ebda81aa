"""The identity of a run: what changes with whatever changes its numbers, and with nothing else.

Records are older than the present configuration: theirs was flat, every run had a value for every setting, and a
method ignored what it did not read. So that identities stay what they are, today's configurations are told in
those words: the tables below are frozen. A setting that is not in them counts if it is not at its default.
"""

import hashlib
import json

from repfair_keras.core.settings import settings_in
from repfair_keras.registry import REGISTRY, lookup

# Settings that say where things are, how fast it goes, or what the other settings are taken from.
NOT_IN_ID = ("data_dir", "instruments", "steps_per_execution", "preset", "figures")

FROZEN_DEFAULTS = {
    **{"dataset": "mnist_5k", "data_dir": None, "grouping": None, "strength": None, "target_column": None},
    **{"drop": None, "categorical": None, "numeric": None, "missing": "refuse", "n_bins": 8, "share": None},
    **{"use_labels": None, "method": "repfair", "max_grad_norm": 2.0, "clip_fake": False},
    **{"clip_scope": "global", "encoder_epochs": 2, "alpha": 7.0, "code_size": 8, "vae_epochs": None},
    **{"vae_steps": None, "encoder_rate": 0.001, "diffusion_steps": 50, "base_method": "gan"},
    **{"n_generators": 3, "memory": 256, "theta_weight": 300.0, "selection": "brightness", "preset": "small"},
    **{"epochs": None, "steps": None, "batch_size": None, "latent_size": None, "filters": None},
    **{"d_kernel": None, "g_kernel": None, "last_kernel": None, "dropout": None, "label_scale": None},
    **{"d_learning_rate": None, "g_learning_rate": None, "beta_1": None, "n": 10_000, "probe": 1000},
    **{"confidence": 0.9, "target": None, "cross": None, "instruments": None, "seed": 0},
    **{"steps_per_execution": None, "jit_compile": False},
}
_NETWORKS = {"d_kernel": 3, "g_kernel": 4, "dropout": 0.4, "label_scale": 1.0, "beta_1": 0.5}
FROZEN_PRESETS = {
    "small": {
        **_NETWORKS,
        "filters": 32,
        "last_kernel": 3,
        "d_learning_rate": 0.001,
        "g_learning_rate": 0.001,
    },
    "paper": {
        **_NETWORKS,
        "filters": 128,
        "last_kernel": 7,
        "d_learning_rate": 0.0002,
        "g_learning_rate": 0.0002,
    },
}
_LATENT = {"filters": 32}
FROZEN_METHOD_PRESETS = {
    "small": {"fld_dm": {"dropout": 0.0}},
    "paper": {
        "fair_vae": _LATENT,
        "fld_wgan_gp": {**_LATENT, "d_learning_rate": 0.002, "g_learning_rate": 0.002},
        "fld_lsgan": {**_LATENT, "d_learning_rate": 0.002, "g_learning_rate": 0.002},
        "fld_dm": {**_LATENT, "g_learning_rate": 0.0001, "dropout": 0.1},
    },
}
_CLIPPING = ("max_grad_norm", "clip_fake", "clip_scope")
_ENCODER = ("alpha", "code_size", "encoder_rate")
FROZEN_READS = {
    "repfair": _CLIPPING,
    "clipping_only": _CLIPPING,
    "stacked_gan": ("encoder_epochs",),
    "boosted_gan": ("base_method", "n_generators", "memory", "theta_weight", "selection"),
    "fair_vae": _ENCODER,
    "fld_wgan_gp": (*_ENCODER, "vae_epochs", "vae_steps"),
    "fld_lsgan": (*_ENCODER, "vae_epochs", "vae_steps"),
    "fld_dm": (*_ENCODER, "vae_epochs", "vae_steps", "diffusion_steps"),
}


def record_values(config):
    """Returns a configuration in the words of records: a dict with a value for every setting they know.

    Args:
        config: `Config`.
    """
    name, preset = config.method.name, config.training.preset
    filled = {**FROZEN_PRESETS.get(preset, {}), **FROZEN_METHOD_PRESETS.get(preset, {}).get(name, {})}
    return {**FROZEN_DEFAULTS, **filled, **config.flat()}


def settings_of(config):
    """Returns what of a configuration the numbers of its run depend on, as text: equal for the same runs.

    Defaults are left out, so that a setting that comes later leaves the identity of old runs alone.

    Args:
        config: `Config`, or the dict of it in a record.
    """
    values = config if isinstance(config, dict) else record_values(config)
    left_out = {*NOT_IN_ID, *unread(values["method"], values.get("base_method"))}
    defaults = {**_defaults(config), **FROZEN_DEFAULTS}
    told = {name: value for name, value in values.items() if name not in left_out}
    return json.dumps({name: told[name] for name in sorted(told) if told[name] != defaults.get(name)})


def unread(method, base_method=None):
    """Returns the settings that other methods read and this one does not, as records know them."""
    every = {name for names in FROZEN_READS.values() for name in names}
    read = set(FROZEN_READS.get(method, every if method not in FROZEN_METHODS else ()))
    if "base_method" in read:
        read |= set(FROZEN_READS.get(base_method, ()))
    return every - read


FROZEN_METHODS = (*FROZEN_READS, "gan", "alternation_only", "group_balanced", "group_cgan")


def record_id(config, fingerprint, numbers):
    """Returns the identity of a run: 16 hexadecimal digits that change with whatever changes its numbers.

    Args:
        config: `Config`.
        fingerprint: that of the reference data.
        numbers: version of the numbers, `records.NUMBERS`.
    """
    told = {"numbers": numbers, "data": fingerprint, "config": settings_of(config)}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


DEFAULTS_OF_EVALUATION = {
    **{"instrument_steps": None, "max_undecided": 0.05, "judges": 1, "extractor": "trained"},
    **dict.fromkeys(("classifier", "classifier_groups", "extractor_layer")),
}
DEFAULTS_OF_DATA = {"encoding": None, "rules": None, "keys": "renumber"}


def _method_defaults(name):
    """Defaults of the settings of a method of this package; of another's none are known without it."""
    if name not in REGISTRY["method"]:
        return {}
    return {
        key: setting.default for key, setting in settings_in(lookup("method", name).settings_class()).items()
    }


def _defaults(config):
    """Defaults of settings that records of old do not know."""
    if isinstance(config, dict):
        return {**DEFAULTS_OF_DATA, **DEFAULTS_OF_EVALUATION, **_method_defaults(config["method"])}
    parts = (config.data, config.settings, config.training, config.evaluation)
    return {name: setting.default for part in parts for name, setting in settings_in(type(part)).items()}
