"""What is wrong with a disk, in words: full, over its quota, without room for names, read-only."""

import errno
import os
from collections.abc import Iterator

PROBLEMS = {
    errno.ENOSPC: (
        "No space left on device",
        "there is no space left on its disk, or no room for another name",
    ),
    errno.EDQUOT: ("Disk quota exceeded", "the quota of its disk is used up"),
    errno.EROFS: ("Read-only file system", "its disk cannot be written to"),
    errno.EFBIG: ("File too large", "its disk takes no file of that size"),
    errno.EIO: ("Input/output error", "its disk does not answer"),
}
MEND = "Free space there, or name another folder"


def storage_problem(error: BaseException) -> str | None:
    """Returns what is wrong with a disk, a sentence that names the file, if that is what an error comes of.

    Args:
        error: of the operating system, or of a library, TensorFlow's own too, that tells of one in its text.

    Examples:
        >>> storage_problem(OSError(28, "No space left on device", "runs/a/log.csv"))
        'runs/a/log.csv cannot be written: there is no space left on its disk, or no room for another name.'
        >>> storage_problem(ValueError("seed is -1")) is None
        True
    """
    for each in _chain(error):
        for number, (text, words) in PROBLEMS.items():
            if getattr(each, "errno", None) == number or text in str(each):
                file = getattr(each, "filename", None)
                return f"{'a file' if file is None else os.fsdecode(file)} cannot be written: {words}."
    return None


def named(error: OSError, path: str | os.PathLike) -> OSError:
    """Gives an error of a disk the name of the file that was written, where it does not have one; returns it."""
    if error.errno in PROBLEMS and error.filename is None:
        error.filename = os.fspath(path)
    return error


def _chain(error) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
