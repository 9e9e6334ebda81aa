"""`python -m repfair_keras.convert`: see `repfair_keras.commands.convert`."""

from repfair_keras.commands.command_line import call
from repfair_keras.commands.convert import main

if __name__ == "__main__":
    call(main)
