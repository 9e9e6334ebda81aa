"""Trains on disks of many sizes, each of which fills up at another file; frees space, goes on, and compares.

A disk that is full must be told in one message with the file and how to go on, exit code 1, without a traceback; after
space is freed, the run must come to what an undisturbed one came to. Mounts memory disks: needs Linux and root.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import kills
import numpy as np

FREED = "64m"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--disks", type=int, default=20, help="how many sizes")
    options = parser.parse_args()
    kills.warm_up()
    with tempfile.TemporaryDirectory() as root:
        trials = kills.Trials(Path(root).resolve())
        needed = sum(path.stat().st_size for path in trials.whole.rglob("*") if path.is_file())
        sizes = np.linspace(0.05 * needed, 1.3 * needed, options.disks).astype(int)
        outcomes = {size: on_disk(trials, size) for size in sizes}
    print(
        f"{len(sizes)} disks of {sizes[0] / 1e6:.1f} to {sizes[-1] / 1e6:.1f} MB; the run takes {needed / 1e6:.1f} MB"
    )
    for text in sorted(set(outcomes.values())):
        print(f"{list(outcomes.values()).count(text)}: {text}")
    sys.exit(any(text not in FINE for text in outcomes.values()))


FULL, LARGE = "filled up, was told, went on to the same result", "large enough"
FINE = (FULL, LARGE)


def on_disk(trials, size):
    """Returns what came of a run on a disk of so many bytes."""
    disk = trials.root / f"disk{size}"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], check=True)
    try:
        return outcome(trials, disk / "run", trials.root / "full.txt", disk)
    except AssertionError as error:
        return f"{size}: {error}"
    finally:
        subprocess.run(["umount", str(disk)], check=True)
        shutil.rmtree(disk)


def outcome(trials, folder, output, disk):
    code = kills.run([*trials.train, str(folder)], output)
    told = output.read_text()
    if code == 0:
        kills.same(kills.of_run(folder), trials.expected)
        return LARGE
    last = told[-600:]
    assert code == 1 and "Traceback" not in told, f"exit code {code}: {last}"
    assert "cannot be written" in last and str(disk) in last, f"says neither what nor where: {last}"
    subprocess.run(["mount", "-o", f"remount,size={FREED}", str(disk)], check=True)
    begun = (folder / "config.yaml").is_file()
    code = kills.run(["train", "--resume", str(folder)] if begun else [*trials.train, str(folder)], output)
    assert code == 0, f"given again: exit code {code}: {output.read_text()[-600:]}"
    kills.same(kills.of_run(folder), trials.expected)
    return FULL


if __name__ == "__main__":
    main()
