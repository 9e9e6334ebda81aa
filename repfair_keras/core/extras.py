"""Packages that only some users need: each comes with an extra of this package."""

import importlib

from repfair_keras.core.errors import InputError


def needed(module, extra, otherwise=""):
    """Returns a module of a package that an extra brings.

    Args:
        module: its name.
        extra: the extra of this package.
        otherwise: what else the user may do, as the end of a sentence: ", or ...".

    Raises:
        InputError: if it is not installed, or cannot be imported.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        missing = (error.name or module).split(".")[0]
        raise InputError(
            f'{missing} is not installed: pip install "repfair-keras[{extra}]"{otherwise}.'
        ) from error
    except ImportError as error:
        raise InputError(
            f'{module} cannot be imported: {error}. Install it again: pip install "repfair-keras[{extra}]"{otherwise}.'
        ) from error
