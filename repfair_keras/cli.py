"""What the entry points share: typed options, and errors that a user can mend as exit code 2."""

import argparse
import os
import sys
from pathlib import Path

import yaml

from repfair_keras.errors import InputError

USAGE_ERROR, INTERRUPTED = 2, 130


def call(main, argv=None):
    """Calls `main(argv)`, and ends the process with its message and exit code if it fails as a user may."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        main(sys.argv[1:] if argv is None else argv)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(USAGE_ERROR)
    except KeyboardInterrupt:
        print("\nstopped.", file=sys.stderr)
        sys.exit(INTERRUPTED)


def parse(parser, argv):
    """Parses with a jsonargparse parser made with `exit_on_error=False`.

    Raises:
        InputError: for an unknown option or a value of the wrong type; lists the known options.
    """
    from jsonargparse import ArgumentError

    try:
        return parser.parse_args(argv)
    except ArgumentError as error:
        known = sorted(option for option in parser._option_string_actions if option.startswith("--"))
        raise InputError(f"{error}\nKnown options: {' '.join(known)}") from error


def preset_of(argv, default):
    """Returns the preset that the flags, or the `--config` file among them, name."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--preset")
    parser.add_argument("--config")
    known, _ = parser.parse_known_args(argv)
    if known.preset is None and known.config is not None and Path(known.config).is_file():
        stored = yaml.safe_load(Path(known.config).read_text("utf-8"))
        return stored.get("preset", default) if isinstance(stored, dict) else default
    return known.preset or default
