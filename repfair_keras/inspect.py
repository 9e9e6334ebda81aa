"""`python -m repfair_keras.inspect`: see `repfair_keras.commands.inspect`."""

from repfair_keras.commands.callable_module import make_callable
from repfair_keras.commands.command_line import call
from repfair_keras.commands.inspect import main

__all__ = ["main"]
make_callable(__name__, "repfair_keras.api.inspect_table:inspect_table")

if __name__ == "__main__":
    call(main)
