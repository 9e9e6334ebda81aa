"""Every benchmark runs, at smoke size; what it measures is not looked at."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"
ONE_STEP = ["--steps", "1", "--repeats", "1"]
# Options that make a benchmark small, and what it prints in the end.
SMOKE = {
    "train_step": (["--preset", "small", *ONE_STEP], "target:"),
    "modern_step": (ONE_STEP, "target:"),
    "sample": (["--preset", "small", "--n", "8", "--repeats", "1"], "ratio to the bare forward pass"),
    "quality": (["--n", "200"], "kept"),
    "sweep": (["--runs", "2", "--steps", "20"], "runs per hour"),
    "distance_covariance": (["--n", "64", "--groups", "2", "--repeats", "1"], "times"),
    "latent_gan": (["--batch_size", "32", *ONE_STEP], "rows per second"),
    "tables": (["--dataset", "diabetes", "--rows", "1000", "--steps", "2", "--batch_size", "64"], "target:"),
    "command": (["--repeats", "1"], "import"),
    "keep_memory": (["--repeats", "1", "--steps", "20"], "times as fast"),
    "memory": (["--n", "1200", "--trainings", "3"], "a process grows by"),
    "interval_coverage": (["--classifiers", "3", "--samples", "3", "--n", "100"], "0.95"),
    "fuzz": (["--seconds", "2"], "files"),
    "kills": (["--commands", "sample", "--every", "40"], "kills"),
}
ELSEWHERE = {"full_disks", "known_shares"}  # which needs root, or faces: below


# Minutes even at smoke size: called with --help alone, unless all are asked for.
LONG = ("train_step", "modern_step", "memory", "keep_memory", "sweep", "command", "tables")
WHOLE = bool(os.environ.get("REPFAIR_EVERYTHING"))


@pytest.mark.slow
@pytest.mark.parametrize("name", SMOKE)
def test_runs_at_smoke_size(name, tmp_path):
    options, printed = SMOKE[name] if WHOLE or name not in LONG else (["--help"], "usage:")
    assert printed in run(name, options, tmp_path)


@pytest.mark.slow
def test_known_shares_runs_at_smoke_size(digits, tmp_path):
    path = tmp_path / "digits.npz"
    np.savez(path, images=digits.pixels[:2000], background=digits.groups[:2000])
    sizes = ["--n_train", "300", "--n", "50", "--repeats", "2", "--training_shares", "0.5", "--shares", "0.5"]
    run("known_shares", [str(path), "background", *sizes], tmp_path)
    assert (tmp_path / "known_shares.json").is_file()


def test_every_benchmark_is_tried():
    assert {path.stem for path in FOLDER.glob("*.py")} == set(SMOKE) | ELSEWHERE


def run(name, options, folder):
    """Returns what a benchmark prints."""
    paths = [str(FOLDER.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, str(FOLDER / f"{name}.py"), *options]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=900, env=environment, cwd=folder, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
