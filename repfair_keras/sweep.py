"""`python -m repfair_keras.sweep`: see `repfair_keras.commands.sweep`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.sweep import main

__all__ = ["main"]

if __name__ == "__main__":
    call(main)
