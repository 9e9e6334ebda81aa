"""The one error for what a user can mend."""


class InputError(ValueError):
    """Bad input: the message names the value, what is expected and how to mend it.

    Entry points print the message and leave with exit code 2.
    """
