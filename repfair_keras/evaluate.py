"""`python -m repfair_keras.evaluate`: see `repfair_keras.commands.evaluate`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.evaluate import main
from repfair_keras.core.callable_module import make_callable

__all__ = ["main"]
make_callable(__name__, "repfair_keras.api.functions:evaluate")

if __name__ == "__main__":
    call(main)
