"""`python -m repfair_keras demo RUN`: a local page on a run, on which one draws in the shares that one asks for."""

from repfair_keras.commands.command_line import TRUST, Options, option
from repfair_keras.core.errors import InputError
from repfair_keras.core.saved_graphs import trusted

OF_COMMAND = {
    "port": option("port", int, 7860, "port of this machine that the page is served at"),
    "instruments": option(
        "instruments", str | None, None, "folder of a run whose classifier counts; null: the run's own"
    ),
    "trust": TRUST,
}
EXAMPLE = "python -m repfair_keras demo runs/a"


def make_options():
    """Returns the `Options` of the command."""
    return Options("demo", __doc__.split(": ", 1)[1], {"command": OF_COMMAND}, ("run",), example=EXAMPLE)


def main(argv):
    """Serves the page to this machine alone, until Ctrl-C."""
    given = make_options().read_or_help(argv)
    if given is None:
        return
    if not 1 <= given["port"] <= 65535:
        raise InputError(f"port is {given['port']}: expected 1 to 65535.")
    from repfair_keras.demo.app import make_app

    with trusted(given["trust"]):
        app = make_app(given["run"], given["instruments"])
    try:
        app.launch(server_name="127.0.0.1", server_port=given["port"], share=False)
    except OSError as error:
        raise InputError(
            f"port {given['port']} cannot be served at: {error} Name another: --port 7861."
        ) from error
