"""`python -m repfair_keras COMMAND`: see `repfair_keras.commands.main`."""

from repfair_keras.commands.main import run

if __name__ == "__main__":
    run()
