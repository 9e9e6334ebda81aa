"""`python -m repfair_keras push RUN`: puts a run's generator, its card and its report onto a hub."""

from repfair_keras.commands.command_line import Options, option
from repfair_keras.core.errors import InputError

OF_COMMAND = {
    "to": option("to", str | None, None, "hf://user/name; the repository is made where there is none"),
    "license": option(
        "license",
        str | None,
        None,
        "licence of the weights: apache-2.0, cc-by-nc-4.0, other; data may carry conditions",
    ),
    "private": option("private", bool, False, "whether a repository that is made is private"),
}
EXAMPLE = "python -m repfair_keras push runs/a --to hf://ada/digits --license apache-2.0"


def make_options():
    """Returns the `Options` of the command."""
    return Options("push", __doc__.split(": ", 1)[1], {"command": OF_COMMAND}, ("run",), example=EXAMPLE)


def main(argv):
    """Pushes, and prints the address of the commit."""
    given = make_options().read_or_help(argv)
    if given is None:
        return
    if given["to"] is None:
        raise InputError(f"to is null: expected hf://user/name. As in: {EXAMPLE}")
    from repfair_keras.hub.push import push

    print(push(given["run"], given["to"], given["license"], given["private"]))
