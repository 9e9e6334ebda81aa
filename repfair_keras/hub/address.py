"""Where a generator lies on a hub: `hf://user/name`, or `hf://user/name@revision`."""

import re
from typing import NamedTuple

from repfair_keras.core.errors import InputError
from repfair_keras.core.extras import needed

SCHEME = "hf://"
PART = r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}"
PATTERN = re.compile(
    rf"{SCHEME}(?P<repository>{PART}/{PART})(@(?P<revision>[A-Za-z0-9][A-Za-z0-9._/-]{{0,99}}))?"
)


class Address(NamedTuple):
    """A place on the hub.

    Args:
        repository: `user/name`.
        revision: branch, tag or commit; `None`: the newest.
    """

    repository: str
    revision: str | None = None

    def __str__(self):
        return f"{SCHEME}{self.repository}" + (f"@{self.revision}" if self.revision else "")


def is_address(text):
    """Whether text names a place on the hub, well or badly."""
    return str(text).startswith(SCHEME)


def read_address(text):
    """Returns the `Address` that text names.

    Raises:
        InputError: if it names none.

    Examples:
        >>> read_address("hf://ada/digits@v1")
        Address(repository='ada/digits', revision='v1')
    """
    found = PATTERN.fullmatch(str(text))
    if found is None or ".." in str(text):
        raise InputError(f"address is {str(text)!r}: expected hf://user/name or hf://user/name@revision.")
    return Address(found["repository"], found["revision"])


def client():
    """Returns the module `huggingface_hub`.

    Raises:
        InputError: if it is not installed.
    """
    return needed("huggingface_hub", "hub")


def refused(address, error):
    """Returns an `InputError` for what the hub, or the way to it, has answered."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    cures = {
        401: "Log in: hf auth login, or set HF_TOKEN to a token that may write.",
        403: "The token may not do this: it has to be one that may write to this repository.",
        404: "Check the address; of a private repository, log in: hf auth login, or set HF_TOKEN.",
        429: "Try again later.",
    }
    lines = str(error).strip().splitlines() or [type(error).__name__]
    cure = cures.get(status, "Check the network, and the hub's address (HF_ENDPOINT), and try again.")
    return InputError(f"{address}: the hub has answered: {lines[0][:300]} {cure}")
