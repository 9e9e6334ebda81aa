"""`python -m repfair_keras.compare`: see `repfair_keras.commands.compare`."""

from repfair_keras.commands.callable_module import make_callable
from repfair_keras.commands.command_line import call
from repfair_keras.commands.compare import main

__all__ = ["main"]
make_callable(__name__, "repfair_keras.api.functions:compare")

if __name__ == "__main__":
    call(main)
