"""The configuration of a run: data, method with its settings, training, evaluation.

Outside it is flat: every setting is a keyword, a key of a YAML file and a flag under one name. Inside each part is
an object of its own, so that code says which part it reads.
"""

import dataclasses
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from repfair_keras.core.errors import InputError, SettingsError
from repfair_keras.core.settings import Count, Seed, plain, settings_in, shown
from repfair_keras.methods.method import Method
from repfair_keras.registry import check_name, did_you_mean, imported_methods, lookup, modality_name, names

PRESETS = ("small", "paper", "modern", "modern_medium", "modern_large")
DEFAULT_DATASET, DEFAULT_METHOD = "mnist_5k", "repfair"
LENGTH, ENCODER_LENGTH = ("epochs", "steps"), ("vae_epochs", "vae_steps")  # either, or
LENGTHS = (LENGTH, ENCODER_LENGTH)
PATHS = ("data_dir", "instruments", "classifier")  # stored as they are anywhere on the machine


@dataclass(frozen=True)
class TrainingSettings:
    """How long and how a method is trained, whatever the method.

    Args:
        preset: small (CPU), paper, modern, modern_medium or modern_large; gives the settings that are not given.
        epochs: passes over the data; give this or `steps`.
        steps: iterations of the algorithm; give this or `epochs`.
        batch_size: rows of the data in a batch.
        seed: seed of everything: groups, weights, order, noise, samples.
        steps_per_execution: steps per call of the compiled function; null: up to 16. No result depends on it.
        jit_compile: whether to compile training with XLA: on CPU slower for images, faster for tables.
    """

    preset: str = "small"
    epochs: Count | None = None
    steps: Count | None = None
    batch_size: Count | None = None
    seed: Seed = 0
    steps_per_execution: Count | None = None
    jit_compile: bool = False


@dataclass(frozen=True)
class Config:
    """A checked configuration with the preset's values in it; `configure` makes it.

    Args:
        data: settings of the data, of the class that the modality declares.
        method: `Method`.
        settings: the method's own settings.
        training: `TrainingSettings`.
        evaluation: settings of the evaluation, of the class that the modality declares.
    """

    data: Any
    method: Method
    settings: Any
    training: TrainingSettings
    evaluation: Any

    @property
    def modality(self):
        """The `Modality` of the data."""
        return modality_of(self.data.dataset)

    def flat(self) -> dict:
        """Returns all settings by name."""
        parts = (self.data, self.settings, self.training, self.evaluation)
        return {"method": self.method.name} | {
            name: value for part in parts for name, value in dataclasses.asdict(part).items()
        }

    def replace(self, **changes) -> "Config":
        """Returns the configuration with other values; a length takes the place of its pair.

        Raises:
            InputError: as `configure`.
        """
        return configure(in_place_of(self.flat(), changes))

    def phases(self, dataset):
        """Returns the generator of the method's phases on a data set."""
        return self.method.phases(dataset, self.settings, self.training)

    def check_data(self, dataset):
        """Raises `InputError` if the method cannot be trained on a data set."""
        self.method.check_data(dataset, self.settings, self.training)

    def to_yaml(self) -> str:
        """Returns the configuration as YAML."""
        return yaml.safe_dump(self.flat(), sort_keys=False)


def modality_of(dataset):
    """Returns the `Modality` of a data set's name."""
    return lookup("modality", modality_name(dataset))()


def configure(values=None, *, unread="refuse", **more) -> Config:
    """Makes a configuration: fills in the preset, and checks every value.

    Args:
        values: dict of setting to value; `None` stands for one that is not given.
        unread: what to do with a setting that the method, or this kind of data, does not read: `"refuse"`, if it is
            not at its default, or `"drop"`.
        more: the same as keywords.

    Returns:
        `Config`.

    Raises:
        SettingsError: lists all that is wrong.

    Examples:
        >>> from repfair_keras.runs.config import configure
        >>> config = configure(method="gan", steps=100, seed=1)
        >>> config.training.steps, config.training.epochs, config.settings.filters
        (100, None, 32)
        >>> configure(batch_size=8.5)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        repfair_keras.core.errors.SettingsError: batch_size is 8.5: expected an integer from 1 to ..., or null.
    """
    given = {name: plain(value) for name, value in {**(values or {}), **more}.items()}
    given = {name: value for name, value in given.items() if value is not None}
    problems = Problems()
    preset = problems.known("preset", given, TrainingSettings.preset)
    method = problems.named("method", given, DEFAULT_METHOD)
    dataset = problems.named("dataset", given, DEFAULT_DATASET)
    if method is None or dataset is None or preset is None:
        problems.check(given, every_setting())
        problems.raise_if_any()
    parts = _parts(lookup("method", method), modality_of(dataset), given, problems)
    declared = {name: setting for part in parts.values() for name, setting in settings_in(part).items()}
    problems.check(given, declared)
    problems.fits(lookup("method", method), dataset)
    read = problems.without_unread(given, declared, method, dataset, unread)
    problems.lengths(read)
    problems.raise_if_any()
    filled = in_place_of({k: v for k, v in load_preset(preset, method).items() if k in declared}, read)
    filled = {name: declared[name].typed(value) for name, value in filled.items()}
    filled |= {name: str(Path(filled[name]).expanduser().absolute()) for name in _paths(filled)}
    made = {
        key: part(**{n: filled[n] for n in settings_in(part) if n in filled}) for key, part in parts.items()
    }
    problems.together(made["settings"])
    if unread == "refuse":
        problems.of_network(made["settings"], read, method)
    problems.raise_if_any()
    return Config(method=lookup("method", method), **made)


def _paths(filled):
    """Yields the settings that are paths; the extractor is one, or a name."""
    yield from (name for name in PATHS if name in filled)
    if (
        Path(filled.get("extractor") or "").is_file()
        or Path(filled.get("extractor") or "", "saved_model.pb").is_file()
    ):
        yield "extractor"


def _parts(method, modality, given, problems):
    try:
        settings = method.settings_class(given)
    except InputError as error:
        problems.add("base_method", str(error))
        problems.raise_if_any()
    return {
        "data": modality.data_settings,
        "settings": settings,
        "training": TrainingSettings,
        "evaluation": modality.evaluation_settings,
    }


class Problems:
    """What is wrong with given settings, each with the setting's name."""

    def __init__(self):
        self.found = []

    def add(self, name, text):
        """Adds a problem."""
        self.found.append((name, text))

    def raise_if_any(self):
        """Raises `SettingsError` with all problems."""
        if self.found:
            raise SettingsError(dict.fromkeys(self.found))

    def named(self, kind, given, default):
        """Returns the name of a method or a data set; `None` if it is not known."""
        name = given.get(kind, default)
        try:
            check_name(kind, name)
        except InputError as error:
            self.add(kind, str(error))
            return None
        return name

    def known(self, kind, given, default):
        """Returns the name of a preset; `None` if it is not known."""
        name = given.get(kind, default)
        if name in PRESETS:
            return name
        self.add(kind, f"unknown preset {name!r}. Known: {', '.join(PRESETS)}.")
        return None

    def check(self, given, declared):
        """Adds a problem for each value out of range or of the wrong type."""
        for name, value in given.items():
            problem = declared[name].problem(value) if name in declared else None
            if problem:
                self.add(name, problem)

    def fits(self, method, dataset):
        """Adds a problem if the method is not one for this kind of data."""
        modality = modality_name(dataset)
        if modality not in method.modalities:
            fitting = [other.name for other in imported_methods() if modality in other.modalities]
            what = "makes images" if method.makes_images else f"is one for {' and '.join(method.modalities)}"
            kind = "is a table" if modality == "tables" else "holds images"
            self.add(
                "method",
                f"method is {method.name!r}, which {what}, but {dataset!r} {kind}: expected one of "
                f"{', '.join(fitting)}.",
            )

    def without_unread(self, given, declared, method, dataset, unread):
        """Returns the settings that are read; adds a problem for each other that would change something."""
        modality, read = modality_name(dataset), {}
        for name, value in given.items():
            if name == "method":
                continue
            setting = declared.get(name)
            if setting is not None and setting.only in (None, modality):
                read[name] = value
            elif name not in every_setting():
                close = did_you_mean(name, list(every_setting()))
                self.add(name, f"unknown setting {name!r}.{close} Known: {', '.join(every_setting())}.")
            elif unread == "refuse" and value not in _plain_values(name, given.get("preset"), method):
                self.add(name, _not_read(name, value, method, dataset))
        return read

    def lengths(self, given):
        """Adds a problem where both of a pair of lengths are given."""
        for pair in LENGTHS:
            if all(name in given for name in pair):
                values = " and ".join(shown(given[name]) for name in pair)
                self.add(
                    pair[1], f"{' and '.join(pair)} is {values}: expected one of the two, null the other."
                )

    def together(self, settings):
        """Adds what a method says of its settings together."""
        for text in getattr(settings, "problems", tuple)():
            self.add(text.split(" ", 1)[0], text)

    def of_network(self, settings, given, method):
        """Adds a problem for each given setting that the networks do not read, but others would."""
        name = getattr(settings, "network", None)
        if name not in names("network"):
            return
        networks = [lookup("network", each) for each in names("network")]
        readers = {
            setting: [each.name for each in networks if setting in (each.reads or ())]
            for each in networks
            for setting in each.reads or ()
        }
        own = lookup("network", name).reads
        for setting, value in given.items():
            unread = own is not None and setting in readers and setting not in own
            if unread and value not in _plain_values(setting, given.get("preset"), method):
                others = " or ".join(readers[setting])
                self.add(
                    setting,
                    f"{setting} is {shown(value)}, but network {name!r} does not read it: leave it out, or take "
                    f"network {others}.",
                )


def _not_read(name, value, method, dataset):
    """Says that a setting would change nothing, and what reads it."""
    modality = modality_name(dataset)
    other = {"images": "holds images", "tables": "is a table"}[modality]
    theirs = [lookup("modality", each) for each in names("modality") if each != modality]
    if any(
        name in settings_in(part)
        for each in theirs
        for part in (each.data_settings, each.evaluation_settings)
    ):
        return f"{name} is {shown(value)}, but {dataset!r} {other}: leave it out."
    readers = [
        reader.name
        for reader in imported_methods()
        if name in reader.setting_names() and modality in reader.modalities
    ]
    here = f" on {dataset}" if method in readers else ""
    few = 0 < len(readers) <= 4 and not here  # most methods read most settings of networks: no advice
    instead = f", or take method {' or '.join(readers)}" if few else ""
    return f"{name} is {shown(value)}, but method {method!r} does not read it{here}: leave it out{instead}."


def _plain_values(name, preset, method):
    """Values of a setting at which it says nothing: its default, and what the preset gives."""
    preset = preset or TrainingSettings.preset
    values = [setting.default for setting in _declarations(name)]
    return [*values, load_preset(preset, method).get(name), load_preset(preset, DEFAULT_METHOD).get(name)]


def every_setting():
    """Returns every setting that a method, a kind of data or training reads: dict of name to `Setting`."""
    return {setting.name: setting for declaration in _every_declaration() for setting in declaration.values()}


def _declarations(name):
    return [declaration[name] for declaration in _every_declaration() if name in declaration]


def _every_declaration():
    modalities = [lookup("modality", name) for name in names("modality")]
    classes = [part for each in modalities for part in (each.data_settings, each.evaluation_settings)]
    classes += [TrainingSettings, *(method.settings_class() for method in imported_methods())]
    return [settings_in(part) for part in classes]


@cache
def _preset_file(name):
    text = resources.files("repfair_keras.runs").joinpath("presets", f"{name}.yaml").read_text("utf-8")
    values = yaml.safe_load(text)
    base = values.pop("base", None)
    return values if base is None else in_place_of(_preset_file(base), values)


def load_preset(name, method):
    """Returns a preset's values by name: those for all methods, and those for one in their place.

    Args:
        name: name of the preset.
        method: name of the method; of an unknown one, the values for all.

    Raises:
        InputError: if the name is not known.
    """
    if name not in PRESETS:
        raise InputError(f"unknown preset {name!r}. Known: {', '.join(PRESETS)}.")
    values = dict(_preset_file(name))
    of_methods = values.pop("methods")
    values = in_place_of(values, of_methods.get(str(method), {}))
    own = lookup("method", method).presets.get(name, {}) if method in names("method") else {}
    return in_place_of(values, own)


def in_place_of(values, others):
    """Returns values with others in their place; a length takes the place of its pair."""
    replaced = {
        name for pair in LENGTHS if any(others.get(name) is not None for name in pair) for name in pair
    }
    return {**{name: value for name, value in values.items() if name not in replaced}, **others}


def config_from_dict(values, **options) -> Config:
    """Returns the `Config` that `Config.to_yaml`, also that of an earlier version, wrote.

    Args:
        values: what the YAML holds.
        options: further arguments of `configure`.

    Raises:
        InputError: if a key is not known, or a value does not fit.
    """
    if not isinstance(values, dict):
        raise InputError(
            f"the configuration is {values!r}: expected keys and values. Known: {', '.join(every_setting())}."
        )
    return configure(values, **options)
