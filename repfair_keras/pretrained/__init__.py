"""Generators that come with the package: `pretrained:repfair_mnist` names one where the folder of one is expected."""

from pathlib import Path

from repfair_keras.core.errors import InputError

PREFIX = "pretrained:"
FOLDER = Path(__file__).parent


def names():
    """Returns the names of the generators that are here.

    Examples:
        >>> names()
        ['cgan_mnist', 'repfair_mnist']
    """
    return sorted(path.parent.name for path in FOLDER.glob("*/saved_model.pb"))


def folder_of(name):
    """Returns the folder of a generator, given as `pretrained:name`; anything else as it is, a `Path`.

    Args:
        name: `pretrained:` and a name, or the path of a folder.

    Raises:
        InputError: if there is none of that name.
    """
    text = str(name)
    if not text.startswith(PREFIX):
        return Path(name)
    known = names()
    if text.removeprefix(PREFIX) not in known:
        raise InputError(
            f"{text} does not come with the package: expected {', '.join(PREFIX + each for each in known)}."
        )
    return FOLDER / text.removeprefix(PREFIX)
