"""Examples of docstrings run; the import brings nothing heavy; every public function is explained."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

from repfair_keras.metrics import tables

MODULES = [module.name for module in pkgutil.iter_modules(tables.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    outcome = doctest.testmod(importlib.import_module(f"{tables.__name__}.{name}"))
    assert outcome.failed == 0
    assert outcome.attempted > 0 or name == "distances"


@pytest.mark.parametrize("name", [name for name in tables.__all__ if name != "KINDS"])
def test_every_function_is_explained(name):
    text = inspect.getdoc(getattr(tables, name))
    for part in ("Args:", "Returns:", "Examples:"):
        assert part in text, part


def test_the_import_brings_nothing_heavy():
    code = (
        "import sys, repfair_keras.metrics.tables\n"
        "heavy = {'tensorflow', 'keras', 'pandas', 'matplotlib', 'catboost', 'sdmetrics', 'fairlearn'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
