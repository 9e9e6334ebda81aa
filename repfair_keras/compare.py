"""`python -m repfair_keras.compare`: see `repfair_keras.commands.compare`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.compare import main

__all__ = ["main"]

if __name__ == "__main__":
    call(main)
