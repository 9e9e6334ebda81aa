"""What the commands share: options from settings, and errors that a user can mend as exit code 2."""

import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from repfair_keras.core.errors import InputError, SettingsError, StorageError, TrainingDivergedError
from repfair_keras.core.garbage import collect_seldom
from repfair_keras.core.quiet_tensorflow import quiet_tensorflow
from repfair_keras.core.settings import Setting, describe_type, shown
from repfair_keras.core.storage import MEND, storage_problem
from repfair_keras.registry import did_you_mean

FAILED, USAGE_ERROR, INTERRUPTED = 1, 2, 130
HELP = ("-h", "--help")


def call(main, argv=None):
    """Calls `main(argv)`, and ends the process with its message and exit code if it fails as a user may."""
    quiet_tensorflow()
    collect_seldom()
    try:
        main(sys.argv[1:] if argv is None else argv)
    except InputError as error:
        leave(f"error: {error}", USAGE_ERROR)
    except (TrainingDivergedError, StorageError) as error:
        leave(f"error: {error}", FAILED)
    except KeyboardInterrupt as error:
        leave(f"\nstopped. {error}", INTERRUPTED)
    except Exception as error:  # a disk that is full is told by whoever writes, TensorFlow too
        problem = storage_problem(error)
        if problem is None and not isinstance(error, OSError):
            raise
        leave(
            f"error: {error if problem is None else f'{problem} {MEND}, and call the command again.'}", FAILED
        )


def leave(message, code):
    """Prints a message to standard error and ends the process."""
    print(message, file=sys.stderr)
    sys.exit(code)


class WordsError(SettingsError):
    """Words that are no options. What the others give is kept, so that all that is wrong is told at once.

    Args:
        problems: pairs of an option's name and what is wrong, as in `SettingsError`.
        given: the values of the other words.
    """

    def __init__(self, problems, given):
        super().__init__(problems)
        self.given = given


@dataclass(frozen=True)
class Options:
    """The options of a command.

    Args:
        command: its name.
        purpose: one sentence.
        groups: dict of a title to a dict of name to `Setting`.
        positional: names of what is given without a flag; the last may be given several times if `many`.
        many: whether it may.
        example: a command that works.
        more: what `--help all` shows beside `groups`, in the same form.
    """

    command: str
    purpose: str
    groups: dict
    positional: tuple[str, ...] = ()
    many: bool = False
    example: str = ""
    more: dict = field(default_factory=dict)

    @property
    def settings(self):
        """All settings by name."""
        return {name: setting for group in self.groups.values() for name, setting in group.items()}

    def parse(self, argv, known=None):
        """Returns what a command line gives: a dict of name to value.

        A word that is no value of its setting stays a word, for the check of all settings together.

        Args:
            argv: words.
            known: settings by name that may be given; `None`: those of the command.

        Raises:
            InputError: lists every option that is not known, and what is missing.
        """
        known = {**self.settings, **(known or {})}
        given, problems = _words(argv, known)
        values = given.pop("positional", [])
        if len(values) > len(self.positional) and not self.many:
            problems.append(
                ("", f"{values[len(self.positional)]!r} is one word too many: expected {self.usage}.")
            )
        if len(values) < len(self.positional):
            problems.append(
                ("", f"{self.positional[len(values)].upper()} is missing: expected {self.usage}.")
            )
        places = dict(zip(self.positional, values, strict=False))
        if self.many:
            places[self.positional[-1]] = values[len(self.positional) - 1 :]
        if problems:
            raise WordsError(problems, {**given, **places})
        return {**given, **places}

    def problems_of(self, values):
        """Returns what is wrong with values: pairs of an option's name and a sentence."""
        checked = (
            (name, self.settings[name].problem(value))
            for name, value in values.items()
            if name in self.settings
        )
        return [(name, text) for name, text in checked if text]

    def read(self, argv):
        """Returns the value of every option of a command that has no others.

        Raises:
            SettingsError: lists all that is wrong, and names a command that works.
        """
        try:
            given, wrong = self.parse(argv), []
        except WordsError as error:
            given, wrong = error.given, error.problems
        values = {**{name: setting.default for name, setting in self.settings.items()}, **given}
        wrong = [*wrong, *self.problems_of(values)]
        if wrong:
            raise SettingsError(wrong).with_advice(command_that_works(self.command, argv, wrong))
        return values

    def read_or_help(self, argv):
        """Returns what `read` does; `None`, after printing the help, where a command line asks for it."""
        everything = asked_for_help(argv)
        if everything is None:
            return self.read(argv)
        print(self.help(everything))
        return None

    @property
    def usage(self):
        """The command with what it takes."""
        words = [
            name.upper() + (" ..." if self.many and name == self.positional[-1] else "")
            for name in self.positional
        ]
        return " ".join([*called(self.command), *words, "[--option value ...]"])

    def help(self, everything=False):
        """Returns the help text; `everything`: also the options that are read in other cases alone."""
        lines = [self.purpose, "", f"usage: {self.usage}"]
        for title, group in {**self.groups, **(self.more if everything else {})}.items():
            lines += ["", f"{title}:", *(_help_line(setting, full=everything) for setting in group.values())]
        if self.more and not everything:
            lines += ["", f"Options of other cases: {' '.join(called(self.command))} --help all"]
        if self.example:
            lines += ["", f"example: {self.example}"]
        return "\n".join(lines)


def called(command: str) -> list[str]:
    """Returns the words with which a command is called: most are modules, `demo` and `push` are not."""
    is_module = (Path(__file__).resolve().parents[1] / f"{command}.py").is_file()
    return ["python", "-m", *([f"repfair_keras.{command}"] if is_module else ["repfair_keras", command])]


def asked_for_help(argv):
    """Returns `None`, or whether everything is to be shown, where a command line asks for help."""
    asked = next((i for i, word in enumerate(argv) if word in HELP), None)
    return None if asked is None else argv[asked + 1 : asked + 2] == ["all"]


def option(name: str, annotation: Any, default: Any, meaning: str) -> Setting:
    """Returns an option that belongs to a command alone."""
    return Setting(name, annotation, default, meaning)


TRUST = option("trust", bool, False, "load SavedModels whose graphs reach to files, processes or the network")


def command_that_works(command, argv, problems):
    """Returns the command with what is wrong left out or mended, for a message; `None` where that is not enough."""
    mend = {name: value for _, text in problems for name, value in getattr(text, "mend", {}).items()}
    wrong = {name for name, text in problems if not getattr(text, "mend", {})}
    words, typed, skip = [], set(), False
    for position, word in enumerate(argv):
        if skip:
            skip = False
            continue
        name = word.split("=")[0].removeprefix("--")
        if word.startswith("--") and name in {*wrong, *mend}:
            typed.add(name)
            skip = "=" not in word and position + 1 < len(argv) and not argv[position + 1].startswith("--")
            continue
        words.append(word)
    if not wrong <= typed:  # it is wrong by default, or in a file: leaving options out mends nothing
        return None
    words += [word for name, value in mend.items() for word in (f"--{name}", str(value))]
    return shlex.join([*called(command), *words])


def _words(argv, known):
    """Sorts words into options and the rest; returns the values, and what is wrong."""
    given, problems, rest, position = {}, [], [], 0
    while position < len(argv):
        word = argv[position]
        position += 1
        if not word.startswith("--") or word == "--":
            rest.append(word)
            continue
        name, equals, text = word.removeprefix("--").partition("=")
        if name not in known:
            problems.append((name, f"unknown option --{name}.{_close(name, known)}"))
            if not equals and _is_value(argv, position):
                position += 1
            continue
        if not equals:
            switch = known[name].annotation is bool
            alone = not _is_value(argv, position)
            if alone and not switch:
                problems.append((name, f"--{name} has no value: expected {known[name].expected}."))
                continue
            text = (
                "true"
                if alone or (switch and known[name].parse(argv[position]) == argv[position])
                else argv[position]
            )
            position += 0 if alone or (switch and text == "true" and argv[position] != "true") else 1
        several = [text]
        while not equals and len(several) < known[name].words and _is_value(argv, position):
            several.append(argv[position])
            position += 1
        given[name] = several if known[name].words > 1 else known[name].parse(text)
    return {**given, "positional": rest}, problems


def _is_value(argv, position):
    return position < len(argv) and not argv[position].startswith("--")


def _close(name, known):
    close = did_you_mean(name, list(known)).replace("'", "")
    return close.replace("Did you mean ", "Did you mean --") if close else ""


def _help_line(setting, full=False):
    default = (
        ""
        if setting.default is None or setting.default == []
        else f" [{shown(setting.default).strip(chr(39))}]"
    )
    text = setting.help if full else setting.help.split("; ")[0].split(". ")[0].rstrip(".")
    return f"  --{setting.name:<20} {text}{default}" + (
        f" ({describe_type(setting.annotation)})" if full else ""
    )
