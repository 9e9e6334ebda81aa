"""`repfair COMMAND`, or `python -m repfair_keras COMMAND`: all commands under one name."""

import importlib
import json
import sys

from repfair_keras.commands.command_line import call
from repfair_keras.core.errors import InputError
from repfair_keras.registry import did_you_mean

COMMANDS = {
    "train": "train a generator, report how it represents the groups, export it",
    "inspect": "what your table holds, what is wrong with it, and what trains on it",
    "evaluate": "measure a run, an exported generator, or samples of any program",
    "validate": "try on real images whether shares of your groups can be measured",
    "audit": "shares of groups from predictions of any classifier, without images",
    "sample": "draw images or rows from an exported generator",
    "convert": "write a generator of images for other runtimes, LiteRT and ONNX",
    "demo": "a local page on a run: draw in the shares that you ask for",
    "push": "put a run's generator, its card and its report onto a hub",
    "compare": "methods side by side over seeds",
    "sweep": "make the runs of a grid, on all cores or on a cluster",
    "reproduce": "draw a figure of a paper from recorded runs, and judge",
    "metrics": "print the definition of every metric",
}


def main(argv):
    """Calls the command that the first word names with the others."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        lines = [f"  {name:10} {purpose}" for name, purpose in COMMANDS.items()]
        print("\n".join(["usage: repfair COMMAND ...   (repfair COMMAND --help)", "", *lines]))
        return
    if argv[0] in ("-V", "--version"):
        from repfair_keras.runs.versions import versions

        print(json.dumps(versions(), indent=1))
        return
    command, *words = argv
    if command not in COMMANDS:
        raise InputError(
            f"unknown command {command!r}.{did_you_mean(command, list(COMMANDS))} Known: {', '.join(COMMANDS)}."
        )
    importlib.import_module(f"repfair_keras.commands.{command}").main(words)


def run():
    """The console script."""
    call(main, sys.argv[1:])
