"""What `import repfair_keras` offers: quick to import, typed, and every example in a docstring runs."""

import doctest
import importlib
import inspect
import subprocess
import sys

import pytest

import repfair_keras as rf

EXAMPLES_ELSEWHERE = (
    *("core.settings", "core.progress", "core.files", "core.random_streams", "registry", "runs.config"),
    *("data.images.from_python", "data.images.pixels", "data.tables.from_python", "methods.method"),
    *("metrics.catalog", "evaluation.report", "comparison.compare_runs", "api.functions", "api.run"),
)


def test_the_import_is_quick_and_brings_no_tensorflow():
    code = (
        "import time; start = time.perf_counter(); import repfair_keras; seconds = time.perf_counter() - start\n"
        "import sys; heavy = {'tensorflow', 'keras', 'pandas', 'matplotlib', 'sklearn'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert seconds < 0.5, seconds\n"
        "repfair_keras.train, repfair_keras.ImageDataset, repfair_keras.register_method, repfair_keras.Run\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_a_name_that_there_is_not():
    with pytest.raises(AttributeError, match="has no attribute 'trian'"):
        rf.trian  # noqa: B018


def test_a_command_that_was_imported_is_still_a_function():
    importlib.import_module("repfair_keras.train")
    with pytest.raises(rf.InputError, match="steps is 0"):
        rf.train("mnist_5k", steps=0)


@pytest.mark.parametrize("name", [name for name in rf.__all__ if name != "__version__"])
def test_every_public_name_is_explained_with_an_example(name):
    thing = getattr(importlib.import_module(rf._PUBLIC[name]), name)  # `train` may be the module by now
    assert "Examples:" in inspect.getdoc(thing), name
    assert "Args:" in inspect.getdoc(thing) or not inspect.signature(thing).parameters, name


@pytest.mark.parametrize(
    "module",
    sorted(
        {rf._PUBLIC[name] for name in rf._PUBLIC} | {f"repfair_keras.{name}" for name in EXAMPLES_ELSEWHERE}
    ),
)
def test_examples_run(module):
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    outcome = doctest.testmod(importlib.import_module(module), optionflags=flags)
    assert outcome.failed == 0
    assert outcome.attempted > 0, f"{module} has no example"


def test_the_package_is_typed():
    assert (importlib.resources.files("repfair_keras") / "py.typed").is_file()
