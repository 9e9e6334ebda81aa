"""`python -m repfair_keras.train`: trains a generator, reports how it represents the groups, exports it."""

import shlex

from repfair_keras.commands.command_line import (
    TRUST,
    Options,
    WordsError,
    asked_for_help,
    command_that_works,
    option,
)
from repfair_keras.core.errors import InputError, SettingsError
from repfair_keras.core.saved_graphs import trusted
from repfair_keras.core.settings import CountFrom0, settings_in
from repfair_keras.registry import imported_methods, lookup, names
from repfair_keras.runs.config import (
    DEFAULT_DATASET,
    DEFAULT_METHOD,
    LENGTH,
    TrainingSettings,
    configure,
    every_setting,
    in_place_of,
    load_preset,
    modality_of,
)
from repfair_keras.runs.options_file import read_options_file

COMMAND = ("python", "-m", "repfair_keras.train")
METHOD = option("method", str, DEFAULT_METHOD, "")
OF_RUN = {
    "config": option(
        "config", str | None, None, "YAML file with any of these options; flags come in its values' place"
    ),
    "out": option("out", str | None, None, "folder of the run; null: a new one below runs/"),
    "resume": option("resume", str | None, None, "folder of a stopped run to go on with"),
    "verbose": option("verbose", CountFrom0, 1, "0 silent, 1 progress, 2 a line per epoch"),
    "trust": TRUST,
    "print_config": option("print_config", bool, False, "print the configuration as YAML, and end"),
}
EXAMPLE = "python -m repfair_keras.train --dataset mnist --method repfair --epochs 5 --seed 0 --out runs/a"


def options_of(method=DEFAULT_METHOD, dataset=DEFAULT_DATASET, preset=TrainingSettings.preset, given=None):
    """Returns the `Options` of the command for a method and a data set."""
    known_method = lookup("method", method) if method in names("method") else lookup("method", DEFAULT_METHOD)
    modality = modality_of(dataset if dataset in names("dataset") else DEFAULT_DATASET)
    chosen = METHOD, ", ".join(names("method"))
    parts = {
        "data": settings_in(modality.data_settings),
        f"method {known_method.name}": {
            "method": option("method", str, known_method.name, f"one of {chosen[1]}"),
            **settings_in(known_method.settings_class(given or {})),
        },
        "training": settings_in(TrainingSettings),
        "evaluation": settings_in(modality.evaluation_settings),
    }
    usual = load_preset(preset if preset in ("small", "paper") else "small", known_method.name)
    groups = {title: {n: _with_default(s, usual) for n, s in group.items()} for title, group in parts.items()}
    return Options(
        "train", __doc__.split(": ", 1)[1], {**groups, "run": OF_RUN}, example=EXAMPLE, more=_others(groups)
    )


def _with_default(setting, usual):
    if setting.default is None and setting.name in usual:
        return option(setting.name, setting.annotation, usual[setting.name], setting.help)
    return setting


def _others(groups):
    """The settings of other methods and of other kinds of data."""
    shown = {name for group in groups.values() for name in group}
    others = {}
    for method in imported_methods():
        own = settings_in(method.settings_class())
        others[f"method {method.name}"] = {name: s for name, s in own.items() if name not in shown}
        shown |= set(own)
    for name in names("modality"):
        modality = lookup("modality", name)
        own = {**settings_in(modality.data_settings), **settings_in(modality.evaluation_settings)}
        others[name] = {key: setting for key, setting in own.items() if key not in shown}
    return {title: group for title, group in others.items() if group}


def main(argv):
    """Parses, checks and trains, or goes on with a run."""
    if (everything := asked_for_help(argv)) is not None:
        print(_options_for(argv, lenient=True).help(everything))
        return
    given, run_options, wrong = _read(argv)
    if run_options["resume"] is not None and not wrong:
        with trusted(run_options["trust"]):
            _resume(run_options, given)
        return
    # Wrong values end here, before TensorFlow is imported.
    config = _configured(argv, given, run_options, wrong)
    if run_options["print_config"]:
        print(config.to_yaml(), end="")
        return
    from repfair_keras.training.run import train

    with trusted(run_options["trust"]):
        finish(*train(config, run_options["out"], run_options["verbose"]))


def _read(argv):
    """Returns the settings, the options of the run, and what is wrong with them."""
    options = _options_for(argv)
    wrong = []
    try:
        given = options.parse(argv, {**every_setting(), **OF_RUN, "method": METHOD})
    except WordsError as error:
        wrong, given = error.problems, error.given
    run_options = {name: given.pop(name, setting.default) for name, setting in OF_RUN.items()}
    return given, run_options, [*wrong, *options.problems_of(run_options)]


def _configured(argv, given, run_options, wrong):
    """Returns the `Config`; with what is wrong elsewhere on the command line, raises all of it at once."""
    try:
        config = _config(given, run_options)
    except SettingsError as error:
        wrong = [*wrong, *error.problems]
    if wrong:
        raise SettingsError(wrong).with_advice(_advice(argv, wrong))
    return config


def _config(given, run_options):
    if run_options["config"] is not None:
        given = in_place_of(read_options_file(run_options["config"]), given)
    return configure(given)


def _advice(argv, wrong):
    """Returns a command near this one that works, and was tried; `None` if there is none."""
    command = command_that_works("train", argv, wrong)
    if command is None:
        return None
    try:
        given, run_options, still_wrong = _read(shlex.split(command)[len(COMMAND) :])
        _config(given, run_options)
    except InputError:
        return None
    return None if still_wrong or run_options["resume"] is not None else command


def _options_for(argv, lenient=False):
    """Returns the options for the method and the data that the words, or the `--config` file among them, name."""
    flags = ("method", "dataset", "preset", "base_method", "config")
    found = {name: _value_of(name, argv) for name in flags}
    if found["config"] is not None and not lenient:
        stored = read_options_file(found["config"])
        found = {name: found[name] if found[name] is not None else stored.get(name) for name in flags}
    base = {"base_method": found["base_method"]} if found["base_method"] in names("method") else {}
    named = {name: found[name] for name in ("method", "dataset", "preset") if found[name] is not None}
    return options_of(**named, given=base)


def _value_of(name, argv):
    for position, word in enumerate(argv):
        if word == f"--{name}" and position + 1 < len(argv):
            return argv[position + 1]
        if word.startswith(f"--{name}="):
            return word.partition("=")[2]
    return None


def _resume(run_options, given):
    """Goes on with a run; refuses settings besides its length and its data's place."""
    allowed = {"data_dir", "instruments", *LENGTH}
    others = [name for name in given if name not in allowed]
    others += [name for name in ("config", "out") if run_options[name] is not None]
    if others:
        raise InputError(
            f"--resume takes the run's own settings, but --{others[0]} is given too. Leave it out, or start a new run "
            f"with --out. This works: {shlex.join([*COMMAND, '--resume', run_options['resume']])}"
        )
    from repfair_keras.training.run import resume

    finish(*resume(run_options["resume"], **given, verbose=run_options["verbose"]))


def finish(run, report):
    """Prints the report's table and where everything is."""
    from repfair_keras.reporting.console import to_text

    print(to_text(report))
    for name in (
        "report",
        "report_html",
        "report_md",
        "figures",
        "synthetic",
        "generator",
        "generator_keras",
    ):
        if getattr(run, name).exists():
            print(f"{name.replace('_', ' '):16} {getattr(run, name)}")
