"""What an extra brings is asked for where it is needed, and only there."""

import subprocess
import sys

import pytest

import repfair_keras as rf
from repfair_keras.core.extras import needed
from repfair_keras.sweeps.cluster import remote
from repfair_keras.sweeps.run_sweep import sweep

BASE = """
import importlib.metadata
import sys

def version(package, known=importlib.metadata.version):
    if package in ("tensorflow-datasets", "distributed"):
        raise importlib.metadata.PackageNotFoundError(package)
    return known(package)

importlib.metadata.version = version
for name in "tensorflow_datasets distributed dask locket pyarrow catboost huggingface_hub gradio".split():
    sys.modules[name] = None
import numpy as np
import repfair_keras as rf

digits = rf.load_dataset("mnist_5k")
data = rf.ImageDataset.from_arrays(digits.pixels[:256], groups=digits.groups[:256])
run = rf.train(data, method="repfair", steps=2, seed=0, out=sys.argv[1], n=200, instrument_steps=5, verbose=0)
print(run.sample(4, seed=1).pixels.shape)
"""


def test_the_module_is_returned():
    assert needed("json", "data").dumps([1]) == "[1]"


def test_what_is_missing_is_named_with_the_command_that_brings_it():
    with pytest.raises(
        rf.InputError, match=r'^not_there is not installed: pip install "repfair-keras\[data\]", or not\.$'
    ):
        needed("not_there.inside", "data", ", or not")


def test_what_is_broken_is_not_called_missing(monkeypatch, tmp_path):
    (tmp_path / "broken_here.py").write_text("raise ImportError('libx.so: no such file')")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(
        rf.InputError, match=r"broken_here cannot be imported: libx.so.*repfair-keras\[onnx\]"
    ):
        needed("broken_here", "onnx")


def test_data_sets_of_tensorflow_datasets(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(rf.InputError, match=r"repfair-keras\[data\].*mnist_5k"):
        rf.load_dataset("svhn")


def test_sweeps(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        rf.InputError, match=r'distributed is not installed: pip install "repfair-keras\[sweeps\]"'
    ):
        sweep([], tmp_path)
    assert not list(tmp_path.iterdir())
    with pytest.raises(rf.InputError, match=r"^distributed is not installed"), remote("tcp://127.0.0.1:9"):
        pass


def test_a_run_without_any_extra(tmp_path):
    command = [sys.executable, "-c", BASE, str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["(4, 28, 28, 1)"], done.stderr[-2000:]
