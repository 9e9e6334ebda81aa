"""The metrics need NumPy, SciPy and scikit-learn, and nothing of what trains."""

import subprocess
import sys

ALLOWED = {"numpy", "scipy", "sklearn", "threadpoolctl", "joblib"}
CODE = """
import importlib, pkgutil, sys
from importlib.metadata import packages_distributions

ALLOWED = {allowed!r}
OTHERS = set(packages_distributions()) - ALLOWED - {{"repfair_keras"}}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in OTHERS:
            raise ImportError(f"{{name}} is not installed")

sys.meta_path.insert(0, Refuse())
import repfair_keras.metrics as metrics
for module in pkgutil.walk_packages(metrics.__path__, "repfair_keras.metrics."):
    importlib.import_module(module.name)
print("imported")
"""


def test_metrics_are_imported_without_anything_else():
    code = CODE.format(allowed=ALLOWED)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "imported\n", done.stderr[-2000:]
