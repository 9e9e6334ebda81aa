"""`python -m repfair_keras.validate`: see `repfair_keras.commands.validate`."""

from repfair_keras.commands.callable_module import make_callable
from repfair_keras.commands.command_line import call
from repfair_keras.commands.validate import main

__all__ = ["main"]
make_callable(__name__, "repfair_keras.api.functions:validate")

if __name__ == "__main__":
    call(main)
