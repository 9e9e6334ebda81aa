"""The errors that an entry point turns into a message and an exit code."""

import re

LONGEST_WORD, LONGEST_MESSAGE = 400, 4000  # characters


class InputError(ValueError):
    """Bad input: the message names the value, what is expected and how to mend it. Exit code 2.

    Args:
        message: the sentence.

    Examples:
        >>> import repfair_keras as rf
        >>> issubclass(rf.InputError, ValueError)
        True
        >>> print(rf.InputError("group 'a\\x1b[2J' is not known"))
        group 'a\\x1b[2J' is not known
    """

    def __str__(self):
        """The message as it may be shown: what cannot be printed is escaped, and what is endless shortened."""
        return readable(super().__str__())


class TrainingDivergedError(RuntimeError):
    """A loss is no longer a number. Exit code 1."""


class TrainingStopped(KeyboardInterrupt):
    """Ctrl-C during training; the message says how to go on. Exit code 130."""


class StorageError(RuntimeError):
    """A disk that is full, or cannot be written; the message names the file and says how to go on. Exit code 1."""


class Mendable(str):
    """What is wrong with settings together, a sentence, and the settings that mend it.

    Args:
        text: the sentence, which begins with the name of the setting.
        mend: the same as keywords: each setting's value.
    """

    def __new__(cls, text, **mend):
        made = super().__new__(cls, text)
        made.mend = mend
        return made


class SettingsError(InputError):
    """Bad settings: all that is wrong with them in one message.

    Args:
        problems: pairs of a setting's name and what is wrong with it, a sentence or a `Mendable` one.
    """

    def __init__(self, problems):
        self.problems = list(problems)
        texts = [text for _, text in self.problems]
        head = "" if len(texts) == 1 else f"{len(texts)} settings are wrong:\n"
        super().__init__(head + "\n".join(texts if len(texts) == 1 else (f"- {text}" for text in texts)))

    def with_advice(self, command):
        """Returns the error with a command that works, if there is one, at the end of its message."""
        if command is not None:
            self.args = (f"{self}\nThis works: {command}",)
        return self


def readable(text):
    """Returns a text without what a terminal would obey, and without the middle of what is endless.

    Args:
        text: a message, which may hold values of a user's files.
    """
    text = "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
    text = re.sub(rf"\S{{{LONGEST_WORD},}}", lambda word: f"{word[0][:100]}…{word[0][-100:]}", text)
    if len(text) <= LONGEST_MESSAGE:
        return text
    return f"{text[:3000]}\n… ({len(text) - 3900:,} characters are left out) …\n{text[-900:]}"
