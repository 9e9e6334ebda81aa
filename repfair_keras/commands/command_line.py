"""What the entry points share: typed options, and errors that a user can mend as exit code 2."""

import argparse
import os
import re
import sys
from pathlib import Path

import yaml

from repfair_keras.core.errors import InputError, TrainingDivergedError

FAILED, USAGE_ERROR, INTERRUPTED = 1, 2, 130


def call(main, argv=None):
    """Calls `main(argv)`, and ends the process with its message and exit code if it fails as a user may."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        main(sys.argv[1:] if argv is None else argv)
    except InputError as error:
        leave(f"error: {error}", USAGE_ERROR)
    except (TrainingDivergedError, OSError) as error:  # OSError: a full disk, say
        leave(f"error: {error}", FAILED)
    except KeyboardInterrupt as error:
        leave(f"\nstopped. {error}", INTERRUPTED)


def leave(message, code):
    """Prints a message to standard error and ends the process."""
    print(message, file=sys.stderr)
    sys.exit(code)


def options_of(command, description):
    """Returns a parser of typed options for `python -m repfair_keras.<command>`, to be filled.

    Options are spelt in full: what reads the command line before the parser would not see a shorter name.
    """
    from jsonargparse import ArgumentParser

    prog = f"python -m repfair_keras.{command}"
    return ArgumentParser(prog=prog, description=description, exit_on_error=False, allow_abbrev=False)


def parse(parser, argv):
    """Parses with a parser that `options_of` made.

    Raises:
        InputError: for an unknown option or a value of the wrong type; lists the known options.
    """
    from jsonargparse import ArgumentError

    argv = [re.sub(r"^(--\w+=)?([+-]?)(inf|nan)$", r"\1\2.\3", word) for word in argv]  # as YAML spells them
    try:
        return parser.parse_args(argv)
    except ArgumentError as error:
        known = sorted(option for option in parser._option_string_actions if option.startswith("--"))
        raise InputError(f"{error}\nKnown options: {' '.join(known)}") from error


def named_in(argv, **defaults):
    """Returns what the flags, or the `--config` file among them, give for some options: a dict.

    Args:
        argv: words of the command line.
        defaults: option to what it is if it is not given.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for name in (*defaults, "config"):
        parser.add_argument(f"--{name}")
    known = vars(parser.parse_known_args(argv)[0])
    stored = _stored(known.pop("config"))
    given = {name: value for name, value in known.items() if value is not None}
    return {**defaults, **{name: stored[name] for name in defaults if name in stored}, **given}


def _stored(path):
    """Returns the keys and values of a YAML file; none if there is no such file."""
    if path is None or not Path(path).is_file():
        return {}
    try:
        stored = yaml.safe_load(Path(path).read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path} cannot be read as YAML: {error}") from error
    return stored if isinstance(stored, dict) else {}
