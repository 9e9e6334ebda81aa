"""Seconds that a user waits: for the import, for the complaint about a wrong option, and for a tiny training.

Each row is a fresh process, and the rows take turns. CPU seconds count all threads, so on a busy machine they say more
than wall seconds.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

TINY = ("--dataset", "mnist_5k", "--method", "gan", "--filters", "4", "--n", "500", "--probe", "100")
IMPORTED = (
    "import keras, repfair_keras.modalities.image_evaluation, repfair_keras.training.loop"  # by `train`
)
TARGETS = {"train, its imports": 6.0, "train, 40 steps": 12.0}  # wall seconds, on two idle cores


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="processes of each row")
    options = parser.parse_args()
    os.environ |= {"CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder, "first")  # makes the instruments; not timed
        timed(train(first, "--steps", "1", "--instrument_steps", "100"))
        turns = [
            {name: timed(command) for name, command in commands(first, Path(folder, str(turn))).items()}
            for turn in range(options.repeats)
        ]
    print_table(turns)


def commands(first, out):
    """Returns the command line of each row."""
    return {
        "import repfair_keras": [sys.executable, "-c", "import repfair_keras"],
        "a wrong option": [sys.executable, "-m", "repfair_keras.train", "--stepz", "40"],
        "train, its imports": [sys.executable, "-c", IMPORTED],
        "train, 40 steps": train(out, "--steps", "40", "--instruments", str(first)),
        "the same, no figures": train(
            out.with_suffix(".bare"), "--steps", "40", "--instruments", str(first), "--figures", "false"
        ),
    }


def train(out, *options):
    """Returns the command line of a tiny training."""
    return [sys.executable, "-m", "repfair_keras.train", *TINY, "--out", str(out), *options]


def timed(command):
    """Returns the wall seconds and the CPU seconds of a process; it may fail for a wrong option alone."""
    cpu, start = children_cpu(), time.perf_counter()
    result = subprocess.run(command, capture_output=True, text=True)
    wall, cpu = time.perf_counter() - start, children_cpu() - cpu
    if result.returncode != 0 and "--stepz" not in command:
        sys.exit(f"{result.stderr}\nA command failed, see above: {' '.join(command)}")
    return wall, cpu


def children_cpu():
    """CPU seconds of all processes that this one has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def print_table(turns):
    """Prints the seconds of each row, and whether each target is reached."""
    print(f"{'':22} wall: min  median     max   CPU: median")
    for name in turns[0]:
        wall, cpu = zip(*(turn[name] for turn in turns), strict=True)
        print(f"{name:22} {min(wall):9.2f} {median(wall):7.2f} {max(wall):7.2f} {median(cpu):13.2f}")
    for name, target in TARGETS.items():
        seconds = median(turn[name][0] for turn in turns)
        verdict = "reached" if seconds <= target else "not reached"
        print(f"target: {name} in at most {target:g} s: {seconds:.1f}, {verdict}")
    print(f"{os.cpu_count()} CPU cores, load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
