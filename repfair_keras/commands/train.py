"""`python -m repfair_keras.train`: trains a generator, reports how it represents the groups, exports it."""

import dataclasses

from repfair_keras.commands.command_line import call, named_in, options_of, parse
from repfair_keras.core.errors import InputError
from repfair_keras.runs.config import LENGTH, LENGTHS, PRESETS, Config, load_preset


def make_parser(preset=Config.preset, method=Config.method):
    """Returns the parser; every field of `Config` is an option, with the preset's values for the method."""
    parser = options_of("train", __doc__)
    parser.add_argument("--config", action="config", help="YAML file with any of the options below")
    parser.add_class_arguments(Config)
    parser.add_argument("--out", type=str | None, help="folder of the run; null: a new one below runs/")
    parser.add_argument("--resume", type=str | None, help="folder of a stopped run to go on with")
    parser.add_argument("--verbose", type=int, default=1, help="0 silent, 1 progress bar, 2 a line per epoch")
    if preset in PRESETS:
        either_or = {name for pair in LENGTHS for name in pair}
        values = load_preset(preset, method)
        parser.set_defaults({key: value for key, value in values.items() if key not in either_or})
    return parser


def main(argv):
    """Parses and calls `training.run`."""
    parser = make_parser(**named_in(argv, preset=Config.preset, method=Config.method))
    options = parse(parser, config_first(argv))
    if options.resume is None:
        fields = {field.name: options[field.name] for field in dataclasses.fields(Config)}
        fields = length_of_flags(fields, argv)
        config = Config(**fields).resolve()  # wrong values end here, before TensorFlow is imported
        from repfair_keras.training.run import train

        finish(*train(config, options.out, options.verbose))
    else:
        refuse_other_settings(argv)
        from repfair_keras.training.run import resume

        where = {"data_dir": options.data_dir, "instruments": options.instruments}
        finish(*resume(options.resume, options.steps, options.epochs, **where, verbose=options.verbose))


def length_of_flags(fields, argv):
    """Returns the fields with a length that a flag gives in the place of the one in the `--config` file.

    A stored configuration has `steps` or `epochs`, and a flag may well name the other.
    """
    given = {name for name in flags(argv) if fields.get(name) is not None}
    replaced = [name for pair in LENGTHS if len(given.intersection(pair)) == 1 for name in set(pair) - given]
    return {**fields, **dict.fromkeys(replaced)}


def config_first(argv):
    """Returns the words with `--config` and its file before all others, which come in its values' place."""
    ours = {i for i, word in enumerate(argv) if word.startswith("--config=")}
    ours |= {j for i, word in enumerate(argv) if word == "--config" for j in (i, i + 1) if j < len(argv)}
    places = sorted(range(len(argv)), key=lambda i: (i not in ours, i))
    return [argv[i] for i in places]


def flags(argv):
    """Returns the names of the options on a command line, in order."""
    return [word.split("=")[0].removeprefix("--") for word in argv if word.startswith("--")]


def refuse_other_settings(argv):
    """Raises `InputError` if a resumed run is given settings besides its length and its data's place."""
    allowed = {"resume", "verbose", "data_dir", "instruments", *LENGTH}
    others = [name for name in flags(argv) if name not in allowed]
    if others:
        raise InputError(
            f"--resume takes the run's own settings, but --{others[0]} is given too. Leave it out, or start "
            "a new run with --out."
        )


def finish(run, report):
    """Prints the report's table and where everything is."""
    from repfair_keras.reporting.console import is_of_table, to_text

    print(to_text(report))
    places = ["report", "report_md", "figures", *(["synthetic"] if is_of_table(report) else [])]
    for name in (*places, "generator", "generator_keras"):
        print(f"{name.replace('_', ' '):16} {getattr(run, name)}")


if __name__ == "__main__":
    call(main)
