"""Memory of a process that trains: on many images in memory, on as many in a file, and again and again.

Each row is a process of its own. The first two say what it takes beyond one that trains on a few images, over the bytes
of the images; the last how much it grows by with each further training. The targets: 1.3 times the images in memory,
0.5 times those in a file (a report compares with 256 MB of them at most, however many there are), and 4 MB a training.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

SIZE, FEW, PART = 64, 1000, 1000
SHORT = {
    **{"method": "gan", "network": "dcgan", "filters": 2, "latent_size": 8, "batch_size": 16, "steps": 20},
    **{"n": 200, "probe": 0, "instrument_steps": 10, "figures": False, "verbose": 0},
}
WRITE, MEMORY, FILE, AGAIN = "write", "memory", "file", "again"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200_000, help="images, of 64x64x3")
    parser.add_argument("--trainings", type=int, default=8, help="in one process")
    parser.add_argument("--worker", choices=(WRITE, MEMORY, FILE, AGAIN), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return print(WORKERS[options.worker](options))
    size = options.n * SIZE * SIZE * 3
    with tempfile.TemporaryDirectory() as root:
        few, many = (Path(root) / f"{n}.npz" for n in (FEW, options.n))
        for path, n in ((few, FEW), (many, options.n)):
            run(WRITE, n, options.trainings, path)  # not here: a parent's peak counts as its children's
        for worker, most in ((MEMORY, 1.3), (FILE, 0.5)):
            base, peak = (float(run(worker, options.n, options.trainings, path)) for path in (few, many))
            ratio = (peak - base) / size
            print(
                f"{options.n:,} images of {size / 1e9:.2f} GB in {worker}: {peak / 1e9:.2f} GB at most, "
                f"{base / 1e9:.2f} GB with {FEW:,} of them: {ratio:.2f} times the images; target: {most}, "
                f"{'reached' if ratio <= most else 'not reached'}"
            )
        growth = float(run(AGAIN, options.n, options.trainings, few)) / 1e6
        print(
            f"a process grows by {growth:.1f} MB with each training; target: 4, "
            f"{'reached' if growth <= 4 else 'not reached'}"
        )


def write(options):
    """Writes --n coloured images of noise in two groups, of which one is darker, to an uncompressed `.npz`."""
    n = options.n
    rng, pixels = np.random.default_rng(0), np.empty((n, SIZE, SIZE, 3), np.uint8)
    for start in range(0, n, PART):
        pixels[start : start + PART] = rng.integers(
            0, 256, (min(PART, n - start), SIZE, SIZE, 3), dtype=np.uint8
        )
    groups = np.arange(n) % 3 == 0
    pixels[groups, ..., 0] //= 2
    np.savez(options.file, images=pixels, group=np.where(groups, "dark", "bright"))


def run(worker, n, trainings, file):
    """Returns what a process prints in the end: a number of bytes."""
    own = ["--n", str(n), "--trainings", str(trainings), "--file", str(file)]
    command = [sys.executable, __file__, "--worker", worker, *own]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return done.stdout.split()[-1]


def in_memory(options):
    """Peak memory in bytes of a training on arrays."""
    import repfair_keras as rf

    with np.load(options.file) as file:
        data = rf.ImageDataset.from_arrays(file["images"], groups=file["group"])
    return _peak_of(data)


def in_file(options):
    """The same of one on a file."""
    return _peak_of("npz", data_dir=str(options.file), grouping="group")


def _peak_of(data, **settings):
    import repfair_keras as rf

    with tempfile.TemporaryDirectory() as folder:
        rf.train(data, out=Path(folder) / "run", **SHORT, **settings)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def growth(options):
    """Mean growth in bytes of trainings after the second, when what is kept for the next is there."""
    import gc

    import psutil

    import repfair_keras as rf

    sizes = []
    with tempfile.TemporaryDirectory() as folder, np.load(options.file) as file:
        data = rf.ImageDataset.from_arrays(file["images"][:, ::4, ::4], groups=file["group"])
        for i in range(options.trainings):
            rf.train(data, out=Path(folder) / str(i), **SHORT)
            gc.collect()
            sizes.append(psutil.Process().memory_info().rss)
    return (sizes[-1] - sizes[1]) / max(len(sizes) - 2, 1)


WORKERS = {WRITE: write, MEMORY: in_memory, FILE: in_file, AGAIN: growth}

if __name__ == "__main__":
    main()
