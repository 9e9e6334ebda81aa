"""The errors that an entry point turns into a message and an exit code."""


class InputError(ValueError):
    """Bad input: the message names the value, what is expected and how to mend it. Exit code 2."""


class TrainingDivergedError(RuntimeError):
    """A loss is no longer a number. Exit code 1."""


class TrainingStopped(KeyboardInterrupt):
    """Ctrl-C during training; the message says how to go on. Exit code 130."""
