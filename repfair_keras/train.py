"""`python -m repfair_keras.train`: see `repfair_keras.commands.train`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.train import main

__all__ = ["main"]

if __name__ == "__main__":
    call(main)
