"""`python -m repfair_keras.reproduce`: see `repfair_keras.commands.reproduce`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.reproduce import main

__all__ = ["main"]

if __name__ == "__main__":
    call(main)
