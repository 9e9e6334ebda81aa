"""`python -m repfair_keras.sweep`: see `repfair_keras.commands.sweep`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.sweep import *  # noqa: F403
from repfair_keras.commands.sweep import main

if __name__ == "__main__":
    call(main)
