"""Writes to a folder in processes that are killed at each of their file operations; prints what was found wrong.

A process of its own, since it forks: `python kill_everywhere.py FOLDER replacing` or `filling`.
"""

import os
import signal
import sys
from pathlib import Path

from repfair_keras.core.files import filling, replacing, write_text

OPERATIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}


def by_replacing(folder, text):
    """One folder, replaced as a whole."""
    with replacing(folder / "generator") as made:
        made.mkdir()
        for name in ("weights", "names"):
            write_text(made / name, text)


def by_filling(folder, text):
    """Files and a folder, of which `report` says that they are there."""
    with filling(folder, "report", lambda: (folder / "report").unlink(missing_ok=True)) as made:
        for name in ("figures/one.png", "page", "report"):
            write_text(made / name, text)


def contents(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def whole(found, write):
    """Whether what a reader sees is of one writing alone, or, while it is replaced, says that it is not there."""
    seen = {name: text for name, text in found.items() if ".tmp." not in name}
    if write is by_filling and "report" not in seen:
        return True
    return len(seen) in ((0, 2) if write is by_replacing else (3,)) and len(set(seen.values())) <= 1


def killed(write, folder, number):
    """Whether a process that writes was killed before its `number`-th operation; it has fewer else."""
    child = os.fork()
    if child == 0:
        done = [0]

        def hook(event, arguments):
            if event in OPERATIONS and str(arguments[0]).startswith(str(folder)):
                done[0] += 1
                if done[0] == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        write(folder, "new")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def main(root, write):
    """Prints `N kills`, and a line for each that lost or mixed something."""
    number = 1
    while True:
        folder = Path(root, str(number))
        write(folder, "old")
        expected = dict.fromkeys(contents(folder), "new")
        if not killed(write, folder, number):
            break
        if not whole(contents(folder), write):
            print(f"operation {number}: {contents(folder)}")
        write(folder, "new")
        if contents(folder) != expected or list(folder.glob(".*")):
            print(f"operation {number}, written again: {list(folder.rglob('*'))}")
        number += 1
    print(f"{number - 1} kills")


if __name__ == "__main__":
    main(sys.argv[1], {"replacing": by_replacing, "filling": by_filling}[sys.argv[2]])
