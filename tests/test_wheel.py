"""The wheel holds what the README's commands need: installed from it alone, they run outside of the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from repfair_keras.core.errors import InputError
from repfair_keras.pretrained import folder_of

ROOT = Path(__file__).resolve().parents[1]
TINY = "--steps 8 --filters 4 --latent_size 8 --batch_size 8 --n 100 --instrument_steps 10 --figures false --verbose 0"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built of the files that git knows."""
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("no git checkout here")
    wanted = ("repfair_keras/", "saved_models/", "pyproject.toml", "README.md", "LICENSE", "requirements.txt")
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if name.startswith(wanted) and (path.is_symlink() or path.is_file()):
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink():
                target.symlink_to(path.readlink())
            else:
                target.write_bytes(path.read_bytes())
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(source)]
    subprocess.run(pip, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def called(wheel, tmp_path_factory):
    """Function that calls a command of the package as it is in the wheel, in an empty folder."""
    target, place = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("elsewhere")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(target), "TF_CPP_MIN_LOG_LEVEL": "3"}

    def call(*words):
        command = [sys.executable, *words]
        done = subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    assert str(target) in call("-c", "import repfair_keras; print(repfair_keras.__file__)")
    return call


def test_it_is_small_and_has_generators_sweeps_and_presets(wheel):
    with zipfile.ZipFile(wheel) as archive:
        files = {info.filename: info.file_size for info in archive.infolist()}
    assert sum(size for name, size in files.items() if "/pretrained/" in name) < 5e6
    assert wheel.stat().st_size < 6e6
    for name in (
        "pretrained/repfair_mnist/saved_model.pb",
        "pretrained/repfair_mnist/variables/variables.data-00000-of-00001",
        "pretrained/cgan_mnist/repfair.json",
        "runs/presets/small.yaml",
        "papers/repfair/mnist_methods.yaml",
        "papers/tables/published/arena.yaml",
        "py.typed",
    ):
        assert f"repfair_keras/{name}" in files
    assert not [name for name in files if name.startswith(("tests/", "saved_models/", "docs/"))]


def test_commands_of_the_readme_run_outside_of_the_repository(called):
    def command(words):
        return called("-m", *words.split())

    command(f"repfair_keras.train --method repfair --seed 0 --out runs/a {TINY}")
    command(f"repfair_keras.train --method gan --seed 0 --out runs/b {TINY} --instruments runs/a")
    command("repfair_keras.compare runs/a runs/b --out comparison")
    command("repfair_keras.sample pretrained:repfair_mnist --n 4 --out digits")


def test_the_name_of_a_generator_that_does_not_come_with_it_is_refused():
    with pytest.raises(InputError, match=r"expected pretrained:cgan_mnist, pretrained:repfair_mnist"):
        folder_of("pretrained:faces")
    assert folder_of("runs/a") == Path("runs/a")
