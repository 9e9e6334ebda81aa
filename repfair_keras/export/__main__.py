"""`python -m repfair_keras.export`: see `repfair_keras.commands.export`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.export import main

if __name__ == "__main__":
    call(main)
