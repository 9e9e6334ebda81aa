"""The benchmarks of a training step run, at smoke size; what they measure is not looked at."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "options"), [("train_step.py", ["--preset", "small"]), ("modern_step.py", [])]
)
def test_runs_at_smoke_size(script, options):
    command = [sys.executable, str(FOLDER / script), *options, "--steps", "1", "--repeats", "1"]
    paths = [str(FOLDER.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ours, repfair" in done.stdout and "target:" in done.stdout
