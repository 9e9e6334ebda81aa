"""Somebody else's package, installed: its method and its table are as good as ours."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

SOURCE = Path(__file__).parent / "outside_package"
TINY = "--filters 4 --latent_size 8 --batch_size 8 --n 100 --probe 20 --seed 1 --verbose 0 --figures false"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Environment in which the package is installed, without its build tools where those are here."""
    target, source = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("source") / "outside"
    source.mkdir()
    for path in [path for path in SOURCE.rglob("*") if path.suffix in (".py", ".toml")]:
        (source / path.relative_to(SOURCE)).parent.mkdir(exist_ok=True)
        (source / path.relative_to(SOURCE)).write_bytes(path.read_bytes())
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(source)]
    try:
        import setuptools  # noqa: F401

        pip.append("--no-build-isolation")
    except ImportError:
        pass
    subprocess.run(pip, check=True, capture_output=True)
    paths = [str(target), str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "TF_CPP_MIN_LOG_LEVEL": "3"}


def command(installed, words, folder, code=0):
    result = subprocess.run(
        [sys.executable, "-m", "repfair_keras", *words.split()],
        cwd=folder,
        env=installed,
        capture_output=True,
        text=True,
    )
    assert result.returncode == code, result.stderr[-2000:]
    return result.stdout + result.stderr


@pytest.mark.slow
def test_its_settings_are_flags_and_are_checked(installed, tmp_path):
    assert "--pull" in command(installed, "train --method three_players --help", tmp_path)
    message = command(installed, "train --method three_players --pull much", tmp_path, code=2)
    assert "pull is 'much': expected a number" in message
    assert "three_players" in command(installed, "train --method two_players", tmp_path, code=2)


@pytest.mark.slow
def test_its_method_trains_resumes_bit_for_bit_and_is_compared(
    installed, tmp_path, image_folder, folder_instruments
):
    data = f"--dataset folder --data_dir {image_folder} --instruments {folder_instruments}"
    words = f"train --method three_players --pull 0.7 {data} {TINY}"
    command(installed, f"{words} --steps 24 --out whole", tmp_path)
    command(installed, f"{words} --steps 12 --out resumed", tmp_path)
    command(installed, "train --resume resumed --steps 24 --verbose 0", tmp_path)
    assert yaml.safe_load((tmp_path / "whole" / "config.yaml").read_text())["pull"] == 0.7
    whole, resumed = (np.load(tmp_path / name / "checkpoints" / "gan.npz") for name in ("whole", "resumed"))
    assert any(key.startswith("third_optimizer/") for key in whole.files)
    for key in set(whole.files) - {"seconds"}:
        np.testing.assert_array_equal(whole[key], resumed[key], err_msg=key)
    command(installed, f"train --method gan {data} {TINY} --steps 1 --out gan", tmp_path)
    assert "three_players" in command(installed, "compare whole gan --out comparison", tmp_path)


@pytest.mark.slow
def test_its_networks_train_under_a_method_of_this_package(
    installed, tmp_path, image_folder, folder_instruments
):
    data = f"--dataset folder --data_dir {image_folder} --instruments {folder_instruments}"
    words = f"train --method repfair --network dense --loss hinge {data} {TINY} --steps 4 --out run"
    command(installed, words, tmp_path)
    assert yaml.safe_load((tmp_path / "run" / "config.yaml").read_text())["network"] == "dense"
    command(installed, "sample run --n 4 --out made", tmp_path)
    assert len(list((tmp_path / "made" / "images").iterdir())) == 4
    told = command(installed, "train --network dens", tmp_path, code=2)
    assert "Did you mean" in told and "dense" in told


@pytest.mark.slow
def test_its_method_and_its_table_in_a_sweep(installed, tmp_path, image_folder):
    (tmp_path / "mine.yaml").write_text(
        yaml.safe_dump(
            {
                "grid": [
                    {
                        "dataset": ["folder"],
                        "data_dir": [str(image_folder)],
                        "method": ["three_players"],
                        "pull": [0.1, 0.9],
                        **{"steps": [8], "filters": [4], "latent_size": [4], "batch_size": [8]},
                        **{"n": [60], "probe": [0], "instrument_steps": [10], "figures": [False]},
                    },
                    {
                        "dataset": ["shops"],
                        "method": ["fair_vae"],
                        "steps": [4],
                        "batch_size": [32],
                        "n": [60],
                    },
                ]
            }
        )
    )
    out = command(installed, "sweep mine.yaml --workers 1", tmp_path)
    assert "3 runs are recorded" in out
    assert len(list((tmp_path / "sweeps" / "mine" / "records").glob("*.json"))) == 3
