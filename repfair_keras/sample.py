"""`python -m repfair_keras.sample`: see `repfair_keras.commands.sample`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.sample import main

__all__ = ["main"]

if __name__ == "__main__":
    call(main)
