"""`python -m repfair_keras.evaluate`: see `repfair_keras.commands.evaluate`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.evaluate import main

__all__ = ["main"]

if __name__ == "__main__":
    call(main)
