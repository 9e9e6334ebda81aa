"""`python -m repfair_keras.audit`: see `repfair_keras.commands.audit`."""

from repfair_keras.commands.audit import main
from repfair_keras.commands.callable_module import make_callable
from repfair_keras.commands.command_line import call

__all__ = ["main"]
make_callable(__name__, "repfair_keras.api.audit:audit")

if __name__ == "__main__":
    call(main)
