"""Reading files that somebody else may have written: of a kind that ends, of a size that was looked at first."""

import json
import stat
from pathlib import Path

from repfair_keras.core.errors import InputError

MOST_TEXT = 64 * 2**20  # bytes of a text that is read as a whole
KINDS = {
    stat.S_ISDIR: "a folder",
    stat.S_ISFIFO: "a named pipe",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
    stat.S_ISSOCK: "a socket",
}


def regular_file(path, expected="a file"):
    """Returns a path to a file, or a link to one.

    Args:
        path: the path.
        expected: what should be there, for the message.

    Raises:
        InputError: if it is something else, which may have no end, or nothing is there.

    Examples:
        >>> from repfair_keras.core.reading import regular_file
        >>> regular_file("/dev/zero", "a CSV")
        Traceback (most recent call last):
        repfair_keras.core.errors.InputError: /dev/zero is a device, expected a CSV.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise InputError(f"{path} is not there: expected {expected}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read ({reason}), expected {expected}.") from error
    if not stat.S_ISREG(mode):
        kind = next((name for test, name in KINDS.items() if test(mode)), "no file")
        raise InputError(f"{path} is {kind}, expected {expected}.")
    return path


def read_text(path, expected="a text in UTF-8", most=MOST_TEXT):
    """Returns the text of a file in UTF-8.

    Args:
        path: the file.
        expected: what should be there, for the message.
        most: bytes that it may have.

    Raises:
        InputError: if it is no file, larger, cannot be read, or is no UTF-8.
    """
    path = regular_file(path, expected)
    size = path.stat().st_size
    if size > most:
        raise InputError(f"{path} has {size:,} bytes, expected {expected} of at most {most:,}.")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no text in UTF-8: {error}") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}), expected {expected}.") from error


def read_json(path, expected="a JSON file"):
    """Returns what a JSON file holds.

    Raises:
        InputError: if it cannot be read, or is no JSON.
    """
    text = read_text(path, expected)
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError(f"{path} is nested too deeply, expected {expected}.") from None
    except ValueError as error:
        raise InputError(f"{path} is damaged: {error}; expected {expected}.") from error
